"""The trust's paper as it is published: what its schools sent beside each other, made safe across all of them.

A total less the schools that are shown must not give what one school withholds, nor may the totals of two editions between
which a school came or went. Sections read nothing but what passed here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from attendance_lib.disclosure.protect import UnsafeError, protect
from attendance_lib.disclosure.read_back import Record, read_record
from attendance_lib.disclosure.tables import (
    AFTER,
    TO,
    Coordinates,
    Count,
    Partition,
    Protected,
    PublicTable,
    Rate,
    Unit,
    check_tied,
)
from attendance_lib.display.format import round_half_up
from attendance_lib.errors import DisclosureError, InputError
from attendance_lib.intake.school_counts import (
    Effect,
    Practice,
    SchoolCounts,
    Standing,
    TrustCounts,
    known,
    read_trust,
)
from attendance_lib.pack.opening import cells_run, find_file, refuse_unknown_parameters
from attendance_lib.rules.calendar import school_year_of
from attendance_lib.rules.thresholds import SUPPRESSED

SCHOOLS, TOTALS, PRACTICE, EFFECTS = "schools", "totals", "practice", "effects"
PHASES = {
    "primary": "Primary",
    "secondary": "Secondary",
    "special": "Special",
    "alternative_provision": "Alternative provision",
}
TRUST = "All schools"
NOW, THEN = "", "before_"
SESSIONS = "absence_sessions"
MEASURES = {
    "enrolments": "enrolments",
    SESSIONS: SESSIONS,
    "persistently_absent_enrolments": "persistently_absent",
    "severely_absent_enrolments": "severely_absent",
}
SUPPORTED = "supported"
RATES = {
    "absence_rate": SESSIONS,
    "persistent_absence_rate": "persistently_absent_enrolments",
    "severe_absence_rate": "severely_absent_enrolments",
}
OUT_OF = {
    "absence_rate": "possible_sessions",
    "persistent_absence_rate": "enrolments",
    "severe_absence_rate": "enrolments",
}
SEVERE = {"measure": "severely_absent"}
WITHIN = (
    Partition({"measure": "persistently_absent"}, (SEVERE, {"measure": "persistently_not_severely_absent"})),
    Partition(SEVERE, (SEVERE | {"supported": "yes"}, SEVERE | {"supported": "no"})),
)
EVALUATED = "because nothing else that is published counts whom an intervention was evaluated on"
# The same weekday a year before: no more than a name for the point of last year that each school's own calendar gives.
A_YEAR = timedelta(days=364)
MOST_WITHHELD, RATE_PLACES = 2, 3
REMEDY = "Leave the smallest school out of the trust's list, or join the paper of two editions into one."


@dataclass(frozen=True, eq=False)
class TrustPaper:
    """The paper: its facts, the tables that passed by name, and the record of what was withheld.

    ``withheld`` are the titles of tables of which no count is shown; ``phases`` hold each school's by its name.
    """

    told: TrustCounts
    schools: tuple[SchoolCounts, ...]
    tables: dict[str, pd.DataFrame]
    record: dict
    counts: int
    suppressed_counts: int
    level: int
    withheld: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The last day of the paper."""
        return self.told.day

    @property
    def first_day(self) -> date:
        """The first day of any school's year.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> schools = [SimpleNamespace(to_date=SimpleNamespace(date_from=day)) for day in ("2025-09-03", "2025-09-01")]
        >>> TrustPaper(None, tuple(schools), {}, {}, counts=0, suppressed_counts=0, level=5).first_day
        datetime.date(2025, 9, 1)
        """
        return date.fromisoformat(min(school.to_date.date_from for school in self.schools))


def open_trust(counts_folder: str, previous_pack: str = "") -> TrustPaper:
    """Read the counts that schools sent and make the paper's tables safe.

    Parameters
    ----------
    counts_folder : str
        The folder of counts that ``attendance trust`` wrote.
    previous_pack : str
        The records of what earlier editions told, joined by semicolons; empty if there is none.

    Raises
    ------
    InputError
        If a file of counts is damaged, or no school has sent any.
    DisclosureError
        If the tables cannot be made safe.
    """
    refuse_unknown_parameters(cells_run())
    told, schools = read_trust(Path(find_file(counts_folder)))
    earlier = [
        read_record(Path(find_file(path.strip()))) for path in previous_pack.split(";") if path.strip()
    ]
    return publish(told, schools, earlier)


