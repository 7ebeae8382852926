"""Disclosure control: what of the facts about groups of municipalities may be public."""
