"""Dagster itself, one concept a file, and the command line over the same assets."""

import warnings

# backfill_policy has been in beta for years; a warning at every start would teach readers to skip warnings.
warnings.filterwarnings("ignore", message=r".*`backfill_policy`.*beta")
