"""Which column of a file is which: by our names, by the names systems use, or by the school's own mapping."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attendance_lib.intake.declared import Table
from attendance_lib.intake.values import as_text

NOT_A_LETTER = re.compile(r"[^0-9a-z]+")
# What is longer is no heading, and every layout looks at every cell of the first rows.
LONGEST = 500
ENCODED_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Headings:
    """The position of each of our columns in a file, and what is wrong with its headings."""

    positions: dict[str, int]
    problems: tuple[str, ...] = ()


def plain(heading: object) -> str:
    """Return a heading without case, spaces and punctuation, so that spellings agree.

    Examples
    --------
    >>> plain("Date_of_Birth") == plain("Date of birth") == plain("Date_x0020_of_x0020_birth")
    True
    """
    decoded = ENCODED_CHARACTER.sub(lambda match: chr(int(match[1], 16)), as_text(heading)[:LONGEST])
    return NOT_A_LETTER.sub("", decoded.lower())


def find_columns(row: Sequence[object], table: Table, mapping: Mapping[str, str]) -> Headings:
    """Find the columns of a table in a row of headings.

    Parameters
    ----------
    row : sequence
        The headings of a file, in order.
    table : Table
        The table declared in the schema.
    mapping : mapping of str to str
        The school's own: our column name to the file's heading. It overrides everything else.

    Returns
    -------
    Headings
        Positions by our column names; a heading that occurs twice, or is mapped and absent, is a problem.

    Examples
    --------
    >>> from attendance_lib.intake.declared import PUPIL_ID
    >>> table = Table("visits", (), (PUPIL_ID,))
    >>> find_columns(["Form", "Adno"], table, {}).positions, find_columns(["Form", "Who"], table, {"pupil_id": "Who"}).positions
    ({'pupil_id': 1}, {'pupil_id': 1})
    """
    written: dict[str, list[int]] = {}
    for position, heading in enumerate(row):
        written.setdefault(plain(heading), []).append(position)
    positions: dict[str, int] = {}
    problems: list[str] = []
    for name in table.column_names:
        found = next((written[key] for key in _keys(name, table, mapping) if key in written), [])
        if len(found) > 1:
            problems.append(
                f"the heading '{as_text(row[found[0]])}' occurs {len(found)} times. Keep one of them."
            )
        elif found and found[0] not in positions.values():
            positions[name] = found[0]
        elif name in mapping:
            problems.append(
                f"there is no heading '{mapping[name]}' for '{name}'.{nearest_heading(mapping[name], row)}"
            )
    return Headings(positions, tuple(problems))


def missing_columns(row: Sequence[object], table: Table, headings: Headings) -> list[str]:
    """Return one sentence for each required column that a file lacks.

    Examples
    --------
    >>> from attendance_lib.intake.declared import PUPIL_ID
    >>> table = Table("visits", (), (PUPIL_ID,))
    >>> missing_columns(["Pupil ID"], table, find_columns(["Pupil ID"], table, {}))
    []
    >>> missing_columns(["Who"], table, find_columns(["Who"], table, {}))[0].partition(".")[0]
    "there is no column 'pupil_id'"
    """
    return [
        f"there is no column '{name}'.{nearest_heading(name, row)} If it has another heading, "
        f'map it in the school file: columns: {{{name}: "..."}}.'
        for name in table.required
        if name not in headings.positions
    ]


def nearest_heading(name: str, row: Sequence[object]) -> str:
    """Name a heading close to the one sought; never list them all, for a file without headings begins with a pupil.

    Examples
    --------
    >>> nearest_heading("pupil_id", ["Pupil_ID", "Surname", "pupil id"]), nearest_heading("session", ["Amelia", "7A"])
    (" Did you mean 'pupil id'?", ' Check the headings of the export.')
    """
    close = difflib.get_close_matches(name, [as_text(heading) for heading in row], n=1)
    return f" Did you mean '{close[0]}'?" if close else " Check the headings of the export."


def _keys(name: str, table: Table, mapping: Mapping[str, str]) -> list[str]:
    if name in mapping:
        return [plain(mapping[name])]
    return [plain(heading) for heading in (name, *table.column(name).also_called)]
