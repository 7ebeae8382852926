"""What an outsider can work out from linear facts: how low and how high a sum of unknowns can be.

Belongs here: the system as HiGHS solves it, the same on every run. Does not belong here: what the unknowns are
(``counts.py``, ``sums.py``), what is withheld (``protection.py``).

Only the objective and the bounds of a row change between solutions, so that primal simplex goes on where it was;
presolve would begin anew each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
_OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "presolve": "off",
    "solver": "simplex",
    "simplex_strategy": 4,  # primal
    "threads": 1,
    "parallel": "off",
}


@dataclass(frozen=True)
class Row:
    """``lowest`` ≤ Σ coefficient × unknown ≤ ``highest``."""

    unknowns: Sequence[int]
    coefficients: Sequence[float]
    lowest: float
    highest: float


@dataclass(frozen=True)
class Solution:
    """The unknowns at an extreme, and for every row how much the extreme rests on it: rows with 0 do not."""

    unknowns: Vector
    duals: Vector


class LinearSystem:
    """Unknowns between 0 and ``highest``, and what is known of their sums."""

    def __init__(self, highest: Vector, rows: Sequence[Row]) -> None:
        import highspy
        from highspy._core import _Highs  # Highs, without the callbacks and the banner of its Python class

        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(highest), len(rows)
        model.col_cost_ = np.zeros(len(highest))
        model.col_lower_, model.col_upper_ = np.zeros(len(highest)), highest
        model.row_lower_ = np.array([row.lowest for row in rows], dtype=float)
        model.row_upper_ = np.array([row.highest for row in rows], dtype=float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(row.unknowns) for row in rows)]).astype(np.int32)
        model.a_matrix_.index_ = np.array([u for row in rows for u in row.unknowns], dtype=np.int32)
        model.a_matrix_.value_ = np.array([c for row in rows for c in row.coefficients], dtype=float)
        self._solver = _Highs()
        for name, value in _OPTIONS.items():
            self._solver.setOptionValue(name, value)
        if self._solver.passModel(model) == highspy.HighsStatus.kError:
            raise RuntimeError("the facts make no linear system")
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._all = np.arange(len(highest), dtype=np.int32)

    def forget(self, row: int) -> None:
        """Nothing is known of this sum any more."""
        self._solver.changeRowBounds(row, -np.inf, np.inf)

    def extreme(self, unknowns: NDArray[np.int64], *, highest: bool) -> Solution:
        """Where the sum of some unknowns is highest, or lowest. Raises RuntimeError when the facts contradict each
        other."""
        costs = np.zeros(len(self._all))
        costs[unknowns] = -1.0 if highest else 1.0
        self._solver.changeColsCost(len(self._all), self._all, costs)
        self._solver.run()
        if self._solver.getModelStatus() != self._optimal:
            self._solver.clearSolver()  # where it got stuck on the way, it begins anew
            self._solver.run()
        if self._solver.getModelStatus() != self._optimal:
            raise RuntimeError(f"the facts contradict each other: {self._solver.getModelStatus()}")
        solution = self._solver.getSolution()
        return Solution(np.array(solution.col_value), np.array(solution.row_dual))
