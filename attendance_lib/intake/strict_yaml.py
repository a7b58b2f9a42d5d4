"""Read YAML without its guesses: what looks like one thing and is read as another is refused.

YAML 1.1 reads ``urn: 0012345`` as 5349, ``NO`` as false and ``8:45`` as 525, and lets a key that is
written twice win silently. Here a plain value is true, false, a plain number, an ISO date or words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from attendance_lib.errors import SettingsError, counted, quoted, system_reason
from attendance_lib.intake.plain_values import IN_QUOTES, TrapError, plain_value, unwritable

Key = tuple[str | int, ...]
Value = Any

MAX_FILE_BYTES = 1_000_000
MAX_NESTING = 20
MAX_PROBLEMS = 20
HEADINGS = "columns"


@dataclass(frozen=True)
class Document:
    """A YAML file as read: its values, and the line where each key stands."""

    path: Path
    values: dict[str, Value]
    lines: dict[Key, int]

    def line_of(self, key: Key) -> int:
        """Return the line of a key, or of the nearest key around it (lines count from 1)."""
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
    text = _text_of(path)
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
        line = raw[: error.start].count(b"\n") + 1
        raise SettingsError(f"{path}, line {line}: the file is not UTF-8 text. Save it as UTF-8.") from None
    _refuse_odd_characters(path, text)
    return text


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


def _syntax_message(path: Path, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
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


def _scalar(node: yaml.ScalarNode, key: Key, reading: _Reading) -> Value:
    _refuse_unwritable(node, key, reading)
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
    if odd:
        reading.refuse(node.start_mark, key, f"the text holds {odd}, which papers cannot show. Remove it.")
