"""The file copy: all that the school has to know of one pupil's plan, for those who lead it and the agencies that take part."""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.analysis.contact_log import support_of
from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.logs import is_filled, issued, own_interventions
from attendance_lib.analysis.part_time import part_time_on
from attendance_lib.analysis.patterns import absence_patterns
from attendance_lib.analysis.plan_progress import pace_days, weeks_of
from attendance_lib.analysis.reasons import code_groups_text
from attendance_lib.display import Chart, Column, Document, Heading, Kind, Sentences, Table
from attendance_lib.display.charts.pupil_weeks import pupil_weeks_chart
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date, format_percent, format_short_date
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.links import card_pages
from attendance_lib.papers.plan.family_copy import WHO, pace_words, span_words, target_words
from attendance_lib.papers.plan.opening import Case
from attendance_lib.papers.shared import not_exported, pupil_flags

NOT_WRITTEN = "not written down"
FLAG_NAMES = {
    "child_protection": "child protection plan", "looked_after": "looked after", "child_in_need": "child in need",
    "youth_justice": "youth justice", "missing_history": "went missing before", "medical_risk": "medical risk",
    "young_carer": "young carer",
}  # fmt: skip


def file_document(case: Case, pack: Pack) -> Document:
    """Return what heads the file copy of one pupil."""
    settings = pack.school.settings
    return Document(
        name="document",
        title=f"Support plan: {case.pupil['pupil_name']}",
        school=settings.school.name,
        urn=settings.school.urn,
        period=f"Judged on {format_date(pack.date_to)}",
        date=pack.date_to.isoformat(),
        audience="File copy, for the school and the agencies that take part",
        confidentiality="Confidential: personal data",
    )


def file_parts(
    case: Case, pack: Pack, *, level: int = 2, is_linked: bool = False
) -> tuple[Heading | Sentences | Table | Chart, ...]:
    """Return the file copy below its head, in order; ``level`` is that of its headings.

    In the paper itself ``is_linked`` lets each intervention lead to its impact card; a copy, which agencies get, leads nowhere.
    """
    return (
        facts(case, pack),
        Heading("Attendance", level),
        Sentences("attendance", tuple(attendance_words(case, pack))),
        weeks_chart(case, pack),
        Heading("What was tried, and what came of it", level),
        tried(case, pack, is_linked=is_linked),
        Sentences("before", tuple(before_words(case, pack)), style="note"),
        Heading("The plan", level),
        Sentences("target", tuple(plan_words(case))),
        who_does_what(case),
        offers(case),
    )


def facts(case: Case, pack: Pack) -> Table:
    """Return what is to be known of the pupil and the plan, one row each."""
    said = [(name, known(value) or NOT_WRITTEN) for name, value in fields_of(case, pack).items()]
    frame = pd.DataFrame(said, columns=["field", "said"], dtype=object)
    return Table("plan_facts", "The pupil and the plan", frame, FACT_COLUMNS)


def fields_of(case: Case, pack: Pack) -> dict[str, object]:
    """Return what is to be known of the pupil and the plan, by what it is called; missing or empty where nothing is written."""
    pupil, plan = case.pupil, case.plan
    review, given = plan["review_day"], plan["copy_given_on"]
    return {
        "Pupil": f"{pupil['pupil_name']}, {pupil['form']}, Year {pupil['year_group']}; number {case.pupil_id}",
        "Plan": number_words(case),
        "Lead practitioner": plan["lead"],
        "Key adult": known(pupil.get("key_adult")),
        "Agencies": plan["agencies"],
        "Barriers": plan["barrier"],
        "Going well": plan["going_well"],
        "Review": f"{review:%A} {format_date(review)}{moved_words(plan)}" if pd.notna(review) else None,
        "Earlier plans": plan["history"] or "none on file",
        "Risk flags": "; ".join(flag_words(case)),
        "Part-time timetable": part_time_words(case, pack),
        "Copy given to the family": format_date(given) if pd.notna(given) else None,
        "Staff note": plan["note"],
    }


