"""An outsider with everything that is public and a solver: what do the public numbers give away of single
municipalities?

Shares no code with ``assets/disclosure``, so that a mistake there is not made here too. Belongs here: reading what is
public, what everybody knows of the questionnaires, and working out what follows.
"""
