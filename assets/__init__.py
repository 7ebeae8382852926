"""What is made, one folder a stage, in the order in which data flows: registers and questionnaires, raw, answers,
warehouse, reports, editions.

Each stage has ``assets.py``, thin Dagster assets, over pure functions beside it. Does not belong here: when and how it
is run (``orchestration``), SQL (``dbt_project``).
"""
