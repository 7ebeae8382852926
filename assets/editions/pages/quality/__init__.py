"""How good the numbers are: ``quality.html``."""
