"""What the two reports printed, keyed by hand: the touchstone that the published numbers are compared with."""
