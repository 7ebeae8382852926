"""Incoming signals: what others reported about a municipality, which the risk analysis weighs beside the answers."""
