"""Delivered files as text, cell by cell, with where each came from."""
