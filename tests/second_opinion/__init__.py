"""The published numbers computed a second time, from the delivered files and docs/definitions.md alone.

Nothing here imports ``assets``, ``orchestration`` or reads ``dbt_project`` (a test holds that), and nothing is shared with them: a
rule that one side reads wrongly shows as a difference. Numbers are whole numbers and ``Fraction`` throughout; only the comparison
turns them into what the warehouse stores. ``python -m tests.second_opinion DATA_DIR WAREHOUSE`` prints the differences.

``reading`` files → texts; ``registers`` who existed, and in which class; ``answers`` texts → statuses; ``populations`` of whom a number
is; ``panels``; ``reach`` bounds, decomposition; ``risk``; ``measures`` what each municipality adds to a number; ``cells`` the
tables of the reports; ``compare`` holds all of it against a warehouse.
"""
