"""What has to be known or put right today besides the calls: who is expected, on site late, planned out, or over a line."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd

from attendance_lib.analysis.action_log import CLOSED, merge_actions
from attendance_lib.analysis.inspection.findings import SchoolDays
from attendance_lib.analysis.inspection.long_runs import unauthorised_runs, year_of_illness
from attendance_lib.analysis.inspection.scope import LONGEST_SUSPENSION_DAYS
from attendance_lib.analysis.lateness import late_marks
from attendance_lib.analysis.logs import issued, own_interventions
from attendance_lib.analysis.movement import SINCE, STANDING_LABELS, crossings_of
from attendance_lib.analysis.notice_windows import Windows
from attendance_lib.analysis.penalty_notices import people_in, rules_of
from attendance_lib.analysis.plans import plans_of
from attendance_lib.analysis.reasons import unexplained_of
from attendance_lib.analysis.support import CLOSED_NOTICES
from attendance_lib.display import Column, Parts, Table
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count
from attendance_lib.errors import counted
from attendance_lib.intake.planned import contradicted
from attendance_lib.pack.cohorts import was_of_school_age
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.daily.calls import last_at_the_desk, unexplained_now
from attendance_lib.papers.daily.moment import (
    at_last_session,
    day_before,
    days_away,
    is_afternoon,
    is_here,
    new_since_morning,
    now_codes,
    roll_ids,
    scope_at,
    session_of,
)
from attendance_lib.papers.shared import pupil_names
from attendance_lib.register.grid import LETTER_OF_CELL, MISSING, Register
from attendance_lib.rules.calendar import short_day
from attendance_lib.rules.codes import CODES, LATE_AFTER_CLOSE, NO_REASON_YET

LONG_AWAY_DAYS = 5
# Of a window of ten sessions eight, nine and ten are listed.
CLOSE_TO = 2
NAMED_ON_PAGE = 3
# Whoever reads these out needs everybody: in a fire, and to put the code right today.
ALL_NAMED = ("On site late (U): fire list", "N, but signed in: put right today", "Signed out: not on site")
SUSPENDED = "E"
GROUP_OF = {code.letter: code.group for code in CODES}
OVER = ("persistent", "severe")
# The finding of planned absence whose code is none, so that nobody is told to be out by it.
NO_CODE = "unknown_code_of_planned"


def _rows(pupil_ids: Iterable[object], details: Iterable[str]) -> pd.DataFrame:
    """A list of pupils with a few words each (one row per pupil and thing), without repetitions."""
    told = pd.DataFrame({"pupil_id": list(pupil_ids), "detail": list(details)}, dtype=object)
    return told.astype({"pupil_id": str}).astype(object).drop_duplicates(ignore_index=True)


def _ids(register: Register, where: np.ndarray) -> list[str]:
    return register.pupils["pupil_id"].astype(str)[where].tolist()


def _cell_in_words(cell: int) -> str:
    """What a mark tells of whether a pupil is in: never more of a reason than the code's group."""
    if cell == MISSING:
        return "no mark yet"
    letter = LETTER_OF_CELL.get(cell, "")
    return {NO_REASON_YET: "not in, no reason yet"}.get(letter) or GROUP_OF.get(letter, "not on roll").lower()


# Planned: who comes back, who is out, and where that and the register differ


def _planned_on(pack: Pack) -> pd.DataFrame:
    """The spells known beforehand that cover the day, of pupils on roll: rows of PLANNED."""
    planned = pack.school.planned
    if planned is None or planned.empty:
        return pd.DataFrame(columns=["pupil_id", "date_from", "date_to", "session", "code", "expected_back"])
    day = pd.Timestamp(pack.date_to)
    last = planned["date_to"].fillna(planned["date_from"])
    covers = (planned["date_from"] <= day) & (last >= day) & planned["pupil_id"].isin(roll_ids(pack))
    return planned[covers].reset_index(drop=True)


def _covers_now(pack: Pack, planned: pd.DataFrame) -> pd.Series:
    return planned["session"].isna() | (planned["session"] == session_of(pack))


def expected_back(pack: Pack) -> pd.DataFrame:
    """Return who is expected back on the day after planned absence or an estimate: a row each, with what the register has."""
    planned = pack.school.planned
    if planned is None:
        return _rows([], [])
    before, day = day_before(pack), pd.Timestamp(pack.date_to)
    ended = planned["date_to"].fillna(planned["date_from"]) == (
        pd.Timestamp(before.date_to) if before else pd.NaT
    )
    due = (planned["expected_back"] == day) | (
        planned["expected_back"].isna() & ended & planned["session"].isna()
    )
    out = _planned_on(pack)
    still = set(out.loc[_covers_now(pack, out), "pupil_id"])
    return _with_mark(pack, set(planned.loc[due, "pupil_id"]) - still)