def publish(
    told: TrustCounts, schools: Sequence[SchoolCounts], earlier: Iterable[Record | dict] = ()
) -> TrustPaper:
    """Return the paper of some schools' counts, by phase and name, safe beside earlier editions.

    Raises
    ------
    InputError
        If there is no school.
    DisclosureError
        If the tables cannot be made safe.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> publish(SimpleNamespace(trust="Larkshire Trust"), [])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: No school of Larkshire Trust has sent counts, so there is no paper. See to the first ...
    """
    if not schools:
        raise InputError(
            f"No school of {told.trust} has sent counts, so there is no paper. See to the first that is named."
        )
    schools = sorted(schools, key=lambda each: (list(PHASES).index(each.phase), each.name, each.urn))
    level = max(school.level for school in schools)
    totals, sums = public_totals(schools, told.day)
    own = [each(schools, told.day) for each in (public_schools, public_practice, public_effects)]
    tables = [own[0], totals, *own[1:]]
    safe = protected(tables, level, (*WITHIN, *sums), tuple(earlier))
    return TrustPaper(
        told=told,
        schools=tuple(schools),
        tables={table.name: table.frame for table in safe.tables},
        record=safe.record,
        counts=safe.counts,
        suppressed_counts=safe.suppressed_counts,
        level=level,
        withheld=tuple(table.title for table in tables if table.name in safe.withheld),
    )


def protected(
    tables: list[PublicTable],
    level: int,
    partitions: tuple[Partition, ...],
    earlier: tuple[Record | dict, ...],
) -> Protected:
    """Return the tables safe together and beside earlier editions, some withheld as a whole where there is no other way.

    Raises
    ------
    DisclosureError
        If that does not suffice.
    """
    tied = [check_tied(table, partitions) for table in tables]
    withheld: tuple[str, ...] = ()
    while True:
        try:
            return protect(tied, level, partitions, earlier, withheld)
        except UnsafeError as error:
            also = next((name for name in error.tables if name not in withheld), None)
            if also is None or len(withheld) == MOST_WITHHELD:
                raise DisclosureError(f"The trust's paper cannot be made safe: {error} {REMEDY}") from None
            withheld = (*withheld, also)


# The tables, with what each counts


def public_schools(schools: Sequence[SchoolCounts], day: date) -> PublicTable:
    """Return the counts and rates of each school, now and at the same point of last year (one row a school)."""
    where = tuple({"school": school.urn} for school in schools)
    frame = pd.DataFrame([school_row(school) for school in schools])
    return PublicTable(
        name=SCHOOLS,
        title="Schools",
        frame=with_rates(frame),
        rows=where,
        counts=counts_on(day, {}),
        rates=RATES_MADE,
    )


def school_row(school: SchoolCounts) -> dict[str, object]:
    """Return one school's counts; blank where it has none of a year."""
    then = school.year_before
    return {
        "school": school.name,
        "phase": PHASES[school.phase],
        **{f"{NOW}{name}": value for name, value in standing_values(school.to_date).items()},
        **{f"{THEN}{name}": value for name, value in standing_values(then).items()},
        SUPPORTED: school.supported,
    }


def standing_values(standing: Standing | None) -> dict[str, object]:
    """Return the counts of a year to date by name, with the possible sessions; blank where there is none.

    Examples
    --------
    >>> set(standing_values(None).values())  # a year that is not held is blank, not none absent
    {None}
    """
    names = (*MEASURES, "possible_sessions")
    return {name: getattr(standing, name) if standing else None for name in names}


def counts_on(day: date, by_row: dict[str, tuple[Coordinates, ...]]) -> tuple[Count, ...]:
    """Return what the columns of counts count; ``by_row`` holds whom each column's rows are about, if not the row's own school."""
    counts = [
        replace(count_of(name, when, day), by_row=by_row.get(f"{when}{name}", ()))
        for when in (NOW, THEN)
        for name in MEASURES
    ]
    supported = SEVERE | {"supported": "yes", "as_at": day.isoformat()}
    of_support = Count(SUPPORTED, supported, "severely_absent_enrolments", by_row=by_row.get(SUPPORTED, ()))
    return (*counts, of_support)


def count_of(name: str, when: str, day: date) -> Count:
    """Return what a column of MEASURES counts up to a day of this year (NOW), or to the same of the last (THEN).

    Examples
    --------
    >>> count_of("severely_absent_enrolments", THEN, date(2026, 7, 10)).coordinates  # a Friday, as 10 July 2026 is
    {'compared': 'the year before', 'as_at': '2025-07-11', 'measure': 'severely_absent'}
    """
    now, at = (day, {}) if when == NOW else (day - A_YEAR, {"compared": "the year before"})
    is_sessions, is_everyone = name == SESSIONS, name == "enrolments"
    where = at | (span_to(now) if is_sessions else {"as_at": now.isoformat()})
    return Count(
        f"{when}{name}",
        where | ({} if is_everyone else {"measure": MEASURES[name]}),
        None if is_everyone else f"{when}enrolments",
        Unit.SESSIONS if is_sessions else Unit.ENROLMENTS,
        is_shown=not is_sessions,
        alone=EVERYONE if is_everyone else "",
    )


