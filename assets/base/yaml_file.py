"""Reads a YAML file as text, and says file, line, place and remedy when it is not YAML or not what its model expects.

Every value stays text and the model that it is meant for gives it its type: ``code: 01`` stays 01 and ``en: Yes`` stays
Yes. Does not belong here: what the file may hold.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assets.base.errors import BadInput, shortened
from assets.base.files import read_declaration
from assets.base.limits import MAX_PARTS
from assets.base.models import Place, first_mistake

try:
    from yaml import CBaseLoader as _BaseLoader
except ImportError:
    from yaml import BaseLoader as _BaseLoader  # type: ignore[assignment]

Model = TypeVar("Model", bound=BaseModel)


class TextLoader(_BaseLoader):
    """Leaves every value text, and refuses what plain YAML drops without a word: a field that appears twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The fields of a mapping. Raises ConstructorError when one appears twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key.value, str) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' appears twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


@dataclass(frozen=True)
class YamlText:
    """A text that is in ``file``, or is meant for it. ``subject`` is what the file is called in a message."""

    file: Path
    subject: str
    text: str

    def fields(self) -> dict[str, Any]:
        """Its fields; none when it is empty. Raises BadInput when it is not YAML, or something else than named
        fields."""
        try:
            fields = yaml.load(self.text, Loader=TextLoader)  # noqa: S506  every value stays text
        except yaml.reader.ReaderError as error:
            line = self.text.count("\n", 0, error.position) + 1
            what = f"The {self.subject} is not valid YAML: it holds a control character"
            raise BadInput(what, f"{self.file}, line {line}", "remove it") from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise BadInput(
                f"The {self.subject} is not valid YAML: {error.problem}",
                f"{self.file}, line {line}",
                "mend the indentation, the quotes or the double field at that line",
            ) from None
        except RecursionError:
            raise BadInput(f"The {self.subject} is nested too deep", str(self.file), "is it another file?") from None
        if _is_too_much(fields):
            what = f"The {self.subject} stands for more than {MAX_PARTS:,} parts"
            raise BadInput(what, str(self.file), "write out what is repeated by its name (*)")
        if not isinstance(fields, dict | None):
            what = f"The {self.subject} is empty or not a mapping"
            raise BadInput(what, f"{self.file}, line 1", "write one field per line: 'name: value'")
        return fields or {}

    @cached_property
    def _root(self) -> Any:
        return yaml.compose(self.text, Loader=TextLoader)

    def line_of(self, place: Place) -> int:
        """The line of a place, or of the closest entry around it when there is nothing at that place."""
        return max((line for line, _ in self._follow(place)), default=1)

    def where(self, place: Place) -> str:
        """File, line and the names of a place, in a message."""
        names = " › ".join(shortened(name) for _, name in self._follow(place))
        return f"{self.file}, line {self.line_of(place)}" + (f", {names}" if names else "")

    def _follow(self, place: Place) -> Iterator[tuple[int, str]]:
        """The line and name of each step to a place; an entry of a list by its own name, or counted from 1."""
        node, line = self._root, 1
        for position, part in enumerate(place, 1):
            found = None
            if isinstance(node, yaml.ScalarNode):
                break  # not a field, but the type that its value was tried as
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
                if found is None and position < len(place):
                    continue  # not a field, but the kind of entry that was recognised
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, str):
                continue  # not an entry, but that it was read as a list
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                found = (node.value[part], node.value[part])
            line, node = (found[0].start_mark.line + 1, found[1]) if found else (line, None)
            yield line, (_own_name(node) or str(part + 1)) if isinstance(part, int) else part

    def validated(self, model: type[Model], remedy: str) -> Model:
        """The fields as ``model`` sees them. Raises BadInput, with what is wrong, where and ``remedy``, when it refuses
        them."""
        try:
            return model.model_validate(self.fields())
        except ValidationError as error:
            mistake = first_mistake(error)
            what = f"The {self.subject} cannot be used: {mistake.problem}"
            raise BadInput(what, self.where(mistake.place), remedy) from None


def read_yaml(file: Path, subject: str) -> YamlText:
    """The text of a file. ``subject`` is what it is called in a message. Raises BadInput as ``read_declaration``
    does."""
    return YamlText(file, subject, read_declaration(file, subject, "put the file back from version control"))


def load_model(file: Path, model: type[Model], subject: str, remedy: str) -> Model:
    """The file as ``model`` sees it. Raises BadInput, with what is wrong, file and place, when it cannot be used.

    ``remedy`` ends the message: where it is written what the file may hold.
    """
    return read_yaml(file, subject).validated(model, remedy)


def _is_too_much(fields: Any) -> bool:
    """Whether it has more parts than a file is long for, those that are repeated by name (*) counted each time."""
    open_, parts = [fields], 0
    while open_ and parts <= MAX_PARTS:
        one = open_.pop()
        parts += 1
        if isinstance(one, dict | list):
            open_ += one.values() if isinstance(one, dict) else one
    return parts > MAX_PARTS


def _own_name(entry: yaml.Node | None) -> str | None:
    """The ``id`` or ``key`` of an entry of a list."""
    fields = {key.value: value.value for key, value in entry.value} if isinstance(entry, yaml.MappingNode) else {}
    name = fields.get("id") or fields.get("key")
    return name if isinstance(name, str) else None
