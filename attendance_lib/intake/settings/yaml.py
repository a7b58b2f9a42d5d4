"""Read YAML without its guesses: what looks like one thing and is read as another is refused.

YAML 1.1 reads ``urn: 0012345`` as 5349, ``NO`` as false and ``8:45`` as 525, and lets a key that is
written twice win silently. Here a plain value is true, false, a plain number, an ISO date or words.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from attendance_lib.errors import SettingsError, counted, nearest, quoted, system_reason
from attendance_lib.rules.pupils import FIRST_YEAR_GROUP, LAST_YEAR_GROUP

# Unquoted YAML values: the few that are plain, and the traps that are refused with their remedy

WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Control characters and halves of pairs, which XML and file names cannot hold, breaks of a line, and characters that turn
# the direction of what follows, so that a text reads as another.
UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
IN_QUOTES = "Write it in quotes"

# (pattern of the whole plain value, what is wrong with it, what to do); the first that fits is reported.
TRAPS = (
    (re.compile(r"~|null|Null|NULL|"), "is an empty value", "Give a value, or leave the key out"),
    (
        re.compile(r"True|TRUE|False|FALSE"),
        "is not how true and false are written here",
        "Write true or false in small letters",
    ),
    (
        re.compile(r"(?i:yes|no|on|off)"),
        "is read as true or false by YAML",
        "Write true or false, or the word in quotes: {quoted}",
    ),
    (re.compile(r"[-+]?0[0-9_]+"), "starts with a zero, so YAML reads another number", None),
    (re.compile(r"(?i:[-+]?0[xob][0-9a-f_]+)"), "is a hexadecimal, octal or binary number", None),
    (re.compile(r"[-+]?[0-9]+(:[0-9]{1,2})+(\.[0-9]*)?"), "is read as a number in base 60 by YAML", None),
    (re.compile(r"[-+]?[0-9][0-9.]*_[0-9._]*"), "has an underscore that YAML drops from a number", None),
    (
        re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[Tt ].*"),
        "is a date with a time",
        "Write the date alone, as in 2026-11-20",
    ),
    (
        re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]{1,2}[- ]?[A-Za-z]{3,9}[- ]?[0-9]{4}"),
        "is not a date in ISO form",
        "Write year, month, day, as in 2026-11-20",
    ),
    (
        re.compile(r"(?i:[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?|[-+]?\.(inf|nan)|\.nan)"),
        "is not a plain number",
        "Write digits only, as in 12 or 0.5, or put text in quotes: {quoted}",
    ),
)


def plain_value(written: str) -> bool | int | float | date | str:
    """Return what an unquoted value means.

    Raises
    ------
    TrapError
        If YAML would read it as something else than it looks.
    ValueError
        If it has the form of a date that no calendar has.

    Examples
    --------
    >>> plain_value("12"), plain_value("2026-11-20"), plain_value("7A")
    (12, datetime.date(2026, 11, 20), '7A')
    """
    if written in ("true", "false"):
        return written == "true"
    for form, made in ((WHOLE_NUMBER, int), (DECIMAL, float), (ISO_DATE, date.fromisoformat)):
        if form.fullmatch(written):
            return made(written)
    for pattern, problem, remedy in TRAPS:
        if pattern.fullmatch(written):
            raise TrapError(problem, remedy)
    return written


def unwritable(text: str) -> str:
    r"""Return the first character of a text that a paper, a sheet or a file name cannot hold, by its number; "" if none.

    Examples
    --------
    >>> unwritable("Larkmoor\u202eAcademy"), unwritable("École 五年级")
    ('character U+202E', '')
    """
    found = UNWRITABLE.search(text)
    return f"character U+{ord(found[0]):04X}" if found else ""


class TrapError(Exception):
    """A plain value that YAML would read as something else."""

    def message(self, written: str, name: str = "") -> str:
        """Say what is wrong with the value of a key and how to write it.

        Examples
        --------
        >>> print(TrapError("starts with a zero, so YAML reads another number", None).message("0012", "urn"))
        '0012' starts with a zero, so YAML reads another number. Write it in quotes: urn: "0012".
        """
        problem, remedy = self.args
        as_text = f'{name}: "{written}"' if name else f'"{written}"'
        fix = remedy.format(quoted=as_text) if remedy else f"{IN_QUOTES}: {as_text}"
        return f"{quoted(written)} {problem}. {fix}."


Key = tuple[str | int, ...]
Value = Any

MAX_FILE_BYTES = 1_000_000
# As read; a school's own are a handful.
MOST_DOCUMENTS = 16
MAX_NESTING = 20
MAX_PROBLEMS = 20
HEADINGS, PATH = "columns", "path"


@dataclass(frozen=True)
class Document:
    """A YAML file as read: its values, and the line of each key."""

    path: Path
    values: dict[str, Value]
    lines: dict[Key, int]

    def line_of(self, key: Key) -> int:
        """Return the line of a key, or of the nearest key around it (lines count from 1).

        Examples
        --------
        >>> document = Document(Path("school.yml"), {}, {(): 1, ("school",): 3, ("school", "urn"): 5})
        >>> [document.line_of(key) for key in (("school", "urn"), ("school", "name"), ("staff",))]
        [5, 3, 1]
        """
        found = (key[:length] for length in range(len(key), 0, -1) if key[:length] in self.lines)
        return self.lines[next(found, ())] if self.lines else 1


@dataclass
class _Reading:
    """What is gathered while one file is walked."""

    path: Path
    problems: list[str] = field(default_factory=list)
    lines: dict[Key, int] = field(default_factory=lambda: {(): 1})

    def refuse(self, mark: yaml.Mark, key: Key, problem: str) -> None:
        where = f"{self.path}, line {mark.line + 1}"
        self.problems.append(f"{where}, key '{dotted(key)}': {problem}" if key else f"{where}: {problem}")


def dotted(key: Key) -> str:
    """Write a key with its parents, as in a message.

    Examples
    --------
    >>> dotted(("exports", "marks", 0, "path"))
    'exports.marks[0].path'
    """
    parts = [f"[{part}]" if isinstance(part, int) else f".{_printable(part)}" for part in key]
    return "".join(parts).removeprefix(".")


def _printable(text: str) -> str:
    return text if text.isprintable() else repr(text)[1:-1]


def load_strict(path: Path) -> dict[str, Value]:
    """Read a YAML file of settings, refusing whatever YAML would guess about.

    Parameters
    ----------
    path : pathlib.Path
        A UTF-8 file that holds one mapping.

    Returns
    -------
    dict
        Text, ``bool``, ``int``, ``float``, ``datetime.date``, lists and dicts, as written.

    Raises
    ------
    SettingsError
        If anything in the file is refused: one line for each problem (the first 20 and a count),
        with file, line, key, value and what to write instead.
    """
    return load_document(path).values


def load_document(path: Path) -> Document:
    """Read a YAML file as ``load_strict`` does, and keep the line of every key.

    Parameters
    ----------
    path : pathlib.Path
        A UTF-8 file that holds one mapping.

    Returns
    -------
    Document
        The values and their lines.

    Raises
    ------
    SettingsError
        As ``load_strict``.
    """
    # A command reads the same few files many times over, and those who read them may change the values they are given.
    document = _read(path, _text_of(path))
    return Document(path, deepcopy(document.values), document.lines)


@lru_cache(maxsize=MOST_DOCUMENTS)
def _read(path: Path, text: str) -> Document:
    """Return the document that a file's text is; the path is for what is said of problems."""
    reading = _Reading(path)
    try:
        _refuse_machinery(text, reading)
        root = None if reading.problems else yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise SettingsError(_syntax_message(path, error)) from None
    values = _top_level(root, reading) if not reading.problems else {}
    raise_problems(reading.problems)
    return Document(path, values, reading.lines)


