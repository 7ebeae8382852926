"""The ground of all stages: errors, texts, readers of YAML and CSV, the lake, checks, the installation.

Belongs here: what more than one stage needs and what knows no stage. Does not belong here: anything about
questionnaires, answers or reports; nothing here imports from a stage or from ``orchestration``.
"""
