"""From the files that CBS publishes to the registers of a date."""
