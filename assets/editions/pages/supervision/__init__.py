"""Risk analysis and supervision: ``supervision.html``."""
