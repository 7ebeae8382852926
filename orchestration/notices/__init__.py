"""Informing people of what failed, was refused, warns or is late, each thing once: finding it, wording it, sending
it."""
