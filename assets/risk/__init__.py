"""The risk analysis: its rules, and the criteria by which municipalities are selected for contact."""
