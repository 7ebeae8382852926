"""Reads a YAML file as text, and says file, place and remedy when it is not YAML or not what its model expects.

Every value stays text and the model that it is meant for gives it its type: ``code: 01`` stays 01 and ``en: Yes`` stays
Yes. Does not belong here: what the file may hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assets.base.errors import BadInput

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

try:
    from yaml import CBaseLoader as _BaseLoader
except ImportError:
    from yaml import BaseLoader as _BaseLoader  # type: ignore[assignment]

Model = TypeVar("Model", bound=BaseModel)


def refuse_double(what: str, names: Iterable[str]) -> None:
    """For a model's validator: raises ValueError that says which of the names appear more than once."""
    if double := sorted(name for name, times in Counter(names).items() if times > 1):
        raise ValueError(f"{what} {', '.join(double)} appears more than once")


class TextLoader(_BaseLoader):
    """Leaves every value text, and refuses what plain YAML drops without a word: a field that appears twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key.value, str) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' appears twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def read_text(file: Path, subject: str) -> str:
    """The file's text. ``subject`` is what it is called in a message. Raises BadInput when it is not UTF-8."""
    content = file.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"The {subject} is not UTF-8", f"{file}, line {line}", "save it again with encoding UTF-8"
        ) from None


def parse_fields(text: str, file: Path, subject: str) -> dict[str, Any]:
    """The fields of a text that is in ``file``, or is meant for it; none when it is empty. Raises BadInput when it is
    not YAML, or something else than fields with names."""
    try:
        raw = yaml.load(text, Loader=TextLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BadInput(
            f"The {subject} is not valid YAML: it holds a control character", f"{file}, line {line}", "remove it"
        ) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadInput(
            f"The {subject} is not valid YAML: {error.problem}",
            f"{file}, line {line}",
            "mend the indentation, the quotes or the double field at that line",
        ) from None
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise BadInput(
            f"The {subject} is empty or not a mapping", f"{file}, line 1", "write a field a line: 'name: value'"
        )
    return raw


def load_model(file: Path, model: type[Model], subject: str, remedy: str) -> Model:
    """The file as ``model`` sees it. Raises BadInput, with what is wrong, file and place, when it cannot be used.

    ``remedy`` ends the message: where it is written what the file may hold.
    """
    raw = parse_fields(read_text(file, subject), file, subject)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(
            f"The {subject} cannot be used: {_plain(first)}", f"{file}, {_place(first['loc'], raw)}", remedy
        ) from None


def _plain(error: ErrorDetails) -> str:
    name = error["loc"][-1] if error["loc"] else "the file"
    if error["type"] == "missing":
        return f"'{name}' is missing"
    if error["type"] == "extra_forbidden":
        return f"'{name}' is not a field here"
    return str(error["msg"]).removeprefix("Value error, ")


def _place(loc: tuple[str | int, ...], raw: Any) -> str:
    """Where a mistake is, with the entries of lists called by their own names."""
    names: list[str] = []
    node = raw
    for position, part in enumerate(loc, 1):
        if isinstance(node, dict) and part not in node and position < len(loc):
            continue  # not a field, but the kind of entry that was recognised
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            node = None
        own = node.get("id") or node.get("key") if isinstance(part, int) and isinstance(node, dict) else None
        names.append(str(own or (part + 1 if isinstance(part, int) else part)))
    return " › ".join(names) or "the whole file"
