"""A reader who keeps every file that left a school, and solves whole-number programmes.

He shares no code and no coordinates with the disclosure step and imports nothing of the library. He is given the CSV files
of every report and version, the period and cohort that each names, and the calendar. He thinks in days, and in pupils
at a date: what adds up over time is a sum of days between the dates that he has seen, and a group is a part of a school.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO
from itertools import pairwise

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

HIDDEN = "c"
SMALL_GROUP = 10  # of fewer nothing is said
MOST = 100_000
# The codes of absence without leave, as the register's regulations have them; the rest of the codes of absence have it.
NOT_AUTHORISED = {"G", "N", "O", "U"}
# The reasons that a report may give; a small school's gives some of them together.
REASONS = ("C1, J1, C, H, F", "M", "S", "C2", "T, R", "I", "E", "G", "N", "O", "U")
# Ways of counting that say only who is counted: each of these is absent as the headline has it.
WHO_ALONE = ("dfe_comparable", "current_roll", "enrolled", "long_enough")
COUNTED_AS = ("enrolments", "persistently_absent_enrolments", "severely_absent_enrolments")
NONE_KNOWN = (0, MOST)
FEW = 4  # of more sums that hang together worlds are looked for together first
# Of the roll's sessions so many have no mark at most: a share of them, and some whatever their number.
UNMARKED, UNMARKED_ANYHOW = 0.001, 10
AUGUST = 8
# How far a rate of three places may be from what it is of, and the unit of one made of two such rates.
ROUNDED, ROUNDED_TWICE = 0.00051, 0.002
# What anybody knows of marks: what is dated by its day and found once stays found.
MARKS_BY_DAY = (
    "mark_missing", "obsolete_code", "n_before_holiday", "late_after_close", "late_before_close", "late_without_minutes",
)  # fmt: skip
BANDS_OVER_TEN_PER_CENT = ("above_85", "above_80", "above_50", "severe")
# Characteristics whose groups are the whole school; of the others those who are not in a group are printed nowhere.
WHOLE = ("Year group", "Sex", "SEN", "Ethnic group")
# Year groups that the headline leaves out, and what is counted of everybody whatever their age.
OUTSIDE, WHATEVER_THE_AGE = "outside", ("notice", "intervention")

Unknown = tuple  # whatever names one whole number: words, dates, days
Place = tuple[int, str, int, str]  # report, table, row, column


@dataclass(frozen=True)
class Paper:
    """One report as its readers hold it: the text of its CSV files by name, its last day and its cohort in words.

    ``told`` are the least and the most sessions behind a printed rate, by table, row and column, of a school where pupils join
    and leave: who knew when each did would know what the rate is out of.
    """

    files: dict[str, str]
    first: date
    last: date
    level: int
    cohort: str = "all"
    parts: tuple[tuple[str, str], ...] = ()  # of a cohort: the characteristic and group of each of its groups
    told: dict[tuple[str, int, str], tuple[float, float]] = field(default_factory=dict)

    @property
    def is_outside(self) -> bool:
        """Whether the cohort is of year groups that the whole school's headline leaves out."""
        return any(characteristic == OUTSIDE for characteristic, _ in self.parts)

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(StringIO(self.files[name]))) if name in self.files else []


@dataclass
class Known:
    """Sums of unknown whole numbers, each between a least and a most, and which figure each place of a file is."""

    sums: list[tuple[dict[Unknown, int], float, float]] = field(default_factory=list)
    figures: dict[Place, tuple[Unknown, ...]] = field(default_factory=dict)
    blanks: list[Place] = field(default_factory=list)
    withheld: set[tuple[Unknown, ...]] = field(default_factory=set)
    parts: dict[Unknown, list[tuple[Unknown, date, date]]] = field(default_factory=dict)

    def between(
        self, plus: Iterable[Unknown], low: float, high: float, minus: Iterable[Unknown] = ()
    ) -> None:
        row: dict[Unknown, int] = {}
        for sign, names in ((1, plus), (-1, minus)):
            for name in names:
                row[name] = row.get(name, 0) + sign
        self.sums.append((row, low, high))

    def same(self, whole: Iterable[Unknown], parts: Iterable[Unknown]) -> None:
        self.between(parts, 0, 0, whole)

    def take(self, other: "Known", name: Callable[[Unknown], Unknown]) -> None:
        """Take in what another paper tells, its unknowns by other names."""
        self.sums += [({name(each): sign for each, sign in row.items()}, *ends) for row, *ends in other.sums]
        self.figures |= {place: tuple(map(name, names)) for place, names in other.figures.items()}
        self.blanks += other.blanks
        for piece, weeks in other.parts.items():
            self.parts.setdefault(name(piece), []).extend((name(week), *days) for week, *days in weeks)


