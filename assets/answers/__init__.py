"""What the cells say: coded, each with a status; and quarantine, for what could not be used."""
