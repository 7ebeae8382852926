"""Informing people of what failed, was refused, warns or is late: finding it, wording it, sending it, each thing once."""
