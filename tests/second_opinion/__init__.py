"""The published numbers computed a second time, from the delivered files and docs/definitions.md alone.

Nothing here imports ``assets`` or ``orchestration``, or reads ``dbt_project`` (a test checks that): a rule that one
side reads wrongly shows as a difference. Numbers are whole numbers and ``Fraction``; only the comparison knows how they
are stored. ``python -m tests.second_opinion DATA_DIR WAREHOUSE`` prints the differences.

``reading``: from files to texts. ``registers``: who existed, and in which class. ``answers``: from texts to statuses.
``populations``: of whom a number is; breadth of definitions. ``frequencies``: options and response. ``panels``.
``reach``: bounds and decomposition. ``risk``. ``measures``: what each municipality adds to a number. ``cells``: the
tables of the reports. ``rounding``. ``compare``: the differences. Where docs/definitions.md leaves something open, a
docstring says what was assumed.
"""
