"""Dagster itself, one concept a file, and the command line over the same assets."""

import warnings

# Checks per partition are a preview; a warning at every start would teach readers to skip warnings.
warnings.filterwarnings("ignore", message=r".*partitions_def on an AssetCheckSpec.*preview", category=Warning)
