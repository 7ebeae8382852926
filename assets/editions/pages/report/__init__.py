"""The report tables: ``index.html``."""
