"""Data folders with rough answers: valid, hostile, made from a seed, and agreeing with nothing in print.

The bundled deliveries are clean, because they are made so that printed figures come out. These have what real
deliveries have: blanks, zeros, missing codes, targets of 0, late and repeated rows, rows without an answer, borders
that move.
"""