def number_words(case: Case) -> str:
    """Say which plan it is and since when, or that it is to be begun.

    Examples
    --------
    >>> plan = {"plan_id": "SP013", "opened_on": pd.Timestamp(2026, 11, 2), "version": 2}
    >>> number_words(Case({}, plan, None, is_new=False)), number_words(Case({}, plan, None, is_new=True))
    ("SP013, agreed 2 November 2026; the pupil's plan number 2", 'to be begun; number SP013')
    """
    plan = case.plan
    if case.is_new:
        return f"to be begun; number {plan['plan_id']}"
    return f"{plan['plan_id']}, agreed {format_date(plan['opened_on'])}; the pupil's plan number {plan['version']}"


def known(value: object) -> str:
    """Return a value as text, empty where it is missing.

    Examples
    --------
    >>> known("Ms Ash"), known(None), known(pd.NaT)
    ('Ms Ash', '', '')
    """
    return "" if value is None or pd.isna(value) else str(value)


def moved_words(plan: dict) -> str:
    """Say that a review was set on a day without school.

    Examples
    --------
    >>> moved_words({"is_review_moved": True, "review_on": pd.Timestamp(2026, 10, 28)})
    ' (set for 28 October 2026, a day without school)'
    """
    return (
        f" (set for {format_date(plan['review_on'])}, a day without school)"
        if plan["is_review_moved"]
        else ""
    )


def flag_words(case: Case) -> Iterator[str]:
    """Yield the pupil's flags and which of them nothing is known of; unknown is never taken for no.

    Examples
    --------
    >>> from attendance_lib.papers.shared import FLAGS
    >>> pupil = dict.fromkeys((*FLAGS, *FLAG_NAMES), False) | {"sen_status": None, "medical_risk": None}
    >>> list(flag_words(Case(pupil, {}, None, is_new=False)))[1:]  # unknown is never taken for no
    ['not known: medical risk']
    """
    row = pd.DataFrame([case.pupil])
    held = [
        words
        for name, words in FLAG_NAMES.items()
        if name in row and row[name].fillna(value=False).astype(bool).any()
    ]
    groups = pupil_flags(row)[0]
    yield ", ".join(filter(None, (groups, *held))) or "none"
    unknown = [words for name, words in FLAG_NAMES.items() if name not in row or row[name].isna().all()]
    if unknown:
        yield f"not known: {', '.join(unknown)}"


def part_time_words(case: Case, pack: Pack) -> str:
    """Say which part-time timetable runs and what it lacks.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pack = SimpleNamespace(school=SimpleNamespace(part_time=None), date_to="2026-11-20")
    >>> part_time_words(Case({"pupil_id": "1"}, {}, None, is_new=False), pack)
    'no log of them is exported'
    """
    rows = part_time_on(pack.school.part_time, pd.Timestamp(pack.date_to))
    own = rows[(rows["pupil_id"].astype(str) == case.pupil_id) & rows["is_running"].astype(bool)]
    told = [
        f"since {format_date(first)}"
        + (f" to {format_date(last)}" if pd.notna(last) else "")
        + (f"; lacks {lacks}" if lacks else "")
        for first, last, lacks in zip(own["date_from"], own["date_to"], own["lacks"], strict=True)
    ]
    return "; ".join(told) or (
        "none runs" if pack.school.part_time is not None else "no log of them is exported"
    )


# Attendance in counts, week by week, and against the school's own rate


def attendance_words(case: Case, pack: Pack) -> Iterator[str]:
    """Yield the pupil's attendance in counts, why sessions were missed, and whether a day of the week stands out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> totals = pd.DataFrame({"pupil_id": ["1"], "possible_sessions": [0]})
    >>> list(attendance_words(Case({"pupil_id": "1"}, {}, None, is_new=False), SimpleNamespace(results={totals_of: totals})))
    ['No session of this school year was possible so far.']
    """
    totals = totals_of(pack)
    (at,) = (totals["pupil_id"].astype(str) == case.pupil_id).to_numpy().nonzero()[0]
    row = totals.iloc[at]
    if not row["possible_sessions"]:
        yield "No session of this school year was possible so far."
        return
    yield (
        f"This school year {format_count(row['absence_sessions'])} of {format_count(row['possible_sessions'], 'session')} were "
        f"missed (attendance {format_percent(row['attendance_rate'])}): "
        f"{format_count(row['authorised_absence_sessions'])} authorised, "
        f"{format_count(row['unauthorised_absence_sessions'])} unauthorised. Late before the register closed "
        f"{format_count(row['late_before_close_sessions'])}, after it {format_count(row['late_after_close_sessions'])}."
    )
    first, _ = pace_days(pack)
    progress = case.progress
    yield (
        f"Since {format_date(first)} (six school weeks) {format_count(progress.pace_missed)} of "
        f"{format_count(progress.pace_possible, 'session')}."
    )
    if reasons := reasons_of(pack)[at]:
        yield f"Reasons, in sessions: {reasons}."
    yield f"Pattern against the school's own rate: {patterns_of(pack)[at] or 'no weekday or half of the day stands out'}."


