"""Changes a questionnaire's file while leaving everything that its author wrote, comments and order, as it is.

Belongs here: adding and withdrawing a delivery, starting a year from the year before. Each edit is made in the text at
the place that the YAML parser names, and what comes out has to load before anything is written.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from assets.base.errors import BadInput
from assets.base.files import sha256_of, written_aside
from assets.base.yaml_file import TextLoader, YamlText, read_yaml
from assets.questionnaires.dialect import Dialect
from assets.questionnaires.loader import FILE_NAME, load_questionnaire, parse_questionnaire, survey_years
from assets.questionnaires.model import Delivery, Questionnaire

# The fields that speak of the year itself. A source, or the name of a column, has a year for another reason.
_OF_THE_YEAR = {"survey_year", "reference_year", "register_date", "nl", "en"}


def refuse_known(questionnaire: Questionnaire, target: Path, delivery: Delivery, file: Path) -> None:
    """Raises BadInput where the file is a delivery already, or another file is where it would be copied to."""
    same = next((d for d in questionnaire.deliveries if d.sha256 == delivery.sha256), None)
    if same is not None:
        what = f"This file is delivery {same.number} of {questionnaire.survey_year} already"
        raise BadInput(what, str(file), "nothing needs to be done")
    if target.exists() and not target.samefile(file):
        raise BadInput(
            f"There is another file {target.name} beside the questionnaire already, which is not registered",
            str(target),
            "move that file away, or give this one another name",
        )


def take_over(folder: Path, delivery: Delivery, file: Path) -> None:
    """Copies a delivered file beside its questionnaire and adds it there. Both are done, or neither."""
    target = folder / delivery.path
    is_copied = not (target.exists() and target.samefile(file))
    if is_copied:
        _copy_whole(file, target, delivery.sha256)
    try:
        add_delivery(folder, delivery)
    except BaseException:
        if is_copied:
            target.unlink()
        raise


def _copy_whole(file: Path, target: Path, sha256: str) -> None:
    """Copies what was reviewed, and no other bytes."""
    with written_aside(target) as aside:
        shutil.copyfile(file, aside)
        if sha256_of(aside) != sha256:
            raise BadInput("The file changed while it was read, so nothing was changed", str(file), "accept it again")


def add_delivery(folder: Path, delivery: Delivery) -> None:
    """Appends a delivery to the questionnaire in ``folder``; a planned questionnaire becomes open.

    Raises BadInput, and changes nothing, when the result would not be a questionnaire.
    """
    file = folder / FILE_NAME
    text = _read(file)
    if load_questionnaire(folder).status == "planned":
        text = _with_status(text, "open")
    fields = delivery.model_dump(exclude_none=True, exclude_defaults=True, exclude={"dialect"})
    entry = [f"{name}: {_scalar(value)}" for name, value in fields.items()]
    if delivery.dialect is not None:
        entry.append(f"dialect: {_dialect(delivery.dialect)}")
    _write_if_it_loads(file, _with_entry(text, "deliveries", entry, file))


def withdraw_delivery(folder: Path, number: int, reason: str, on: date) -> None:
    """Moves a delivery of the questionnaire in ``folder`` to those that are withdrawn, as its author wrote it, with the
    day and the reason. Raises BadInput, and changes nothing, when the result would not be a questionnaire."""
    file = folder / FILE_NAME
    text = _read(file)
    listed = _listed(text, "deliveries", file)
    at = [delivery.number for delivery in load_questionnaire(folder).deliveries].index(number)
    node = listed.value.value[at]
    start, end = text.rindex("\n", 0, node.start_mark.index) + 1, _end_of_line(text, _end(text, node))
    margin = node.start_mark.column
    entry = [line[margin:] for line in text[node.start_mark.index - margin : end].splitlines()]
    rest = text[:start] + text[end:]
    if len(listed.value.value) == 1:
        rest = text[: listed.colon + 1] + " []\n" + text[end:]
    signed = [f"withdrawn_on: {on}", f"reason: {_scalar(reason)}"]
    _write_if_it_loads(file, _with_entry(rest, "withdrawn_deliveries", [*entry, *signed], file))


def _with_entry(text: str, name: str, entry: list[str], file: Path) -> str:
    """The text with an entry, a line each field, at the end of a list; before what was asked where there is no list."""
    listed = _listed(text, name, file)
    if listed is None:
        place = re.search(r"^(lists|option_sets|questions):", text, re.MULTILINE)
        start = place.start() if place else len(text)
        return f"{text[:start]}{name}:\n{_block(entry, 2)}\n{text[start:]}"
    if not listed.value.value:
        end = _end_of_line(text, int(listed.value.end_mark.index))
        return text[: listed.colon + 1] + "\n" + _block(entry, 2) + text[end:]
    end = _end_of_line(text, _end(text, listed.value))
    return text[:end] + _block(entry, listed.value.start_mark.column) + text[end:]


def _listed(text: str, name: str, file: Path) -> Any:
    """The field of a list, None where there is none. Raises BadInput where its entries are written between brackets."""
    listed = _fields(text).get(name)
    if listed is not None and listed.value.value and getattr(listed.value, "flow_style", True):
        raise BadInput(
            f"The {name.replace('_', ' ')} are written between brackets, where no line can be added",
            f"{file}, line {listed.value.start_mark.line + 1}",
            "write each delivery on lines of its own, beginning with '- number: 1'",
        )
    return listed


class YearChanges(NamedTuple):
    """What is known beforehand to be otherwise in a new year: ``dropped`` are questions that it no longer asks, by the
    id that the file gives them."""

    dropped: Sequence[str] = ()
    origin: str | None = None
    register_date: date | None = None


AS_BEFORE = YearChanges()
"""Nothing is known to be otherwise."""


def start_year(questionnaires_dir: Path, survey_year: int, changes: YearChanges = AS_BEFORE) -> YamlText:
    """``survey_year`` as it is started from the newest year before it: status planned, no deliveries, every question
    'same'. ``write_year`` writes it.

    The survey and the reference year move along in dates, titles, wordings and labels. ``asked_from_delivery`` speaks
    of the deliveries of the year before and goes with them. Raises BadInput when the year exists already, when there is
    none before it, or when what is left is no questionnaire.
    """
    years = survey_years(questionnaires_dir)
    file = questionnaires_dir / str(survey_year) / FILE_NAME
    if survey_year in years:
        raise BadInput(
            f"There is a questionnaire for {survey_year} already", str(file), "edit it, or choose another year"
        )
    earlier = [year for year in years if year < survey_year]
    if not earlier:
        raise BadInput(
            f"There is no questionnaire before {survey_year} to start from",
            str(questionnaires_dir),
            "write the first one by hand; docs/questionnaire-format.md says how",
        )
    source = questionnaires_dir / str(earlier[-1])
    text = _moved_to(source, survey_year - earlier[-1])
    for question in changes.dropped:
        text = _without_question(text, question, file)
    for name, value in (("origin", changes.origin), ("register_date", changes.register_date)):
        if value is not None:
            text = _with(text, name, str(value))
    started = YamlText(file, "questionnaire", text)
    try:
        parse_questionnaire(started)
    except BadInput as error:
        where = f"{survey_year} without {', '.join(changes.dropped) or 'what only the year before has'}"
        raise BadInput(error.what, where, "drop what rests on it too, or drop nothing and edit the new file") from None
    return started


def _moved_to(source: Path, step: int) -> str:
    """The text of a questionnaire, so many years on."""
    before = load_questionnaire(source)
    moved = {str(year): str(year + step) for year in (before.survey_year, before.reference_year)}
    text = _with_status(_read(source / FILE_NAME), "planned")
    for of_the_year in ("deliveries", "withdrawn_deliveries", "analysis_population"):
        text = _without(text, of_the_year)
    text = _replaced(text, list(_deliveries_asked_from(text)))
    text = _replaced(text, [(f.colon + 1, _end(text, f.value), " {status: same}") for f in _comparabilities(text)])
    return _replaced(text, list(_moves(text, moved)))


def write_year(started: YamlText) -> Path:
    """Writes a year that ``start_year`` started, and returns its file."""
    with written_aside(started.file) as aside:
        aside.write_text(started.text, encoding="utf-8")
    return started.file


class _Field(NamedTuple):
    """A field of the file: where its line starts, where its colon is, and its value."""

    start: int
    colon: int
    value: Any


def _read(file: Path) -> str:
    """The file's text, with a line end after its last line."""
    return read_yaml(file, "questionnaire").text.replace("\r\n", "\n").rstrip("\n") + "\n"


