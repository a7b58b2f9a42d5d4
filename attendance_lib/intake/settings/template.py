"""A school file written out: what is known as values, everything else commented out with its line of meaning.

All of it comes from the declarations of ``school_file.py``: keys, meanings, defaults, and what a value must look like.
"""

import json
import textwrap
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from attendance_lib.intake.settings.school_file import ExportSource, Settings
from attendance_lib.intake.settings.yaml import BLANK, Key

SCHEMA_FILE = "school.schema.json"
SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
EDITORS = f"# yaml-language-server: $schema={SCHEMA_FILE}"
INDENT = "  "
WIDTH = 120
BLANKS = {
    date: "<YYYY-MM-DD>",
    time: '"<HH:MM>"',
    int: "<number>",
    float: "<number>",
    bool: "<true or false>",
}
TEXT_BLANK = '"<text>"'


@dataclass(frozen=True)
class Suggested:
    """A value that is written commented out, for a person to take or leave."""

    value: Any


def school_file_text(values: Mapping[str, Any], notes: Mapping[Key, str], heading: str) -> str:
    """Return a school file.

    Parameters
    ----------
    values : mapping
        What is known, nested as the file is; ``Suggested`` values are commented out. Required keys that are not there are blanks.
    notes : mapping
        Comments by key, an item of a list by its number: what a value was seen from, or why it was guessed.
    heading : str
        Comment lines at the top.

    Returns
    -------
    str
        YAML, which ``load_settings`` reads once its blanks are filled in.
    """
    written = _Writing(notes)
    body = "\n".join(written.model(Settings, values, (), ""))
    return f"{EDITORS}\n{heading.rstrip()}\n{body}\n"


@dataclass
class _Writing:
    """One file being written; ``shown`` are the parts whose keys stand in full already."""

    notes: Mapping[Key, str]
    shown: dict[type, str] = field(default_factory=dict)

    def model(self, model: type[BaseModel], values: Mapping[str, Any], key: Key, mark: str) -> Iterator[str]:
        """Yield the lines of a part; ``mark`` is "# " within what is commented out."""
        for name, declared in model.model_fields.items():
            word = declared.alias or name
            here = (*key, word)
            if not key:
                yield ""
            if word not in values and not declared.is_required():
                yield from self.entry(declared, _default_of(declared), here, "# ")
                continue
            value = values.get(word, NOT_KNOWN)
            is_open = isinstance(value, Suggested)
            yield from self.entry(
                declared, value.value if is_open else value, here, "# " if is_open else mark
            )

    def entry(self, declared: FieldInfo, value: Any, key: Key, mark: str) -> Iterator[str]:
        """Yield the lines of one key."""
        kind, start = _kind_of(declared.annotation), f"{mark}{_indent(key)}{key[-1]}:"
        said = self.notes.get(key) or declared.description or ""
        inner = _model_in(kind)
        if inner and _holds_many(kind):
            yield from self._many(inner, value, key, (start, said, mark))
        elif inner and get_origin(kind) is not dict:
            yield from self._part(inner, value, key, (start, said, mark))
        elif get_origin(kind) is dict:
            yield from self._named(declared, value, key, (start, said, mark))
        else:
            yield from _commented(f"{start} {_scalar(value, kind)}", said, mark + _indent(key))

    def _part(
        self, inner: type[BaseModel], value: Any, key: Key, line: tuple[str, str, str]
    ) -> Iterator[str]:
        start, said, mark = line
        known = value if isinstance(value, Mapping) else {}
        if set(inner.model_fields) == known.keys() and not any(map(_is_nested, known.values())):
            yield from _commented(f"{start} {_flow(known)}", said, mark + _indent(key))
            return
        fields = inner.model_fields.values()
        is_plain = all(each.is_required() and not _model_of(each) for each in fields)
        if not known and (inner in self.shown or is_plain):
            yield from _commented(f"{start} {_flow_of(inner)}", said, mark + _indent(key))
            return
        self.shown[inner] = str(key[-1])
        yield from _commented(start, said, mark + _indent(key))
        yield from self.model(inner, known, key, mark)

    def _many(
        self, inner: type[BaseModel], value: Any, key: Key, line: tuple[str, str, str]
    ) -> Iterator[str]:
        start, said, mark = line
        if not isinstance(value, list | tuple) or not value:
            yield from self._example(inner, key, line)
            return
        yield from _commented(start, said, mark + _indent(key))
        at = f"{mark}{_indent(key)}{INDENT}"
        yield from self._besides(inner, value, at)
        for number, item in enumerate(value):
            yield from self._item(item, (*key, number), at)

    def _item(self, item: Mapping[str, Any], key: Key, at: str) -> Iterator[str]:
        """Yield an entry of a list: on one line, or over several where it holds entries of its own."""
        nested = {name: each for name, each in item.items() if _is_list_of_parts(each)}
        if not nested:
            yield from _commented(f"{at}- {_flow(item)}", self.notes.get(key, ""), at)
            return
        plain = ((name, each) for name, each in item.items() if name not in nested)
        for place, (name, each) in enumerate(plain):
            yield f"{at}{'- ' if not place else INDENT}{name}: {_plain(each)}"
        deeper = f"{at}{INDENT * 2}"
        for name, parts in nested.items():
            yield f"{at}{INDENT}{name}:"
            for place, each in enumerate(parts):
                note = self.notes.get((*key, name, place), "")
                yield from _commented(f"{deeper}- {_flow(each)}", note, deeper)

    def _besides(self, inner: type[BaseModel], items: Any, at: str) -> Iterator[str]:
        """Yield what entries may have besides what these have, the first time that such entries are there."""
        used = {name for item in items for name in item}
        fields = {each.alias or name: each.description for name, each in inner.model_fields.items()}
        more = [f"{name} ({said})" for name, said in fields.items() if name not in used]
        if more and inner not in self.shown:
            self.shown[inner] = ""
            said = f"each may have besides: {'; '.join(more)}"
            yield from (f"{at}# {part}" for part in textwrap.wrap(said, WIDTH - len(at) - 2))

    def _example(self, inner: type[BaseModel], key: Key, line: tuple[str, str, str]) -> Iterator[str]:
        """Yield one entry of a list in full the first time that its like is shown, else on one line; an export may stand alone."""
        start, said, mark = line
        at = f"{mark}{_indent(key)}{INDENT}"
        if inner is ExportSource and (not mark or inner in self.shown):
            yield from _commented(f"{start} {_flow_of(inner)}", said, mark + _indent(key))
            return
        yield from _commented(start, said, mark + _indent(key))
        on_one_line = f"{at}- {_flow_of(inner)}"
        if not mark or inner in self.shown or _is_deep(inner):
            yield (
                on_one_line if len(on_one_line) <= WIDTH else f"{at}# entries as those of {self.shown[inner]}"
            )
            return
        self.shown[inner] = str(key[-1])
        yield from _in_full(inner, at)

    def _named(self, declared: FieldInfo, value: Any, key: Key, line: tuple[str, str, str]) -> Iterator[str]:
        start, said, mark = line
        kind = _kind_of(declared.annotation)
        inner = get_args(kind)[1]
        yield from _commented(start, said, mark + _indent(key))
        entries = value if isinstance(value, Mapping) and value else dict.fromkeys(_names_of(declared))
        for name, each in entries.items():
            at = f"{mark}{_indent(key)}{INDENT}{name}:"
            shown = _wrapped(each, f"{mark}{_indent(key)}{INDENT * 2}") if each else None
            blank = _flow_of(_model_in(inner)) if _model_in(inner) else _scalar(None, _kind_of(inner))
            yield f"{at} {shown or blank}"


