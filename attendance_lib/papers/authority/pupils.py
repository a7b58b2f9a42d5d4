"""The pupils whom the meeting is about, what is on file of each, and what is asked of whom."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.contact_log import support_of
from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.inspection.inspect import inspected
from attendance_lib.analysis.inspection.long_runs import unauthorised_runs, year_of_illness
from attendance_lib.analysis.logs import is_filled, own_interventions
from attendance_lib.analysis.part_time import part_time_on
from attendance_lib.analysis.plans import running_plans
from attendance_lib.display import Column, Highlight, Kind, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count
from attendance_lib.errors import in_number
from attendance_lib.intake.support_tables import ANSWERS
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.cases import pupils_known
from attendance_lib.papers.shared import NOT_KNOWN
from attendance_lib.rules.calendar import short_day

NO_PLAN, NO_LEAD = "No plan", "None named"
SCHOOL, LEAD, AUTHORITY = ASKED_OF = ("School", "Lead practitioner", "Local authority")
# Of agencies that a log names in one cell.
BETWEEN = re.compile(r"[,;/&+]|\band\b")
SEVERAL = 2
# What the inspection finds that is to be told to the authority; of an unbroken absence only one that has not ended.
GONE, ILL = "unauthorised_return", "illness_return"
RETURNS = {GONE: "Unauthorised for 10 school days in a row", ILL: "Ill for 15 school days or more"}
WAITING = ANSWERS[-1]


@dataclass(frozen=True)
class Ask:
    """What is asked of whom where a flag of ``cases_of`` holds: in the list of one pupil's, and in the table of all."""

    flag: str
    of: str
    what: str


ASKS = (
    Ask("lacks_plan", SCHOOL, "agree a plan with the family and name its lead practitioner"),
    Ask("lacks_lead", SCHOOL, "name the plan's lead practitioner"),
    Ask("is_review_overdue", LEAD, "hold the review that is overdue"),
    Ask("lacks_agency", AUTHORITY, "say which service can join the plan"),
    Ask("is_waiting", AUTHORITY, "say what became of the offer of early help"),
    Ask("has_several", AUTHORITY, "bring the agencies together, with one lead practitioner"),
    Ask("is_lost", SCHOOL, "visit, and make the return to the authority"),
    Ask("is_lost", AUTHORITY, "check with other services where the pupil is (children missing education)"),
    Ask("is_long_ill", SCHOOL, "make the sickness return, and agree support"),
    Ask("is_incomplete", SCHOOL, "complete what the part-time timetable lacks, or end it"),
    Ask("is_past_review", SCHOOL, "review the part-time timetable with the family"),
)


@derived
def cases_of(pack: Pack) -> pd.DataFrame:
    """Return what is on file of each pupil on roll for the meeting.

    Returns
    -------
    pandas.DataFrame
        One row per pupil, most absent first: the columns of ``cases.pupils_known``, ``plan`` (the support plan that runs, or
        NO_PLAN), ``lead`` (its lead practitioner), ``barrier``, ``agencies`` (texts), ``agency_count``, ``early_help``,
        ``tried`` (support on file this school year), the flags of ASKS and ``asked`` (in words).
    """
    cases = with_asks(with_support(pupils_known(pack), pack), pack)
    told = cases.assign(asked=list(asked_in_words(cases)))
    by = ["absence_rate", "absence_sessions", "pupil_id"]
    return told.sort_values(by, ascending=[False, False, True], ignore_index=True)