def _write_if_it_loads(file: Path, text: str) -> None:
    parse_questionnaire(YamlText(file, "questionnaire", text))
    with written_aside(file) as aside:
        aside.write_text(text, encoding="utf-8")


def _with_status(text: str, status: str) -> str:
    return _with(text, "status", status)


def _with(text: str, name: str, value: str) -> str:
    node = _fields(text)[name].value
    return _replaced(text, [(node.start_mark.index, node.end_mark.index, value)])


def _id_of(question: Any) -> str:
    return next(str(value.value) for key, value in question.value if key.value == "id")


def _without_question(text: str, question_id: str, file: Path) -> str:
    """The text without a question, the comment right above it, and the blank line below it."""
    questions = {_id_of(node): node for node in _fields(text)["questions"].value.value}
    if question_id not in questions:
        known = ", ".join(questions)
        what = f"There is no question {question_id} in the year before"
        raise BadInput(what, str(file), f"name it as its questionnaire does: {known}")
    node = questions[question_id]
    start = text.rindex("\n", 0, node.start_mark.index) + 1
    above = re.search(r"(?:^[ \t]*#[^\n]*\n)*\Z", text[:start], re.MULTILINE)
    rest = text[_end_of_line(text, _end(text, node)) :]
    return text[: above.start() if above else start] + rest.removeprefix("\n")