def figure(text: str) -> float | None:
    """A printed figure; None where it reads c."""
    return None if text == HIDDEN else float(text)


class Reader:
    """Turns papers into sums of unknowns; the days are those on which the school was open, with their sessions."""

    def __init__(self, papers: list[Paper], sessions: dict[date, int]) -> None:
        self.papers, self.sessions, self.known = papers, sessions, Known()
        self.days = sorted(sessions)
        self.cuts: set[date] = set()
        self.withheld: set[tuple[Unknown, ...]] = set()  # in the papers before this one

    def read(self) -> Known:
        for paper in self.papers:
            self.cuts |= {paper.last, self.before(paper.first), self.before(self.year_begins(paper))}
            for first, last in map(days_of, paper.rows("spans")):
                self.cuts |= {self.before(first), last}
        self.cuts.add(self.before(self.days[0]))
        self.weeks = any(paper.rows("weekly_attendance") for paper in self.papers)
        for number, paper in enumerate(self.papers):
            whole, self.known = self.known, Known()
            for take in (self.spans, self.changes, self.groups, self.bands, self.flows, self.codes, self.notices, self.things,
                         self.definitions, self.outside, self.interventions, self.week_by_week):  # fmt: skip
                take(number, paper)
            self.withheld |= self.known.withheld
            whole.take(self.known, self.of_version(number))
            self.known = whole
        self.cohorts()
        return self.known

    def of_version(self, number: int) -> Callable[[Unknown], Unknown]:
        """How the unknowns of a paper are called: a version tells of other registers than the one before, from its first day on."""
        paper = self.papers[number]
        version = sum((each.cohort, each.last) == (paper.cohort, paper.last) for each in self.papers[:number])
        since = self.before(paper.first)

        def named(name: Unknown) -> Unknown:
            is_changed = version and any(isinstance(each, date) and each > since for each in name)
            return (f"version {version + 1}", *name) if is_changed else name

        return named

    # Time

    def before(self, day: date) -> date:
        earlier = [each for each in self.days if each < day]
        return earlier[-1] if earlier else day - timedelta(days=1)

    def over(self, what: Unknown, first: date, last: date) -> tuple[Unknown, ...]:
        """What was counted from the first to the last day: pieces between the dates that he has seen."""
        inside = sorted(each for each in self.cuts if self.before(first) <= each <= last)
        return (
            tuple((*what, one, other) for one, other in pairwise(inside))
            if len(inside) > 1
            else ((*what, first, last),)
        )

    def open_sessions(self, first: date, last: date) -> int:
        return sum(count for day, count in self.sessions.items() if first <= day <= last)

    # What a paper says of one number

    def note(self, place: Place, names: tuple[Unknown, ...], text: str, least: int = 0) -> None:
        """Take in a count: printed, or c."""
        value = figure(text)
        # In a cohort's report c may be none; and what was c stays so, though a correction has left none of it.
        least = 0 if self.papers[place[0]].parts or names in self.withheld else least
        self.known.figures[place] = names
        if value is None:
            self.known.withheld.add(names)
        self.known.between(names, *((value, value) if value is not None else (least, MOST)))

    def note_rate(
        self, place: Place, names: tuple[Unknown, ...], text: str, whole: int | None, unit: float = 0.001
    ) -> None:
        """Take in a rate out of a known whole: an interval, or c."""
        self.known.figures[place] = names
        told = self.papers[place[0]].told.get(place[1:])
        if text in (HIDDEN, ""):
            self.known.between(names, *NONE_KNOWN)
        elif told:
            self.known.between(names, *told)
        elif whole is not None:
            self.known.between(names, *counts_of(float(text), whole, unit))
        else:
            self.known.between(names, *NONE_KNOWN)

    # Tables

    def year_begins(self, paper: Paper) -> date:
        year = paper.first.year - (paper.first.month < AUGUST)
        return next(day for day in self.days if day >= date(year, AUGUST, 1))

    def spans(self, number: int, paper: Paper) -> None:
        for line, row in enumerate(paper.rows("spans")):
            first, last = days_of(row)
            roll = figure(row["enrolments"])
            possible = None if roll is None else int(roll) * self.open_sessions(first, last)
            for measure in (
                "absence",
                "authorised_absence",
                "unauthorised_absence",
                "late_before_close",
                "late_after_close",
            ):
                names = self.over((paper.cohort, measure), first, last)
                self.note_rate(
                    (number, "spans", line, f"{measure}_rate"), names, row[f"{measure}_rate"], possible
                )
            for piece in self.over((), first, last):
                parts = [
                    (paper.cohort, measure, *piece)
                    for measure in ("authorised_absence", "unauthorised_absence")
                ]
                self.known.same([(paper.cohort, "absence", *piece)], parts)
            if row["persistently_absent_enrolments"]:
                self.standing((number, "spans", line), last, (paper.cohort, "everyone", ""), row)

    def standing(self, place: tuple, day: date, who: Unknown, row: dict[str, str]) -> None:
        """Enrolments of a group at a date, and how many of them are persistently and severely absent."""
        here = (*who, day)
        rest, only, severe = ((*here, band) for band in ("others", "persistent", "severe"))
        size = figure(row["enrolments"])
        least = int(size is not None and size >= SMALL_GROUP)
        self.note((*place, "enrolments"), (rest, only, severe), row["enrolments"], 1)
        self.note(
            (*place, "persistently_absent_enrolments"),
            (only, severe),
            row["persistently_absent_enrolments"],
            least,
        )
        self.note((*place, "severely_absent_enrolments"), (severe,), row["severely_absent_enrolments"], least)

    def changes(self, number: int, paper: Paper) -> None:
        """A change in persistent absence and its range are of few pairs of counts: he tries all.

        Who is persistently absent missed a tenth at least, so they are no more than ten times the share missed in all.
        """
        missed = [row["absence_rate"] for row in paper.rows("spans") if row["span"] == "year_to_date"]
        share = min(1, 10 * (float(missed[0]) + ROUNDED)) if missed and missed[0] not in (HIDDEN, "") else 1
        for row in paper.rows("changes"):
            printed = [row[f"persistent_{name}"] for name in ("change_rate", "low", "high")]
            sizes = [figure(row[name] or HIDDEN) for name in ("enrolments", "compared_enrolments")]
            before = [day for span, day in self.ends_of_years(paper) if span != "year_to_date"]
            if None in sizes or HIDDEN in printed or "" in printed or not before:
                continue
            pairs = pairs_of(tuple(map(float, printed)), *map(int, sizes))
            pairs = [pair for pair in pairs if pair[0] <= share * sizes[0]]
            for day, counts in zip((paper.last, before[0]), zip(*pairs, strict=True), strict=False):
                here = (paper.cohort, "everyone", "", day)
                self.known.between([(*here, "persistent"), (*here, "severe")], min(counts), max(counts))

    def ends_of_years(self, paper: Paper) -> list[tuple[str, date]]:
        """The last day of each year to date that he can set beside this one: last year's, else the half term before."""
        spans = [(row["span"], days_of(row)[1]) for row in paper.rows("spans")]
        years = [each for each in spans if each[0].startswith("year_to_date")]
        return (
            years if len(years) > 1 else [*years, *(each for each in spans if each[0] == "half_term_before")]
        )

    def groups(self, number: int, paper: Paper) -> None:
        for table in ("year_groups", "groups"):
            held: dict[str, list[str]] = {}
            rows = paper.rows(table)
            for line, row in enumerate(rows):
                who = (paper.cohort, row["characteristic"], row["group"])
                held.setdefault(row["characteristic"], []).append(row["group"])
                self.standing((number, table, line), paper.last, who, row)
                self.is_anybody(paper, who)
                roll = figure(row["enrolments"])
                possible = None if roll is None else int(roll) * self.open_sessions(paper.first, paper.last)
                names = self.over((*who[:1], "absence", *who[1:]), paper.first, paper.last)
                text = row["attendance_rate"]
                turned = text if text in (HIDDEN, "") else str(1 - float(text))
                self.note_rate((number, table, line, "attendance_rate"), names, turned, possible)
                self.others_of(paper, row, names)
                if row["enrolments"] == HIDDEN or row["enrolments"] != self.everyone(paper):
                    self.known.blanks += [(number, table, line, name) for name in blank_alone(rows, row)]
            for characteristic, groups in held.items():
                self.whole_of(paper, characteristic, groups)

    def is_anybody(self, paper: Paper, who: Unknown) -> None:
        """A group has a row where anybody is in it, in a cohort's report too, or because it read c in the one before."""
        names = tuple((*who, paper.last, band) for band in ("others", "persistent", "severe"))
        self.known.between(names, int(names not in self.withheld), MOST)

    def others_of(self, paper: Paper, row: dict[str, str], names: tuple[Unknown, ...]) -> None:
        """A group's attendance less its gap is that of everyone else, who are the school less the group."""
        roll, size = figure(self.everyone(paper) or HIDDEN), figure(row["enrolments"])
        if (
            not paper.told
            and None not in (roll, size)
            and not {HIDDEN, ""} & {row["attendance_rate"], row["gap_rate"]}
        ):
            missed = 1 - float(row["attendance_rate"]) + float(row["gap_rate"])
            possible = (int(roll) - int(size)) * self.open_sessions(paper.first, paper.last)
            everyone = self.over((paper.cohort, "absence"), paper.first, paper.last)
            self.known.between(everyone, *counts_of(missed, possible, ROUNDED_TWICE), names)

    def everyone(self, paper: Paper) -> str:
        """The roll as it is printed: a group as large has nobody to be compared with, and its blanks say so again."""
        spans = (row for row in paper.rows("spans") if row["span"] == "year_to_date")
        return next((row["enrolments"] for row in spans), "")

    def whole_of(self, paper: Paper, characteristic: str, groups: list[str]) -> None:
        """The groups of a characteristic are the school, or with those of whom nothing is said."""
        rest = [] if characteristic in WHOLE and characteristic != "SEN" else ["the others"]
        for band in ("others", "persistent", "severe"):
            parts = [(paper.cohort, characteristic, group, paper.last, band) for group in groups + rest]
            self.known.same([(paper.cohort, "everyone", "", paper.last, band)], parts)
        for piece in self.over((), paper.first, paper.last):
            parts = [(paper.cohort, "absence", characteristic, group, *piece) for group in groups + rest]
            self.known.same([(paper.cohort, "absence", *piece)], parts)

    def bands(self, number: int, paper: Paper) -> None:
        here = (paper.cohort, "everyone", "", paper.last)
        named = {row["band"]: (*here, "band", row["band"]) for row in paper.rows("bands")}
        for line, row in enumerate(paper.rows("bands")):
            self.note((number, "bands", line, "enrolments"), (named[row["band"]],), row["enrolments"], 1)
        if named:
            self.known.same([(*here, band) for band in ("others", "persistent", "severe")], named.values())
            self.known.same(
                [(*here, "persistent"), (*here, "severe")],
                [named[band] for band in BANDS_OVER_TEN_PER_CENT if band in named],
            )

    def flows(self, number: int, paper: Paper) -> None:
        since = self.before(paper.first)
        for line, row in enumerate(paper.rows("flows")):
            severe = row["line"] == "severe"
            names = self.moved(paper, row["line"], row["move"])
            if row["move"] in ("before", "after"):
                day = since if row["move"] == "before" else paper.last
                here = (paper.cohort, "everyone", "", day)
                names = ((*here, "severe"),) if severe else ((*here, "persistent"), (*here, "severe"))
            least = int(row["move"] in ("before", "after"))
            self.note((number, "flows", line, "enrolments"), names, row["enrolments"], least)
        for line in {row["line"] for row in paper.rows("flows")}:
            for day, moves in (
                (since, ("left", "stayed")),
                (paper.last, ("stayed", "joined")),
            ):
                here = (paper.cohort, "everyone", "", day)
                whole = (
                    [(*here, "severe")] if line == "severe" else [(*here, "persistent"), (*here, "severe")]
                )
                self.known.same(whole, [name for move in moves for name in self.moved(paper, line, move)])

    def moved(self, paper: Paper, line: str, move: str) -> tuple[Unknown, ...]:
        return ((paper.cohort, "flow", paper.last, line, move),)

    def codes(self, number: int, paper: Paper) -> None:
        spans = {"period": paper.first, "year": self.year_begins(paper)}
        roll = next(
            (figure(row["enrolments"]) for row in paper.rows("spans") if row["span"] == "year_to_date"), None
        )
        for table in ("reasons", "lateness", "suspensions_and_part_time"):
            for line, row in enumerate(paper.rows(table)):
                what = (paper.cohort, "code", row["codes"])
                for when, first in spans.items():
                    names = self.over(what, first, paper.last)
                    possible = None if roll is None else int(roll) * self.open_sessions(first, paper.last)
                    if f"{when}_sessions" in row:
                        self.note(
                            (number, table, line, f"{when}_sessions"), names, row[f"{when}_sessions"], 1
                        )
                        who = ((paper.cohort, "pupils with", row["codes"], first, paper.last),)
                        self.note((number, table, line, f"{when}_pupils"), who, row[f"{when}_pupils"], 1)
                        self.known.between(names, 0, MOST, who)
                    else:
                        self.note_rate(
                            (number, table, line, f"{when}_rate"), names, row[f"{when}_rate"], possible
                        )
        self.codes_by_law(paper, spans["year"])

    def codes_by_law(self, paper: Paper, first: date) -> None:
        """The codes that are shown are all of absence, and each is absence with leave or without."""
        named = [row["codes"] for row in paper.rows("reasons")]
        without_leave = [code for code in named if letters_of(code) <= NOT_AUTHORISED]
        by_law = {
            "unauthorised_absence": without_leave,
            "authorised_absence": [code for code in named if code not in without_leave],
        }
        for piece in self.over((), first, paper.last) if named else ():
            self.known.same(
                [(paper.cohort, "absence", *piece)], [(paper.cohort, "code", code, *piece) for code in named]
            )
            for together in (code for code in named if code not in REASONS):
                parts = [code for code in REASONS if letters_of(code) <= letters_of(together)]
                self.known.same(
                    [(paper.cohort, "code", together, *piece)],
                    [(paper.cohort, "code", code, *piece) for code in parts],
                )
            for measure, codes in by_law.items():
                self.known.same(
                    [(paper.cohort, measure, *piece)],
                    [(paper.cohort, "code", code, *piece) for code in codes],
                )
            for late, code in (("late_before_close", "L"), ("late_after_close", "U")):
                self.known.same([(paper.cohort, late, *piece)], [(paper.cohort, "code", code, *piece)])
            both = [(paper.cohort, "code", code, *piece) for code in ("L", "U")]
            self.known.same([(paper.cohort, "code", "L, U", *piece)], both)

    def notices(self, number: int, paper: Paper) -> None:
        rows = paper.rows("statutory_action")
        for line, row in enumerate(rows):
            for when, first in (("period", paper.first), ("year", self.year_begins(paper))):
                names = self.over((paper.cohort, "notice", row["kind"]), first, paper.last)
                self.note(
                    (number, "statutory_action", line, f"{when}_notices"), names, row[f"{when}_notices"], 1
                )
        kinds = [row["kind"] for row in rows if not row["kind"].startswith("all ")]
        for whole in (row["kind"] for row in rows if row["kind"].startswith("all ")):
            for piece in self.over((), self.year_begins(paper), paper.last):
                parts = [(paper.cohort, "notice", kind, *piece) for kind in kinds]
                self.known.same([(paper.cohort, "notice", whole, *piece)], parts)

    def things(self, number: int, paper: Paper) -> None:
        for line, row in enumerate(paper.rows("checks_of_marks")):
            what = (paper.cohort, "check", row["rule"])
            if row["rule"] in MARKS_BY_DAY:
                year, period = (
                    self.over(what, first, paper.last) for first in (self.year_begins(paper), paper.first)
                )
            else:
                period = ((*what, paper.last, "new"),)
                year = (*period, (*what, paper.last, "old"))
            self.note((number, "checks_of_marks", line, "year_things"), year, row["year_things"], 1)
            self.note((number, "checks_of_marks", line, "period_things"), period, row["period_things"], 1)

    def definitions(self, number: int, paper: Paper) -> None:
        rows = paper.rows("reconciliation")
        for name in COUNTED_AS:
            for line, row in enumerate(rows):
                here = (paper.cohort, "counted as", row["definition"], name, paper.last)
                place = (number, "reconciliation", line)
                self.note((*place, name), (here,), row[name], 1)
                if line:
                    added, removed, both = ((*here, move) for move in ("added", "removed", "both"))
                    self.note((*place, f"added_{name}"), (added,), row[f"added_{name}"])
                    self.note((*place, f"removed_{name}"), (removed,), row[f"removed_{name}"])
                    self.known.same([here], [both, added])
                    first = (paper.cohort, "counted as", rows[0]["definition"], name, paper.last)
                    self.known.same([first], [both, removed])
                    self.by_its_words(paper, name, row, rows[0]["definition"])
                else:
                    bands = {
                        "enrolments": 0,
                        "persistently_absent_enrolments": 1,
                        "severely_absent_enrolments": 2,
                    }[name]
                    every = [
                        (paper.cohort, "everyone", "", paper.last, band)
                        for band in ("others", "persistent", "severe")
                    ]
                    self.known.same([here], every[bands:])

    def by_its_words(self, paper: Paper, name: str, row: dict[str, str], headline: str) -> None:
        """What the words of a definition say of a count: of whom it may differ from the headline's at all."""
        what = row["definition"]
        first, here = ((paper.cohort, "counted as", each, name, paper.last) for each in (headline, what))
        # Nobody has too few sessions to be counted: who is counted, and how, is the headline's. And exactly on the line or not,
        # the same pupils are counted.
        is_of_as_many = what == "long_enough" and row["removed_enrolments"] == "0"
        if is_of_as_many or (what == "below_the_line" and name == "enrolments"):
            self.known.same([first], [here])
        # "As the headline, without", and all who are counted at all are enrolled: so nobody is added.
        is_of_all = headline == "enrolled" and (what in WHO_ALONE or name == "enrolments")
        if what in ("long_enough", "below_the_line") or is_of_all:
            self.known.same([here], [(*here, "both")])
        if what in WHO_ALONE and name != "enrolments":
            outer = COUNTED_AS[COUNTED_AS.index(name) - 1]
            for move in ("added", "removed", "both"):
                wider = (paper.cohort, "counted as", what, outer, paper.last, move)
                self.known.same([wider], [(*here, move), (*here, move, "not")])

    def outside(self, number: int, paper: Paper) -> None:
        """Year groups that the headline leaves out: together they are what the current roll adds to it."""
        table, rows = "year_groups_outside", paper.rows("year_groups_outside")
        held = [(paper.cohort, OUTSIDE, row["label"]) for row in rows]
        for line, (who, row) in enumerate(zip(held, rows, strict=True)):
            self.standing((number, table, line), paper.last, who, row)
            roll, text = figure(row["enrolments"]), row["attendance_rate"]
            possible = None if roll is None else int(roll) * self.open_sessions(paper.first, paper.last)
            names = self.over((paper.cohort, "absence", *who[1:]), paper.first, paper.last)
            turned = text if text in (HIDDEN, "") else str(1 - float(text))
            self.note_rate((number, table, line, "attendance_rate"), names, turned, possible)
            if row["enrolments"] != "0":
                others = [each for each in rows if each["enrolments"] != "0"]
                self.known.blanks += [(number, table, line, name) for name in blank_alone(others, row)]
        for first, name in enumerate(COUNTED_AS if rows else ()):
            added = (paper.cohort, "counted as", "current_roll", name, paper.last, "added")
            bands = ("others", "persistent", "severe")[first:]
            self.known.same([added], [(*who, paper.last, band) for who in held for band in bands])

    def interventions(self, number: int, paper: Paper) -> None:
        for line, row in enumerate(paper.rows("interventions")):
            if row["pupils"]:
                what = (paper.cohort, "intervention", row["intervention"])
                everyone = self.over(
                    (*what, "pupils new"), self.days[0], paper.last
                )  # since the register begins
                self.note((number, "interventions", line, "pupils"), everyone, row["pupils"], 1)
                compared = ((*what, "compared", paper.last),)
                self.note(
                    (number, "interventions", line, "evaluated_pupils"), compared, row["evaluated_pupils"]
                )
                self.known.between(everyone, 0, MOST, compared)

    def week_by_week(self, number: int, paper: Paper) -> None:
        rows = paper.rows("weekly_attendance")
        printed = [
            float(row["attendance_rate"]) for row in rows if row["attendance_rate"] not in ("", HIDDEN)
        ]
        unit = 0.01 if all(abs(rate * 100 - round(rate * 100)) < 1e-6 for rate in printed) else 0.001
        roll = next(
            (figure(row["enrolments"]) for row in paper.rows("spans") if row["span"] == "year_to_date"), None
        )
        for line, row in enumerate(rows):
            monday = date.fromisoformat(row["week_beginning"][:10])
            days = [
                day for day in self.days if monday <= day < monday + timedelta(days=7) and day <= paper.last
            ]
            if days and row["attendance_rate"] not in ("", HIDDEN) and roll is not None:
                possible = int(roll) * self.open_sessions(days[0], days[-1])
                told = paper.told.get(("weekly_attendance", line, "attendance_rate"))
                self.week(paper, days, told or counts_of(1 - float(row["attendance_rate"]), possible, unit))

    def week(self, paper: Paper, days: list[date], told: tuple[float, float]) -> None:
        """A week lies within one piece of time: it is at most the piece, and the weeks of a piece are all of it."""
        week = (paper.cohort, "absence in the week", days[0])
        self.known.between([week], *told)
        piece = next(
            (one for one in self.over((), self.year_begins(paper), paper.last) if one[0] < days[0] <= one[1]),
            None,
        )
        if piece:
            self.known.parts.setdefault((paper.cohort, "absence", *piece), []).append(
                (week, days[0], days[-1])
            )

    def cohorts_within_the_school(self) -> None:
        """Whatever is counted of a cohort is a part of the same of the whole school, if the whole school's counts it."""
        names = {name for row, _, _ in self.known.sums for name in row}
        outside = {paper.cohort for paper in self.papers if paper.is_outside}
        for name in sorted(names, key=repr):
            whole, (cohort, what) = of_the_school(name), name[name[0].startswith("version") :][:2]
            is_counted = cohort not in outside or what in WHATEVER_THE_AGE
            if whole in names and whole != name and is_counted:
                self.known.between([whole], 0, MOST, [name])

    def cohorts_within_cohorts(self) -> None:
        """Whatever is counted of a year group is a part of the same of two of them."""
        names = {name for row, _, _ in self.known.sums for name in row}
        pairs = {
            (inner.cohort, outer.cohort)
            for inner in self.papers
            for outer in self.papers
            if inner.is_outside and set(inner.parts) < set(outer.parts)
        }
        for inner, outer in sorted(pairs):
            for name in sorted((each for each in names if each[0] == inner), key=repr):
                if (outer, *name[1:]) in names:
                    self.known.between([(outer, *name[1:])], 0, MOST, [name])

    def cohorts(self) -> None:
        """Weeks make up their piece of time; a cohort is the sum of groups of the whole school's report of the same day."""
        for piece, weeks in self.known.parts.items():
            names = dict.fromkeys(name for name, _, _ in weeks)
            inside = [day for day in self.days if piece[-2] < day <= piece[-1]]
            covered = {day for _, first, last in weeks for day in inside if first <= day <= last}
            if covered == set(inside):
                self.known.same([piece], names)
            else:
                self.known.between([piece], 0, MOST, names)
        self.cohorts_within_the_school()
        self.cohorts_within_cohorts()
        for paper in self.papers:
            for band in ("others", "persistent", "severe") if paper.parts else ():
                parts = [
                    ("all", characteristic, group, paper.last, band) for characteristic, group in paper.parts
                ]
                self.known.same([(paper.cohort, "everyone", "", paper.last, band)], parts)
            # Nobody goes from one year group to another within a year, as pupils do from one kind of need to another.
            of_days = [each for each in self.papers if not each.parts] if paper.is_outside else [paper]
            pieces = {piece: None for each in of_days for piece in self.over((), each.first, each.last)}
            for piece in pieces if paper.parts else ():
                parts = [
                    ("all", "absence", characteristic, group, *piece) for characteristic, group in paper.parts
                ]
                self.known.same([(paper.cohort, "absence", *piece)], parts)


