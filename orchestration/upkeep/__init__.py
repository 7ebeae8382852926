"""Looking after an installation: what is there and what comes next, what is damaged, keeping it safe, making room."""
