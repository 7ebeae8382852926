"""Numbers as they are rounded and printed: definitions.md 7."""

from __future__ import annotations

from fractions import Fraction

HALF = Fraction(1, 2)


def half_up(exact: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    rounded = int(abs(exact) + HALF)
    return rounded if exact >= 0 else -rounded


def shared_out(exact: list[Fraction], total: int) -> list[int]:
    """Whole numbers that add up to the total, by largest remainders; of equal remainders the first."""
    floors = [one.numerator // one.denominator for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: (floors[at] - exact[at], at))
    for at in by_remainder[: total - sum(floors)]:
        floors[at] += 1
    return floors


def is_tied(exact: list[Fraction], total: int) -> bool:
    """Whether the last unit of ``shared_out`` could as well go to another part: as good as equal remainders."""
    floors = [one.numerator // one.denominator for one in exact]
    remainders = sorted((one - floor for one, floor in zip(exact, floors, strict=True)), reverse=True)
    units = total - sum(floors)
    return 0 < units < len(exact) and remainders[units - 1] - remainders[units] < Fraction(1, 10**6)


def printed(number: Fraction | None, unit: str, decimals: int, language: str) -> str:
    """definitions.md 7: half up; a share of nothing is –; 53.257 and 77,4% in Dutch, 53,257 and 77.4% in English."""
    if number is None:
        return "–"
    units = half_up(number * (100 if unit == "share" else 1) * 10**decimals)
    whole, rest = divmod(abs(units), 10**decimals)
    text = f"{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "")
    if language == "nl":
        text = text.translate(str.maketrans(",.", ".,"))
    return ("-" if units < 0 else "") + text + ("%" if unit == "share" else "")


class Near:
    """A number that is stored rounded, and may be so far from the exact one."""

    def __init__(self, exact: Fraction, within: Fraction) -> None:
        self.exact, self.within = exact, within

    def __repr__(self) -> str:
        return f"{float(self.exact):.15f} ± {float(self.within):.0e}"
