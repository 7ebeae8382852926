"""The page on what changed against the edition before."""
