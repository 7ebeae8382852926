"""Finds the classification nearest to the registers that prints as the report's tables do.

What is minimised, one after the other:

1. the number of classes that differ from the observed ones (urbanisation and disadvantage counted apart);
2. how far the changed municipalities lie from the class that they move to, as the relative distance of address density
   or score to that class's nearest limit;
3. the pupils of the municipalities that did not answer, so that they are small;
4. the pupils of the changed municipalities, for municipalities with the same density or score.

The result is the only optimum, which is checked: no other solver, seed or version gives another one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd
from ortools.sat.python import cp_model

from assets.registers.tables import DISADVANTAGE_GROUPS, URBANISATION_LOWER_LIMITS
from synthetic.classification.printed import ALWAYS_RESPOND, CROSS_TABLE, MEAN_SCORES, NON_RESPONDENTS

SCORE_UNIT = 10_000
DISTANCE_UNIT = 1_000_000
MEAN_UNIT = 1_000

Choice = tuple[int, str]
ABSENT: Choice = (0, "absent")
CHOICES: list[Choice] = [(k, group) for k in sorted(URBANISATION_LOWER_LIMITS) for group in DISADVANTAGE_GROUPS]


@dataclass(frozen=True)
class Solution:
    """``chosen``: municipality code → (urbanisation class, disadvantage group), or ``ABSENT``. ``costs``: per objective."""

    chosen: dict[str, Choice]
    costs: tuple[int, ...]


def solve(observed: pd.DataFrame) -> Solution:
    """The nearest classification that prints as the report does.

    ``observed``: one row per municipality, with municipality_code, urbanisation_class, address_density, disadvantage_group,
    disadvantage_score and pupils. Raises RuntimeError when there is no such classification, or more than one.
    """
    municipalities = {row["municipality_code"]: row for row in observed.to_dict("records")}
    group_limits = _group_limits(observed)
    model = cp_model.CpModel()
    chosen = {(c, choice): model.new_bool_var(f"{c} {choice}") for c in municipalities for choice in [*CHOICES, ABSENT]}
    for code in municipalities:
        model.add_exactly_one(chosen[code, choice] for choice in [*CHOICES, ABSENT])
    for code in ALWAYS_RESPOND:
        model.add(chosen[code, ABSENT] == 0)
    model.add(sum(chosen[code, ABSENT] for code in municipalities) == NON_RESPONDENTS)
    for k, group in CHOICES:
        model.add(sum(chosen[code, (k, group)] for code in municipalities) == CROSS_TABLE[group][k - 1])
    for group, printed in MEAN_SCORES.items():
        total = sum(
            round(row["disadvantage_score"] * SCORE_UNIT) * chosen[code, (k, group)]
            for code, row in municipalities.items()
            for k in URBANISATION_LOWER_LIMITS
        )
        n, per_mean = sum(CROSS_TABLE[group]), SCORE_UNIT // MEAN_UNIT
        middle = round(printed * MEAN_UNIT)
        model.add(total >= n * (middle - 5) * per_mean)
        model.add(total < n * (middle + 5) * per_mean)

    costs: list[dict[tuple[str, Choice], int]] = [{}, {}, {}, {}]
    for code, row in municipalities.items():
        costs[2][code, ABSENT] = int(row["pupils"])
        for choice in CHOICES:
            costs[0][code, choice] = (choice[0] != row["urbanisation_class"]) + (choice[1] != row["disadvantage_group"])
            costs[1][code, choice] = _distance(row, choice, group_limits)
            costs[3][code, choice] = int(row["pupils"]) if costs[0][code, choice] else 0

    optimum: list[int] = []
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 2022
    solver.parameters.cp_model_presolve = False  # takes longer here than it saves
    solution: dict[str, Choice] = {}
    for cost in costs:
        objective = sum(weight * chosen[at] for at, weight in cost.items() if weight)
        model.minimize(objective)
        if solver.solve(model) != cp_model.OPTIMAL:
            raise RuntimeError("no classification prints as the report's tables do")
        optimum.append(round(solver.objective_value))
        solution = {code: choice for (code, choice), variable in chosen.items() if solver.value(variable)}
        model.add(objective == optimum[-1])
        model.clear_hints()
        for at, variable in chosen.items():
            model.add_hint(variable, solution[at[0]] == at[1])
    model.clear_objective()
    model.add(sum(chosen[code, choice] for code, choice in solution.items()) < len(solution))
    if solver.solve(model) != cp_model.INFEASIBLE:
        raise RuntimeError("more than one classification is nearest: add an objective that tells them apart")
    return Solution(solution, tuple(optimum))


def _group_limits(observed: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Group → lowest and highest score of it, the limit being halfway between the neighbours of two groups."""
    scores = {g: observed.loc[observed["disadvantage_group"] == g, "disadvantage_score"] for g in DISADVANTAGE_GROUPS}
    cuts = [(scores[low].max() + scores[high].min()) / 2 for low, high in pairwise(DISADVANTAGE_GROUPS)]
    limits = [0.0, *cuts, math.inf]
    return dict(zip(DISADVANTAGE_GROUPS, pairwise(limits), strict=True))


def _distance(row: Mapping[Any, Any], choice: Choice, group_limits: dict[str, tuple[float, float]]) -> int:
    """How far a municipality lies outside the class and the group of a choice that differ from the observed ones."""
    k, group = choice
    distance = 0.0
    if k != row["urbanisation_class"]:
        upper = URBANISATION_LOWER_LIMITS.get(k - 1, math.inf)
        distance += _outside(row["address_density"], (URBANISATION_LOWER_LIMITS[k], upper))
    if group != row["disadvantage_group"]:
        distance += _outside(row["disadvantage_score"], group_limits[group])
    return round(distance * DISTANCE_UNIT)


def _outside(value: float, limits: tuple[float, float]) -> float:
    """The relative distance of a value to the nearest of two limits; 0 between them."""
    low, high = limits
    if value < low:
        return (low - value) / low
    return (value - high) / high if value > high else 0.0
