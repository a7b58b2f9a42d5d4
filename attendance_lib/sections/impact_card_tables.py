"""The tables of the cards: small ones on each card, and one of all cards for the workbook and the CSV."""

import pandas as pd

from attendance_lib.display import Column, Highlight, Kind, Table, Tone
from attendance_lib.display.charts.event_study import COLUMNS as WEEK_COLUMNS
from attendance_lib.display.format import format_span
from attendance_lib.sections.impact_paper import ImpactPaper
from attendance_lib.sections.impact_words import unbroken
from attendance_lib.sections.people import FORM, NAME, PUPIL_ID, pupil_names

SHOWN_PUPILS = 12
INTERVENTION = Column("intervention", "Intervention", meaning="What is done", width=24)
BELOW, ABOVE, WITHIN = "below", "above", "within"
FEATURE_WORDS = {
    "absence_rate_weeks_1_to_3": "Absence, last 3 weeks",
    "absence_rate_weeks_4_to_6": "Absence, the 3 weeks before",
    "absence_rate_earlier_this_year": "Absence, earlier this year",
    "absence_rate_last_year": "Absence, last year",
    "has_no_last_year": "No last year known",
    "other_than_illness_rate_weeks_1_to_6": "Absence but illness, last 6 weeks",
    "other_than_illness_rate_year_to_date": "Absence but illness, this year",
    "year_group": "Year group",
    "is_final_year": "In a final year",
    "is_fsm": "Free school meals",
    "has_sen": "SEN support or plan",
    "has_other_intervention": "Another intervention, 8 weeks",
    "expected_attendance_rate": "Expected attendance",
}
NOT_A_RATE = "year_group"


def balance_frame(told: pd.DataFrame) -> pd.DataFrame:
    """Return a balance table (one row per feature) in words, without the year group, whose mean is no share."""
    kept = told[told["feature"] != NOT_A_RATE]
    return kept.assign(feature=kept["feature"].map(FEATURE_WORDS)).reset_index(drop=True)


def balance_table(paper: ImpactPaper, name: str) -> Table:
    """Return what was known of the pupils at the start, beside all compared and those most like them."""
    return Table(
        name="impact_balance",
        title=f"{name}: are those compared like them?",
        frame=balance_frame(paper.balances[name]),
        columns=BALANCE_COLUMNS,
        row_header="feature",
        note="Apart: difference in standard deviations of the pupils compared; the estimate itself allows for what is left. Known "
        "at the start; absence in few sessions is drawn towards the longer history.",
    )


def asked_frame(paper: ImpactPaper, name: str) -> pd.DataFrame:
    """Return the other ways of asking, one row each, their ranges (differences of fractions) in words."""
    told = paper.asked_otherwise[name]
    spans = [unbroken(format_span(low, high)) for low, high in zip(told["low"], told["high"], strict=True)]
    return told.assign(span=spans)


def asked_otherwise_table(paper: ImpactPaper, name: str) -> Table:
    """Return the same question of a shorter window, without pupils who had something else, and weighted by certainty."""
    return Table(
        name="impact_asked",
        title=f"{name}: the same question asked otherwise",
        frame=asked_frame(paper, name),
        columns=ASKED_COLUMNS,
        row_header="asked",
        note="Where the answers differ much, the verdict is less sure than its range says. Weighted: a pupil counts the more, the "
        "more alike pupils like them went on to attend (one over the standard deviation). Its range is narrower and its mean "
        "another one, nearer to pupils who attend most. It was fixed beforehand and is never the verdict; how often it is right: "
        "docs/impact_calibration.md.",
    )


def pupils_frame(paper: ImpactPaper, name: str) -> pd.DataFrame:
    """Return the pupils of an intervention with names: those outside their range first, then by expectation.

    One row per pupil: ``workings.pupil_ranges`` (fractions of possible sessions) with ``pupil_name``, ``form``, ``standing`` and
    ``span`` in words.
    """
    told = paper.pupil_ranges[name]
    people = paper.register.pupils
    named = people.assign(pupil_name=pupil_names(people)).iloc[told["enrolment"].to_numpy(dtype=int)]
    standing = (
        pd.Series(WITHIN, index=told.index)
        .mask(told["is_below"].astype(bool), BELOW)
        .mask(told["is_above"].astype(bool), ABOVE)
    )
    spans = [
        f"{low:.0f} to {high:.0f}%" for low, high in zip(told["low"] * 100, told["high"] * 100, strict=True)
    ]
    frame = told.assign(
        pupil_name=named["pupil_name"].to_numpy(),
        form=named["form"].to_numpy(),
        standing=standing,
        span=spans,
        order=standing.map({BELOW: 0, ABOVE: 1, WITHIN: 2}),
    )
    return frame.sort_values(["order", "expected_rate", "pupil_id"], ignore_index=True).drop(columns="order")