def _with_mark(pack: Pack, wanted: set[str]) -> pd.DataFrame:
    year, cells = pack.roll.year_to_date, now_codes(pack)
    here = roll_ids(pack).isin(wanted).to_numpy()
    is_in = is_here(year)[:, -1]
    words = ["in" if is_in[row] else _cell_in_words(int(cells[row])) for row in np.flatnonzero(here)]
    return _rows(_ids(year, here), words)


def returners(pack: Pack) -> pd.DataFrame:
    """Return who is in after five school days or more away, for somebody to greet: one row per pupil.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.register.grid import cell_of
    >>> pupils, sessions = pd.DataFrame({"pupil_id": ["1", "2", "3"]}), pd.DataFrame({"date": pd.to_datetime(["2026-11-05"])})
    >>> year = Register(np.array([[cell_of(code)] for code in "//I"], dtype=np.uint8), pupils, sessions)
    >>> away = {days_away: pd.DataFrame({"days": [4, 5, 6]})}
    >>> returners(SimpleNamespace(roll=SimpleNamespace(year_to_date=year), results=away)).values.tolist()
    [['2', 'after 5 school days']]
    """
    away, year = days_away(pack), pack.roll.year_to_date
    back = is_here(year)[:, -1] & (away["days"] >= LONG_AWAY_DAYS).to_numpy()
    return _rows(_ids(year, back), [f"after {days} school days" for days in away["days"][back]])


def planned_out(pack: Pack) -> pd.DataFrame:
    """Return who was known beforehand to be out on the day, a row per entry, by the code's group alone; in an afternoon, then."""
    planned = _planned_on(pack)
    if is_afternoon(pack):
        planned = planned[_covers_now(pack, planned)]
    ahead = pack.school.planned_marks
    if len(ahead):
        is_own = ahead["pupil_id"].astype(str).isin(roll_ids(pack))
        today = ahead[(ahead["date"] == pd.Timestamp(pack.date_to)) & is_own]
        planned = pd.concat([planned, today.assign(expected_back=pd.NaT)], ignore_index=True)
    cells = zip(planned["code"], planned["session"], planned["expected_back"], strict=True)
    return _rows(planned["pupil_id"], [_planned_words(*each) for each in cells])


def _planned_words(code: object, session: object, back: pd.Timestamp) -> str:
    group = GROUP_OF.get(str(code), "no register code").lower()
    when = "" if pd.isna(session) else f", {session} only"
    return f"{group}{when}{'' if pd.isna(back) else f', back {short_day(back)}'}"


def contradictions(pack: Pack) -> pd.DataFrame:
    """Return whose mark of the day is another than planned, a row each: who came all the same, and who has another code."""
    planned, ids = _planned_on(pack), roll_ids(pack)
    marks = pd.Series(
        [LETTER_OF_CELL.get(int(cell)) for cell in now_codes(pack)], index=ids, dtype=object
    ).dropna()
    now = marks.rename("code").rename_axis("pupil_id").reset_index()
    now = now.assign(date=pd.Timestamp(pack.date_to), session=session_of(pack))
    found = planned[contradicted(planned, now)].drop_duplicates("pupil_id", keep="last")
    words = [
        f"planned {code}, marked {marks[pupil]}: ask, then correct one of the two"
        for pupil, code in zip(found["pupil_id"], found["code"], strict=True)
    ]
    return _rows(found["pupil_id"], words)


# On site, whatever the register says


def on_site_late(pack: Pack) -> pd.DataFrame:
    """Return who came after the register closed, absent by it and on site, so on the fire list: a row each, with the minutes."""
    late = late_marks(at_last_session(pack.roll.current), pack.school)
    late = late[late["code"] == LATE_AFTER_CLOSE]
    minutes = [
        counted(int(each), "minute") if pd.notna(each) else "minutes not known"
        for each in late["minutes_late"]
    ]
    return _rows(late["pupil_id"], minutes)


def signed_in_with_n(pack: Pack) -> pd.DataFrame:
    """Return who is N, or without a mark, and came to the desk on the day (a row each): U or a better code is to be entered."""
    return _by_the_desk(pack, "in", unexplained_now(pack), "at the desk")


def signed_out(pack: Pack) -> pd.DataFrame:
    """Return who is present by the day's register and has signed out since, so is not on the fire list: one row per pupil."""
    return _by_the_desk(pack, "out", is_here(pack.roll.year_to_date)[:, -1], "at")


