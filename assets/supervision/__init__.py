"""Supervision: which answers are a possible risk, which municipalities are contacted, and what came of it."""
