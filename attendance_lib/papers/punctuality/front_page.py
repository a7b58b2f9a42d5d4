"""The first page and the counts: L and U apart, minutes as they were written down, and when and where pupils are late."""

from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.comparators import england_of
from attendance_lib.analysis.headline import headline_of
from attendance_lib.analysis.lateness import could_be_on_time, in_bands, in_half, is_late, late_marks
from attendance_lib.analysis.measures import rate, with_rates
from attendance_lib.analysis.patterns import WEEKDAYS
from attendance_lib.display import (
    Chart,
    Column,
    Comparison,
    Document,
    KeyFigure,
    KeyFigures,
    Kind,
    Sentences,
    Table,
)
from attendance_lib.display.charts.heatmap import weekday_by_week_heatmap
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_number, format_percent
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.data_notes import rule_sources
from attendance_lib.papers.punctuality.pupils import late_pupils_of, school_rate
from attendance_lib.papers.punctuality.together import together_words
from attendance_lib.papers.shared import dates_told, england_on_a_card, listed, masthead
from attendance_lib.register.tally import tally
from attendance_lib.reports.papers import PUNCTUALITY
from attendance_lib.rules.calendar import SESSIONS
from attendance_lib.rules.codes import LATE_AFTER_CLOSE, LATE_BEFORE_CLOSE
from attendance_lib.rules.pupils import year_name
from attendance_lib.rules.sources import (
    ABSENCE_THRESHOLDS,
    LATE_AFTER_N,
    OLD_CODES,
    REGISTER_CODES,
    TAKING_REGISTERS,
)

MINUTES_AN_HOUR = 60
KINDS = {LATE_BEFORE_CLOSE: "before", LATE_AFTER_CLOSE: "after"}


def punctuality_masthead(pack: Pack) -> Document:
    """Return what heads the paper (see ``shared.masthead``)."""
    return masthead(pack, PUNCTUALITY)


@derived
def late_of(pack: Pack) -> pd.DataFrame:
    """Return the late marks of the period, of those whom the headline counts: rows of ``lateness.late_marks``, with minutes."""
    return late_marks(pack.periods.current, pack.school)


def key_figures(pack: Pack) -> KeyFigures:
    """Return the figures to know first: L and U apart, the time they come to, and how many are not chance."""
    return KeyFigures(
        name="punctuality_figures",
        title="Key figures",
        figures=(
            _arrivals(pack, LATE_BEFORE_CLOSE),
            _arrivals(pack, LATE_AFTER_CLOSE),
            _time(pack),
            _named(pack),
        ),
        note=_england_note(pack),
    )


def _arrivals(pack: Pack, code: str) -> KeyFigure:
    figures, when = headline_of(pack), KINDS[code]
    now = figures.loc[f"late_{when}_close_rate"]
    count = figures.loc[f"late_{when}_close_sessions", "current"]
    possible = figures.loc["possible_sessions", "current"]
    england = england_of(pack).get(f"late_{when}_close_rate")
    return KeyFigure(
        name=f"late_{when}_close",
        label=f"Late {when} the register closed ({code})",
        value=now["current"],
        kind=Kind.RATE,
        detail=f"{format_count(count)} of {format_count(possible, 'session')}",
        comparisons=(
            Comparison("in the period before", now["previous"], Kind.RATE),
            Comparison("in the same weeks last year", now["last_year"], Kind.RATE),
            Comparison("year to date", now["year_to_date"], Kind.RATE),
            *england_on_a_card(england),
        ),
    )


def _time(pack: Pack) -> KeyFigure:
    late = late_of(pack)
    before = late[late["code"] == LATE_BEFORE_CLOSE]
    minutes, without = int(before["minutes_late"].sum()), int(before["minutes_late"].isna().sum())
    taught = pack.school.settings.school.taught_minutes_a_day
    days = (
        f", or {format_number(minutes / taught)} of the school's days of {taught} taught minutes"
        if taught
        else ""
    )
    return KeyFigure(
        name="late_hours",
        label="Hours lost to L, as written down",
        value=minutes / MINUTES_AN_HOUR,
        kind=Kind.NUMBER,
        detail=f"{format_count(minutes, 'minute')} of {format_count(len(before) - without, 'arrival')}{days}; "
        f"{format_count(without)} without minutes",
    )