def _by_the_desk(pack: Pack, direction: str, where: np.ndarray, words: str) -> pd.DataFrame:
    """Whom the register has so (boolean, rows of the roll) and the desk last as come in or gone out, with the time."""
    signed, ids = last_at_the_desk(pack, direction), roll_ids(pack)
    told = ids[where & ids.isin(signed).to_numpy()]
    return _rows(told, [f"{words} {signed[pupil]}" for pupil in told])


# Lines that are crossed with the day's marks, on whole numbers of sessions and school days


def suspended(pack: Pack) -> pd.DataFrame:
    """Return who is suspended for the fifth or sixth school day in a row: from the sixth, education is owed at school age."""
    year = pack.roll.year_to_date
    runs = SchoolDays(year).whole([SUSPENDED])
    runs = runs[runs["last"] == len(year.sessions) - 1]
    today = np.array([pack.date_to], dtype="datetime64[D]")
    of_age = was_of_school_age(year.pupils, today)[:, 0]
    words = {
        LONGEST_SUSPENSION_DAYS: "day 5: education is owed from the next school day",
        LONGEST_SUSPENSION_DAYS + 1: "day 6: education is owed from today",
    }
    runs = runs[runs["length"].isin(words) & of_age[runs["row"].to_numpy(dtype=int)]]
    ids = year.pupils["pupil_id"].iloc[runs["row"].to_numpy(dtype=int)]
    return _rows(ids, runs["length"].map(words))


def crossing_today(pack: Pack) -> pd.DataFrame:
    """Return who crosses a line with the day's marks, a row each: 10% and 50%, a notice window, a return to the authority."""
    found = (_over_absence, _in_windows, _ten_unauthorised, _fifteen_ill)
    return pd.concat([each(pack) for each in found], ignore_index=True)


def _over_absence(pack: Pack) -> pd.DataFrame:
    found = crossings_of(pack)
    found = found[(found["cause"] == SINCE) & found["is_worse"].astype(bool) & found["now"].isin(OVER)]
    ids = pack.roll.year_to_date.pupils["pupil_id"].iloc[found["row"].to_numpy(dtype=int)]
    return _rows(ids, [STANDING_LABELS[now].partition(" (")[0].lower() for now in found["now"]])


def _in_windows(pack: Pack) -> pd.DataFrame:
    """Who has 8, 9 or 10 sessions of a window (up to two short of a rule's number) that had fewer before the day."""
    people = people_in(pack)
    before = int((people.days < np.datetime64(pack.date_to)).sum())
    own = people.pupils["pupil_id"].isin(roll_ids(pack)).to_numpy()
    rows = []
    for rule in rules_of(pack):
        running = Windows(rule, people).running
        now, then = running[:, -1], running[:, before - 1] if before else np.zeros(len(running), dtype=int)
        rose = (
            people.is_listed & own & (now > then) & (now >= rule.sessions - CLOSE_TO) & (then < rule.sessions)
        )
        told = [
            f"{min(int(now[at]), rule.sessions)} of {rule.sessions}, {rule.name}"
            for at in np.flatnonzero(rose)
        ]
        rows.append(_rows(people.pupils["pupil_id"][rose], told))
    return pd.concat(rows, ignore_index=True) if rows else _rows([], [])


def _ten_unauthorised(pack: Pack) -> pd.DataFrame:
    return _new_by_pupil(
        pack, unauthorised_runs, "10 school days unauthorised in a row: return to the local authority"
    )


def _fifteen_ill(pack: Pack) -> pd.DataFrame:
    return _new_by_pupil(pack, year_of_illness, "15 school days of illness this year: sickness return")


def _new_by_pupil(pack: Pack, find: Callable, words: str) -> pd.DataFrame:
    """What a check of the register inspection finds with the day's marks and did not find before them."""
    before = day_before(pack)
    found = find(scope_at(pack))
    told = set() if before is None else {*_begun(find(scope_at(before)))}
    ids = [pupil for pupil, since in _begun(found) if (pupil, since) not in told]
    return _rows(ids, [words] * len(ids))


def _begun(found: pd.DataFrame) -> list[tuple[str, object]]:
    return list(zip(found["pupil_id"], found["date"], strict=True))


# Support that ends or is looked at today


def ends_today(pack: Pack) -> pd.DataFrame:
    """Return what ends or is reviewed on the day, a row each: support plans, interventions, notices, actions that are due."""
    parts = (
        _plans_reviewed(pack),
        *_interventions_of_the_day(pack),
        _notices_ending(pack),
        _actions_due(pack),
    )
    found = pd.concat(parts, ignore_index=True)
    return found[found["pupil_id"].isin(roll_ids(pack))].reset_index(drop=True)


