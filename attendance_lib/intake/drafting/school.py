"""A school file drafted from a folder of exports: what can be seen as values, each with from what, and the rest as blanks."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from attendance_lib.errors import InputError, counted
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.drafting.calendar import DraftCalendar, DraftTerm, draft_calendar, years_in_words
from attendance_lib.intake.drafting.files import Entry, Folder, look_into
from attendance_lib.intake.drafting.hours import periods_by_session, register_times
from attendance_lib.intake.drafting.school_days import school_days_of, year_groups_of
from attendance_lib.intake.ledger import Ledger, refusal_of
from attendance_lib.intake.marks import read_marks
from attendance_lib.intake.pupils import read_pupils
from attendance_lib.intake.register_codes import own_codes
from attendance_lib.intake.schema import LESSONS, MARKS, PUPILS
from attendance_lib.intake.school import read_school_checked
from attendance_lib.intake.settings.school_file import Settings
from attendance_lib.intake.settings.sources import find_sources
from attendance_lib.intake.settings.template import Suggested, school_file_text
from attendance_lib.intake.settings.yaml import Key
from attendance_lib.rules.calendar import school_year_of, year_from
from attendance_lib.rules.notices import NATIONAL_FROM
from attendance_lib.rules.pupils import year_name

FIRST_SECONDARY_YEAR = 7
NEEDED = (PUPILS.name, MARKS.name)
OPEN_ORDER = "date_order"
DAY_FIRST = "day_first"
# Stand in the settings by which exports are read before anything about the school is known, and nowhere else.
UNKNOWN_HOURS = {"opens": "08:00", "closes": "09:00"}
UNKNOWN_SCHOOL = {
    "name": "-",
    "urn": "000000",
    "phase": "secondary",
    "registers": {"AM": UNKNOWN_HOURS, "PM": UNKNOWN_HOURS},
}
HEADING = """\
# {school}: drafted by `attendance init` from {folder}. What it saw is a value, with from what beside it.
# Put the school's own in the place of every <blank>; what begins with # is optional, to be taken or left: remove the "# ".
# docs/school_file.md says more, and an editor that knows JSON schemas completes and checks this file."""
TEMPLATE_HEADING = """\
# A school file with nothing filled in: `attendance init FOLDER` writes one from a folder of exports.
# Put the school's own in the place of every <blank>; what begins with # is optional, to be taken or left: remove the "# ".
# docs/school_file.md says more, and an editor that knows JSON schemas completes and checks this file."""


