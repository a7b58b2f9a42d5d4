"""What a school sends its trust: its headline counts, made safe beside all that was published of it before.

Runs in the school, where its pupils are; nothing of them is in what it returns but counts that passed the disclosure step.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from attendance_lib.analysis.contact_log import support_of
from attendance_lib.analysis.impact.paper import impact_so_far
from attendance_lib.analysis.impact.schools import EFFECT_COLUMNS, effects_of
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.measures import pupil_totals, span_figures
from attendance_lib.disclosure.protect import protect
from attendance_lib.disclosure.read_back import Record, read_record
from attendance_lib.disclosure.tables import Count, Partition, PublicTable, Rate, Unit, check_tied
from attendance_lib.display.format import is_suppressed, round_half_up
from attendance_lib.errors import InputError
from attendance_lib.intake.school_counts import (
    AsTheyAre,
    CountsAsked,
    Effect,
    Practice,
    SchoolCounts,
    Standing,
)
from attendance_lib.intake.settings.school_file import NationalFramework, Settings
from attendance_lib.pack.cohorts import BASES
from attendance_lib.pack.opening import open_pack
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.coordinates import as_at, days_of, span_of
from attendance_lib.register.grid import CLOSED, FIRST_CODE, NOT_ON_ROLL, Register, cell_of
from attendance_lib.rules.england_mix import NO, YES, Cell, mix_of
from attendance_lib.rules.groups import SEN

STANDING, MIX, SUPPORT, PRACTICE, POOLED = "standing", "mix", "support", "practice", "effects"
SEVERE = {"measure": "severely_absent"}
PARTITIONS = (
    Partition({"measure": "persistently_absent"}, (SEVERE, {"measure": "persistently_not_severely_absent"})),
    Partition(SEVERE, (SEVERE | {"supported": "yes"}, SEVERE | {"supported": "no"})),
)
# A mix is given to two places: more would tell a small school's pupils one by one.
MIX_PLACES, RATE_PLACES, VARIANCE_PLACES = 2, 3, 8
NO_NEEDS = "N"
EVALUATED = "because nothing else that is published counts whom an intervention was evaluated on"
HEADLINE = "because it is everyone whom the headline counts"


def counts_from(request: CountsAsked) -> tuple[SchoolCounts, dict]:
    """Return a school's counts, and the record of what they tell for the papers that the school publishes later.

    Raises
    ------
    SettingsError
        If the school file cannot be used, or its year does not hold the day.
    InputError
        If the exports are refused, or end before the day.
    DisclosureError
        If the counts cannot be made safe.
    """
    from attendance_lib.intake.settings.loading import load_settings

    days = year_up_to(load_settings(request.school_file), request.to)
    pack = open_pack(
        str(request.school_file), *(day.isoformat() for day in days), cohorts_file=str(request.cohorts_file)
    )
    check_reaches(pack, days[1])
    told, record = counts_of(pack, [read_record(path) for path in request.history], request.sees)
    return replace(told, up_to=request.to.isoformat()), record


def year_up_to(settings: Settings, to: date) -> tuple[date, date]:
    """Return the first day of the school year that holds a day, and its last school day up to then.

    Raises
    ------
    InputError
        If the calendar has no school day in the year up to then.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2025-09-03", "2026-07-10", "2026-09-02"])})
    >>> calendar = SimpleNamespace(open_sessions=days.assign(school_year=["2025_26", "2025_26", "2026_27"]))
    >>> year_up_to(SimpleNamespace(file="ash.yml", build_calendar=lambda: calendar), date(2026, 7, 12))  # a Sunday
    (datetime.date(2025, 9, 3), datetime.date(2026, 7, 10))
    >>> year_up_to(SimpleNamespace(file="ash.yml", build_calendar=lambda: calendar), date(2025, 9, 2))
    Traceback (most recent call last):
    attendance_lib.errors.InputError: ash.yml: the calendar begins after 2025-09-02. Type in the terms before it.
    """
    sessions = settings.build_calendar().open_sessions
    held = sessions[sessions["date"] <= pd.Timestamp(to)]
    if held.empty:
        raise InputError(f"{settings.file}: the calendar begins after {to}. Type in the terms before it.")
    year = held[held["school_year"] == held["school_year"].iloc[-1]]
    return year["date"].iloc[0].date(), year["date"].iloc[-1].date()


def check_reaches(pack: Pack, day: date) -> None:
    """Refuse exports that end before the trust's day: half a year beside a whole one would be no comparison.

    Raises
    ------
    InputError
        If the last register taken is before it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pack = SimpleNamespace(school=SimpleNamespace(last_register_day=date(2026, 7, 9)))
    >>> check_reaches(pack, date(2026, 7, 9))
    >>> check_reaches(pack, date(2026, 7, 10))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.InputError: the last register taken is of 2026-07-09, and the trust's paper waits for marks of ...
    """
    last = pack.school.last_register_day
    if last < day:
        raise InputError(
            f"the last register taken is of {last}, and the trust's paper waits for marks of {day}. Export the marks again."
        )


def counts_of(
    pack: Pack, earlier: Sequence[Record] = (), sees: str = "protected"
) -> tuple[SchoolCounts, dict]:
    """Return a pack's counts (see ``counts_from``).

    Whatever the trust ``sees``, its paper is made of protected counts alone: it is read beside the governors' reports, and what
    their readers would work out from a total less the other schools no step in either could know of.
    """
    settings, level = pack.school.settings, pack.school.settings.rules.suppression_level
    tables = tables_of(pack)
    safe = protect([check_tied(each, PARTITIONS) for each in tables], level, PARTITIONS, earlier)
    shown = {table.name: table.frame for table in safe.tables}
    mix = shown[MIX].iloc[0]
    due, missed = registers_of(pack.enrolled.year_to_date)
    told = SchoolCounts(
        name=settings.school.name, urn=settings.school.urn, phase=settings.school.phase,
        up_to=pack.date_to.isoformat(), level=level, **standings_of(shown),
        absence_mix=told_rate(mix["absence_mix"]), persistent_mix=told_rate(mix["persistent_mix"]),
        registers_due=due, registers_missed=missed,
        practice=tuple(map(practice_of, shown[PRACTICE].to_dict("records"))),
        effects=tuple(map(effect_of, shown[POOLED].to_dict("records"))),
        definitions=definitions_of(pack),
        as_they_are=AsTheyAre(**standings_of({table.name: table.frame for table in tables})) if sees == "counts" else None,
    )  # fmt: skip
    return told, safe.record


def tables_of(pack: Pack) -> list[PublicTable]:
    """Return the tables behind the file, as they are if nobody is few."""
    tables = (public_standing, public_mix, public_support, public_practice, public_effects)
    return [table(pack) for table in tables]


# Each table, with what it counts in the coordinates of the school's other published papers

FLAGS = {
    "persistently_absent_enrolments": "persistently_absent",
    "severely_absent_enrolments": "severely_absent",
}


def public_standing(pack: Pack) -> PublicTable:
    """Return the counts of the year to date, and of the same point of the last year where it is held (one row each)."""
    days = days_of(pack.periods.register.sessions)
    years = [pack.periods.year_to_date, pack.periods.last_year_to_date]
    held = [year for year in years if len(year.sessions)]
    here = tuple(as_at(year.last_date) for year in held)
    over = tuple(span_of(days, days_of(year.sessions)) for year in held)
    return PublicTable(
        name=STANDING,
        title="Attendance of the school year to date",
        frame=pd.DataFrame([standing_row(year) for year in held]),
        rows=tuple({} for _ in held),
        counts=(
            Count("enrolments", by_row=here, alone=HEADLINE),
            Count(
                "absence_sessions", {"measure": "absence_sessions"}, "enrolments", Unit.SESSIONS, by_row=over,
                people="absent_enrolments",
            ),
            *(Count(column, {"measure": measure}, "enrolments", by_row=here) for column, measure in FLAGS.items()),
        ),
        rates=(Rate("possible_sessions", ("enrolments",), "enrolments"),),
    )  # fmt: skip


def standing_row(year: Register) -> dict[str, object]:
    """Return the counts of one year to date (enrolments, sessions) and its days."""
    figures, totals = span_figures(year), pupil_totals(year)
    names = ("enrolments", "possible_sessions", "absence_sessions", *FLAGS)
    days = {"date_from": year.first_date.isoformat(), "date_to": year.last_date.isoformat()}
    return days | {name: int(figures[name]) for name in names} | {
        "absent_enrolments": int((totals["absence_sessions"] > 0).sum())
    }  # fmt: skip


def public_mix(pack: Pack) -> PublicTable:
    """Return by what the mix of the year's pupils alone would raise England's figures (one row, ratios)."""
    year = pack.periods.year_to_date
    pupils = year.pupils[(pupil_totals(year)["possible_sessions"] > 0).to_numpy()]
    mix = mix_of(pack.school.settings.school.phase, cells(pupils))
    ratios = (mix.absence, mix.persistent) if mix else (None, None)
    frame = pd.DataFrame(
        {"enrolments": [len(pupils)]}
        | {
            name: [rounded(ratio, MIX_PLACES)]
            for name, ratio in zip(("absence_mix", "persistent_mix"), ratios, strict=True)
        }
    )
    return PublicTable(
        name=MIX,
        title="Expected of the school's mix",
        frame=frame,
        rows=(as_at(year.last_date),),
        counts=(Count("enrolments", alone=HEADLINE),),
        rates=tuple(Rate(name, ("enrolments",), "enrolments") for name in ("absence_mix", "persistent_mix")),
    )


def cells(pupils: pd.DataFrame) -> Iterator[Cell]:
    """Yield the year group, free school meals and needs of each pupil (row) as DfE's bands have them; not without a year group.

    Examples
    --------
    >>> pupils = pd.DataFrame({"year_group": [7, 8, None], "fsm": [True, None, False], SEN: [NO_NEEDS, "K", "K"]}, dtype=object)
    >>> list(cells(pupils)) == [(7, YES, NO), (8, "", YES)]
    True
    """
    for row in pupils[["year_group", "fsm", SEN]].to_dict("records"):
        if pd.notna(row["year_group"]):
            fsm = "" if pd.isna(row["fsm"]) else yes_or_no(row["fsm"])
            sen = "" if pd.isna(row[SEN]) else yes_or_no(row[SEN] != NO_NEEDS)
            yield int(row["year_group"]), fsm, sen


def yes_or_no(flag: object) -> str:
    """Return a known flag as the bands have it."""
    return YES if flag else NO


def public_support(pack: Pack) -> PublicTable:
    """Return of the severely absent how many have support of their own on file (one row; none without a log)."""
    totals = pupil_totals(pack.periods.year_to_date)
    severe = totals[(totals["possible_sessions"] > 0) & totals["is_severely_absent"]]
    support = support_of(pack).set_index("pupil_id")["has_support"]
    has = severe["pupil_id"].map(support)
    is_logged = pack.school.interventions is not None or pack.school.notices is not None
    frame = pd.DataFrame({"severely": [len(severe)], "supported": [int(has.fillna(value=False).sum())]})
    return PublicTable(
        name=SUPPORT,
        title="Severely absent pupils with support of their own",
        frame=frame if is_logged else frame.head(0),
        rows=(as_at(pack.periods.year_to_date.last_date),) if is_logged else (),
        counts=(
            Count("severely", SEVERE),
            Count("supported", SEVERE | {"supported": "yes"}, "severely"),
        ),
    )


EFFECTS = {"cautious_estimate": "difference", "low": "low", "high": "high"}


def public_practice(pack: Pack) -> PublicTable:
    """Return the interventions that likely helped and stand among all that were evaluated (fractions, one row each)."""
    columns = ["intervention", "pupils", *EFFECTS, "verdict", "stands_among_many"]
    impacts = pd.DataFrame(columns=columns)
    if pack.school.interventions is not None and len(pack.school.interventions):
        impacts = impact_so_far(pack).impacts[columns]
    helped = impacts[(impacts["verdict"] == Verdict.HELPED) & impacts["stands_among_many"].astype(bool)]
    frame = (
        helped.drop(columns=["verdict", "stands_among_many"]).rename(columns=EFFECTS).reset_index(drop=True)
    )
    frame = frame.assign(
        **{name: frame[name].map(lambda value: rounded(value, RATE_PLACES)) for name in EFFECTS.values()}
    )
    return public_evaluations(PRACTICE, "What likely helped", frame, pack.date_to, EFFECTS.values())


PLACES = {"estimate": RATE_PLACES, "low": RATE_PLACES, "high": RATE_PLACES, "variance": VARIANCE_PLACES}


def public_effects(pack: Pack) -> PublicTable:
    """Return what each intervention gives to a pool of several schools (one row each, fractions; see ``schools.effects_of``)."""
    frame = pd.DataFrame(columns=EFFECT_COLUMNS)
    if pack.school.interventions is not None and len(pack.school.interventions):
        frame = effects_of(impact_so_far(pack).evaluations.values())
    frame = frame.assign(
        **{name: [rounded(value, places) for value in frame[name]] for name, places in PLACES.items()}
    )
    title = "What each intervention gives to a pool of several schools"
    return public_evaluations(POOLED, title, frame, pack.date_to, PLACES)


def public_evaluations(
    name: str, title: str, frame: pd.DataFrame, day: date, figures: Iterable[str]
) -> PublicTable:
    """Return what is sent of interventions up to a day, one row each: ``pupils`` evaluated and ``figures`` made of them."""
    return PublicTable(
        name=name,
        title=title,
        frame=frame,
        rows=tuple({"intervention": each} | as_at(day) for each in frame["intervention"]),
        counts=(Count("pupils", {"measure": "pupils_evaluated"}, alone=EVALUATED),),
        rates=tuple(Rate(figure, ("pupils",), "pupils") for figure in figures),
    )


def registers_of(year: Register) -> tuple[int, int]:
    """Return the registers due of each form at each session, and those in which not one mark was made.

    They are registers, not pupils: nobody was absent or present by them.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.array([[FIRST_CODE, 0, CLOSED], [0, 0, CLOSED]], dtype=np.uint8)  # taken in part, not taken, closed
    >>> registers_of(Register(codes, pd.DataFrame({"form": ["8A", "8A"]}), pd.DataFrame(index=range(3))))
    (2, 1)
    """
    due = missed = 0
    for _, rows in year.pupils.reset_index(drop=True).groupby("form", dropna=False):
        codes = year.codes[rows.index]
        is_due = ((codes != NOT_ON_ROLL) & (codes != CLOSED)).any(axis=0)
        is_made = (codes >= FIRST_CODE).any(axis=0)
        due, missed = due + int(is_due.sum()), missed + int((is_due & ~is_made).sum())
    return due, missed


def own_codes(settings: Settings) -> list[str]:
    """Return the codes of a school's own system that its file translates, each with what it stands for.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> marks = [SimpleNamespace(codes={"P": "/", "ILL": "I"}), SimpleNamespace(codes={"ILL": "I"})]
    >>> own_codes(SimpleNamespace(exports=SimpleNamespace(marks=marks)))
    ['ILL for I', 'P for /']
    """
    return sorted(
        {f"{own} for {code}" for source in settings.exports.marks for own, code in source.codes.items()}
    )


def definitions_of(pack: Pack) -> dict[str, str]:
    """Return what the school's own rules say where schools may differ, by what they are about."""
    settings = pack.school.settings
    times, notices = settings.school.registers, settings.rules.notices
    part_time = (pack.enrolled.year_to_date.codes == cell_of("C2")).any()
    return {
        "Morning register closes": f"{times.AM.closes:%H:%M}",
        "Afternoon register closes": f"{times.PM.closes:%H:%M}",
        "Whom the headline counts": BASES[pack.periods.selection.basis].partition(":")[0],
        "Codes of its own system": ", ".join(own_codes(settings)) or "none",
        "Part-time timetables (C2)": "used this year" if part_time else "not used this year",
        "National notice threshold": framework_in_words(notices.national_framework),
        "Local notice rules": "; ".join(each.name for each in notices.local) or "none",
        "Bands of its own": ", ".join(band.name for band in settings.rules.local_bands) or "none",
        "Counts withheld below": str(settings.rules.suppression_level),
    }  # fmt: skip