def letters_of(codes: str) -> set[str]:
    return set(codes.split(", "))


def days_of(row: dict[str, str]) -> tuple[date, date]:
    """The first and the last day of a span."""
    return date.fromisoformat(row["first_date"][:10]), date.fromisoformat(row["last_date"][:10])


def of_the_school(name: Unknown) -> Unknown:
    """What an unknown of a cohort is of the whole school."""
    return (*name[:1], "all", *name[2:]) if name[0].startswith("version") else ("all", *name[1:])


def counts_of(rate: float, possible: int, unit: float) -> tuple[float, float]:
    """The least and the most that a rounded rate can be of; the possible sessions are the roll's less a few without a mark."""
    fewest = max(0, possible * (1 - UNMARKED) - UNMARKED_ANYHOW)
    return max(0, np.ceil(fewest * (rate - unit / 2) - 1e-9)), np.floor(possible * (rate + unit / 2) + 1e-9)


def pairs_of(printed: tuple[float, float, float], now: int, then: int) -> list[tuple[int, int]]:
    """The counts now and then, of so many each, of which a printed change and its range (Newcombe's, 95 %) can be."""
    low_now, high_now = wilson(np.arange(now + 1)[:, None], now)
    low_then, high_then = wilson(np.arange(then + 1)[None, :], then)
    share_now, share_then = np.arange(now + 1)[:, None] / now, np.arange(then + 1)[None, :] / then
    change = share_now - share_then
    low = change - np.hypot(share_now - low_now, high_then - share_then)
    high = change + np.hypot(high_now - share_now, share_then - low_then)
    fits = [abs(each - said) <= ROUNDED for each, said in zip((change, low, high), printed, strict=True)]
    return [tuple(pair) for pair in np.argwhere(np.logical_and.reduce(fits)).tolist()]


