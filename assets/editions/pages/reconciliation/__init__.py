"""The printed figures beside the computed ones: ``reconciliation.html``."""
