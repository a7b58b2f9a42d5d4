"""Codes: why sessions were missed and how that changed, what is unexplained, and codes worth a look."""

import pandas as pd

from attendance_lib.analysis.reasons import reasons_compared, uncommon_codes, unexplained_of
from attendance_lib.display import Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.shared import of_every_age, pupil_names

SHOWN_UNEXPLAINED = 15
WHAT = {"N": "No reason yet (N)", "missing": "Missing mark"}


def reasons(pack: Pack) -> Table:
    """Return the reasons for absence in the period, what they changed by, and the year to date."""
    frame = reasons_compared(pack.periods.current, pack.periods.previous, pack.periods.year_to_date)
    authorised = frame["is_authorised"].map({True: "Authorised", False: "Unauthorised"})
    return Table(
        name="reasons",
        title="Reasons for absence",
        frame=frame.assign(authorised=authorised),
        columns=REASON_COLUMNS,
        note="Rates are shares of possible sessions, as DfE shows reasons; together they make the absence rate.",
        empty_text="No absence this year.",
    )


REASON_COLUMNS = (
    Column("reason", "Reason", meaning="Group of codes", width=30),
    figure("codes", meaning="The register codes in the group", width=10),
    Column("authorised", "Counts as", meaning="Authorised or unauthorised absence", width=14),
    figure("sessions", meaning="Sessions of absence in the period"),
    Column("reason_rate", "This period", Kind.RATE, meaning="Share of the period's possible sessions"),
    Column(
        "previous_rate", "Period before", Kind.RATE, meaning="Share of possible sessions in the period before"
    ),
    figure("change_rate", meaning="This period less the period before"),
    figure("year_to_date_rate"),
)


def unexplained_summary(pack: Pack) -> Sentences:
    """Return how many marks are N or missing, and how many of them are past five school days.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> due = pd.DataFrame({"what": "N", "is_overdue": [True, False], "date": pd.to_datetime(["2026-10-05", "2026-11-05"])})
    >>> pack = SimpleNamespace(whom=SimpleNamespace(left_out={}), results={unexplained_of: due})
    >>> reasons, marks = unexplained_summary(pack).items
    >>> reasons.partition(". ")[0]
    '2 N marks in the year to date, 1 more than five school days old; the oldest is of 5 October 2026'
    >>> marks
    'No missing mark in the year to date.'
    """
    due = unexplained_of(pack)
    texts = [
        _due_text(due[due["what"] == what], words)
        for what, words in (("N", "N mark"), ("missing", "missing mark"))
    ] + ([of_every_age(pack).strip()] if pack.whom.left_out else [])
    return Sentences(
        name="unexplained_summary",
        items=tuple(texts),
        style="points",
        title="Unexplained absence and missing marks",
    )


def _due_text(due: pd.DataFrame, words: str) -> str:
    if due.empty:
        return f"No {words} in the year to date."
    overdue = int(due["is_overdue"].sum())
    oldest = format_date(due["date"].iloc[0].date())
    past = f"{format_count(overdue)} more than five school days old"
    return f"{format_count(len(due), words)} in the year to date, {past}; the oldest is of {oldest}. {WANTED[words]}"


WANTED = {
    "N mark": "A reason is due by the fifth school day after the session; where none can be established, N becomes O.",
    "missing mark": "Establish whether the pupil was there: a missing mark is no absence, and only an absence for which no "
    "reason can be established is O.",
}


def unexplained_sessions(pack: Pack) -> Table:
    """Return each session without a mark or without a reason, those past their day first, oldest first."""
    due = unexplained_of(pack)
    people = pack.enrolled.year_to_date.pupils.iloc[due["row"].to_numpy()].reset_index(drop=True)
    frame = due.assign(
        what=due["what"].map(WHAT),
        pupil_name=pupil_names(people),
        form=people["form"].to_numpy(),
        pupil_id=people["pupil_id"].to_numpy(),
    )
    return Table(
        name="unexplained_sessions",
        title="Sessions to explain",
        frame=frame.sort_values(
            ["is_overdue", "what", "date"], ascending=[False, False, True], ignore_index=True, kind="stable"
        ),
        columns=UNEXPLAINED_COLUMNS,
        row_header="pupil_name",
        shown_rows=SHOWN_UNEXPLAINED,
        empty_text="Every session has a mark and a reason.",
    )


UNEXPLAINED_COLUMNS = (
    *shown("pupil_name", "form"),
    figure("date", meaning="Date of the session"),
    figure("session"),
    Column("what", "What is wanted", personal=True, width=22, once=True,
        meaning="N needs a reason; of a missing mark it is to be established whether the pupil was there"),
    Column("deadline_date", "By", Kind.DATE, meaning="Fifth school day after it: the law's day for N, ours for missing marks"),
    Column(
        "is_overdue", "Overdue", Kind.FLAG, meaning="More than five school days old", once=True,
        highlights=(Highlight("equals", value=True, tone=Tone.ALERT),)
    ),
    figure("pupil_id"),
)  # fmt: skip


def uncommon(pack: Pack) -> Table:
    """Return the codes whose use is worth a look, with counts of sessions and pupils."""
    return Table(
        name="uncommon_codes",
        title="Codes worth a look",
        frame=uncommon_codes(pack.enrolled.current, pack.enrolled.year_to_date),
        columns=UNCOMMON_COLUMNS,
        note="B, K and D: is the provision checked and attended? C2 and E: is there an end date and a review? "
        f"X: is the pupil below or above compulsory school age? Y7: did the cause affect the pupil?{of_every_age(pack)}",
        empty_text="None of B, C2, D, E, K, X and Y7 was used this year.",
    )


UNCOMMON_COLUMNS = (
    figure("code"),
    figure("meaning", meaning="What the code means", width=46),
    figure("sessions"),
    Column("enrolments", "Pupils this period", Kind.COUNT, meaning="Pupils with the code in the period"),
    Column("year_to_date_sessions", "Sessions year to date", Kind.COUNT, meaning="Sessions, year to date"),
    Column(
        "year_to_date_enrolments",
        "Pupils year to date",
        Kind.COUNT,
        meaning="Pupils with the code, year to date",
    ),
)
