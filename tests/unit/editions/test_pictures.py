"""Every kind of chart, also where its data are as awkward as can be: legible on any screen, and the same each time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from struct import unpack_from
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assets.base.texts import LANGUAGES, Language, Text
from assets.editions.content.mark import SYNTHETIC_MARK
from assets.editions.pictures.bars import Row, Share, columns, parts, shares
from assets.editions.pictures.drawing import GREY, NARROW, WIDE, Svg, spread, ticks
from assets.editions.pictures.flow import Count, Step, flow
from assets.editions.pictures.lettering import Look, text_width, wrap
from assets.editions.pictures.lines import Line, Panel, lines
from assets.editions.pictures.picture import Picture
from assets.editions.pictures.reach import Heap, heaps, ranges, tiles, waterfall
from tests.drawings import faults

LONG = "Onderwijsachterstandenbeleidsmedewerkersoverleg met alle betrokken organisaties & <de gemeente>"
ROWS = [
    ("Ja", [Share(100.0, "100%", "313 van 314")]),
    (LONG, [Share(0.4, "0%", "1 van 314")]),
    ("Niet getoond", [Share(None, ".", "")]),
    ("Geen getal", [Share(None, "–", "")]),
]
HIGH = [(3_000_000.0, "3.000.000%"), None, (81.0, "81%"), (81.0, "81%")]
LOW = [(82.0, "82%"), (0.0, "0%"), (81.0, "81%"), None]
CLOSE = [Line(str(no), "#000", [(20 + no / 9, "20.123")] * 4) for no in range(4)]
PARTS = [
    {"label": label, "kind": kind, "starts_at": start, "ends_at": end, "value_text": text, "n_municipalities": 273}
    for label, kind, start, end, text in [
        ("Bereik in 2021", "level", 0, 82, "82,00%"),
        (LONG, "part", 82, 81.9, "−0,11"),
        ("Bereik in 2022", "level", 0, 89, "89,00%"),
    ]
]
RANGES = [
    {"name": name, "n": 273, "municipalities": 342}
    | {"lower": lower, "upper": upper, "reach": reach}
    | {"lower_text": texts[0], "upper_text": texts[1], "reach_text": texts[2]}
    for name, lower, upper, reach, *texts in [
        ("Alle gemeenten, 2022", 0.0, 1.0, 0.774, "0,0%", "100,0%", "77,4%"),
        (LONG, 0.759, 0.805, 12.4, "75,9%", "80,5%", "1.240,0%"),
        ("Niemand", None, None, None, "–", "–", "–"),
    ]
]
PROVINCES = [f"PV{no}" for no in range(20, 32)]
TILES = [
    {"province_code": code, "name": "Noord-Brabant", "n_municipalities": 47}
    | {"percent": no * 9 or None, "percent_text": f"{no * 9}%" if no else "."}
    for no, code in enumerate(PROVINCES)
]
STEPS = [
    Step(key, Text(label, label), after, {domain: Count(93, 342, 2) for domain in ("all", "lea", "vve")})
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
BOXES = [step.box for step in STEPS]
HEAPS = [
    Heap("Alle gemeenten", {0: 1, 95: 2, 100: 87, 120: 3}, 77, 273),
    Heap("Zelfde stedelijkheid", {100: 10}, 100, 10),
    Heap(LONG, {5: 12}, 5, 12),
]
YEARS = ["2019", "2020", "2021", "2022"]
LATER = [str(year) for year in range(2020, 2034)]
HEADS = [("Afspraken gemaakt", "van alle gemeenten"), ("Doelen geformuleerd", ""), ("Doelen", LONG)]
Draw = Callable[[Language, float], Svg]
CHARTS: Mapping[str, Draw] = {
    "shares": lambda _, width: shares(ROWS, width),
    "chain": lambda _, width: columns(HEADS, [(label, [*row, *ROWS[1][1], *ROWS[2][1]]) for label, row in ROWS], width),
    "parts": lambda _, width: parts(ROWS, [None, None, None, GREY], width),
    "lines": partial(lines, [Panel([Line(LONG, "#000", HIGH), Line("Landelijk", "#111", LOW)], "%", 150)], YEARS),
    "lines that are close": partial(lines, [Panel(CLOSE, "", 150)], YEARS),
    "one year": partial(lines, [Panel([Line("Bereik", "#000", LOW[:1])], "%", 150)], YEARS[:1]),
    "many years": partial(lines, [Panel([Line("Bereik", "#000", [(20_000, "20.000")] * 14)], "", 99)], LATER),
    "waterfall": partial(waterfall, PARTS, span=(81.0, 89.0)),
    "parts that cancel each other out": partial(waterfall, PARTS, span=(-248.0, 37_228.0)),
    "ranges": partial(ranges, RANGES),
    "tiles": partial(tiles, TILES),
    "no province shown": partial(tiles, TILES[:1]),
    "heaps": partial(heaps, HEAPS, own=100, name="Súdwest-Fryslân"),
    "lowest of all": partial(heaps, HEAPS, own=0, name="Nuenen, Gerwen en Nederwetten"),
    "far above all": partial(heaps, HEAPS, own=1200, name="Ee"),
    "flow": partial(flow, BOXES),
    "no steps": partial(flow, []),
}
every_chart = pytest.mark.parametrize("name", CHARTS)


def picture(draw: Draw) -> Picture:
    title, kind, source = Text("Titel <1>", "Title <1>"), Text("Soort", "Kind"), Text("bron", "source")
    return Picture("figures/x", title, kind, lambda language: [f"in {language}", "& co"], source, draw)


@every_chart
def test_no_text_is_cut_too_small_or_over_another(name: str) -> None:
    assert faults(picture(CHARTS[name])) == []


@every_chart
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_drawing_is_the_same_each_time_and_nothing_but_shapes_and_texts(name: str, width: float) -> None:
    first, second = (CHARTS[name]("nl", width).body for _ in range(2))
    assert first == second
    drawn = ElementTree.fromstring(f"<svg>{first}</svg>")
    assert {element.tag for element in drawn.iter()} <= {"svg", "path", "g", "text"}
    assert not {attribute for element in drawn.iter() for attribute in element.attrib} & {"id", "class", "style"}


def test_what_has_no_value_is_its_sign_without_a_bar() -> None:
    def bars(rows: Sequence[Row]) -> int:
        return shares(rows, WIDE).body.count("z")

    assert bars(ROWS) == bars(ROWS[:2])
    assert {".", "–", "Niet getoond"} <= {text.text for text in shares(ROWS, WIDE).texts}


def test_bars_are_on_one_scale_to_100_percent() -> None:
    low, lower = (shares([("a", [Share(percent, "x", "")])], WIDE).body for percent in (50.0, 25.0))
    assert [_longest(low), _longest(lower)] == [[498, 249], [498, 124.5]]


def _longest(body: str) -> list[float]:
    """How wide the rectangles are, widest first."""
    return sorted((float(width) for width in re.findall(r"M[^h]*h([\d.]+)v", body)), reverse=True)


def test_a_heap_has_a_dot_for_each_municipality() -> None:
    body = heaps(HEAPS[1:2], "nl", WIDE, 100, "Ede").body
    (piles,) = [line for line in body.splitlines() if "stroke-dasharray" in line]
    size = float(piles.split('stroke-dasharray="0 ')[1].split('"')[0])
    dots = [round(-float(pile.split("M")[0].rstrip('"/>')) / size) + 1 for pile in piles.split("v")[1:]]
    assert sum(dots) == 10


def test_pixels_of_the_same_drawing_are_taken_from_the_edition_before(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    picture(CHARTS["shares"]).save(before, "synthetic")
    other = before / "figures/x.en.svg"
    other.write_text(other.read_text(encoding="utf-8") + "<!-- another -->", encoding="utf-8")
    picture(CHARTS["shares"]).save(after, "synthetic", before)
    same = {name: (after / name).samefile(before / name) for name in ("figures/x.png", "figures/x.en.png")}
    assert same == {"figures/x.png": True, "figures/x.en.png": False}
    assert (after / "figures/x.en.png").read_bytes() == (before / "figures/x.en.png").read_bytes()


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
        width, height = (1.5 * float(svg.get(name) or 0) for name in ("width", "height"))
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
    assert "Soort. in nl; &amp; co." in inline


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
    assert wrap(text, room) == lines_of_it


def test_widths_are_those_of_the_font() -> None:
    assert text_width("i", Look(1000)) == pytest.approx(222, abs=1)
    assert text_width("W", Look(1000)) == pytest.approx(944, abs=1)
    assert text_width("i", Look(1000, bold=True)) == pytest.approx(278, abs=1)
    assert text_width("☃", Look(10)) == 10  # not in the font: as wide as can be


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


def test_every_province_of_the_catalogue_has_a_place_on_the_map() -> None:
    file = Path(__file__).parents[3] / "data" / "catalogue" / "breakdowns.yaml"
    breakdowns = yaml.safe_load(file.read_text(encoding="utf-8"))["breakdowns"]
    (codes,) = ([one["key"] for one in each["categories"]] for each in breakdowns if each["id"] == "province")
    assert codes == PROVINCES
    names = {(text.x, text.y) for text in tiles(TILES, "nl", WIDE).texts if text.text == "Noord-Brabant"}
    assert len(names) == len(PROVINCES)


def test_a_list_of_steps_goes_on_below_what_is_last_and_indents_the_rest() -> None:
    lefts = {text.text: text.x for text in flow(BOXES, "nl", NARROW).texts}
    same = ("Mogelijk risico", "Gesprek gevoerd")
    assert lefts[same[0]] == lefts[same[1]] > lefts["Vragenlijst ingevuld"]
    assert lefts["Brief naar gemeente"] > lefts["Geen risico (meer)"] == lefts["Verbeterafspraken gemaakt"]
