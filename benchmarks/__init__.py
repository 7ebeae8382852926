"""What a run costs, and what of that is the price of orchestration. Never a test: ratios, measured in turn in one
run."""
