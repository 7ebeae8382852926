"""Plausibility: which answers are possible but odd, so that a municipality is asked about them."""