def wilson(counts: np.ndarray, whole: int) -> tuple[np.ndarray, np.ndarray]:
    """The ends of Wilson's interval of shares."""
    share, z = counts / whole, 1.959963984540054
    middle = share + z * z / (2 * whole)
    half = z * np.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return (middle - half) / (1 + z * z / whole), (middle + half) / (1 + z * z / whole)


def blank_alone(rows: list[dict[str, str]], row: dict[str, str]) -> Iterator[str]:
    """The columns in which a row is blank and another is not: who is behind the one that is not?"""
    return (name for name in row if row[name] == "" and any(other[name] != "" for other in rows))


@dataclass(frozen=True)
class Found:
    """The least and the most that a figure can be, where he made them out; else how many values it has at least."""

    low: float
    high: float

    @property
    def values(self) -> float:
        return self.high - self.low + 1


class Solver:
    """Bounds sums of unknowns, one connected part at a time."""

    def __init__(self, known: Known) -> None:
        names = sorted({name for row, _, _ in known.sums for name in row}, key=repr)
        self.column = {name: place for place, name in enumerate(names)}
        self.low = np.array([low for _, low, _ in known.sums], dtype=float)
        self.high = np.array([high for _, _, high in known.sums], dtype=float)
        entries = [
            (line, self.column[name], sign)
            for line, (row, _, _) in enumerate(known.sums)
            for name, sign in row.items()
        ]
        line, place, sign = zip(*entries, strict=True)
        self.rows = coo_array(
            (np.array(sign, dtype=float), (line, place)), shape=(len(known.sums), len(names))
        ).tocsr()
        _, self.part = connected_components(abs(self.rows).T @ abs(self.rows), directed=False)
        self.worlds: dict[tuple[int, ...], list[np.ndarray]] = {}

    def bounds(self, names: tuple[Unknown, ...], enough: int) -> Found:
        """Return the range of a sum; where two worlds that he knows already lie far enough apart, theirs."""
        places = [self.column[name] for name in names]
        inside, worlds = self.around(places)
        aim = np.zeros(len(self.part))
        aim[places] = 1
        for sign in (1, -1):
            if not worlds or spread(worlds, places) < enough:
                worlds.append(self.world(sign * aim, inside))
        sums = [world[places].sum() for world in worlds]
        return Found(min(sums), max(sums))

    def around(self, places: list[int]) -> tuple[np.ndarray, list[np.ndarray]]:
        """Return all unknowns that some are tied to, and the worlds found of them so far."""
        parts = np.unique(self.part[places])
        worlds = self.worlds.setdefault(tuple(parts.tolist()), [])
        return np.flatnonzero(np.isin(self.part, parts)), worlds

    def look_around(self, wanted: Iterable[tuple[tuple[Unknown, ...], int]]) -> None:
        """Find worlds in which of any two wanted sums one is high and the other low: a few answer for most."""
        parts: dict[tuple[int, ...], list[tuple[list[int], int]]] = {}
        for names, enough in wanted:
            places = [self.column[name] for name in names]
            parts.setdefault(tuple(np.unique(self.part[places]).tolist()), []).append((places, enough))
        for sums in parts.values():
            inside, worlds = self.around(sums[0][0])
            for bit in range(len(sums).bit_length() if len(sums) > FEW else 0):
                aim = np.zeros(len(self.part))
                for number, (places, enough) in enumerate(sums):
                    aim[places] += (1 if number >> bit & 1 else -1) / enough
                worlds += [self.world(aim, inside), self.world(-aim, inside)]

    def world(self, aim: np.ndarray, inside: np.ndarray) -> np.ndarray:
        """Return numbers that fit all that is known and have least of ``aim``."""
        rows = self.rows[:, inside]
        here = np.diff(rows.indptr) > 0
        solved = milp(
            aim[inside],
            constraints=LinearConstraint(rows[here].tocsc(), self.low[here], self.high[here]),
            bounds=Bounds(0, MOST),
            integrality=np.ones(len(inside)),
            options={"presolve": False},
        )
        if solved.x is None:
            raise NoSuchSchoolError(solved.message)
        world = np.zeros(len(self.part))
        world[inside] = np.round(solved.x)
        return world


class NoSuchSchoolError(Exception):
    """Nothing fits all that he takes for known: something that he takes for known is not so."""


def spread(worlds: list[np.ndarray], places: list[int]) -> float:
    sums = [world[places].sum() for world in worlds]
    return max(sums) - min(sums) + 1


def read_papers(papers: list[Paper], sessions: dict[date, int]) -> Known:
    """Return all that a reader of these papers knows."""
    return Reader(papers, sessions).read()