def raise_problems(problems: list[str]) -> None:
    """Raise all problems of a file as one error, the first 20 and a count.

    Raises
    ------
    SettingsError
        If there is any problem.

    Examples
    --------
    >>> raise_problems([])
    >>> raise_problems(["line 3, key 'urn': it is missing. Add it."])
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: line 3, key 'urn': it is missing. Add it.
    """
    if problems:
        raise problems_error(problems)


def problems_error(problems: list[str]) -> SettingsError:
    """Return all problems as one error, the first 20 and a count.

    Examples
    --------
    >>> str(problems_error(["a"] * (MAX_PROBLEMS + 2))).splitlines()[-1]
    '... and 2 more problems like these.'
    """
    more = len(problems) - MAX_PROBLEMS
    tail = [f"... and {counted(more, 'more problem')} like these."] if more > 0 else []
    return SettingsError("\n".join(problems[:MAX_PROBLEMS] + tail))


def _text_of(path: Path) -> str:
    raw = _bytes_of(path)
    if len(raw) > MAX_FILE_BYTES:
        raise SettingsError(
            f"{path}: {len(raw)} bytes is too large for settings (limit {MAX_FILE_BYTES}). Check the path."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(_encoding_message(path, raw, error.start)) from None
    _refuse_odd_characters(path, text)
    return text


def _encoding_message(path: Path, raw: bytes, place: int) -> str:
    """Say which sign is not UTF-8, as what editors of Windows saved it, and how to save the file."""
    line = raw[:place].count(b"\n") + 1
    sign = raw[place : place + 1].decode("cp1252", errors="replace")
    return (
        f"{path}, line {line}: the file is not UTF-8 text; saved as Windows-1252 (ANSI) its first other letter is {quoted(sign)}. "
        "Save it as UTF-8: in Notepad under Save as, Encoding."
    )


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        raise SettingsError(f"{path}: there is no such file. Check the path.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{path}: the file cannot be opened ({system_reason(error)}). Let this account read it."
        ) from None


def _refuse_odd_characters(path: Path, text: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line:
            raise SettingsError(f"{path}, line {number}: there is a tab. Use spaces only.")
    odd = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if odd:
        number = text.count("\n", 0, odd.start()) + 1
        raise SettingsError(
            f"{path}, line {number}: there is a character {quoted(odd[0])} that cannot be printed. Remove it."
        )


# What PyYAML says of a backslash in double quotes that begins no special character.
ESCAPES = ("unknown escape character", "expected escape sequence")
BACKSLASH = (
    "in double quotes a backslash begins a special character, so this path is not what it looks like. "
    "Write / for \\ (\"exports/marks.csv\"), or put it in single quotes ('exports\\marks.csv')."
)


def _syntax_message(path: Path, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    if any(words in str(error.problem) for words in ESCAPES):
        return f"{path}, line {line}: {BACKSLASH}"
    return (
        f"{path}, line {line}: this cannot be read ({error.problem}). "
        "Check indentation, colons and quotes on this line and the one above."
    )


def _refuse_machinery(text: str, reading: _Reading) -> None:
    """Refuse what settings never need: anchors, aliases, tags, directives, deep nesting."""
    depth = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if isinstance(token, tuple(_MACHINERY)):
            reading.refuse(
                token.start_mark,
                (),
                f"{_MACHINERY[type(token)]} is not allowed. Write the value out in full.",
            )
        if depth > MAX_NESTING:
            reading.refuse(token.start_mark, (), "the file is nested too deeply. Keep to one plain mapping.")
            return


_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_MACHINERY = {
    yaml.AnchorToken: "an anchor (&name)",
    yaml.AliasToken: "an alias (*name)",
    yaml.TagToken: "a tag (!name)",
    yaml.DirectiveToken: "a directive (%name)",
}


def _top_level(root: yaml.Node | None, reading: _Reading) -> dict[str, Value]:
    if not isinstance(root, yaml.MappingNode):
        reading.problems.append(
            f"{reading.path}: the file holds no settings. It must hold 'key: value' lines."
        )
        return {}
    return _mapping(root, (), reading)


def _value(node: yaml.Node, key: Key, reading: _Reading) -> Value:
    reading.lines[key] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, key, reading)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*key, number), reading) for number, item in enumerate(node.value)]
    return _scalar(node, key, reading)


