"""Reads ``data/questionnaires/<survey_year>/questionnaire.yaml``, and says file, line and remedy when it is wrong.

Three short hands keep the YAML readable; all are unfolded here and unknown to the rest of the system:

- ``option_sets`` names option lists that several questions share: ``options: yes_no``;
- ``lists`` with ``over: <list>`` writes one question for every entry of a list. ``{item}`` is the entry's code, and
  ``{item_key}``, ``{item_nl}``, ``{item_en}`` or any other field of it can be used in every text of the question.
- ``dialect: <name>`` (or ``dialect: {preset: <name>, …}``) is the preset ``data/dialects/<name>.yaml``, with the fields that
  are given instead of the preset's; ``unused_columns`` are added to it.

Every value is read as text and the model gives it its type: ``code: 01`` stays 01 and ``en: Yes`` stays Yes.

Does not belong here: what a field means (``model.py``), YAML as such (``assets/base/yaml_file.py``), reading delivered files
(``assets/raw``).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from assets.base.errors import BadInput
from assets.base.yaml_file import TextLoader, load_model, parse_fields, read_text
from assets.questionnaires.dialect import Dialect
from assets.questionnaires.model import Questionnaire

FILE_NAME = "questionnaire.yaml"
DIALECTS = "dialects"
Place = tuple[str | int, ...]
_LIST_FIELDS = ("code", "key", "nl", "en")


def survey_years(questionnaires_dir: Path) -> list[int]:
    """The survey years that exist: the folders that hold a questionnaire, in order."""
    return sorted(int(f.parent.name) for f in questionnaires_dir.glob(f"[0-9][0-9][0-9][0-9]/{FILE_NAME}"))


def delivered_years(questionnaires_dir: Path) -> list[int]:
    """The survey years of which answers were delivered. Raises BadInput when a questionnaire cannot be read."""
    years = survey_years(questionnaires_dir)
    return [year for year in years if load_questionnaire(questionnaires_dir / str(year)).deliveries]


def year_files(questionnaires_dir: Path, survey_year: int | str) -> list[Path]:
    """What a survey year's deliveries are read by and from: its questionnaire, the dialects that it names, its registered files.
    Raises BadInput when the questionnaire cannot be read."""
    folder = questionnaires_dir / str(survey_year)
    deliveries = load_questionnaire(folder).deliveries
    text = (folder / FILE_NAME).read_text(encoding="utf-8")
    dialects = (questionnaires_dir.parent / DIALECTS).glob("*.yaml")
    named = [file for file in dialects if file.stem in text]
    return [folder / FILE_NAME, *named, *(folder / delivery.path for delivery in deliveries)]


def questionnaire_files(questionnaires_dir: Path) -> list[Path]:
    """Every file that says what was asked: the questionnaires, and the dialects beside their folder."""
    return [
        *questionnaires_dir.glob(f"[0-9][0-9][0-9][0-9]/{FILE_NAME}"),
        *(questionnaires_dir.parent / DIALECTS).glob("*.yaml"),
    ]


def load_questionnaires(questionnaires_dir: Path) -> dict[int, Questionnaire]:
    """Every questionnaire by survey year. Raises BadInput for the first that cannot be used."""
    years = survey_years(questionnaires_dir)
    if not years:
        raise BadInput(
            "There is no questionnaire",
            str(questionnaires_dir),
            f"add a folder <survey_year>/ with a {FILE_NAME}; 'lea new-year' starts one from the year before",
        )
    return {year: load_questionnaire(questionnaires_dir / str(year)) for year in years}


def load_questionnaire(folder: Path) -> Questionnaire:
    """The questionnaire of one year's folder. Raises BadInput with file, line and remedy."""
    file = folder / FILE_NAME
    try:
        stat = file.stat()
    except FileNotFoundError:
        raise BadInput(
            f"There is no questionnaire for {folder.name}",
            str(file),
            "choose a survey year that exists, or add the file",
        ) from None
    return _load(file, stat.st_mtime_ns, stat.st_size, _state_of_dialects(file))


def dialects_beside(questionnaires_dir: Path) -> dict[str, Dialect]:
    """The named dialects, ``dialects/*.yaml`` beside the folder of the questionnaires. Raises BadInput for one that is wrong."""
    remedy = "docs/questionnaire-format.md says what a dialect may hold"
    files = sorted((questionnaires_dir.parent / DIALECTS).glob("*.yaml"))
    return {file.stem: load_model(file, Dialect, "dialect", remedy) for file in files}