def _named(pack: Pack) -> KeyFigure:
    found = late_pupils_of(pack)
    return KeyFigure(
        name="pupils_who_stand_out",
        label="Pupils late more than chance explains",
        value=int(found["is_named"].sum()),
        kind=Kind.COUNT,
        detail=f"of {format_count(len(found), 'pupil')} late in the period",
    )


def _england_note(pack: Pack) -> str:
    named = {
        f"Late {when} closing": england_of(pack)[f"late_{when}_close_rate"]
        for when in KINDS.values()
        if f"late_{when}_close_rate" in england_of(pack)
    }
    told = dates_told(named, (pack.date_from, pack.date_to))
    return (
        f"Shares of possible sessions. England's stand beside the year to date: {told}."
        if told
        else "Shares of possible sessions."
    )


def what_to_know(pack: Pack) -> Sentences:
    """Return the sentences of the first page: whom to talk to, what was shared, where lateness is."""
    found = late_pupils_of(pack)
    named = found[found["is_named"]]
    rates = _rates(pack, "year_group")
    most = rates[rates["late_rate"] > 0].sort_values("late_rate", ascending=False, kind="stable").head(1)
    items = (
        f"{format_count(len(named), 'pupil')} of the {format_count(len(found))} late in the period "
        f"{'was' if len(named) == 1 else 'were'} late more often than chance explains."
        if len(found)
        else "Nobody was late in the period.",
        together_words(pack),
        *(
            f"Most late in {group}: {format_percent(late)} of possible sessions."
            for group, late in zip(most["group"], most["late_rate"], strict=True)
        ),
        _mornings(pack),
    )
    return Sentences(
        name="punctuality_words", title="What to know", style="lead", items=tuple(filter(None, items))
    )


def _mornings(pack: Pack) -> str:
    late = late_of(pack)
    if late.empty:
        return ""
    share = int((late["session"] == SESSIONS[0]).sum()) / len(late)
    return f"{format_percent(share, 0)} of late arrivals are in the morning; at this school {_one_in(school_rate(pack, 'AM'))}."


def _one_in(share: float) -> str:
    return (
        f"a pupil who comes is late to one morning in {format_count(1 / share)}"
        if share
        else "nobody is late in the morning"
    )


def minutes_late(pack: Pack) -> Table:
    """Return the late arrivals of the period by how late they were, those without minutes in a row of their own."""
    return Table(
        name="minutes_late",
        title="How late?",
        frame=in_bands(late_of(pack)),
        columns=(
            Column("band", "Minutes late", meaning="As written down in the register", width=28),
            *ARRIVALS,
        ),
        note="Nothing is assumed of arrivals without minutes. The minutes of U overlap the session that is already counted as "
        "missed, and are never added to it.",
    )


ARRIVALS = (
    Column(
        "late_before_close_sessions",
        "L marks",
        Kind.COUNT,
        meaning="Late arrivals before the register closed",
    ),
    Column(
        "late_after_close_sessions",
        "U marks",
        Kind.COUNT,
        meaning="Late arrivals after the register closed",
    ),
)


def _rates(pack: Pack, column: str) -> pd.DataFrame:
    counts = tally(pack.periods.current, [column])
    return _grouped(
        counts, PLACES[column], counts[column].map(_named_year if column == "year_group" else str)
    )


def _named_year(year: object) -> str:
    return year_name(int(year)) if not isinstance(year, str) else year


