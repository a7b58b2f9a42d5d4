"""What the files of a folder are, and the entries of a school file that lead to them."""

import fnmatch
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile
from pathlib import Path
from string import ascii_letters, digits

from attendance_lib.errors import InputError, counted
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.layouts import FoundFile, files_of
from attendance_lib.intake.schema import TABLES

# Office's own files while a workbook is open, and those of the system.
PASSED_OVER = ("~$", ".")
# What a project holds besides exports, if it was laid out in their folder.
NO_EXPORTS = (".ipynb", ".ini", ".yml", ".yaml", ".md", ".schema.json")
FEWEST_IN_A_PATTERN = 2


@dataclass(frozen=True)
class Entry:
    """An entry of the school file: one file or a pattern, relative to the folder, with its sheet; in words what it is."""

    kind: str
    path: str
    sheet: str
    rows: int
    why: str


@dataclass(frozen=True)
class Folder:
    """What was found in a folder: the exports, and the files that are none, each with why."""

    root: Path
    found: tuple[FoundFile, ...]
    others: tuple[tuple[Path, str], ...]

    def entries(self) -> dict[str, tuple[Entry, ...]]:
        """Return the entries of the school file by kind; of marks the fullest file first, since the later one holds.

        Examples
        --------
        Two files become a pattern where it leads to no other file; else the fuller one comes first.

        >>> found = tuple(FoundFile(Path(f"x/marks_{n}.csv"), "marks", "tidy", "", rows) for n, rows in ((1, 100), (2, 200)))
        >>> folders = [Folder(Path("x"), found, others) for others in ((), ((Path("x/marks_old.csv"), "empty"),))]
        >>> [[entry.path for entry in folder.entries()["marks"]] for folder in folders]
        [['marks_*.csv'], ['marks_2.csv', 'marks_1.csv']]
        """
        kinds = {kind: [each for each in self.found if each.kind == kind] for kind in TABLES}
        return {kind: tuple(self._entries_of(files)) for kind, files in kinds.items() if files}

    def _entries_of(self, files: list[FoundFile]) -> list[Entry]:
        alike = sorted(files, key=lambda each: (each.layout, each.sheet, each.path))
        groups = [list(group) for _, group in groupby(alike, key=lambda each: (each.layout, each.sheet))]
        entries = [entry for group in groups for entry in self._as_entries(group)]
        return sorted(entries, key=lambda each: (-each.rows, each.path))

    def _as_entries(self, files: list[FoundFile]) -> Iterator[Entry]:
        pattern = self._pattern(files)
        if pattern:
            rows = sum(each.rows for each in files)
            why = f"{len(files)} files, {in_words(files[0].layout, rows)}"
            yield Entry(files[0].kind, pattern, files[0].sheet, rows, why)
            return
        for each in files:
            why = in_words(each.layout, each.rows)
            yield Entry(each.kind, self.name_of(each.path), each.sheet, each.rows, why)

    def _pattern(self, files: list[FoundFile]) -> str:
        """Return the pattern that leads to these files and to no other; empty if there is none, as for a single file."""
        if len(files) < FEWEST_IN_A_PATTERN:
            return ""
        names = [self.name_of(each.path) for each in files]
        # Next year's file has other digits.
        first = shared_start(names).rstrip(digits)
        last = shared_start([name[len(first) :][::-1] for name in names])[::-1].lstrip(ascii_letters + digits)
        pattern = f"{first}*{last}"
        is_plain = not set("[]?*") & set(first + last)
        return pattern if is_plain and self._that_fit(pattern) == set(names) else ""

    def _that_fit(self, pattern: str) -> set[str]:
        """Return the files, of whatever kind, to which a pattern leads."""
        paths = [*(path for path, _ in self.others), *(each.path for each in self.found)]
        names = set(map(self.name_of, paths))
        return {name for name in fnmatch.filter(names, pattern) if name.count("/") == pattern.count("/")}

    def name_of(self, path: Path) -> str:
        """Return a file's path within the folder.

        Examples
        --------
        >>> Folder(Path("exports"), (), ()).name_of(Path("exports/2025/marks.csv"))
        '2025/marks.csv'
        """
        return path.relative_to(self.root).as_posix()


def look_into(folder: Path) -> Folder:
    """Return what the files of a folder, and of the folders right in it, are.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of exports.

    Returns
    -------
    Folder
        Files in order of name. A file that cannot be read, or is in no layout, is among the others, with why.
    """
    found: list[FoundFile] = []
    others: list[tuple[Path, str]] = []
    for path in _paths_in(folder):
        try:
            here = files_of(Export(path))
        except InputError as error:
            others.append((path, error.problems[0].removeprefix(f"{path.name}: ")))
            continue
        found.extend(here)
        if not here:
            others.append((path, "neither its layout nor its headings are those of an export"))
    return Folder(folder, tuple(found), tuple(others))


def _paths_in(folder: Path) -> list[Path]:
    paths = (*folder.glob("*"), *folder.glob("*/*"))
    return sorted(path for path in paths if path.is_file() and not is_passed_over(path))


def is_passed_over(path: Path) -> bool:
    """Whether a file is no business of a school's exports: hidden, in use, or of a kind that holds none.

    Examples
    --------
    >>> [is_passed_over(Path("exports", name)) for name in ("marks.csv", "~$marks.xlsx", ".git/marks.csv")]
    [False, True, True]
    """
    is_no_export = path.name.startswith(PASSED_OVER) or path.name.endswith(NO_EXPORTS)
    return is_no_export or path.parent.name.startswith(".")


def shared_start(names: list[str]) -> str:
    """Return the signs with which all of some names begin.

    Examples
    --------
    >>> shared_start(["marks_a.csv", "marks_b.csv"])
    'marks_'
    """
    alike = takewhile(lambda signs: len(set(signs)) == 1, zip(*names, strict=False))
    return "".join(signs[0] for signs in alike)


def in_words(layout: str, rows: int) -> str:
    """Return what a file is.

    Examples
    --------
    >>> in_words("a layout", 1260), in_words("", 1)
    ('a layout, 1,260 rows', '1 row')
    """
    return ", ".join(part for part in (layout, counted(rows, "row")) if part)