@dataclass
class Draft:
    """Values of a school file, nested as it is, with comments by key; ``seen`` says in lines what was found."""

    values: dict[str, Any] = field(default_factory=dict)
    notes: dict[Key, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def add(self, part: "Draft") -> None:
        """Take in the draft of one part of the file."""
        self.values |= part.values
        self.notes |= part.notes
        self.seen += part.seen

    def text(self, heading: str) -> str:
        """Return the school file."""
        return school_file_text(self.values, self.notes, heading)


def template_text() -> str:
    """Return the school file of which nothing is known: ``params/template.yml``."""
    return Draft({"rules": national_rules()}).text(TEMPLATE_HEADING)


def national_rules() -> dict[str, Any]:
    """Return the penalty notice threshold that is the law for every school, and so no school's own.

    Examples
    --------
    >>> national_rules()
    {'notices': {'national_framework': {'from': datetime.date(2024, 8, 19), 'count_n': True}}}
    """
    return {"notices": {"national_framework": {"from": NATIONAL_FROM, "count_n": True}}}


def draft_school(folder: Path, school_file: Path, on: date, known: Mapping[str, str]) -> Draft:
    """Return the draft of a school file.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of exports.
    school_file : pathlib.Path
        Where the file is to be written: paths in it are relative to its folder.
    on : datetime.date
        The day, near which dates without a year lie.
    known : mapping
        What a person said: ``name`` and ``urn``.

    Returns
    -------
    Draft
        Ready to be written.

    Raises
    ------
    InputError
        If there is no roll or there are no marks, or they cannot be read: one line for each reason.
    """
    looked = look_into(folder.resolve())
    entries = looked.entries()
    _refuse_without_the_needed(looked, entries)
    sources = {kind: [_as_source(entry) for entry in of] for kind, of in entries.items()}
    drafting = _Drafting(looked.root, sources, on)
    school = drafting.read()
    calendar = draft_calendar(school_days_of(school.marks, school.pupils, school.last_register_day))
    draft = _the_school(school, known)
    draft.add(_the_exports(looked, entries, drafting, school_file))
    draft.add(_the_calendar(calendar, school))
    draft.values |= _the_lessons(drafting, school) | {"rules": national_rules()}
    draft.values["staff"] = Suggested(_staff(draft.values["school"]["year_groups"]))
    return draft


def _refuse_without_the_needed(looked: Folder, entries: Mapping[str, tuple[Entry, ...]]) -> None:
    missing = [kind for kind in NEEDED if kind not in entries]
    if not missing:
        return
    why = [f"{looked.name_of(path)}: {reason}" for path, reason in looked.others]
    found = "; ".join(f"{kind}: {', '.join(each.path for each in of)}" for kind, of in entries.items())
    raise InputError(
        f"{looked.root}: no file of {' and none of '.join(missing)} was recognised (found {found or 'no export'}). "
        "Export them into this folder: a roll with pupil_id and year_group, and session marks in one of the layouts of README.",
        *why,
    )


def _as_source(entry: Entry) -> dict[str, Any]:
    return {"path": entry.path} | ({"sheet": entry.sheet} if entry.sheet else {})


def _seen_from(school_file: Path, folder: Path) -> str:
    """Return the folder of exports as a school file names it: relative to its own, absolute only on another drive."""
    try:
        return Path(os.path.relpath(folder, school_file.resolve().parent)).as_posix()
    except ValueError:
        return folder.as_posix()


@dataclass
class _Drafting:
    """The exports as they are read while nothing of the school is known but their places in their folder."""

    root: Path
    exports: dict[str, list[dict[str, Any]]]
    on: date
    guessed: dict[str, str] = field(default_factory=dict)

    def read(self) -> School:
        """Return the school, read as if it had been open on every weekday of the years of its marks."""
        years = self._years_of_marks()
        groups = self._year_groups(years)
        checked = read_school_checked(self.settings(years, groups))
        if self._take_codes(checked.school):
            checked = read_school_checked(self.settings(years, groups))
        if checked.school is None or checked.school.last_register_day is None:
            raise refusal_of(checked.problems)
        return checked.school

    def settings(self, years: list[int], groups: list[int], *kinds: str) -> Settings:
        """Return settings with the files of roll and marks, and of other kinds that are named."""
        whole = {year: [{"start": date(year, 8, 1), "end": date(year + 1, 7, 31)}] for year in years}
        terms = [
            {"school_year": year_from(year), "name": "year", "half_terms": half_terms}
            for year, half_terms in whole.items()
        ]
        details = UNKNOWN_SCHOOL | {"year_groups": groups}
        exports = {kind: self.exports[kind] for kind in (*NEEDED, *kinds)}
        values = {"school": details, "exports": exports, "calendar": {"terms": terms}}
        return Settings.model_validate(values, context={"file": self.root / "the drafted file"})

    def _years_of_marks(self) -> list[int]:
        """Return the years in which the school years of the marks begin; if the order of day and month is open, day first."""

        def found_in(settings: Settings, ledger: Ledger) -> list[int] | None:
            sources, days = find_sources(settings, MARKS.name), settings.build_calendar().school_days
            read = read_marks(sources, ledger, days)
            return school_years_within(read.marks["date"]) if read is not None and len(read.marks) else None

        now = int(school_year_of(self.on)[:4])
        return self._found(MARKS.name, [now - 1, now], found_in)

    def _year_groups(self, years: list[int]) -> list[int]:
        """Return the year groups of those on roll; if the order of day and month is open, day first."""

        def found_in(settings: Settings, ledger: Ledger) -> list[int] | None:
            sources, days = find_sources(settings, PUPILS.name), settings.build_calendar().school_days
            roll = read_pupils(sources, ledger, days)
            if roll is None or ledger.refusals:
                return None
            return year_groups_of(on_roll_now(roll.rows)["year_group"].dropna().to_numpy(dtype=int))

        return self._found(PUPILS.name, years, found_in)

    def _found(
        self, kind: str, years: list[int], found_in: Callable[[Settings, Ledger], list[int] | None]
    ) -> list[int]:
        """Return what is found in the files of a kind, a second time with the day first if only the order of dates is open."""
        ledger = Ledger()
        found = found_in(self.settings(years, [FIRST_SECONDARY_YEAR]), ledger)
        if found is None and any(OPEN_ORDER in line for line in ledger.refusals):
            self._take_day_first(kind)
            ledger = Ledger()
            found = found_in(self.settings(years, [FIRST_SECONDARY_YEAR]), ledger)
        if found is None:
            raise refusal_of(ledger.refusals or [f"{self.root}: there are no {kind} in the exports."])
        return found

    def _take_day_first(self, kind: str) -> None:
        """Read dates such as 03/09/2026 with the day first, as England writes them, and say so beside the file."""
        for source in self.exports[kind]:
            source["date_order"] = DAY_FIRST
        self.guessed[kind] = (
            "dates such as 03/09/2026 were taken to have the day first, for nothing in the file tells"
        )

    def _take_codes(self, school: School | None) -> bool:
        """Map codes with a number behind a register code (I01) to that code, and say so beside the marks; whether there are any."""
        if school is None:
            return False
        doubtful = school.doubtful_marks
        cells = doubtful.loc[doubtful["rule"] == "unknown_code", "found"].astype(str)
        own = own_codes(sorted(cells.str.removeprefix("no register code: ").str.strip("'").unique()))
        if own:
            for source in self.exports[MARKS.name]:
                source["codes"] = own
            self.guessed[MARKS.name] = (
                "codes of the system's own were read by their first letter: see that each is right"
            )
        return bool(own)


def school_years_within(days: pd.Series) -> list[int]:
    """Return the years in which the school years of days (datetime64, at least one) begin, without a gap.

    Examples
    --------
    >>> school_years_within(pd.Series(pd.to_datetime(["2026-09-03", "2025-07-18", "2025-06-02"])))
    [2024, 2025, 2026]
    """
    first, last = (int(school_year_of(day.date())[:4]) for day in (days.min(), days.max()))
    return list(range(first, last + 1))


def on_roll_now(pupils: pd.DataFrame) -> pd.DataFrame:
    """Return the pupils who have not left (PUPILS, one row an enrolment of any year group); all of them if everybody has.

    Examples
    --------
    >>> pupils = pd.DataFrame({"pupil_id": ["1", "2"], "leaving_date": pd.to_datetime([None, "2026-10-02"])})
    >>> on_roll_now(pupils)["pupil_id"].tolist()
    ['1']
    """
    here = pupils[pupils["leaving_date"].isna()]
    return here if len(here) else pupils


def _the_school(school: School, known: Mapping[str, str]) -> Draft:
    on_roll = on_roll_now(school.pupils)
    groups = year_groups_of(on_roll["year_group"].dropna().to_numpy(dtype=int))
    details: dict[str, Any] = {name: value for name, value in known.items() if value}
    details |= {"phase": phase_of(groups), "year_groups": groups}
    names, pupils = years_in_words(groups), counted(len(on_roll), "pupil")
    notes: dict[Key, str] = {
        ("phase",): f"from the year groups, {names}; special and alternative_provision cannot be seen",
        ("year_groups",): f"from the {pupils} of the roll who have not left",
    }
    if hours := {session: each for session, each in register_times(school.marks).items() if each}:
        details["registers"] = {
            session: {"opens": each.opens, "closes": each.closes} for session, each in hours.items()
        }
        notes |= {("registers", session): each.why for session, each in hours.items()}
    return Draft({"school": details}, _below("school", notes), [f"{pupils} of {names} on roll"])


def phase_of(groups: list[int]) -> str:
    """Return the phase of a school with these year groups: secondary if half or more of them are.

    Examples
    --------
    >>> phase_of([3, 4, 5, 6]), phase_of([5, 6, 7, 8])
    ('primary', 'secondary')
    """
    older = sum(group >= FIRST_SECONDARY_YEAR for group in groups)
    return "secondary" if 2 * older >= len(groups) else "primary"


def _below(part: str, notes: Mapping[Key, str]) -> dict[Key, str]:
    """Return comments by their whole keys, given those below one part of the file."""
    return {(part, *key): said for key, said in notes.items()}


def _the_exports(
    looked: Folder, entries: Mapping[str, tuple[Entry, ...]], drafting: _Drafting, school_file: Path
) -> Draft:
    guessed: dict[Key, str] = {(kind,): guess for kind, guess in drafting.guessed.items()}
    notes = _below("exports", _why_recognised(entries) | guessed)
    folder = _seen_from(school_file, looked.root)
    before = "" if folder == "." else f"{folder}/"
    values = {
        kind: [each | {"path": f"{before}{each['path']}"} for each in sources]
        for kind, sources in drafting.exports.items()
    }
    return Draft({"exports": values}, notes, [*_files_seen(looked, entries)])


def _why_recognised(entries: Mapping[str, tuple[Entry, ...]]) -> dict[Key, str]:
    return {(kind, number): entry.why for kind, of in entries.items() for number, entry in enumerate(of)}


def _files_seen(looked: Folder, entries: Mapping[str, tuple[Entry, ...]]) -> Iterator[str]:
    """Yield a line for each kind of export with its files, and one for each file that is none."""
    for kind, of in entries.items():
        yield f"{kind}: {', '.join(f'{each.path} ({each.why})' for each in of)}"
    for path, why in looked.others:
        yield f"not read: {looked.name_of(path)}, {why}"


def _the_calendar(calendar: DraftCalendar, school: School) -> Draft:
    halves = sum(len(term.half_terms) for term in calendar.terms)
    closed = len(calendar.inset) + len(calendar.closures)
    seen = (
        f"calendar: {counted(halves, 'half term')} in {counted(len(calendar.terms), 'term')}, "
        f"{counted(closed, 'closed day or session', 'closed days or sessions')} within them; marks to {school.last_register_day}"
    )
    notes = _below("calendar", _calendar_notes(calendar, school))
    return Draft({"calendar": _calendar_values(calendar)}, notes, [seen])


def _calendar_values(calendar: DraftCalendar) -> dict[str, Any]:
    values: dict[str, Any] = {"terms": list(map(_term, calendar.terms))}
    if calendar.inset:
        values["inset"] = [each.value for each in calendar.inset]
    if calendar.closures:
        values["closures"] = [_closure(each.value) for each in calendar.closures]
    return values | {"week_labels": Suggested(calendar.alternating_weeks())}


def _term(term: DraftTerm) -> dict[str, Any]:
    halves = [{"start": half.value.start, "end": half.value.end} for half in term.half_terms]
    return {"school_year": term.school_year, "name": term.name, "half_terms": halves}


def _calendar_notes(calendar: DraftCalendar, school: School) -> dict[Key, str]:
    """Return what the calendar's values were seen from, by their keys below it."""
    halves = {
        ("terms", number, "half_terms", part): half.why
        for number, term in enumerate(calendar.terms)
        for part, half in enumerate(term.half_terms)
    }
    closures = {("closures", number): each.why for number, each in enumerate(calendar.closures)}
    return halves | closures | {
        (): "From the days that have marks; bank holidays are known. Rename terms as the school calls them: six terms "
        "are six entries",
        ("inset",): _inset_note(calendar),
        ("closures",): " ".join(["Sessions without marks, perhaps closed.", *_left(calendar, school)]),
        ("week_labels",): "For a two-week timetable: weeks with school in turn from A in each school year, which marks "
        "cannot tell",
    }  # fmt: skip


def _inset_note(calendar: DraftCalendar) -> str:
    parts = []
    if calendar.inset:
        seen = "; ".join(f"{each.value} {each.why}" for each in calendar.inset)
        parts.append(f"Days without marks within a half term: {seen}.")
    if calendar.edges:
        edges = ", ".join(map(date.isoformat, calendar.edges))
        parts.append(
            f"Before a first day of school, so perhaps INSET days too, on which nothing hangs: {edges}"
        )
    return " ".join(parts)


def _closure(closure: Any) -> dict[str, Any]:
    parts = {"year_groups": list(closure.year_groups), "session": closure.session}
    return {"date": closure.date} | {name: value for name, value in parts.items() if value}


def _left(calendar: DraftCalendar, school: School) -> Iterator[str]:
    """Yield a sentence on each year group that left before its school year's end, unless the roll has its leaving dates."""
    leavers = school.pupils.dropna(subset=["leaving_date", "year_group"])
    gone = set(
        zip(
            (school_year_of(day.date()) for day in leavers["leaving_date"]),
            leavers["year_group"],
            strict=True,
        )
    )
    for each in calendar.left:
        if (each.school_year, each.year_group) not in gone:
            yield (
                f"{year_name(each.year_group)} has no marks from {each.last} to {each.others_last}: give its pupils a "
                "leaving_date, or add these days for it."
            )


def _the_lessons(drafting: _Drafting, school: School) -> dict[str, Any]:
    """Return the periods of the day, where lessons are exported and tell."""
    if LESSONS.name not in drafting.exports:
        return {}
    settings = drafting.settings([drafting.on.year], [FIRST_SECONDARY_YEAR], LESSONS.name)
    found = periods_by_session(find_sources(settings, LESSONS.name), school.pupils, school.marks)
    return {"lessons": found} if any(found.values()) else {}


def _staff(groups: list[int]) -> list[dict[str, Any]]:
    heads = [
        {"role": f"Head of {year_name(group)}", "name": "<name>", "year_groups": [group]}
        for group in groups
        if group >= FIRST_SECONDARY_YEAR
    ]
    return [{"role": role, "name": "<name>"} for role in ("Attendance lead", "Attendance officer")] + heads