def pupils_table(paper: ImpactPaper, name: str) -> Table:
    """Return a line for each pupil: actual, expected and the range in which like pupils landed."""
    return Table(
        name="impact_pupils",
        title=f"{name}: its pupils, one by one",
        frame=pupils_frame(paper, name),
        columns=PUPIL_COLUMNS,
        shown_rows=SHOWN_PUPILS,
        row_header="pupil_name",
        note="Usual: where eight in ten pupils like this one landed. One in five lands outside by chance: below or above is a "
        "reason to talk with the pupil, and says nothing of what the intervention did for this one pupil.",
    )


def card_tables(paper: ImpactPaper) -> tuple[Table, ...]:
    """Return one table each of the weeks, the balance, the other ways of asking and the pupils of all cards."""
    names = list(paper.evaluated)
    if not names:
        return ()
    frames = {
        "impact_weeks": [paper.event_studies[name] for name in names],
        "impact_balance": [balance_frame(paper.balances[name]) for name in names],
        "impact_asked": [asked_frame(paper, name).drop(columns="intervention") for name in names],
        "impact_pupils": [pupils_frame(paper, name) for name in names],
    }
    return tuple(
        Table(name, title, of_all(names, frames[name]), (INTERVENTION, *columns), row_header=header)
        for name, title, columns, header in TABLES
    )


def of_all(names: list[str], frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return frames one under the other (all their rows), each with its intervention's name as ``intervention``.

    Examples
    --------
    >>> of_all(["A", "B"], [pd.DataFrame({"week": [1]}), pd.DataFrame({"week": [2]})])["intervention"].tolist()
    ['A', 'B']
    """
    named = [frame.assign(intervention=name) for name, frame in zip(names, frames, strict=True)]
    return pd.concat(named, ignore_index=True)


BALANCE_COLUMNS = (
    Column("feature", "Known at the start", meaning="What was known of each pupil at the start", width=30),
    Column("treated", "Its pupils", Kind.RATE, "Mean of the pupils evaluated"),
    Column("compared", "All compared", Kind.RATE, "Mean of all pupils compared with, weighed as the starts"),
    Column("placebo", "Most like them", Kind.RATE, "Mean of the nearest comparison pupils"),
    Column("before", "Apart, all", Kind.NUMBER, "Difference from all compared, in standard deviations"),
    Column("after", "Apart, most like", Kind.NUMBER, "Difference from the nearest, in standard deviations"),
)  # fmt: skip
ASKED_COLUMNS = (
    Column("asked", "Asked", meaning="How the question was changed", width=40),
    Column("verdict", "Verdict", meaning="One of the four", width=16),
    Column("pupils", "Pupils", Kind.COUNT, "Pupils evaluated"),
    Column("estimate", "Difference", Kind.POINTS, "Actual less expected attendance"),
    Column("span", "Range", meaning="95% range, percentage points", width=14),
    Column("reason", "Reason", meaning="Why too few to tell", width=24),
    Column("low", "From", Kind.POINTS, "Lower end of the 95% range", shown=False),
    Column("high", "To", Kind.POINTS, "Upper end of the 95% range", shown=False),
)  # fmt: skip
PUPIL_COLUMNS = (
    NAME,
    PUPIL_ID,
    FORM,
    Column("week_beginning", "Counted from", Kind.DATE, "Monday of the school week from which the pupil is followed"),
    Column("possible_sessions", "Possible", Kind.COUNT, "Possible sessions in the weeks followed"),
    Column("actual_rate", "Attended", Kind.RATE, "Attended out of possible sessions in the weeks followed", personal=True),
    Column("expected_rate", "Expected", Kind.RATE, "Expected of a pupil with the same history", personal=True),
    Column("span", "Usual", meaning="Where eight in ten pupils like this one landed", personal=True, width=12),
    Column(
        "standing", "Landed", meaning="Within, below or above where like pupils usually land", personal=True, width=10,
        highlights=(Highlight("equals", BELOW, Tone.CAUTION),),
    ),
    Column("low", "Usual from", Kind.RATE, "Lower end", personal=True, shown=False),
    Column("high", "Usual to", Kind.RATE, "Upper end", personal=True, shown=False),
)  # fmt: skip
TABLES = (
    ("impact_weeks", "Actual and expected attendance by week about the start", WEEK_COLUMNS, "week"),
    ("impact_balance", "Are those compared like them?", BALANCE_COLUMNS, "feature"),
    ("impact_asked", "The same question asked otherwise", ASKED_COLUMNS, "asked"),
    ("impact_pupils", "The pupils of every intervention", PUPIL_COLUMNS, "pupil_name"),
)