def _grouped(counts: pd.DataFrame, what: str, names: pd.Series) -> pd.DataFrame:
    """Return the rates of counts (one row per group) under the groups' names, of groups with a possible session."""
    late = counts["late_before_close_sessions"] + counts["late_after_close_sessions"]
    rates = with_rates(counts).assign(
        characteristic=what, group=names.astype(object), late_rate=rate(late, counts["possible_sessions"])
    )
    return rates[rates["possible_sessions"] > 0]


PLACES = {"year_group": "Year group", "form": "Form"}


def where_and_when(pack: Pack) -> Table:
    """Return L and U of the period by weekday, half of the day and year group."""
    register = pack.periods.current
    sessions = register.sessions.assign(weekday=register.sessions["date"].dt.day_of_week)
    by_day = tally(replace(register, sessions=sessions), by_session=["weekday"])
    by_half = tally(register, by_session=["session"])
    halves = {"AM": "Morning", "PM": "Afternoon"}
    rows = (
        _grouped(by_day, "Weekday", by_day["weekday"].map(dict(enumerate(WEEKDAYS)))),
        _grouped(by_half, "Half of the day", by_half["session"].map(halves)),
        _rates(pack, "year_group"),
    )
    frame = pd.concat(rows, ignore_index=True)
    return Table(
        "late_by_group", "When and in which years?", frame, GROUP_COLUMNS, row_header="group", note=RATES_NOTE
    )


def forms(pack: Pack) -> Table:
    """Return L and U of the period by form, the latest first."""
    order = {"by": ["late_rate", "group"], "ascending": [False, True]}
    return Table(
        name="late_by_form",
        title="In which forms?",
        frame=_rates(pack, "form").sort_values(**order, kind="stable", ignore_index=True),
        columns=GROUP_COLUMNS[1:],
        row_header="group",
        shown_rows=SHOWN_FORMS,
        note=f"{RATES_NOTE} A small form's rate moves by much with one pupil.",
    )


SHOWN_FORMS = 10
RATES_NOTE = "Rates are shares of possible sessions, as DfE's are."


GROUP_COLUMNS = (
    figure("characteristic", heading="By", meaning="What is compared", width=16),
    figure("group", heading="Which", meaning="Weekday, half of the day, year group or form", width=16),
    figure("possible_sessions", meaning="Possible sessions in the period"),
    *ARRIVALS,
    Column("late_before_close_rate", "L", Kind.RATE, meaning="L out of possible sessions"),
    Column("late_after_close_rate", "U", Kind.RATE, meaning="U out of possible sessions"),
)


def by_weekday_and_week(pack: Pack) -> Chart:
    """Return the share of mornings to which pupils came late, by weekday and school week of the year to date."""
    register = in_half(pack.periods.year_to_date, SESSIONS[0])
    sessions = register.sessions
    late, there = is_late(register).sum(axis=0), could_be_on_time(register).sum(axis=0)
    cells = pd.DataFrame(
        {
            "weekday": [WEEKDAYS[day] for day in sessions["date"].dt.day_of_week],
            "week_beginning": sessions["week_beginning"].to_numpy(),
            "late_rate": rate(pd.Series(late), pd.Series(there)).to_numpy(),
        }
    )
    return weekday_by_week_heatmap(cells, WEEKDAYS)


FEWEST_PUPILS, FEWEST_LESSONS = 10, 30


def first_lessons(pack: Pack) -> Table:
    """Return how often pupils were late on mornings that begin with each subject, where lessons are exported."""
    lessons = pack.school.lessons
    register = in_half(pack.periods.current, SESSIONS[0])
    frame = pd.DataFrame(columns=["subject", "pupils", "there_sessions", "late_sessions", "late_rate"])
    if lessons is not None and lessons["subject"].notna().any():
        frame = _by_first_lesson(register, lessons)
    return Table(
        name="late_by_first_lesson",
        title="Which lesson comes first?",
        frame=frame,
        columns=FIRST_LESSON_COLUMNS,
        note=f"Late mornings by the subject of the day's first lesson; shown from {FEWEST_PUPILS} pupils and {FEWEST_LESSONS} "
        "mornings on. Sets and weekdays differ too, so that this is a question to ask, not a finding.",
        empty_text="No export of lessons says which subject came first in the period."
        if lessons is None
        else "No subject came first often enough in the period.",
    )