@derived
def reasons_of(pack: Pack) -> list[str]:
    """Return why each pupil on roll missed sessions, by reason in words (rows of ``roll.year_to_date``)."""
    return code_groups_text(pack.roll.year_to_date)


@derived
def patterns_of(pack: Pack) -> list[str]:
    """Return the strongest pattern of absence of each pupil on roll, in words (rows of ``roll.year_to_date``)."""
    base = pack.register.year_to_date(pack.date_to)
    return absence_patterns(pack.roll.year_to_date, base)["pattern"].tolist()


def weeks_chart(case: Case, pack: Pack) -> Chart:
    """Return the picture of the pupil's weeks, which is drawn once for the paper and the pupil's copy."""
    drawn = charts_drawn(pack)
    if case not in drawn:
        weeks = weeks_of(pack, case.progress, case.pupil_id)
        drawn[case] = pupil_weeks_chart(weeks, "pupil_weeks", "Which weeks were missed?")
    return drawn[case]


@derived
def charts_drawn(pack: Pack) -> dict[Case, Chart]:  # noqa: ARG001 - each pack has its own
    """Return where the pictures of a pack's pupils are kept once they are drawn."""
    return {}


# What was tried


def tried(case: Case, pack: Pack, *, is_linked: bool = False) -> Table:
    """Return the pupil's interventions in order, each with what was written down of it."""
    empty, log = not_exported("interventions"), pd.DataFrame(columns=["start_date", "intervention"])
    if pack.school.interventions is not None:
        empty = "No intervention of this pupil's own is on file."
        rows = own_interventions(pack.school.interventions, pack.date_to)
        own = rows[rows["pupil_id"] == case.pupil_id].index
        log = pack.school.interventions.loc[own].sort_values(["start_date", "intervention"])
    frame = log.reindex(
        columns=[column.name for column in TRIED_COLUMNS if column.name not in ("recorded", "card_page")]
    )
    recorded = list(map(recorded_words, log.to_dict("records")))
    cards = card_pages(pack, log["intervention"]) if is_linked else None
    return Table(
        name="tried",
        title="Interventions",
        frame=frame.assign(recorded=recorded, card_page=cards),
        columns=TRIED_COLUMNS,
        empty_text=empty,
        row_header="intervention",
    )


def recorded_words(row: dict) -> str:
    """Return what was written down of an intervention: outcome, reason, next step.

    Examples
    --------
    >>> recorded_words({"outcome": "Comes in daily", "reason_not_working": None, "next_step": "Review in May"})
    'Comes in daily; Review in May'
    """
    return "; ".join(
        filter(None, (known(row.get(name)) for name in ("outcome", "reason_not_working", "next_step")))
    )


