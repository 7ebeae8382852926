"""The catalogue of what the reports print: which cells, from which measure."""
