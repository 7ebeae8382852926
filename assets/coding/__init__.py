"""Coding: open answers summed up in the categories of a code frame, for tables without free text."""