def _plans_reviewed(pack: Pack) -> pd.DataFrame:
    plans = plans_of(pack)
    plans = plans[plans["is_review_due"] & (plans["review_day"] == pd.Timestamp(pack.date_to))]
    return _rows(plans["pupil_id"], "review of plan " + plans["plan_id"].astype(str))


def _interventions_of_the_day(pack: Pack) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Those that end on the day, and those that run and are reviewed on it."""
    day, logged = pd.Timestamp(pack.date_to), own_interventions(pack.school.interventions, pack.date_to)
    ends = logged[logged["end_date"] == day]
    reviews = logged[logged["is_running"] & (logged["review_date"] == day)]
    return (
        _rows(ends["pupil_id"], ends["intervention"].astype(str) + " ends"),
        _rows(reviews["pupil_id"], "review of " + reviews["intervention"].astype(str)),
    )


def _notices_ending(pack: Pack) -> pd.DataFrame:
    notices = issued(pack.school.notices, pack.date_to)
    ends = notices["ends_on"] == pd.Timestamp(pack.date_to)
    notices = notices[ends & ~notices["status"].isin(CLOSED_NOTICES)]
    return _rows(notices["pupil_id"], notices["kind"].astype(str) + " ends")


def _actions_due(pack: Pack) -> pd.DataFrame:
    actions = merge_actions(pack.school.actions, pack.casebook, pack.meetings)
    is_due = actions["due_date"] == pd.Timestamp(pack.date_to)
    due = actions[is_due & ~actions["status"].isin(CLOSED)].dropna(subset="pupil_id")
    return _rows(due["pupil_id"], [f"action due{f', {owner}' if owner else ''}" for owner in due["owner"]])


# Still without a reason: by age


@derived
def reasons_due(pack: Pack) -> pd.DataFrame:
    """Return the N marks of the school year by their age.

    Returns
    -------
    pandas.DataFrame
        One row per mark: ``row`` (an enrolment of ``enrolled.year_to_date``), ``date``, ``session``, ``age`` (school days since,
        the day itself being 0), ``is_due`` (the fifth school day after it is today) and ``is_overdue`` (it is past).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> found = pd.DataFrame({"date": ["2026-11-05", "2026-11-06"], "deadline_date": ["2026-11-12", "2026-11-13"]})
    >>> found = found.apply(pd.to_datetime).assign(what=NO_REASON_YET)
    >>> calendar = SimpleNamespace(school_days=[np.datetime64(f"2026-11-{day:02}") for day in (5, 6, 9, 10, 11, 12, 13)])
    >>> pack = SimpleNamespace(date_to="2026-11-12", school=SimpleNamespace(calendar=calendar), results={unexplained_of: found})
    >>> reasons_due(pack)[["age", "is_due"]].values.tolist()  # a weekend is no school day
    [[5, True], [4, False]]
    """
    found = unexplained_of(pack)
    found = found[found["what"] == NO_REASON_YET].reset_index(drop=True)
    days = np.array(pack.school.calendar.school_days, dtype="datetime64[D]")
    at = np.searchsorted(days, found["date"].to_numpy().astype("datetime64[D]"))
    age = np.searchsorted(days, np.datetime64(pack.date_to)) - at
    return found.assign(age=age, is_due=found["deadline_date"] == pd.Timestamp(pack.date_to))


def n_due(pack: Pack) -> pd.DataFrame:
    """Return whose reason is due today, with how many sessions: one row per pupil."""
    return _by_pupil(pack, reasons_due(pack)["is_due"])


def n_overdue(pack: Pack) -> pd.DataFrame:
    """Return whose reason is overdue, so that O must be entered, one row per pupil with the sessions: the longest first."""
    return _by_pupil(pack, reasons_due(pack)["is_overdue"])


def _by_pupil(pack: Pack, wanted: pd.Series) -> pd.DataFrame:
    found = reasons_due(pack)[wanted].sort_values(["date", "row"], kind="stable")
    ids = pack.enrolled.year_to_date.pupils["pupil_id"].astype(str)
    told = [
        (ids.iloc[row], f"{counted(len(marks), 'session')} since {short_day(marks['date'].min())}")
        for row, marks in found.groupby("row", sort=False)
    ]
    return _rows([pupil for pupil, _ in told], [words for _, words in told])


LISTS: tuple[tuple[str, Callable[[Pack], pd.DataFrame]], ...] = (
    ("N, a reason due today", n_due),
    ("N overdue: must become O", n_overdue),
    ("Expected back today", expected_back),
    ("In after five school days or more", returners),
    ("On site late (U): fire list", on_site_late),
    ("N, but signed in: put right today", signed_in_with_n),
    ("Signed out: not on site", signed_out),
    ("Planned out", planned_out),
    ("Suspended, day 5 or 6", suspended),
    ("Crosses a line today", crossing_today),
    ("Ends, or is reviewed, today", ends_today),
    ("Planned and marked otherwise", contradictions),
)


@derived
def today_of(pack: Pack) -> pd.DataFrame:
    """Return all lists, one row per pupil and thing: ``what``, ``detail`` and the pupil's name, form, year and key adult.

    In an afternoon only what is new since the morning.
    """
    lists = [new_since_morning(pack, find).assign(what=what) for what, find in LISTS]
    found = pd.concat(lists, ignore_index=True)
    pupils = pack.enrolled.year_to_date.pupils
    named = pupils.assign(pupil_id=pupils["pupil_id"].astype(str), pupil_name=pupil_names(pupils))
    named = named.drop_duplicates("pupil_id", keep="last").reindex(columns=["pupil_id", *NAMED])
    return found.merge(named, on="pupil_id", how="left", validate="m:1")


NAMED = ("pupil_name", "form", "year_group", "key_adult")


def today(pack: Pack) -> Parts:
    """Return what else is to be known or put right today: how many and who on the page, everybody in the workbook."""
    found = today_of(pack)
    page = Table(
        name="today_page",
        title="New since the morning" if is_afternoon(pack) else "Today",
        frame=pd.DataFrame(list(_on_the_page(found)), columns=["what", "who"]),
        columns=PAGE_COLUMNS,
        note=f"Everybody stands in the workbook, sheet Today, pupil by pupil. {_nothing(pack, set(found['what']))}".rstrip(),
        empty_text="Nothing else is new." if is_afternoon(pack) else "Nothing else is to be known today.",
    )
    return Parts("today_parts", (page,), (_pupil_by_pupil(found),))


def _on_the_page(found: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Each list with somebody on it: how many, and who."""
    for what, _ in LISTS:
        own = found[found["what"] == what]
        if len(own):
            most = len(own) if what in ALL_NAMED else NAMED_ON_PAGE
            yield f"{what} ({format_count(len(own))})", _named(own, most)