def _mapping(node: yaml.MappingNode, key: Key, reading: _Reading) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, item in _named_items(node, key, reading):
        if name in values:
            reading.refuse(item.start_mark, (*key, name), "the key is written twice. Keep one of the two.")
        values[name] = _value(item, (*key, name), reading)
    return values


def _named_items(node: yaml.MappingNode, key: Key, reading: _Reading) -> Iterator[tuple[str, yaml.Node]]:
    for name, item in node.value:
        if _is_name(name):
            _refuse_unwritable(name, (*key, name.value), reading)
            yield name.value, item
        else:
            reading.refuse(
                name.start_mark,
                key,
                f'{quoted(name.value)} cannot be a key as it stands. {IN_QUOTES}: "{name.value}".',
            )


def _is_name(node: yaml.Node) -> bool:
    if not isinstance(node, yaml.ScalarNode) or node.value == "<<":
        return False
    try:
        return node.style is not None or isinstance(plain_value(node.value), str)
    except (ValueError, TrapError):
        return False


def _name_of(key: Key) -> str:
    """Return the name before a value's colon, nothing for an item of a list."""
    return key[-1] if key and isinstance(key[-1], str) else ""


# What a template leaves open (see ``template.py``); other text in such brackets is a school's own.
BLANK = re.compile(r"<(?:text|number|day|YYYY-MM-DD|HH:MM|true or false|[\w. -]+(?: \| [\w. -]+)+)>")