EVERYONE = "because it is all pupils of schools whose totals are declared"
RATES_MADE = tuple(
    rate
    for when in (NOW, THEN)
    for rate in (
        Rate(f"{when}possible_sessions", (f"{when}enrolments",), f"{when}enrolments"),
        *(Rate(f"{when}{name}", (f"{when}{count}",), f"{when}enrolments") for name, count in RATES.items()),
    )
)


def span_to(day: date) -> dict[str, str]:
    """Return the coordinates of the school year up to a day.

    Examples
    --------
    >>> span_to(date(2026, 1, 30))
    {'after': '2025-07-31', 'to': '2026-01-30'}
    """
    return {AFTER: f"{school_year_of(day)[:4]}-07-31", TO: day.isoformat()}


def with_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the rates (fractions, rounded as they are published) of schools' counts (one row each); what reads ``c`` makes ``c``.

    Examples
    --------
    >>> names = [f"{when}{name}" for when in (NOW, THEN) for name in (*MEASURES, "possible_sessions")]
    >>> frame = pd.DataFrame([dict.fromkeys(names, 16) | {"absence_sessions": 1, "severely_absent_enrolments": "c"}])
    >>> with_rates(frame)[["absence_rate", "severe_absence_rate"]].values.tolist()
    [[0.063, 'c']]
    """
    rates = {
        f"{when}{name}": [
            SUPPRESSED if SUPPRESSED in pair else rounded_rate(*map(known, pair))
            for pair in zip(frame[f"{when}{count}"], frame[f"{when}{OUT_OF[name]}"], strict=True)
        ]
        for when in (NOW, THEN)
        for name, count in RATES.items()
    }
    return frame.assign(**rates)


def public_totals(schools: Sequence[SchoolCounts], day: date) -> tuple[PublicTable, list[Partition]]:
    """Return the totals of each phase and of all, each of the schools that gave a figure, and of which schools each is the sum."""
    totals = [total_row(label, members) for label, members in groups_of(schools).items()]
    rows, whose = [row for row, _ in totals], added_of([given for _, given in totals])
    table = PublicTable(
        name=TOTALS,
        title="Phases and all schools",
        frame=pd.DataFrame(rows),
        rows=tuple({} for _ in rows),
        counts=counts_on(day, whose),
        rates=RATES_MADE,
        plain={"schools": "schools, not pupils", "gave": "schools, not pupils"},
    )
    wholes = dict.fromkeys(where["schools"] for places in whose.values() for where in places)
    return table, [sum_of(whole) for whole in wholes if whole != "none"]


def groups_of(schools: Sequence[SchoolCounts]) -> dict[str, list[SchoolCounts]]:
    """Return the schools of each phase that there is, by its heading, and under TRUST all where there are several phases.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> special, primary = SimpleNamespace(phase="special"), SimpleNamespace(phase="primary")
    >>> list(groups_of([special, primary])), list(groups_of([special]))
    (['Primary', 'Special', 'All schools'], ['Special'])
    """
    groups = {
        label: [school for school in schools if school.phase == phase] for phase, label in PHASES.items()
    }
    held = {label: members for label, members in groups.items() if members}
    return held | ({TRUST: list(schools)} if len(held) > 1 else {})


def added_of(given: Sequence[Mapping[str, Sequence[str]]]) -> dict[str, tuple[Coordinates, ...]]:
    """Return of which schools each total of each column is the sum, from who gave a figure, total by total (at least one).

    Examples
    --------
    >>> added_of([{"enrolments": ["200001", "200002"]}, {"enrolments": []}])
    {'enrolments': ({'schools': '200001+200002'}, {'schools': 'none'})}
    """
    return {
        column: tuple({"schools": "+".join(urns[column]) or "none"} for urns in given) for column in given[0]
    }


def sum_of(whole: str) -> Partition:
    """Return that a total over schools, named by their numbers, is the sum of theirs.

    Examples
    --------
    >>> sum_of("200001+200002").parts
    ({'school': '200001'}, {'school': '200002'})
    """
    return Partition({"schools": whole}, tuple({"school": urn} for urn in whole.split("+")))


def total_row(label: str, members: Sequence[SchoolCounts]) -> tuple[dict[str, object], dict[str, list[str]]]:
    """Return the totals of some schools, and for each column the schools that gave a figure, which alone are in it.

    A rate is of schools that gave all that it is made of, so that no school's few pupils are in its base alone.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> years = {"200001": Standing("", "", 400, 1000, 60, 80, 9), "200002": Standing("", "", 200, 500, 30, 40, "c")}
    >>> parts = {"phase": "primary", "name": "Ash", "year_before": None, "supported": None}
    >>> row, given = total_row("Primary", [SimpleNamespace(urn=urn, to_date=year, **parts) for urn, year in years.items()])
    >>> row["enrolments"], row["absence_rate"], row["severely_absent_enrolments"], given["severely_absent_enrolments"]
    (600, 0.06, 9, ['200001'])
    """
    row: dict[str, object] = {"phase": label, "schools": len(members)}
    given: dict[str, list[str]] = {}
    values = {school.urn: school_row(school) for school in members}
    columns = [f"{when}{name}" for when in (NOW, THEN) for name in MEASURES]
    for column in (*columns, SUPPORTED):
        given[column] = [urn for urn, held in values.items() if known(held[column]) is not None]
        row[column] = added(values, given[column], column)
    for when in (NOW, THEN):
        row[f"{when}possible_sessions"] = added(
            values, given[f"{when}{SESSIONS}"], f"{when}possible_sessions"
        )
        for name, count in RATES.items():
            base = added(values, given[f"{when}{count}"], f"{when}{OUT_OF[name]}")
            row[f"{when}{name}"] = rounded_rate(row[f"{when}{count}"], base)
    row["gave"] = len(given["severely_absent_enrolments"])
    return row, given


def added(values: Mapping[str, Mapping[str, object]], urns: Sequence[str], column: str) -> int | None:
    """Return the sum of a column over some schools; None over none, or where one gave none.

    Examples
    --------
    >>> schools = {"200001": {"enrolments": 900}, "200002": {"enrolments": 600}}
    >>> added(schools, ["200001", "200002"], "enrolments"), added(schools, [], "enrolments")
    (1500, None)
    """
    told = [known(values[urn][column]) for urn in urns]
    return sum(told) if told and None not in told else None


def rounded_rate(part: float | None, whole: float | None) -> float:
    """Return a rate (a fraction) rounded as it is published; missing without a whole.

    Examples
    --------
    >>> rounded_rate(1, 16), rounded_rate(1, None)
    (0.063, nan)
    """
    return float(round_half_up(part / whole, RATE_PLACES)) if whole and part is not None else float("nan")


def public_practice(schools: Sequence[SchoolCounts], day: date) -> PublicTable:
    """Return what likely helped, by the schools' own evaluations (one row each; fractions).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> mentoring = Practice("Mentoring", 12, 0.02, 0.01, 0.03)
    >>> public_practice([SimpleNamespace(name="Ash", urn="200001", practice=[mentoring])], date(2026, 7, 10)).rows
    ({'school': '200001', 'intervention': 'Mentoring', 'as_at': '2026-07-10'},)
    """
    held = [(school, each) for school in schools for each in school.practice]
    return public_evaluations(PRACTICE, held, day, ("difference", "low", "high"))


FIGURES = ("estimate", "low", "high", "variance")


def public_effects(schools: Sequence[SchoolCounts], day: date) -> PublicTable:
    """Return what each school's interventions give to pools (one row each; fractions), of few pupils nothing."""
    held = [(school, each) for school in schools for each in school.effects]
    return public_evaluations(EFFECTS, held, day, FIGURES, ("not_pooled",))


TITLES = {PRACTICE: "What likely helped", EFFECTS: "What each school's interventions give to pools"}


def public_evaluations(
    name: str,
    held: Sequence[tuple[SchoolCounts, Practice | Effect]],
    day: date,
    figures: Sequence[str],
    words: Sequence[str] = (),
) -> PublicTable:
    """Return what schools say of their interventions, one row each: ``pupils`` evaluated, ``figures`` (fractions) and ``words``.

    ``name`` is PRACTICE or EFFECTS.
    """
    columns = ("intervention", "pupils", *figures, *words)
    frame = pd.DataFrame(
        [[school.name, *(getattr(each, column) for column in columns)] for school, each in held],
        columns=["school", *columns],
    )
    return PublicTable(
        name=name,
        title=TITLES[name],
        frame=frame,
        rows=tuple(
            {"school": school.urn, "intervention": each.intervention, "as_at": day.isoformat()}
            for school, each in held
        ),
        counts=(Count("pupils", {"measure": "pupils_evaluated"}, alone=EVALUATED),),
        rates=tuple(Rate(figure, ("pupils",), "pupils") for figure in figures),
    )
