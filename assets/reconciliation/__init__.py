"""What the data give beside what the reports printed."""
