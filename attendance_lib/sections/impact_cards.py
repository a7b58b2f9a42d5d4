"""A card for each intervention: who, what came of it against what was to be expected, and how far that can be trusted."""

from attendance_lib.display import Chart, Heading, Parts, Sentences, Table
from attendance_lib.display.charts import chance_chart, event_study_chart
from attendance_lib.sections.impact_card_tables import (
    asked_otherwise_table,
    balance_table,
    card_tables,
    pupils_table,
)
from attendance_lib.sections.impact_card_words import card_facts, card_findings, card_verdict
from attendance_lib.sections.impact_front import NO_INTERVENTION
from attendance_lib.sections.impact_paper import ImpactPaper

Shown = Heading | Sentences | Chart | Table


def impact_cards(paper: ImpactPaper) -> Parts | Sentences:
    """Return a card for each intervention with named pupils, ranked by what is known.

    Returns
    -------
    Parts
        The page shows the cards; the workbook and the CSV hold one table each of the weeks, the balance of the groups, the
        other ways of asking and the pupils of all of them.
    """
    if not paper.ranked:
        return Sentences("impact_cards", (NO_INTERVENTION,), style="note")
    shown = [part for name in paper.impacts["intervention"] for part in impact_card(paper, name)]
    return Parts("impact_cards", tuple(shown), card_tables(paper))


def impact_card(paper: ImpactPaper, name: str) -> list[Shown]:
    """Return the card of one intervention: sentences, charts and small tables in order.

    A small table has the name of the sheet that holds it for all cards.
    """
    said: list[Shown] = [
        Heading(name),
        card_facts(paper, name),
        card_verdict(paper, name),
        card_findings(paper, name),
    ]
    if name not in paper.evaluated:
        return said
    return [
        *said,
        *card_charts(paper, name),
        asked_otherwise_table(paper, name),
        balance_table(paper, name),
        pupils_table(paper, name),
    ]


def card_charts(paper: ImpactPaper, name: str) -> list[Chart]:
    """Return the event study, and what chance does to groups and to single pupils, of one intervention."""
    evaluation, weeks = paper.evaluated[name], paper.event_studies[name]
    before = f"{name}: was the expectation right before the start, and what came after?"
    chance = f"{name}: what does chance do to groups of like pupils, and to single ones?"
    drawn = chance_chart(
        evaluation.chance.means,
        evaluation.impact.estimate,
        paper.pupil_ranges[name],
        ("impact_chance", chance),
    )
    # With too few pupils to compare with in any one week there is no week to draw.
    return [event_study_chart(weeks, "impact_weeks", before), drawn] if len(weeks) else [drawn]
