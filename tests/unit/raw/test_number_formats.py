"""What Excel shows of a number, as far as that is something else than the number."""

from __future__ import annotations

import pytest

from assets.raw.number_formats import shown_number, shows_nothing


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (282.0000000000001, "General", "282"),
        (1043.0000000001, "General", "1043.0000000001"),
        (1e20, "General", "100000000000000000000"),
        (0.1 + 0.2, "General", "0.3"),
        (12.4, "0", "12.4"),
        (1043, "#,##0", "1043"),
        (-8, "#,##0_);(#,##0)", "-8"),
        (53, "0.00", "53"),
        (5, "@", "5"),
        (5, "[Red]0", "5"),
        (5, "# ?/?", "5"),
        (100_000, "0.00E+00", "100000"),
        (0, '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', "0"),
        (3, ";;;", "3"),
    ],
)
def test_a_format_that_shows_the_number(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1, "0%", "100%"),
        (0.805, "0.0%", "80.5%"),
        (1, "0.000", "1.000"),
        (53, "#.##0", "53.000"),
        (53, "0,", "0 (holds 53)"),
        (363, "0000", "0363"),
        (5, '0" peuters"', "5 peuters"),
        (5, "[$€-413] #,##0.00", "€ 5"),
        (0, '0;-0;"onbekend"', "onbekend"),
        (1, '[=1]"ja";[=2]"nee";0', "ja"),
        (2, '[=1]"ja";[=2]"nee";0', "nee"),
        (45000, "dd-mm-yyyy", "2023-03-15"),
        (45000.5, "dd-mm-yyyy hh:mm", "2023-03-15T12:00:00"),
        (0.5, "hh:mm", "12:00:00"),
        (1.5, "[h]:mm", "36:00:00"),
        (1e15, "dd-mm-yyyy", "1000000000000000"),
        (1e300, "0%", "1e+302%"),
        (1e300, "0", "1e+300"),
        (1e300, "0.000", "1e+300"),
        (1e300, "0,", "1e+297 (holds 1e+300)"),
    ],
)
def test_a_format_that_shows_something_else(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    ("value", "code", "hidden"),
    [
        (3, ";;;", True),
        ("tekst", ";;;", True),
        (0, "0;-0;;@", True),
        (5, "0;-0;;@", False),
        (-9, "0;;", True),
        ("tekst", "0;;", False),
        ("tekst", "0;-0;;@", False),
        (3, '" ";0', True),
        (3, "General", False),
        (3, "", False),
        (3, "[Red];[Blue]0", False),
        (45000, "dd-mm-yyyy;@", False),
        (0, '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', False),
    ],
)
def test_a_format_that_shows_nothing(value: float | str, code: str, hidden: bool) -> None:
    assert shows_nothing(value, code) == hidden


def test_dates_of_the_other_calendar() -> None:
    assert shown_number(43538, "dd-mm-yyyy", is_1904=True) == "2023-03-15"


@pytest.mark.parametrize("code", ["", ";", '"', "\\", "[", "_", "*", "0;;;;;;", '"a"b', "[$", "0.0.0", "%%", "[<]0"])
def test_a_format_that_is_none_shows_something(code: str) -> None:
    assert shown_number(5, code)
