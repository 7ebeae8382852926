"""Registers: which municipalities exist when, what became of them, and the classes that they are analysed by."""
