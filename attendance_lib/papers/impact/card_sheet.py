"""The impact card: what an intervention is to do, written before it starts, filled in by staff in the workbook and read back."""

import pandas as pd

from attendance_lib.analysis.impact.log import AFTER, NO_DAY, NOT_YET, STANDINGS
from attendance_lib.analysis.impact.paper import CARD_SHEET, ImpactPaper
from attendance_lib.display import Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_date
from attendance_lib.display.shown import tab_named
from attendance_lib.intake.staff.cards import COMPARISONS
from attendance_lib.papers.impact_words import NEVER_DELAYED, difference_words
from attendance_lib.papers.staff_words import differing, fields_of, told_of_files

REPORT = "impact"
BLANK_ROWS = 12
NO_RESULT = "not evaluated"


def judged_cards(paper: ImpactPaper) -> pd.DataFrame:
    """Return the cards read back (rows), each with where it stands and what can be said of its intervention so far."""
    judged = paper.judged_cards
    return judged.assign(result=[result_words(paper, name) for name in judged["intervention"]])


def result_words(paper: ImpactPaper, name: str) -> str:
    """Return the verdict on an intervention with its range, whatever its capitals.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> found = SimpleNamespace(impact=SimpleNamespace(verdict="too few to tell", low=float("nan")))
    >>> paper = SimpleNamespace(names=["Mentoring"], evaluations={"Mentoring": found})
    >>> result_words(paper, " MENTORING"), result_words(paper, "Breakfast club")
    ('too few to tell', 'not evaluated')
    """
    found = {each.casefold(): each for each in paper.names}.get(str(name).strip().casefold())
    if found is None:
        return NO_RESULT
    impact = paper.evaluations[found].impact
    verdict = str(impact.verdict)
    if pd.isna(impact.low):
        return verdict
    return f"{verdict}: {difference_words(impact.estimate, impact.low, impact.high)}"


def impact_card_words(paper: ImpactPaper) -> Sentences:
    """Say how an impact card is filled in, and where those read back stand."""
    cards = judged_cards(paper)
    items = (
        f"Fill in a row of the sheet {tab_named(CARD_SHEET)} before the first pupil begins: for whom and by which rule, what is to "
        "change by how much, how it is measured, compared with whom, and when it is reviewed. The next impact pack reads it "
        f"back and sets what came of it beside it. Where pupils are compared by lot or with a waiting list, {NEVER_DELAYED}.",
        cards_in_words(cards),
        *(about_card(card) for card in cards[cards["is_review_past"]].to_dict("records")),
    )
    return Sentences("impact_card_words", tuple(filter(None, items)))


def cards_in_words(cards: pd.DataFrame) -> str:
    """Say how many cards (rows with their ``standing`` on the last day) were read back and how they stand.

    Examples
    --------
    >>> cards_in_words(pd.DataFrame({"standing": []}))
    'No impact card was read back.'
    """
    if cards.empty:
        return "No impact card was read back."
    counts = cards["standing"].value_counts()
    told = ", ".join(f"{format_count(int(counts[each]))} {each}" for each in STANDINGS if each in counts)
    return f"{format_count(len(cards), 'impact card')} read back: {told}."


def about_card(card: dict) -> str:
    """Say of a card whose review is due what it aimed at and what can be said.

    Examples
    --------
    >>> about_card({"aim": None, "review_date": pd.Timestamp("2026-11-20"), "intervention": "Mentor", "standing": "no day",
    ...     "result": "too few to tell"})
    'Review was due on 20 November 2026. Mentor (no day). Now: too few to tell.'
    """
    aim = "" if pd.isna(card["aim"]) else f", aimed at: {card['aim']}"
    return (
        f"Review was due on {format_date(card['review_date'].date())}. {card['intervention']}{aim} ({card['standing']}). "
        f"Now: {card['result']}."
    )


