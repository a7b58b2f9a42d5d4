"""A card for each intervention: who, what came of it against what was to be expected, and how far that can be trusted."""

from attendance_lib.analysis.impact.evaluate import Evaluation
from attendance_lib.analysis.impact.workings import balance, event_study, pupil_ranges
from attendance_lib.display import Chart, Heading, Parts, Sentences, Table
from attendance_lib.display.charts import chance_chart, event_study_chart, pupil_ranges_chart
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
    shown = [part for number, each in enumerate(paper.ranked, 1) for part in impact_card(paper, each, number)]
    return Parts("impact_cards", tuple(shown), card_tables(paper))


def impact_card(paper: ImpactPaper, evaluation: Evaluation, number: int) -> list[Shown]:
    """Return the card of one intervention, the nth shown: sentences, charts and small tables in order."""
    name = evaluation.impact.intervention
    said: list[Shown] = [
        Heading(name),
        card_facts(paper, name),
        card_verdict(paper, name),
        card_findings(paper, name),
    ]
    if evaluation.expectation is None:
        return said
    return [
        *said,
        *card_charts(evaluation, f"card_{number}"),
        asked_otherwise_table(paper, name, f"card_{number}_asked"),
        balance_table(evaluation, f"card_{number}_balance", balance(evaluation)),
        pupils_table(paper, name, f"card_{number}_pupils"),
    ]


def card_charts(evaluation: Evaluation, name: str) -> list[Chart]:
    """Return the event study, the placebo histogram and the pupils' ranges of one intervention."""
    title = evaluation.impact.intervention
    return [
        event_study_chart(
            event_study(evaluation),
            f"{name}_weeks",
            f"{title}: was the expectation right before the start, and what came after?",
        ),
        chance_chart(
            evaluation.chance.means,
            evaluation.impact.estimate,
            f"{name}_chance",
            f"{title}: what would groups of like pupils have shown by chance?",
        ),
        pupil_ranges_chart(
            pupil_ranges(evaluation), f"{name}_ranges", f"{title}: where did its pupils land among pupils like them?"
        ),
    ]
