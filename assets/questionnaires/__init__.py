"""The registry: what was asked in which year, of whom, comparable or not. Everything else derives from it."""