def impact_card_form(paper: ImpactPaper) -> Table:  # noqa: ARG001 - every section is asked with the paper
    """Return the impact card as a page to copy: what is written in each field, with an example."""
    fields = [column for column in CARD_COLUMNS if column.editable]
    rows = [(column.heading, column.meaning, EXAMPLE[column.name]) for column in fields]
    return Table(
        name="impact_card_form",
        title="An impact card, to be written before the first pupil begins",
        frame=pd.DataFrame(rows, columns=["field", "meaning", "example"]),
        columns=(
            Column("field", "On the card", meaning="A field of the card", width=16),
            Column("meaning", "What to write", meaning="What belongs there", width=60),
            Column("example", "For example", meaning="An invented example", width=60),
        ),
    )


EXAMPLE = {
    "intervention": "Breakfast club",
    "for_whom": "Years 7 to 9 who missed 3 sessions or more in the last 3 weeks, the most first",
    "aim": "4 points more attendance than like pupils by Easter",
    "measure": "Attendance over 12 school weeks from each pupil's first day",
    "comparison": "waiting list",
    "start_date": "11 January 2027",
    "review_date": "26 March 2027",
    "written_on": "4 January 2027",
    "written_by": "Attendance lead",
}


def differing_cards(paper: ImpactPaper) -> Table:
    """Return the cells of impact cards in which several people wrote different things, to be settled."""
    return differing(paper.pack, CARD_SHEET, paper.cards["card_id"], fields_of(CARD_COLUMNS))


def told_of_cards(paper: ImpactPaper) -> Table:
    """Return what was noted about the files that came back since the last impact pack."""
    return told_of_files(paper.pack, REPORT, paper.cards["card_id"])


def impact_card_sheet(paper: ImpactPaper) -> Table:
    """Return the sheet of impact cards: those read back, and blank rows to fill in."""
    return Table(
        name=CARD_SHEET,
        title="Impact cards",
        frame=judged_cards(paper),
        columns=CARD_COLUMNS,
        row_header="intervention",
        note="To be filled in in the workbook before an intervention starts. Stands: a card counts as written before the start "
        "if it bears a day on or before that on which the first pupil began in the log.",
        empty_text="No card is filled in yet. The workbook has blank rows for them: what is done, for whom and by which rule, the "
        "aim, the measure, the comparison, the first day, the review, and who wrote it when.",
        blank_rows=BLANK_ROWS,
    )


CARD_COLUMNS = (
    Column("card_id", "Card", meaning="The number; leave it blank for a new card: the next pack gives one", width=14),
    figure("intervention", meaning="What is to be done, named as in the log", editable=True, width=22),
    Column("for_whom", "For whom", meaning="Which pupils, chosen by which rule", editable=True, width=26),
    Column("aim", "Aim", meaning="What is to change, by how much, by when", editable=True, width=26),
    figure("measure", meaning="How it is measured, such as attendance over 12 weeks", editable=True, width=20),
    Column(
        "comparison", "Compared with", editable=True,
        meaning=f"How it can be told apart from chance: choose from the list ({NEVER_DELAYED})",
        choices=COMPARISONS, width=14,
    ),
    Column("start_date", "Starts", Kind.DATE, "The first day planned", editable=True),
    figure("review_date", meaning="When it is decided whether to go on", editable=True),
    Column("written_on", "Written", Kind.DATE, "The day on which this card was written", editable=True),
    Column("written_by", "By", meaning="Who wrote it", editable=True, width=14),
    Column(
        "standing", "Stands", meaning="Whether the card was written before the first pupil began", width=18,
        highlights=(Highlight("equals", AFTER, Tone.CAUTION), Highlight("equals", NO_DAY, Tone.CAUTION)),
    ),
    Column("result", "So far", meaning="What can be said of the intervention now", width=24),
    Column("began_on", "Began", Kind.DATE, f"The first start in the log; blank: {NOT_YET}", shown=False),
)  # fmt: skip
