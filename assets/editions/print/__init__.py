"""The reports as PDF, tagged for screen readers: ``print/``."""
