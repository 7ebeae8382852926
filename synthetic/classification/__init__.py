"""Reconstructs the classification of municipalities that the 2022 report used: ``python -m synthetic.classification``.

The report prints the classification's totals, not the municipalities. This package finds the classification closest to
the registers that reproduces every printed total, and writes ``data/registers/report_classification.csv``.
"""