def before_words(case: Case, pack: Pack) -> Iterator[str]:
    """Yield the contacts with home and the notices on file.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> support = pd.DataFrame({"pupil_id": ["1"], "contacts_this_year": [0], "last_contact_date": [pd.NaT]})
    >>> pack = SimpleNamespace(school=SimpleNamespace(contacts="contacts.csv", notices=None), results={support_of: support})
    >>> contacts, notices = before_words(Case({"pupil_id": "1"}, {}, None, is_new=False), pack)
    >>> contacts, notices.partition(" is exported")[0]
    ('No contact with home is on file this school year.', 'No log of penalty notices, notices to improve and contracts')
    """
    support = support_of(pack).set_index("pupil_id").loc[case.pupil_id]
    if pack.school.contacts is None:
        yield not_exported("contacts")
    elif support["contacts_this_year"]:
        last = support["last_contact_date"]
        yield f"Contacts with home this school year: {support['contacts_this_year']}, the last on {format_date(last)}."
    else:
        yield "No contact with home is on file this school year."
    if pack.school.notices is None:
        yield not_exported("notices")
        return
    notices = issued(pack.school.notices, pack.date_to)
    mine = notices[(notices["pupil_id"] == case.pupil_id) & is_filled(notices["kind"])]
    own = mine.sort_values(["issued_on", "kind"], kind="stable")
    told = [
        f"{kind} of {format_short_date(day)} ({known(status) or NOT_WRITTEN})"
        for kind, day, status in zip(own["kind"], own["issued_on"], own["status"], strict=True)
    ]
    yield f"Notices and contracts on file: {'; '.join(told) or 'none'}."


# The plan itself


def plan_words(case: Case) -> Iterator[str]:
    """Yield the target, how it stands and, once its days are past, what the register says of it.

    Examples
    --------
    >>> from attendance_lib.analysis.plan_progress import Progress
    >>> plan = {"outcome": "met", "next_step": ""}
    >>> list(plan_words(Case({}, plan, Progress(None, None, None), is_new=False)))
    ['No target in sessions is agreed yet.', 'Written at the review: met.']
    """
    progress = case.progress
    if words := target_words(progress):
        yield " ".join(filter(None, (words, pace_words(progress))))
    else:
        yield "No target in sessions is agreed yet."
    if progress.problem and (progress.target is not None or progress.first):
        yield f"To put right: {progress.problem}."
    if progress.finding:
        yield f"F{span_words(progress.first, progress.last)[1:]} the register says: {progress.finding}."
    if said := "; ".join(filter(None, (case.plan["outcome"], case.plan["next_step"]))):
        yield f"Written at the review: {said}."


def who_does_what(case: Case) -> Table:
    """Return who does what, and by when."""
    plan = case.plan
    rows = [
        (name or case.pupil["pupil_name"], plan[f"{who}_does"] or NOT_WRITTEN, plan[f"{who}_by"])
        for who, name in WHO.items()
    ]
    return Table(
        name="who_does_what",
        title="Who does what, and by when",
        frame=pd.DataFrame(rows, columns=["who", "what", "by"]),
        columns=WHO_COLUMNS,
    )


def offers(case: Case) -> Table:
    """Return what was offered, the answer, and since when it is in place."""
    plan = case.plan
    rows = [
        ("Reasonable adjustment", plan["adjustment"], plan["adjustment_offered_on"], plan["adjustment_answer"],
         plan["adjustment_since"]),
        ("Early help", None, plan["early_help_offered_on"], plan["early_help_answer"], pd.NaT),
    ]  # fmt: skip
    return Table(
        name="offers",
        title="What was offered",
        frame=pd.DataFrame(rows, columns=["offer", "what", "offered_on", "offer_answer", "since"]),
        columns=OFFER_COLUMNS,
    )


FACT_COLUMNS = (
    Column("field", "About", meaning="What the row is about", width=22),
    Column("said", "As recorded", meaning="What the school's records say", personal=True, width=90),
)
TRIED_COLUMNS = (
    figure("start_date", heading="From"), figure("end_date", heading="To", meaning="Last day; blank while it runs"),
    figure("intervention", links=(("", "card_page"),)), *shown("lead"),
    figure("recorded", meaning="Outcome, reason and next step as recorded", width=40),
    *shown("card_page"),
)  # fmt: skip
WHO_COLUMNS = (
    *shown("who", "what_is_done"),
    Column("by", "By when", Kind.DATE, "From when, or by when"),
)
OFFER_COLUMNS = (
    Column("offer", "Offer", meaning="What kind of offer", width=22),
    Column("what", "What", meaning="What was offered", personal=True, width=40),
    Column("offered_on", "Offered", Kind.DATE, "When"),
    Column("offer_answer", "Answer", meaning="What became of it", personal=True, width=16),
    Column("since", "In place since", Kind.DATE, "Since when; blank while it is not"),
)