def _pupil_by_pupil(found: pd.DataFrame) -> Table:
    return Table(
        name="today",
        title="Today, pupil by pupil",
        frame=found,
        columns=TODAY_COLUMNS,
        row_header="pupil_name",
        note="No more of a reason than its code's group.",
        empty_text="Nothing.",
    )


def _named(own: pd.DataFrame, most: int) -> str:
    first = own.head(most)
    cells = zip(first["pupil_name"], first["form"], first["detail"], strict=True)
    told = [f"{name} ({form}) {detail}" for name, form, detail in cells]
    more = len(own) - len(told)
    return "; ".join(told) + (f"; and {format_count(more)} more" if more else "")


def _nothing(pack: Pack, told: set[str]) -> str:
    """The lists on which nobody stands, and the exports without which some could not be looked at."""
    nobody = [what.partition(":")[0].partition(" (")[0] for what, _ in LISTS if what not in told]
    nobody_on = f"Nobody: {'; '.join(nobody)}." if nobody and told else ""
    return " ".join(filter(None, (nobody_on, _without_code(pack), _not_looked_at(pack))))


def _without_code(pack: Pack) -> str:
    left_out = sum(each.count for each in pack.school.log.findings if each.rule == NO_CODE)
    return f"Left out: {counted(left_out, 'planned absence')} with no register code." if left_out else ""


def _not_looked_at(pack: Pack) -> str:
    read = {"planned": pack.school.planned, "sign_ins": pack.school.sign_ins}
    missing = ", ".join(name for name, table in read.items() if table is None)
    said = f"Not looked at, for want of exports: {missing} (name the files under exports in the school file)."
    return said if missing else ""


PAGE_COLUMNS = (
    Column("what", "What", meaning="What is to be known or put right, and of how many", width=30),
    figure("who", meaning="The first of them; of the fire list and its like all", width=80),
)
TODAY_COLUMNS = (
    Column("what", "What", meaning="What is to be known or put right", width=30),
    *shown("pupil_name", "form"),
    Column("detail", "More", meaning="Counts, times, and no more of a reason than the code's group", personal=True, width=44),
    figure("key_adult", heading="Key adult, who greets"),
    figure("pupil_id"), figure("year_group"),
)  # fmt: skip