def _by_first_lesson(register: object, lessons: pd.DataFrame) -> pd.DataFrame:
    first = lessons.sort_values(["pupil_id", "date", "period"]).drop_duplicates(["pupil_id", "date"])
    subject = first.set_index([first["pupil_id"].astype(str), "date"])["subject"].dropna()
    late, there = is_late(register), could_be_on_time(register)
    rows, columns = there.nonzero()
    ids = register.pupils["pupil_id"].astype(str).to_numpy()[rows]
    keys = pd.MultiIndex.from_arrays([ids, register.sessions["date"].to_numpy()[columns]])
    found = pd.DataFrame(
        {"subject": subject.reindex(keys).to_numpy(), "pupil_id": ids, "is_late": late[rows, columns]}
    ).dropna(subset="subject")
    counts = found.groupby("subject").agg(
        pupils=("pupil_id", "nunique"), there_sessions=("is_late", "size"), late_sessions=("is_late", "sum")
    )
    counts = counts[
        (counts["pupils"] >= FEWEST_PUPILS) & (counts["there_sessions"] >= FEWEST_LESSONS)
    ].reset_index()
    counts = counts.assign(late_rate=rate(counts["late_sessions"], counts["there_sessions"]))
    return counts.sort_values(
        ["late_rate", "subject"], ascending=[False, True], kind="stable", ignore_index=True
    )


FIRST_LESSON_COLUMNS = (
    Column("subject", "First lesson", meaning="Subject of the first lesson of the day", width=18),
    figure("pupils", meaning="Pupils who had it first"),
    Column("there_sessions", "Mornings", Kind.COUNT, meaning="Mornings to which these pupils came"),
    Column("late_sessions", "Late", Kind.COUNT, meaning="Of these, L or U"),
    Column("late_rate", "Rate", Kind.RATE, meaning="Late mornings out of mornings to which they came"),
)


def left_out_words(pack: Pack) -> Sentences:
    """Say what the paper could not look at, and what would be needed.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> roll = SimpleNamespace(current=SimpleNamespace(pupils=pd.DataFrame({"transport": ["Bus 4"], "postcode_area": ["LK1"]})))
    >>> settings = SimpleNamespace(school=SimpleNamespace(taught_minutes_a_day=300))
    >>> pack = SimpleNamespace(roll=roll, school=SimpleNamespace(lessons=None, settings=settings))
    >>> left_out_words(pack).items[0].partition(": ")[2]
    'brothers and sisters (pupils, family_id) and first lessons (exports, lessons).'
    """
    pupils = pack.roll.current.pupils
    unknown = {
        "transport": "buses (pupils, transport)",
        "postcode_area": "postcode areas (pupils, postcode_area)",
        "family_id": "brothers and sisters (pupils, family_id)",
    }
    missing = [
        words for column, words in unknown.items() if column not in pupils or pupils[column].isna().all()
    ]
    if pack.school.lessons is None:
        missing.append("first lessons (exports, lessons)")
    if not pack.school.settings.school.taught_minutes_a_day:
        missing.append("days of taught time (school, taught_minutes_a_day)")
    said = (
        f"Not looked at, for want of what is in brackets: {listed(missing)}."
        if missing
        else "Everything that was asked could be looked at."
    )
    return Sentences(name="punctuality_left_out", style="note", items=(said,))


def lateness_rules(pack: Pack) -> Table:
    """Return where the rules on late arrivals stand (see ``data_notes.rule_sources``)."""
    return rule_sources(pack, (REGISTER_CODES, OLD_CODES, TAKING_REGISTERS, LATE_AFTER_N, ABSENCE_THRESHOLDS))