def with_support(known: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Return pupils (one row each) with what is on file of their support up to the pack's last day: ``plan`` to ``tried``."""
    ids, plans = known["pupil_id"], running_plans(pack)
    plan, has_plan = plans.reindex(ids), ids.isin(plans.index).to_numpy()
    running = own_interventions(pack.school.interventions, pack.date_to)
    agencies = [sorted(each) for each in agencies_of(ids, plan, running[running["is_running"]])]
    return known.assign(
        plan=list(plans_in_words(plan, has_plan)),
        lead=list(leads_in_words(plan, has_plan)),
        barrier=barriers(ids, plan, pack),
        agencies=["; ".join(each) for each in agencies],
        agency_count=np.array([len(each) for each in agencies]),
        early_help=list(early_help_in_words(plan)),
        tried=support_of(pack).set_index("pupil_id")["support_text"].reindex(ids).fillna("").to_numpy(),
    )  # fmt: skip


def leads_in_words(plan: pd.DataFrame, has_plan: np.ndarray) -> Iterator[str]:
    """Yield the lead practitioner of each plan (one row each), or that there is none.

    Examples
    --------
    >>> plan = pd.DataFrame({"lead": ["S Okafor", None, "R Lind"]})
    >>> list(leads_in_words(plan, np.array([True, True, False]))) == ["S Okafor", NO_LEAD, NO_LEAD]
    True
    """
    for lead, is_running in zip(plan["lead"], has_plan, strict=True):
        yield (text(lead) if is_running else "") or NO_LEAD


def with_asks(cases: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Return pupils with what ``with_support`` says (one row each), and the flags of ASKS as they stand on the pack's last day."""
    ids, plans, returns, part_time = (
        cases["pupil_id"],
        running_plans(pack),
        returns_of(pack),
        part_time_of(pack),
    )
    plan, has_plan = plans.reindex(ids), ids.isin(plans.index).to_numpy()
    part_time = part_time[part_time["is_running"]]
    severe, counts = cases["is_severely_absent"].to_numpy(dtype=bool), cases["agency_count"].to_numpy()
    return cases.assign(
        lacks_plan=severe & ~has_plan,
        lacks_lead=has_plan & ~is_filled(plan["lead"]).to_numpy(),
        is_review_overdue=ids.isin(plans.index[plans["is_review_overdue"]]).to_numpy(),
        lacks_agency=severe & has_plan & (counts == 0),
        is_waiting=(plan["early_help_answer"] == WAITING).to_numpy(dtype=bool),
        has_several=cases["is_persistently_absent"].to_numpy(dtype=bool) & (counts >= SEVERAL),
        is_lost=ids.isin(returns.loc[returns["rule"] == GONE, "pupil_id"]).to_numpy(),
        is_long_ill=ids.isin(returns.loc[returns["rule"] == ILL, "pupil_id"]).to_numpy(),
        is_incomplete=ids.isin(part_time.loc[part_time["lacks"] != "", "pupil_id"]).to_numpy(),
        is_past_review=ids.isin(part_time.loc[part_time["is_review_overdue"], "pupil_id"]).to_numpy(),
    )


def text(value: object) -> str:
    """Return a cell as text; empty where it is missing or blank.

    Examples
    --------
    >>> text(" Early help "), text(None), text(float("nan"))
    ('Early help', '', '')
    """
    return "" if pd.isna(value) else str(value).strip()


def agencies_of(ids: pd.Series, plan: pd.DataFrame, running: pd.DataFrame) -> Iterator[set[str]]:
    """Yield the outside agencies of each pupil (rows of ``plan``), each once: of the plan and of the interventions that run.

    Examples
    --------
    >>> import pandas as pd
    >>> plan = pd.DataFrame({"agencies": ["Early Help, CAMHS"]})
    >>> running = pd.DataFrame({"pupil_id": ["7"], "agency": ["camhs and School Nurse"]})
    >>> [sorted(each) for each in agencies_of(pd.Series(["7"]), plan, running)]
    [['CAMHS', 'Early Help', 'School Nurse']]
    """
    logged = running[is_filled(running["agency"])].groupby("pupil_id")["agency"].agg("; ".join).to_dict()
    for pupil, planned in zip(ids, plan["agencies"], strict=True):
        named = BETWEEN.split(f"{text(planned)}; {logged.get(pupil, '')}")
        spellings: dict[str, str] = {}
        for each in filter(None, (" ".join(name.split()) for name in named)):
            # As first written, which is the plan's spelling: what was agreed with the family, not what the log calls it.
            spellings.setdefault(each.casefold(), each)
        yield set(spellings.values())


def plans_in_words(plan: pd.DataFrame, has_plan: np.ndarray) -> Iterator[str]:
    """Yield each pupil's plan (one row each, missing where none runs): its number, since which day, and when it is reviewed.

    Examples
    --------
    >>> plan = pd.DataFrame({"plan_id": ["SP1", "SP2", None], "opened_on": pd.Timestamp(2026, 9, 7), "history": None})
    >>> plan["review_day"] = pd.to_datetime(["2026-10-19", None, None])
    >>> list(plans_in_words(plan, np.array([True, True, False])))
    ['SP1 since 7 Sep, review 19 Oct', 'SP2 since 7 Sep, no review set', 'No plan']
    """
    for row, yes in zip(plan.to_dict("records"), has_plan, strict=True):
        if not yes:
            yield NO_PLAN
            continue
        review = (
            f", review {short_day(row['review_day'])}" if pd.notna(row["review_day"]) else ", no review set"
        )
        before = f"; before it {row['history']}" if text(row["history"]) else ""
        yield f"{row['plan_id']} since {short_day(row['opened_on'])}{review}{before}"


def barriers(ids: pd.Series, plan: pd.DataFrame, pack: Pack) -> list[str]:
    """Return what keeps each pupil from attending: as the plan has it (a row each), else the newest intervention by the day.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> log = pd.DataFrame({"pupil_id": ["1", "2", "2", "2"], "intervention": "Mentor", "barrier": ["Bus", "Bus", "Sleep", "Work"]})
    >>> log["start_date"] = pd.to_datetime(["2026-09-07", "2026-09-07", "2026-10-05", "2026-12-07"])
    >>> pack = SimpleNamespace(date_to=pd.Timestamp(2026, 11, 6), school=SimpleNamespace(interventions=log))  # before the last
    >>> barriers(pd.Series(["1", "2", "3"]), pd.DataFrame({"barrier": ["Anxiety", None, None]}), pack)
    ['Anxiety', 'Sleep', '']
    """
    log = pack.school.interventions
    logged: dict[str, str] = {}
    if log is not None and "barrier" in log:
        rows = log[is_filled(log["barrier"]) & (log["start_date"] <= pd.Timestamp(pack.date_to))]
        newest = rows.sort_values(["start_date", "intervention"]).astype({"pupil_id": str})
        logged = newest.drop_duplicates("pupil_id", keep="last").set_index("pupil_id")["barrier"].to_dict()
    return [
        text(told) or text(logged.get(pupil, "")) for pupil, told in zip(ids, plan["barrier"], strict=True)
    ]


def early_help_in_words(plan: pd.DataFrame) -> Iterator[str]:
    """Yield on which day early help was offered under each plan (one row each) and what became of it; empty where it was not.

    Examples
    --------
    >>> plan = pd.DataFrame({"early_help_offered_on": pd.to_datetime(["2026-11-05", None])})
    >>> list(early_help_in_words(plan.assign(early_help_answer=["accepted", None])))
    ['offered 5 Nov, accepted', '']
    """
    for day, answer in zip(plan["early_help_offered_on"], plan["early_help_answer"], strict=True):
        yield f"offered {short_day(day)}, {text(answer) or 'no answer written down'}" if pd.notna(day) else ""


def asked_in_words(cases: pd.DataFrame) -> Iterator[str]:
    """Yield what is asked of whom for each pupil (one row each, with the flags of ASKS); empty if nothing is.

    Examples
    --------
    >>> flags = {ask.flag: [ask.flag in ("lacks_lead", "is_lost")] for ask in ASKS}
    >>> list(asked_in_words(pd.DataFrame(flags)))[0].split(". ")[0]
    "School: name the plan's lead practitioner; visit, and make the return to the authority"
    """
    held = {ask.flag: cases[ask.flag].to_numpy(dtype=bool) for ask in ASKS}
    for row in range(len(cases)):
        yield by_whom([ask for ask in ASKS if held[ask.flag][row]])


def by_whom(asks: Iterable[Ask]) -> str:
    """Return what is asked, together for each of those of whom it is asked.

    Examples
    --------
    >>> lost = [Ask("is_lost", AUTHORITY, "check with others"), Ask("is_lost", SCHOOL, "visit")]
    >>> by_whom([*lost, Ask("lacks_plan", SCHOOL, "agree a plan")])
    'School: visit; agree a plan. Local authority: check with others'
    """
    asked: dict[str, list[str]] = {of: [] for of in ASKED_OF}
    for ask in asks:
        asked[ask.of].append(ask.what)
    return ". ".join(f"{of}: {'; '.join(whats)}" for of, whats in asked.items() if whats)


# Children missing education, and part-time timetables


@derived
def returns_of(pack: Pack) -> pd.DataFrame:
    """Return the returns that are owed to the authority, of pupils on roll (one row per pupil and return, oldest first).

    ``pupil_id``, ``first_date``, ``last_date``, ``what`` and ``detail``. Of a run of unauthorised absence only one that reaches
    the register's last day: who is back in school is not lost.
    """
    scope = inspected(pack)
    found = pd.concat([unauthorised_runs(scope), year_of_illness(scope)], ignore_index=True)
    found = found[found["pupil_id"].isin(totals_of(pack)["pupil_id"])]
    last = pd.Timestamp(pack.periods.current.last_date)
    told = found.assign(
        what=found["rule"].map(RETURNS), first_date=found["date"], last_date=found["end_date"]
    )
    rows = told[(told["rule"] != GONE) | (told["last_date"] >= last)]
    rows = rows.astype({"pupil_id": str}).sort_values(["first_date", "pupil_id", "rule"], ignore_index=True)
    return rows[["pupil_id", "rule", "what", "detail", "first_date", "last_date"]]


@derived
def part_time_of(pack: Pack) -> pd.DataFrame:
    """Return the part-time timetables of pupils on roll, as on file on the pack's last day: rows of ``part_time.part_time_on``."""
    rows = part_time_on(pack.school.part_time, pd.Timestamp(pack.date_to)).astype({"pupil_id": str})
    return rows[rows["pupil_id"].isin(totals_of(pack)["pupil_id"].astype(str))].reset_index(drop=True)


# The tables


def severe_pupils(pack: Pack) -> Table:
    """Return the severely absent pupils, one by one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cases = pd.DataFrame({"is_severely_absent": [True, True, False], "lacks_plan": [True, False, True]})
    >>> table = severe_pupils(SimpleNamespace(school=SimpleNamespace(plans="plans.csv"), results={cases_of: cases}))
    >>> table.note.partition("; ")[2]
    '1 of them has no support plan that runs.'
    """
    cases = cases_of(pack)
    frame = cases[cases["is_severely_absent"]].reset_index(drop=True)
    without = int(frame["lacks_plan"].sum())
    return Table(
        name="severe_pupils",
        title="Severe absence, pupil by pupil",
        frame=frame,
        columns=CASE_COLUMNS,
        row_header="pupil_name",
        note=f"{format_count(len(frame), 'pupil')} missed half or more of their possible sessions this school year; "
        f"{format_count(without)} of them {in_number(without, 'has', 'have')} no support plan that runs.{no_log_of_plans(pack)}",
        empty_text="No pupil on roll is severely absent.",
    )


def no_log_of_plans(pack: Pack) -> str:
    """Return, with a blank before it, that the school exports no log of plans; empty where it does.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> no_log_of_plans(SimpleNamespace(school=SimpleNamespace(plans=None)))
    ' The school exports no log of plans: no plan may mean none on file.'
    """
    return (
        ""
        if pack.school.plans is not None
        else " The school exports no log of plans: no plan may mean none on file."
    )


def several_agencies(pack: Pack) -> Table:
    """Return the other persistently absent pupils with several agencies."""
    cases = cases_of(pack)
    kept = cases["has_several"] & ~cases["is_severely_absent"]
    return Table(
        name="several_agencies",
        title="Persistent absence with several agencies",
        frame=cases[kept].reset_index(drop=True),
        columns=CASE_COLUMNS,
        row_header="pupil_name",
        note=f"Persistently, not severely, absent, with {SEVERAL} outside agencies or more in the plan or interventions that run.",
        empty_text="No such pupil has two agencies on file.",
    )


CASE_COLUMNS = (
    *shown("pupil_name", "form"),
    figure("absence_sessions", heading="Missed", width=8),
    figure("possible_sessions", heading="of", width=6),
    figure("code_groups", width=22),
    figure("barrier", width=14),
    Column(
        "plan", "Plan", meaning="The support plan that runs, its review, and what came of those before it", personal=True, width=22,
        highlights=(Highlight("equals", NO_PLAN, Tone.ALERT),),
    ),
    figure(
        "led_by", meaning="The plan's lead practitioner", width=14, highlights=(Highlight("equals", NO_LEAD, Tone.ALERT),),
    ),
    Column("agencies", "Agencies", meaning="Of the plan and the interventions that run", personal=True, width=18),
    Column("early_help", "Early help", meaning="When it was offered, and the answer", personal=True, width=16),
    Column("tried", "Tried this year", meaning="Interventions, contacts and notices on file", personal=True, width=26),
    Column("asked", "Asked of", meaning="What the meeting is asked to settle", personal=True, width=30),
    *shown("pupil_id", "year_group"),
    figure("last_contact_date", shown=False),
)  # fmt: skip


def with_names(rows: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Return rows about pupils on roll with ``pupil_name``, ``form`` and ``year_group``."""
    named = pupils_known(pack)[["pupil_id", "pupil_name", "form", "year_group"]]
    return rows.merge(named, on="pupil_id", how="left", validate="m:1")


def missing_education(pack: Pack) -> Table:
    """Return the pupils of whom a return is owed to the authority."""
    return Table(
        name="missing_education",
        title="Returns to the authority: absence that goes on, and long illness",
        frame=with_names(returns_of(pack), pack),
        columns=RETURN_COLUMNS,
        row_header="pupil_name",
        note="Unauthorised absence (G, N, O, U) of ten school days or more that reaches the last register: nobody may have "
        "seen the child. A pupil who left the roll is not here: what the school knows of destinations stands in the school file.",
        empty_text="No return is owed.",
    )


RETURN_COLUMNS = (
    *shown("pupil_name", "form"),
    Column("what", "What", meaning="Which return", personal=True, width=30),
    Column("detail", "Counted", meaning="Days or sessions", personal=True, width=26),
    figure("first_date", meaning="First day"),
    figure("last_date_of_pupil", meaning="Last day"),
    *shown("pupil_id", "year_group"),
)  # fmt: skip


def part_time_timetables(pack: Pack) -> Table:
    """Return the part-time timetables that run, with what each lacks."""
    rows = part_time_of(pack)
    running = with_names(rows[rows["is_running"]], pack).rename(
        columns={"review_date": "timetable_review_date"}
    )
    return Table(
        name="part_time_timetables",
        title="Part-time timetables",
        frame=running,
        columns=PART_TIME_COLUMNS,
        row_header="pupil_name",
        note="In force on the last day. Each is to have an end, hours, an aim, reviews and the parent's agreement, and the "
        "authority is to be told; it is never for managing behaviour (WTISA).",
        empty_text=NOT_KNOWN if pack.school.part_time is None else "No part-time timetable is in force.",
    )


PART_TIME_COLUMNS = (
    *shown("pupil_name", "form"),
    Column("date_from", "From", Kind.DATE, meaning="First day", personal=True),
    Column("date_to", "To", Kind.DATE, meaning="Last day", personal=True),
    Column("hours", "Hours a week", Kind.NUMBER, meaning="In school", width=9),
    Column("timetable_review_date", "Review", Kind.DATE, meaning="Next review", personal=True),
    Column("authority_told_on", "Authority told", Kind.DATE, meaning="When the school told the authority", personal=True),
    Column("lacks", "Lacks", meaning="What guidance asks for and it does not say", personal=True, width=44),
    *shown("pupil_id", "year_group"),
)  # fmt: skip


@derived
def asked_in_counts(pack: Pack) -> pd.DataFrame:
    """Return what the files ask of whom (one row each): ``of``, ``what`` and for how many ``pupils``, by whom and most first.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cases = pd.DataFrame({ask.flag: [ask.flag == "is_lost", ask.flag == "is_lost"] for ask in ASKS})
    >>> asked_in_counts(SimpleNamespace(results={cases_of: cases}))[["of", "pupils"]].values.tolist()  # no row of nobody
    [['School', 2], ['Local authority', 2]]
    """
    cases = cases_of(pack)
    rows = [
        {"of": ask.of, "what": f"{ask.what[0].upper()}{ask.what[1:]}", "pupils": int(cases[ask.flag].sum())}
        for ask in ASKS
    ]
    frame = pd.DataFrame(rows, columns=["of", "what", "pupils"])
    order = {of: place for place, of in enumerate(ASKED_OF)}
    kept = frame[frame["pupils"] > 0].assign(place=lambda each: each["of"].map(order))
    return kept.sort_values(["place", "pupils", "what"], ascending=[True, False, True], ignore_index=True)


def what_is_asked(pack: Pack) -> Table:
    """Return what is asked of whom, for how many pupils."""
    return Table(
        name="what_is_asked",
        title="What is asked of whom",
        frame=asked_in_counts(pack),
        columns=ASKED_COLUMNS,
        row_header="what",
        note="Made from what is on file; the lists below say for whom. Guidance: it is the school's to support first, and the "
        "authority's to remove barriers that need other services.",
        empty_text="Nothing is left to ask.",
    )


ASKED_COLUMNS = (
    figure("of_whom"),
    Column("what", "What", meaning="What is asked", width=60),
    figure("pupils", meaning="For how many pupils"),
)