def framework_in_words(framework: NationalFramework | None) -> str:
    """Say from when the national threshold is applied, and whether N counts.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> framework_in_words(SimpleNamespace(from_date=date(2024, 8, 19), count_n=False)), framework_in_words(None)
    ('applied from 2024-08-19, N does not count', 'not applied')
    """
    if framework is None:
        return "not applied"
    return f"applied from {framework.from_date}, N {'counts' if framework.count_n else 'does not count'}"


# Values as the file holds them


def standings_of(frames: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """Return both years (one row each, in sessions) and who has support, by their names in the file, from tables by name."""
    standings = [standing_of(row) for row in frames[STANDING].to_dict("records")]
    support = frames[SUPPORT]["supported"]
    return {
        "to_date": standings[0],
        "year_before": standings[1] if len(standings) > 1 else None,
        "supported": told_count(support.iloc[0]) if len(support) else None,
    }


def standing_of(row: dict) -> Standing:
    """Return one row of the standing as the file holds it.

    Examples
    --------
    >>> names = ("enrolments", "possible_sessions", "absence_sessions", *FLAGS)
    >>> row = dict.fromkeys(names, 40.0) | {"date_from": "2025-09-03", "date_to": "2026-07-10", "absence_sessions": "c"}
    >>> standing = standing_of(row)
    >>> standing.enrolments, standing.absence_sessions
    (40, 'c')
    """
    counts = {
        name: told_count(row[name])
        for name in ("enrolments", "possible_sessions", "absence_sessions", *FLAGS)
    }
    return Standing(row["date_from"], row["date_to"], **counts)


def practice_of(row: dict) -> Practice:
    """Return one row of the practice as the file holds it.

    Examples
    --------
    >>> row = {"intervention": "Mentoring", "pupils": 12.0, "difference": 0.021}
    >>> practice_of(row | {"low": "c", "high": float("nan")})  # withheld is not the same as none
    Practice(intervention='Mentoring', pupils=12, difference=0.021, low='c', high=None)
    """
    figures = {name: told_rate(row[name]) for name in EFFECTS.values()}
    return Practice(str(row["intervention"]), told_count(row["pupils"]), **figures)


def effect_of(row: dict) -> Effect:
    """Return what one intervention gives to a pool as the file holds it."""
    figures = {name: told_rate(row[name]) for name in PLACES}
    return Effect(
        str(row["intervention"]), told_count(row["pupils"]), **figures, not_pooled=row["not_pooled"]
    )


def told_count(value: object) -> int | str:
    """Return a count as the file holds it.

    Examples
    --------
    >>> told_count(12.0), told_count("c")
    (12, 'c')
    """
    return str(value) if is_suppressed(value) else int(value)


def told_rate(value: object) -> float | str | None:
    """Return a rate as the file holds it; None where there is none.

    Examples
    --------
    >>> told_rate(0.25), told_rate(float("nan")), told_rate("c")
    (0.25, None, 'c')
    """
    return str(value) if is_suppressed(value) else None if pd.isna(value) else float(value)


def rounded(value: float | None, places: int) -> float:
    """Return a figure rounded half up; missing stays missing.

    Examples
    --------
    >>> rounded(0.0625, 3), rounded(None, 3)
    (0.063, nan)
    """
    return float("nan") if value is None or pd.isna(value) else float(round_half_up(value, places))