NOT_KNOWN = None


def _in_full(model: type[BaseModel], at: str) -> Iterator[str]:
    """Yield an entry of a list with every key on a line of its own."""
    for place, (name, declared) in enumerate(model.model_fields.items()):
        line = f"{at}{'- ' if not place else INDENT}{declared.alias or name}: {_blank_of(declared)}"
        yield from _commented(line, declared.description or "", at)


def _indent(key: Key) -> str:
    return INDENT * (len(key) - 1)


def _commented(line: str, said: str, at: str) -> Iterator[str]:
    """Yield a line with its comment behind it, or above it where the two are long."""
    if said and len(line) + len(said) > WIDTH - 3:
        yield from (f"{at}# {part}" for part in textwrap.wrap(said, WIDTH - len(at) - 2))
        yield line
    else:
        yield f"{line}   # {said}" if said else line


def _kind_of(annotation: Any) -> Any:
    """Return a type without what surrounds it: None as another choice, and what is said besides."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind_of(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return _kind_of(next(each for each in get_args(annotation) if each is not type(None)))
    return annotation


def _holds_many(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _model_in(kind: Any) -> type[BaseModel] | None:
    """Return the part of the settings that a type is, or holds many of."""
    kind = _kind_of(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    inner = (_model_in(each) for each in get_args(kind) if each is not ...)
    return next((each for each in inner if each), None) if get_origin(kind) in (tuple, dict) else None


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list | tuple) and any(map(_is_nested, value)))


def _is_list_of_parts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _is_deep(model: type[BaseModel]) -> bool:
    """Whether a part holds lists of further parts."""
    return any(
        _model_of(each) and _holds_many(_kind_of(each.annotation)) for each in model.model_fields.values()
    )


def _model_of(declared: FieldInfo) -> type[BaseModel] | None:
    return _model_in(_kind_of(declared.annotation))


def _default_of(declared: FieldInfo) -> Any:
    return None if declared.default is PydanticUndefined else declared.default


def _blank_of(declared: FieldInfo) -> str:
    """Return the default of a key, or the blank of its kind; of a mapping one entry."""
    kind = _kind_of(declared.annotation)
    if get_origin(kind) is dict:
        return f"{{{_names_of(declared)[0]}: {_scalar(None, _kind_of(get_args(kind)[1]))}}}"
    return _scalar(_default_of(declared), kind)


def _names_of(declared: FieldInfo) -> list[str]:
    extra = declared.json_schema_extra
    return extra["propertyNames"]["examples"] if isinstance(extra, dict) else ["<name>"]


def _scalar(value: Any, kind: Any) -> str:
    """Return a value as YAML, or the blank that stands for one of its kind."""
    if value not in (None, (), "") and not isinstance(value, BaseModel | Mapping):
        return _plain(value)
    if _holds_many(kind):
        return f"[{_scalar(None, _kind_of(get_args(kind)[0]))}]"
    if get_origin(kind) is Literal:
        return f"<{' | '.join(str(each) for each in get_args(kind) if each != '')}>"
    model = _model_in(kind)
    return _flow_of(model) if model else BLANKS.get(kind, TEXT_BLANK)


def _flow_of(model: type[BaseModel]) -> str:
    """Return a part on one line, its required keys as blanks."""
    parts = {each.alias or name: each for name, each in model.model_fields.items() if each.is_required()}
    return f"{{{', '.join(f'{name}: {_scalar(None, _kind_of(each.annotation))}' for name, each in parts.items())}}}"


def _flow(item: Mapping[str, Any]) -> str:
    return f"{{{', '.join(f'{name}: {_plain(each)}' for name, each in item.items())}}}"


def _plain(value: Any) -> str:
    r"""Return a value as the strict reader takes it.

    Examples
    --------
    >>> _plain(date(2026, 9, 3)), _plain("a \\ b"), _plain((7, 8)), _plain({"I01": "I"}), _plain(True)
    ('2026-09-03', '"a \\\\ b"', '[7, 8]', '{I01: "I"}', 'true')
    """
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_plain, value))}]"
    if isinstance(value, Mapping):
        return _flow(value)
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def _wrapped(value: Any, at: str) -> str:
    """Return a long list over several lines."""
    text = _plain(value)
    if not isinstance(value, list | tuple) or len(text) < WIDTH - len(at):
        return text
    lines, line = [], ""
    for each in map(_plain, value):
        if len(at) + len(line) + len(each) > WIDTH - len(INDENT):
            lines, line = [*lines, line], ""
        line += f"{each}, "
    return "\n".join(["[", *(f"{at}{INDENT}{each.rstrip()}" for each in [*lines, line.rstrip(", ")])]) + "]"


def schema_text() -> str:
    """Return the JSON schema of the school file, by which editors complete and check it."""
    schema = _tidied(Settings.model_json_schema(by_alias=True))
    _alone_or_many(schema)
    return json.dumps({"$schema": SCHEMA_DIALECT, **schema}, indent=2, ensure_ascii=False) + "\n"


def _alone_or_many(schema: dict[str, Any]) -> None:
    """Let each kind of export be one entry in place of a list of one, as the reader does, and a place of DfE's files a path."""
    kinds = schema["$defs"]["Exports"]["properties"].values()
    for kind in kinds:
        said = kind.pop("description")
        many = dict(kind)
        kind.clear()
        kind |= {"anyOf": [many["items"], many], "description": said}
    for key in ("dfe_file", "dfe_weekly_file"):
        place = schema["$defs"]["BenchmarkSettings"]["properties"][key]
        place["anyOf"] = [{"type": "string"}, {"$ref": place.pop("$ref")}]


