"""Reads ``data/questionnaires/<survey_year>/questionnaire.yaml``, and says file, line and remedy when it is wrong.

Three short hands keep the YAML readable; all are unfolded here and unknown to the rest of the system:

- ``option_sets`` names option lists that several questions share: ``options: yes_no``;
- ``lists`` with ``over: <list>`` writes one question for every entry of a list. ``{item}`` is the entry's code, and
  ``{item_key}``, ``{item_nl}``, ``{item_en}`` or any other field of it can be used in every text of the question.
- ``dialect: <name>`` (or ``dialect: {preset: <name>, …}``) is the preset ``data/dialects/<name>.yaml``, with the fields
  that are given instead of the preset's; ``unused_columns`` are added to it.

Every value is read as text and the model gives it its type: ``code: 01`` stays 01 and ``en: Yes`` stays Yes.

Does not belong here: what a field means (``model.py``), YAML as such (``assets/base/yaml_file.py``), reading delivered
files (``assets/raw``).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from assets.base.errors import BadInput, shown
from assets.base.models import Mistake, Place, first_mistake
from assets.base.yaml_file import YamlText, load_model, read_yaml
from assets.questionnaires.dialect import Dialect
from assets.questionnaires.model import Questionnaire

FILE_NAME = "questionnaire.yaml"
DIALECTS = "dialects"
_LIST_FIELDS = ("code", "key", "nl", "en")


def survey_years(questionnaires_dir: Path) -> list[int]:
    """The survey years that exist: the folders that hold a questionnaire, in order."""
    return sorted(int(f.parent.name) for f in questionnaires_dir.glob(f"[0-9][0-9][0-9][0-9]/{FILE_NAME}"))


def delivered_years(questionnaires_dir: Path) -> list[int]:
    """The survey years of which answers were delivered. Raises BadInput when a questionnaire cannot be read."""
    years = survey_years(questionnaires_dir)
    return [year for year in years if load_questionnaire(questionnaires_dir / str(year)).deliveries]


def year_files(questionnaires_dir: Path, survey_year: int | str) -> list[Path]:
    """What a survey year's deliveries are read by and from: its questionnaire, the dialects that it names, its
    registered files. Raises BadInput when the questionnaire cannot be read."""
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
    """The named dialects, ``dialects/*.yaml`` beside the folder of the questionnaires. Raises BadInput for one that is
    wrong."""
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


class _Origin(NamedTuple):
    """Where a question that was written out comes from in the file."""

    question: int
    option_set: str | None = None


@lru_cache(maxsize=64)
def _load(file: Path, _mtime_ns: int, _size: int, _dialects: tuple[tuple[str, int, int], ...]) -> Questionnaire:
    return parse_questionnaire(read_yaml(file, "questionnaire"))


def parse_questionnaire(source: YamlText) -> Questionnaire:
    """The questionnaire in a text that is in a file, or is meant for it. Raises BadInput with file, line and remedy."""
    fields = source.fields()
    if not fields:
        raise _refuse(source, "The questionnaire is empty", (), "start from another year's questionnaire")
    unfolded, origins = _unfold(fields, source)
    try:
        questionnaire = Questionnaire.model_validate(unfolded)
    except ValidationError as error:
        mistake = first_mistake(error)
        more = f" (and {mistake.mistakes - 1} more)" if mistake.mistakes > 1 else ""
        raise _refuse(
            source,
            f"{_subject(mistake, unfolded)}: {mistake.problem}{more}",
            _in_file(mistake.place, origins),
            "mend that line; docs/questionnaire-format.md says what each field may hold",
        ) from None
    folder = source.file.parent.name
    if str(questionnaire.survey_year) != folder:
        what = f"The questionnaire says survey_year {questionnaire.survey_year}, its folder says {folder}"
        raise _refuse(source, what, ("survey_year",), "make them the same")
    return questionnaire


def _refuse(source: YamlText, what: str, place: Place, remedy: str) -> BadInput:
    return BadInput(what, f"{source.file}, line {source.line_of(place)}", remedy)


def _unfold(fields: dict[str, Any], source: YamlText) -> tuple[dict[str, Any], list[_Origin]]:
    """The questionnaire with short hands written out, and for each question where it comes from."""
    option_sets = _mapping_of_lists(fields, "option_sets", source)
    lists = _mapping_of_lists(fields, "lists", source)
    _check_lists(lists, source)
    rest = {field: value for field, value in fields.items() if field not in ("option_sets", "lists", "questions")}
    _unfold_dialects(rest, source)
    if not isinstance(fields.get("questions"), list):
        return {**rest, **({"questions": fields["questions"]} if "questions" in fields else {})}, []
    questions: list[Any] = []
    origins: list[_Origin] = []
    for index, question in enumerate(fields["questions"]):
        written, origin = [question], _Origin(index)
        if isinstance(question, dict):
            written, origin = _unfold_question(index, dict(question), option_sets, lists, source)
        questions += written
        origins += [origin] * len(written)
    return {**rest, "questions": questions}, origins


def _check_lists(lists: dict[str, list[Any]], source: YamlText) -> None:
    for name, entries in lists.items():
        for position, entry in enumerate(entries):
            if not isinstance(entry, dict) or any(not isinstance(entry.get(f), str) for f in _LIST_FIELDS):
                what, remedy = (
                    f"Entry {position + 1} of list '{name}' is not complete",
                    f"give it {', '.join(_LIST_FIELDS)}",
                )
                raise _refuse(source, what, ("lists", name, position), remedy)


def _unfold_question(
    index: int, question: dict[str, Any], option_sets: dict[str, Any], lists: dict[str, list[Any]], source: YamlText
) -> tuple[list[Any], _Origin]:
    """A question with its options, once for every entry of the list that it goes over."""
    option_set = question.get("options")
    if isinstance(option_set, str):
        if option_set not in option_sets:
            raise _unknown_name("option set", option_set, option_sets, source, ("questions", index, "options"))
        question["options"] = option_sets[option_set]
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
                raise _refuse(
                    source,
                    f"Question {one.get('id', index + 1)}: {shown(value)} has a place that nothing fills",
                    ("questions", index, *place),
                    "name the list in 'over', and use {item} or {item_<field>} with a field of its entries",
                )
    return written, _Origin(index, option_set if isinstance(option_set, str) else None)


def _unfold_dialects(fields: dict[str, Any], source: YamlText) -> None:
    """Writes out the dialect of the questionnaire and of each delivery, in place."""
    places: list[tuple[Place, Any]] = [((), fields)]
    for name in ("deliveries", "withdrawn_deliveries"):
        if isinstance(listed := fields.get(name), list):
            fields[name] = [dict(d) if isinstance(d, dict) else d for d in listed]
            places += [((name, at), d) for at, d in enumerate(fields[name]) if isinstance(d, dict)]
    for place, holder in places:
        if "dialect" in holder:
            holder["dialect"] = _unfolded_dialect(holder["dialect"], source, (*place, "dialect"))


def _unfolded_dialect(written: Any, source: YamlText, place: Place) -> Any:
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


def _mapping_of_lists(raw: dict[str, Any], field: str, source: YamlText) -> dict[str, list[Any]]:
    value = raw.get(field) or {}
    if not isinstance(value, dict) or any(not isinstance(entries, list) for entries in value.values()):
        raise _refuse(
            source,
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


def _unknown_name(kind: str, name: str, names: dict[str, Any], source: YamlText, place: Place) -> BadInput:
    known = ", ".join(names) or "(none is defined)"
    return _refuse(source, f"There is no {kind} '{name}'", place, f"use one of: {known}, or define it")


def _subject(mistake: Mistake, unfolded: dict[str, Any]) -> str:
    """What the mistake is about, as its author would call it."""
    place = mistake.place[:-1] if mistake.is_of_field else mistake.place
    if len(place) >= 2 and place[0] == "questions" and isinstance(place[1], int):
        question = unfolded["questions"][place[1]]
        name = question.get("id") if isinstance(question, dict) else None
        rest = ".".join(str(part) for part in place[2:])
        return f"Question {name or f'number {place[1] + 1}'}" + (f", {rest}" if rest else "")
    return ".".join(str(part) for part in place) or "The questionnaire"


def _in_file(place: Place, origins: list[_Origin]) -> Place:
    """The place in the file of a place in the questionnaire as it was written out."""
    if len(place) < 2 or place[0] != "questions" or not isinstance(place[1], int):
        return place
    origin, rest = origins[place[1]], place[2:]
    if origin.option_set is not None and len(rest) > 1 and rest[0] == "options":
        return ("option_sets", origin.option_set, *rest[1:])
    return ("questions", origin.question, *rest)