def _without(text: str, name: str) -> str:
    """The text without a field, the comment right above it, and the blank line below it."""
    field = _fields(text).get(name)
    if field is None:
        return text
    above = re.search(r"(?:^#[^\n]*\n)*\Z", text[: field.start], re.MULTILINE)
    rest = text[_end_of_line(text, _end(text, field.value)) :]
    below = re.match(r"(?:[ \t]+[^\n]*\n)*\n?", rest)
    return text[: above.start() if above else field.start] + rest[below.end() if below else 0 :]


def _comparabilities(text: str) -> Iterator[_Field]:
    for question in _fields(text)["questions"].value.value:
        yield from (field for name, field in _fields_of(text, question) if name == "comparability")


def _deliveries_asked_from(text: str) -> Iterator[tuple[int, int, str]]:
    """The edits that ask every question from the first delivery."""
    for question in _fields(text)["questions"].value.value:
        for name, field in _fields_of(text, question):
            if name == "asked_from_delivery":
                line, end = text.rindex("\n", 0, field.start) + 1, _end(text, field.value)
                if text[line : field.start].isspace():
                    yield line, _end_of_line(text, end), ""
                else:  # behind '- ', or between brackets
                    yield field.colon + 1, end, " 1"


def _moves(text: str, moved: dict[str, str], node: Any = None) -> Iterator[tuple[int, int, str]]:
    """The edits that move years along, in every field of the year at any depth."""
    node = yaml.compose(text, Loader=TextLoader) if node is None else node
    if isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _moves(text, moved, part)
    elif isinstance(node, yaml.MappingNode):
        for name, field in _fields_of(text, node):
            if isinstance(field.value, yaml.ScalarNode) and name in _OF_THE_YEAR:
                start, end = int(field.value.start_mark.index), int(field.value.end_mark.index)
                yield start, end, re.sub(r"\b20\d\d\b", lambda year: moved.get(year[0], year[0]), text[start:end])
            else:
                yield from _moves(text, moved, field.value)


def _fields(text: str) -> dict[str, _Field]:
    return dict(_fields_of(text, yaml.compose(text, Loader=TextLoader)))


def _fields_of(text: str, node: Any) -> Iterator[tuple[str, _Field]]:
    for key, value in node.value:
        start, end = int(key.start_mark.index), int(key.end_mark.index)
        yield str(key.value), _Field(start, text.index(":", end), value)


def _end(text: str, node: Any) -> int:
    """Where a value ends. (The parser ends a block only where the next one starts, after blank lines and comments.)"""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    return len(text[: int(node.end_mark.index)].rstrip())


def _end_of_line(text: str, at: int) -> int:
    return text.index("\n", at) + 1


def _replaced(text: str, edits: list[tuple[int, int, str]]) -> str:
    """The text with what is from start to end replaced, for each (start, end, new)."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _block(lines: list[str], indent: int) -> str:
    """An entry of a list, one field a line."""
    margin = " " * indent
    return f"{margin}- " + f"\n{margin}  ".join(lines) + "\n"


def _dialect(dialect: Dialect) -> str:
    """A preset by its name; another dialect with all of its fields, as JSON, which YAML reads."""
    if dialect.name is not None:
        return dialect.name
    return json.dumps(dialect.model_dump(mode="json", by_alias=True, exclude_none=True), ensure_ascii=False)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return yaml.safe_dump(value, default_style='"', allow_unicode=True, width=10_000).strip()
    return str(value)
