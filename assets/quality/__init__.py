"""The steward's desk: what is open now, worst first, and whom to ask what."""
