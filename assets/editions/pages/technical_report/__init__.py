"""How the numbers were made: ``technical_report.html``."""
