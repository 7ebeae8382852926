"""Coding: open answers summed up in the categories of a code frame, by two coders, for tables that hold no free text."""
