"""Reading a school file: it is checked as a whole, with every problem named at once."""

from collections.abc import Iterator
from pathlib import Path

from attendance_lib.errors import nearest, quoted
from attendance_lib.intake.declared import Kind
from attendance_lib.intake.layouts import LAYOUTS
from attendance_lib.intake.register_codes import read_code
from attendance_lib.intake.schema import MARKS, TABLES
from attendance_lib.intake.settings.authority_file import load_authority
from attendance_lib.intake.settings.calendar import calendar_problems
from attendance_lib.intake.settings.school_file import ExportSource, Settings
from attendance_lib.intake.settings.yaml import Document, Key, at, load_document, raise_problems, validated
from attendance_lib.rules.codes import KNOWN_LETTERS

EXPORT_KINDS = tuple(TABLES)
# The columns of marks, and those that some layout has instead of them: a school may map both.
MARK_COLUMNS = dict.fromkeys(
    name
    for table in (MARKS, *(layout.table for layout in LAYOUTS.values() if layout.holds_marks))
    for name in table.column_names
)


def load_settings(path: Path) -> Settings:
    """Read and check a school file.

    Parameters
    ----------
    path : pathlib.Path
        The school file, such as ``params/demo.yml``.

    Returns
    -------
    Settings
        Frozen; the export files need not exist yet (see ``sources.check_files``).

    Raises
    ------
    SettingsError
        One line for each problem: file, line, key, value and what to write instead.
    """
    document = load_document(path)
    settings = validated(Settings, document)
    checks = (
        _register_problems,
        _export_problems,
        _hand_over_problems,
        _incentive_problems,
        _invented_problems,
    )
    found = [problem for check in checks for problem in check(settings, document)]
    raise_problems([*found, *calendar_problems(settings.calendar, document)])
    if settings.authority_file:
        settings._authority = load_authority(settings.authority_file)
    return settings


def _register_problems(settings: Settings, document: Document) -> Iterator[str]:
    for session, times in settings._registers():
        if times.opens >= times.closes:
            where = at(document, ("school", "registers", session))
            hours = f"opens at {times.opens:%H:%M} and closes at {times.closes:%H:%M}"
            yield f"{where}: the register {hours}. It must close later than it opens."


def _hand_over_problems(settings: Settings, document: Document) -> Iterator[str]:
    for problem in settings.hand_over.problems(settings.file):
        yield f"{at(document, ('hand_over',))}: {problem}"


def _incentive_problems(settings: Settings, document: Document) -> Iterator[str]:
    for problem in settings.incentives.problems():
        yield f"{at(document, ('incentives',))}: {problem}"


# Of the demo's figures each says that it is invented; in a file copied from the demo's they would be printed as a school's own.
INVENTED = "invented"
DEMO_URN = "990001"


def _invented_problems(settings: Settings, document: Document) -> Iterator[str]:
    if settings.school.urn == DEMO_URN:
        return
    for key, source in settings.benchmarks.typed():
        if source.strip().lower().startswith(INVENTED):
            yield (
                f"{at(document, ('benchmarks', *key))}: {quoted(source)} is a figure of the demo school's. "
                "Put in the school's own with its source, or leave it out."
            )


def _export_problems(settings: Settings, document: Document) -> Iterator[str]:
    for kind in EXPORT_KINDS:
        for number, source in enumerate(getattr(settings.exports, kind) or ()):
            key = ("exports", kind, number)
            if source.layout and source.layout not in LAYOUTS:
                what = f"there is no layout {quoted(source.layout)}. {nearest(source.layout, LAYOUTS)}"
                yield f"{at(document, (*key, 'layout'))}: {what}"
            known = MARK_COLUMNS if kind == MARKS.name else TABLES[kind].column_names
            for column in source.columns.keys() - set(known):
                yield f"{at(document, (*key, 'columns', column))}: {kind} has no column {quoted(column)}. {nearest(column, known)}"
            yield from _code_problems(kind, source, document, key)


def _code_problems(kind: str, source: ExportSource, document: Document, key: Key) -> Iterator[str]:
    """Yield what is wrong with the codes of a system's own: where there are none to map, or mapped to what is no code."""
    if source.codes and not any(column.kind is Kind.CODE for column in TABLES[kind].columns):
        yield f"{at(document, (*key, 'codes'))}: {kind} have no register codes. Leave the key out."
    for own, code in source.codes.items():
        if not read_code(code).letter:
            where = at(document, (*key, "codes", own))
            yield f"{where}: {quoted(code)} is no register code. Write one of {', '.join(sorted(KNOWN_LETTERS))}."