def _scalar(node: yaml.ScalarNode, key: Key, reading: _Reading) -> Value:
    _refuse_unwritable(node, key, reading)
    if BLANK.fullmatch(node.value) and HEADINGS not in key:
        reading.refuse(
            node.start_mark,
            key,
            f"{quoted(node.value)} is a blank that is still to be filled in. Write the school's own in its place.",
        )
        return None
    if node.style is not None:
        return node.value
    try:
        return plain_value(node.value)
    except ValueError:
        reading.refuse(
            node.start_mark, key, f"{quoted(node.value)} is not a date in the calendar. Correct the date."
        )
    except TrapError as trap:
        reading.refuse(node.start_mark, key, trap.message(node.value, _name_of(key)))
    return None


def _refuse_unwritable(node: yaml.ScalarNode, key: Key, reading: _Reading) -> None:
    # An export's heading may well have a line break.
    odd = unwritable(node.value.replace("\n", " ") if HEADINGS in key else node.value)
    if odd and key[-1:] == (PATH,) and node.style == '"':
        reading.refuse(node.start_mark, key, BACKSLASH)
    elif odd:
        reading.refuse(node.start_mark, key, f"the text holds {odd}, which papers cannot show. Remove it.")


# From a strict YAML document to frozen models, with every problem as one line a person can act on

Item = TypeVar("Item")
Model = TypeVar("Model", bound=BaseModel)

Many = Annotated[tuple[Item, ...], Field(strict=False)]
Text = Annotated[str, StringConstraints(min_length=1)]
# Long enough for any school; a folder, a page's head and a workbook's properties hold it.
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
YearGroup = Annotated[int, Field(ge=FIRST_YEAR_GROUP, le=LAST_YEAR_GROUP)]
Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]


