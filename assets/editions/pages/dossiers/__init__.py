"""The dossiers of the municipalities, for inside only: answers in own words, what changed, signals, and all cases."""