def _tidied(part: Any) -> Any:
    """Return a schema without what the strict reader refuses (null) and what says a key again (titles)."""
    if isinstance(part, list):
        return [_tidied(each) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "array" and "minLength" in part:
        part = {**part, "minItems": part["minLength"]}
        del part["minLength"]
    choices = _choices_of(part)
    rest = {name: _tidied_value(name, value) for name, value in part.items() if _is_kept(name, value)}
    if len(choices) == 1:
        return {**_tidied(choices[0]), **rest}
    return {"anyOf": _tidied(choices), **rest} if choices else rest


def _choices_of(part: dict[str, Any]) -> list[Any]:
    """Return what a value may be, but for null."""
    return [each for each in part.get("anyOf", ()) if each != {"type": "null"}]


def _tidied_value(name: str, value: Any) -> Any:
    """Return what a schema says under a word; what it says of keys is by their own names, which may be any words."""
    if name in ("properties", "$defs"):
        return {key: _tidied(each) for key, each in value.items()}
    return _tidied(value)


def _is_kept(name: str, value: Any) -> bool:
    """Return whether a schema keeps a word: no title, no choices (which are tidied apart), no default that nobody could write."""
    is_no_default = name == "default" and (value is None or isinstance(value, dict))
    return name not in ("anyOf", "title") and not is_no_default


def blanks_in(text: str) -> str:
    r"""Return which lines of a school file still have a blank to be filled in, in words.

    Examples
    --------
    >>> blanks_in('school:\n  name: "<text>"\n  urn: "<text>"\n# staff: "<text>"')
    'To fill in: name (line 2), urn (line 3).'
    """
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if not line.lstrip().startswith("#")
    ]
    open_ones = [
        f"{line.partition(':')[0].strip(' -')} (line {number})"
        for number, line in lines
        if BLANK.search(line.partition("   # ")[0])
    ]
    return f"To fill in: {', '.join(open_ones)}." if open_ones else "Nothing is left to fill in."
