"""Every kind of chart, also where its data are as awkward as can be: legible on any screen, and the same each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from struct import unpack_from
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assets.base.texts import Language, Text
from assets.editions.content.mark import SYNTHETIC_MARK
from assets.editions.pictures.bars import Head, Share, columns, parts, shares
from assets.editions.pictures.drawing import GREY, NARROW, WIDE, Svg, spread, ticks
from assets.editions.pictures.flow import Count, Step, flow
from assets.editions.pictures.lettering import text_width, wrap
from assets.editions.pictures.lines import Line, Panel, Point, lines
from assets.editions.pictures.picture import LANGUAGES, Picture
from assets.editions.pictures.reach import Heap, Range, Tile, heaps, ranges, tiles, waterfall
from assets.editions.pictures.reach import Step as Part
from tests.drawings import faults

LONG = "Onderwijsachterstandenbeleidsmedewerkersoverleg met alle betrokken organisaties & <de gemeente>"
ROWS = [
    ("Ja", Share(100.0, "100%", "313 van 314")),
    (LONG, Share(0.4, "0%", "1 van 314")),
    ("Niet getoond", Share(None, ".", "")),
    ("Geen getal", Share(None, "–", "")),
]
HIGH = [Point(3_000_000.0, "3.000.000%"), None, Point(81.0, "81%"), Point(81.0, "81%")]
LOW = [Point(82.0, "82%"), Point(0.0, "0%"), Point(81.0, "81%"), None]
LEVEL = Part("Bereik in 2021", 82.0, 82.0, True, "82,00%", "n = 217")
PARTS = [LEVEL, Part(LONG, 82.0, 81.9, False, "−0,11", "n = 138"), Part("Bereik", 89.0, 89.0, True, "89,00%", "n = 9")]
RANGES = [
    Range("Alle gemeenten, 2022", 0.0, 100.0, 77.4, "0,0%", "100,0%", "77,4%", "n = 273 van 342"),
    Range(LONG, 75.9, 80.5, 1240.0, "75,9%", "80,5%", "1.240,0%", "n = 1 van 2"),
    Range("Niemand", None, None, None, "–", "–", "–", "n = 0 van 2"),
]
CODES = [
    category["key"]
    for category in yaml.safe_load(
        (Path(__file__).parents[3] / "data" / "catalogue" / "breakdowns.yaml").read_text(encoding="utf-8")
    )["breakdowns"][3]["categories"]
]
TILES = [
    Tile(code, "Noord-Brabant", no * 9 or None, f"{no * 9}%" if no else ".", "n = 47") for no, code in enumerate(CODES)
]
COUNTS = {domain: Count(93, 342, 2) for domain in ("all", "lea", "vve")}
STEPS = [
    Step(key, Text(label, label), after, COUNTS)
    for key, label, after in [
        ("a", "Vragenlijst ingevuld", None),
        ("b", LONG, "a"),
        ("c", "Mogelijk risico", "a"),
        ("d", "Gesprek gevoerd", "c"),
        ("e", "Geen risico (meer)", "d"),
        ("f", "Verbeterafspraken gemaakt", "d"),
        ("g", "Brief naar gemeente", "e"),
    ]
]
HEAPS = [
    Heap("Alle gemeenten", {0: 1, 95: 2, 100: 87, 120: 3}, 77, "n = 273"),
    Heap("Zelfde stedelijkheid", {100: 10}, 100, "n = 10"),
    Heap(LONG, {5: 12}, 5, "n = 12"),
]
YEARS = ["2019", "2020", "2021", "2022"]
Draw = Callable[[Language, float], Svg]
CHARTS: Mapping[str, Draw] = {
    "shares": lambda _, width: shares(ROWS, width),
    "chain": lambda _, width: columns(
        [Head("Afspraken gemaakt", "van alle gemeenten"), Head("Doelen geformuleerd", ""), Head("Doelen", LONG)],
        [(label, [share, ROWS[1][1], ROWS[2][1]]) for label, share in ROWS],
        width,
    ),
    "parts": lambda _, width: parts(ROWS, [None, None, None, GREY], width),
    "lines": partial(lines, [Panel([Line(LONG, "#000", HIGH), Line("Landelijk", "#111", LOW)], "%", 150)], YEARS),
    "lines that are close": partial(
        lines, [Panel([Line(str(no), "#000", [Point(20 + no / 9, "20.123")] * 4) for no in range(4)], "", 150)], YEARS
    ),
    "one year": partial(lines, [Panel([Line("Bereik", "#000", LOW[:1])], "%", 150)], YEARS[:1]),
    "many years": partial(
        lines,
        [Panel([Line("Bereik", "#000", [Point(20_000, "20.000")] * 14)], "", 99)],
        [str(y) for y in range(2020, 2034)],
    ),
    "waterfall": partial(waterfall, PARTS, (81.0, 89.0)),
    "parts that cancel each other out": partial(waterfall, PARTS, (-248.0, 37_228.0)),
    "ranges": partial(ranges, RANGES),
    "tiles": partial(tiles, TILES),
    "no province shown": partial(tiles, [Tile("PV20", "Groningen", None, ".", "n = 6")]),
    "heaps": partial(heaps, HEAPS, 100, "Súdwest-Fryslân"),
    "lowest of all": partial(heaps, HEAPS, 0, "Súdwest-Fryslân"),
    "far above all": partial(heaps, HEAPS, 1200, "Ee"),
    "flow": partial(flow, STEPS),
    "no steps": partial(flow, []),
}
every_chart = pytest.mark.parametrize("name", CHARTS)


def picture(draw: Draw) -> Picture:
    return Picture(
        "figures/x",
        Text("Titel <1>", "Title <1>"),
        lambda language: f"In {language} & co",
        Text("bron", "source"),
        draw,
    )


@every_chart
def test_no_text_is_cut_too_small_or_over_another(name: str) -> None:
    assert faults(picture(CHARTS[name])) == []


@every_chart
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_drawing_is_the_same_each_time_and_nothing_but_shapes_and_texts(name: str, width: float) -> None:
    first, second = (CHARTS[name]("nl", width).body for _ in range(2))
    assert first == second
    drawn = ElementTree.fromstring(f"<svg>{first}</svg>")
    assert {element.tag for element in drawn.iter()} <= {"svg", "path", "text"}
    assert not {attribute for element in drawn.iter() for attribute in element.attrib} & {"id", "class", "style"}


def test_what_has_no_value_is_its_sign_without_a_bar() -> None:
    def bars(rows: list[tuple[str, Share]]) -> int:
        return shares(rows, WIDE).body.count("z")

    assert bars(ROWS) == bars(ROWS[:2])
    assert {".", "–", "Niet getoond"} <= {text.text for text in shares(ROWS, WIDE).texts}


def test_bars_are_on_one_scale_to_100_percent() -> None:
    low, lower = (shares([("a", Share(percent, "x", ""))], WIDE).body for percent in (50.0, 25.0))
    assert [_longest(low), _longest(lower)] == [[512, 256], [512, 128]]


def _longest(body: str) -> list[float]:
    """How wide the rectangles are, widest first."""
    return sorted((float(wide.split("v")[0]) for wide in body.split("h")[1:] if "v" in wide), reverse=True)


def test_a_heap_has_a_dot_for_each_municipality() -> None:
    body = heaps(HEAPS[1:2], 100, "Ede", "nl", WIDE).body
    (piles,) = [line for line in body.splitlines() if "stroke-dasharray" in line]
    size = float(piles.split('stroke-dasharray="0 ')[1].split('"')[0])
    dots = [round(-float(pile.split("M")[0].rstrip('"/>')) / size) + 1 for pile in piles.split("v")[1:]]
    assert sum(dots) == 10


def test_files_carry_title_source_and_mark_and_the_pixels_are_those_of_the_drawing(tmp_path: Path) -> None:
    one = picture(CHARTS["shares"])
    for origin in ("synthetic", "real"):
        one.save(tmp_path / origin, origin)
    for suffix, title, source, mark in (
        ("", "Titel <1>", "Bron: bron", SYNTHETIC_MARK.nl),
        (".en", "Title <1>", "Source: source", SYNTHETIC_MARK.en),
    ):
        file = tmp_path / "synthetic" / f"figures/x{suffix}.svg"
        svg = ElementTree.fromstring(file.read_text(encoding="utf-8"))
        texts = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
        assert {title, source, mark} <= set(texts)
        width, height = (2 * float(svg.get(name) or 0) for name in ("width", "height"))
        png = file.with_suffix(".png").read_bytes()
        assert unpack_from(">II", png, 16) == (width, pytest.approx(height, abs=1))
        assert all(text.encode() in png for text in (title, mark))
        real = (tmp_path / "real" / f"figures/x{suffix}.svg").read_text(encoding="utf-8")
        assert mark not in real
        assert source in real


def test_a_page_gets_both_drawings_each_with_ids_of_its_own() -> None:
    inline = "".join(picture(CHARTS["shares"]).inline(language) for language in LANGUAGES)
    drawings = ElementTree.fromstring(f"<page>{inline}</page>")
    assert [drawing.get("class") for drawing in drawings] == ["wide", "narrow"] * 2
    ids = [one.get("id") for one in drawings.iter() if one.get("id")]
    assert len(ids) == len(set(ids)) == 8
    assert all(set((drawing.get("aria-labelledby") or "").split()) <= set(ids) for drawing in drawings)
    assert "In nl &amp; co" in inline


@pytest.mark.parametrize(
    ("text", "room", "lines_of_it"),
    [
        ("", 50, ("",)),
        ("Besturen van het onderwijs", 80, ("Besturen van", "het onderwijs")),
        ("Noord-Holland", 60, ("Noord-", "Holland")),
        ("vve", 1, ("v-", "v-", "e")),
        ("doelgroeppeuters", 60, ("doelgroe-", "ppeuters")),
    ],
)
def test_a_text_breaks_at_spaces_and_hyphens_and_only_then_within_a_word(
    text: str, room: float, lines_of_it: tuple[str, ...]
) -> None:
    assert wrap(text, room, 13) == lines_of_it


def test_widths_are_those_of_the_font() -> None:
    assert text_width("i", 1000) == pytest.approx(222, abs=1)
    assert text_width("W", 1000) == pytest.approx(944, abs=1)
    assert text_width("i", 1000, bold=True) == pytest.approx(278, abs=1)
    assert text_width("☃", 10) == 10  # not in the font: as wide as can be


@pytest.mark.parametrize(
    ("low", "high", "most", "marks"),
    [
        (0, 0.4, 5, [0]),
        (0, 1.0, 5, [0, 1]),
        (0, 104.0, 6, [0, 20, 40, 60, 80, 100]),
        (77.4, 83.0, 6, [78, 79, 80, 81, 82, 83]),
        (-248, 1326, 4, [0, 500, 1000]),
        (0, 12_000_000.0, 5, [0, 5_000_000, 10_000_000]),
    ],
)
def test_a_scale_has_few_numbers_each_a_round_one(low: float, high: float, most: int, marks: list[int]) -> None:
    assert ticks(low, high, most) == marks


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6), st.floats(0.5, 20))
def test_what_is_spread_keeps_its_order_and_its_distance(positions: list[float], gap: float) -> None:
    moved = spread(positions, gap)
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    assert all(moved[b] - moved[a] >= gap - 1e-6 for a, b in pairwise(order))


def test_what_is_apart_stays() -> None:
    assert spread([10.0, 0.0, 20.0], 5) == [10.0, 0.0, 20.0]


def test_every_province_has_a_place_on_the_map() -> None:
    assert len(CODES) == 12
    squares = {(line.split("h")[0]) for line in tiles(TILES, "nl", WIDE).body.split("M")[1:]}
    assert len(squares) >= 12


def test_a_list_of_steps_goes_on_below_what_is_last_and_indents_the_rest() -> None:
    lefts = {text.text: text.x for text in flow(STEPS, "nl", NARROW).texts}
    same = ("Mogelijk risico", "Gesprek gevoerd")
    assert lefts[same[0]] == lefts[same[1]] > lefts["Vragenlijst ingevuld"]
    assert lefts["Brief naar gemeente"] > lefts["Geen risico (meer)"] == lefts["Verbeterafspraken gemaakt"]