def named_dialect(questionnaires_dir: Path, name: str) -> Dialect:
    """The dialect of that name. Raises BadInput when there is none."""
    dialects = dialects_beside(questionnaires_dir)
    if name not in dialects:
        raise BadInput(
            f"There is no dialect '{name}'",
            f"data/{DIALECTS}",
            f"use one of: {', '.join(dialects) or '(none is defined)'}, or add {name}.yaml there",
        )
    return dialects[name]


def _state_of_dialects(file: Path) -> tuple[tuple[str, int, int], ...]:
    files = sorted((file.parent.parent.parent / DIALECTS).glob("*.yaml"))
    return tuple((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in files)


class _Source(NamedTuple):
    """The file as it was read, for errors that name a line of it."""

    file: Path
    text: str

    def error(self, what: str, place: Place, remedy: str) -> BadInput:
        return BadInput(what, f"{self.file}, line {_line(self.text, place)}", remedy)


class _Origin(NamedTuple):
    """Where a question that was written out comes from in the file."""

    question: int
    option_set: str | None = None


@lru_cache(maxsize=64)
def _load(file: Path, _mtime_ns: int, _size: int, _dialects: tuple[tuple[str, int, int], ...]) -> Questionnaire:
    return parse_questionnaire(read_text(file, "questionnaire"), file)


def parse_questionnaire(text: str, file: Path) -> Questionnaire:
    """The questionnaire in a text that is in ``file``, or is meant for it. Raises BadInput with file, line and remedy."""
    source = _Source(file, text)
    raw = parse_fields(text, file, "questionnaire")
    if not raw:
        raise source.error("The questionnaire is empty or not a mapping", (), "start from another year's questionnaire")
    unfolded, origins = _unfold(raw, source)
    try:
        questionnaire = Questionnaire.model_validate(unfolded)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = getattr(first.get("ctx", {}).get("error"), "loc", None) or tuple(first["loc"])
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise source.error(
            f"{_subject(place, unfolded)}: {_plain(first)}{more}",
            _in_file(place, origins),
            "mend that line; docs/questionnaire-format.md says what each field may hold",
        ) from None
    if str(questionnaire.survey_year) != file.parent.name:
        raise source.error(
            f"The questionnaire says survey_year {questionnaire.survey_year}, its folder says {file.parent.name}",
            ("survey_year",),
            "make them the same",
        )
    return questionnaire


def _unfold(raw: dict[str, Any], source: _Source) -> tuple[dict[str, Any], list[_Origin]]:
    """The questionnaire with short hands written out, and for each question where it comes from."""
    option_sets = _mapping_of_lists(raw, "option_sets", source)
    lists = _mapping_of_lists(raw, "lists", source)
    for name, entries in lists.items():
        for position, entry in enumerate(entries):
            if not isinstance(entry, dict) or any(not isinstance(entry.get(f), str) for f in _LIST_FIELDS):
                raise source.error(
                    f"Entry {position + 1} of list '{name}' is not complete",
                    ("lists", name, position),
                    f"give it {', '.join(_LIST_FIELDS)}",
                )
    rest = {field: value for field, value in raw.items() if field not in ("option_sets", "lists", "questions")}
    _unfold_dialects(rest, source)
    if not isinstance(raw.get("questions"), list):
        return {**rest, **({"questions": raw["questions"]} if "questions" in raw else {})}, []
    questions: list[Any] = []
    origins: list[_Origin] = []
    for index, question in enumerate(raw["questions"]):
        if not isinstance(question, dict):
            questions.append(question)
            origins.append(_Origin(index))
            continue
        question = dict(question)
        option_set = question.get("options")
        if isinstance(option_set, str):
            if option_set not in option_sets:
                raise _unknown_name("option set", option_set, option_sets, source, ("questions", index, "options"))
            question["options"] = option_sets[option_set]
        else:
            option_set = None
        over = question.pop("over", None)
        if over is None:
            written = [question]
        elif isinstance(over, str) and over in lists:
            written = [{**_fill(question, entry), "item": entry["key"]} for entry in lists[over]]
        else:
            raise _unknown_name("list", str(over), lists, source, ("questions", index, "over"))
        for one in written:
            for place, value in _texts(one):
                if "{item" in value:
                    raise source.error(
                        f"Question {one.get('id', index + 1)}: '{value}' has a place that nothing fills",
                        ("questions", index, *place),
                        "name the list in 'over', and use {item} or {item_<field>} with a field of its entries",
                    )
        questions += written
        origins += [_Origin(index, option_set)] * len(written)
    return {**rest, "questions": questions}, origins


def _unfold_dialects(fields: dict[str, Any], source: _Source) -> None:
    """Writes out the dialect of the questionnaire and of each delivery, in place."""
    deliveries = fields.get("deliveries")
    if isinstance(deliveries, list):
        fields["deliveries"] = [dict(d) if isinstance(d, dict) else d for d in deliveries]
    places: list[tuple[Place, Any]] = [((), fields)]
    places += [(("deliveries", at), d) for at, d in enumerate(fields.get("deliveries") or ()) if isinstance(d, dict)]
    for place, holder in places:
        if "dialect" in holder:
            holder["dialect"] = _unfolded_dialect(holder["dialect"], source, (*place, "dialect"))


def _unfolded_dialect(written: Any, source: _Source, place: Place) -> Any:
    own = {"preset": written} if isinstance(written, str) else written
    if not isinstance(own, dict) or "preset" not in own:
        return written
    presets = dialects_beside(source.file.parent.parent)
    if not isinstance(own["preset"], str) or own["preset"] not in presets:
        raise _unknown_name("dialect", str(own["preset"]), presets, source, place)
    preset = presets[own["preset"]].model_dump(by_alias=True, exclude_none=True)
    if len(own) == 1:
        return preset
    changed = {field: value for field, value in own.items() if field != "preset"}
    if isinstance(changed.get("unused_columns"), list):
        changed["unused_columns"] = [*preset["unused_columns"], *changed["unused_columns"]]
    return {**preset, "name": None, **changed}


def _mapping_of_lists(raw: dict[str, Any], field: str, source: _Source) -> dict[str, list[Any]]:
    value = raw.get(field) or {}
    if not isinstance(value, dict) or any(not isinstance(entries, list) for entries in value.values()):
        raise source.error(
            f"'{field}' is not a set of named lists",
            (field,),
            f"write it as '{field}:', a name on a line, and its entries",
        )
    return value


def _fill(value: Any, entry: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {k: _fill(v, entry) for k, v in value.items()}
    if isinstance(value, list):
        return [_fill(v, entry) for v in value]
    if isinstance(value, str):
        value = value.replace("{item}", str(entry["code"]))
        for field, content in entry.items():
            value = value.replace("{item_" + field + "}", str(content))
    return value


def _texts(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for field, part in value.items():
            yield from _texts(part, (*place, field))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _texts(part, (*place, index))


def _unknown_name(kind: str, name: str, names: dict[str, Any], source: _Source, place: Place) -> BadInput:
    known = ", ".join(names) or "(none is defined)"
    return source.error(f"There is no {kind} '{name}'", place, f"use one of: {known}, or define it")


def _subject(place: Place, unfolded: dict[str, Any]) -> str:
    """What the error is about, as its author would call it."""
    if len(place) >= 2 and place[0] == "questions" and isinstance(place[1], int):
        question = unfolded["questions"][place[1]]
        name = question.get("id", f"number {place[1] + 1}") if isinstance(question, dict) else f"number {place[1] + 1}"
        rest = ".".join(str(part) for part in place[2:])
        return f"Question {name}" + (f", {rest}" if rest else "")
    return ".".join(str(part) for part in place) or "The questionnaire"


def _plain(error: Any) -> str:
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "extra_forbidden":
        return "is not a field that a questionnaire has"
    return str(error["msg"]).removeprefix("Value error, ")


def _in_file(place: Place, origins: list[_Origin]) -> Place:
    """The place in the file of a place in the questionnaire as it was written out."""
    if len(place) < 2 or place[0] != "questions" or not isinstance(place[1], int):
        return place
    origin, rest = origins[place[1]], place[2:]
    if origin.option_set is not None and len(rest) > 1 and rest[0] == "options":
        return ("option_sets", origin.option_set, *rest[1:])
    return ("questions", origin.question, *rest)


def _line(text: str, place: Place) -> int:
    """The line of the file on which the value at ``place`` is, or of the closest thing above it that is there."""
    node = yaml.compose(text, Loader=TextLoader)
    line = 1
    for part in place:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = (node.value[part], node.value[part])
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return int(line)