def says(meaning: str, default: Any = ..., *, alias: str | None = None, names: tuple[str, ...] = ()) -> Any:
    """Return the declaration of a key: its one line of meaning, for templates and editors, and its value if left out.

    ``names`` are names that the keys of a mapping may have, as an example.
    """
    extra = {"propertyNames": {"examples": list(names)}} if names else None
    return Field(default, description=meaning, alias=alias, json_schema_extra=extra)


WANTED = {
    "string_type": 'must be text. Write it in quotes: {key}: "{value}"',
    "int_type": "must be a whole number. Write digits without quotes",
    "date_type": "must be a date. Write year, month, day without quotes, as in 2026-11-20",
    "bool_type": "must be true or false. Write true or false without quotes",
    "tuple_type": "must be a list. Write it in square brackets, as in [7, 8]",
    "dict_type": "must be a set of 'key: value' lines. Write each on its own line below the key",
    "model_type": "must be a set of 'key: value' lines. Write each on its own line below the key",
    "literal_error": "must be {expected}. Write one of these",
    "enum": "must be {expected}. Write one of these",
    "string_too_short": "is empty. Give a value, or leave the key out",
    "string_too_long": "is longer than {max_length} characters. Shorten it",
    "too_short": "is an empty list. Give at least {min_length}",
    "greater_than_equal": "must be at least {ge}. Correct the number",
    "less_than_equal": "must be at most {le}. Correct the number",
    "string_pattern_mismatch": "does not have the form {pattern}. Correct it",
    "value_error": "{error}. Correct it",
}


class Settled(BaseModel):
    """What every part of the settings shares: no unknown key, no guessed type, no change once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def validated(model: type[Model], document: Document) -> Model:
    """Return a document as a model.

    Raises
    ------
    SettingsError
        One line for each problem: file, line, key, value, what it must be or the nearest known key.

    Examples
    --------
    >>> from attendance_lib.intake.settings.trust_file import Trust
    >>> validated(Trust, Document(Path("trust.yml"), {"name": "Moorside", "shools": []}, {("shools",): 2}))
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: trust.yml, line 2, key 'shools': there is no such setting. Did you mean 'schools'?
    """
    try:
        return model.model_validate(document.values, context={"file": document.path})
    except ValidationError as error:
        details = error.errors(include_url=False)
    raise problems_error([_line(document, model, detail) for detail in details])


def at(document: Document, key: Key) -> str:
    """Return the place of a key: file, line and dotted key.

    Examples
    --------
    >>> at(Document(Path("school.yml"), {}, {("school", "urn"): 3}), ("school", "urn"))
    "school.yml, line 3, key 'school.urn'"
    """
    return f"{document.path}, line {document.line_of(key)}, key '{dotted(key)}'"


def _line(document: Document, model: type[BaseModel], detail: ErrorDetails) -> str:
    key = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "missing":
        return f"{at(document, key)}: it is missing. Add it."
    if detail["type"] == "extra_forbidden":
        return f"{at(document, key)}: there is no such setting. {nearest(str(key[-1]), _keys_of(model, key[:-1]))}"
    words = {**detail.get("ctx", {}), "value": detail["input"], "key": key[-1] if key else ""}
    wanted = WANTED.get(detail["type"], "{message}. Correct it").format(**words, message=detail["msg"])
    return f"{at(document, key)}: {_shown(detail['input'])} {wanted}."


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "it"
    return (
        quoted(value)
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _keys_of(model: type[BaseModel], key: Key) -> list[str]:
    """Return the names allowed in the part of the settings that a key leads to."""
    for part in key:
        if isinstance(part, str) and part in (by_name := _fields_by_key(model)):
            model = _model_in(by_name[part]) or model
    return list(_fields_by_key(model))


def _fields_by_key(model: type[BaseModel]) -> dict[str, object]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the model inside an annotation such as ``tuple[ExportSource, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = map(_model_in, getattr(annotation, "__args__", ()))
    return next(filter(None, inner), None)
