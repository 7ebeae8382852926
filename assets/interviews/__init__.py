"""Interviews: a varied selection of municipalities to speak with, drawn once and recorded."""
