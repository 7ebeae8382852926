"""Mutated files: whatever was done to a file, its reader gives a table or one message."""
