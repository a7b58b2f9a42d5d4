"""The first page, what is told and how far it can be trusted at this school, in counts; and the rules that the last one prints."""

import numpy as np

from attendance_lib.analysis.outlook.backtest import OURS
from attendance_lib.analysis.outlook.chances import CERTAIN
from attendance_lib.analysis.outlook.outlook import Outlook, outlook_of
from attendance_lib.analysis.outlook.school import HORIZON_WORDS
from attendance_lib.display import Document, KeyFigure, KeyFigures, Kind, Sentences
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import counted
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.outlook.proof import list_of_last_year, list_words, skill_words, words_of_this_year
from attendance_lib.papers.outlook.pupils import (
    NO_LAST_END,
    end_words,
    has_support,
    listed,
    people_of,
    told_by_words,
)
from attendance_lib.papers.shared import masthead
from attendance_lib.reports.papers import OUTLOOK
from attendance_lib.rules.thresholds import FIRST_WEEKS_SESSIONS


def outlook_masthead(pack: Pack) -> Document:
    """Return what heads the paper (see ``shared.masthead``)."""
    return masthead(pack, OUTLOOK)


def what_to_know(pack: Pack, named: int) -> Sentences:
    """Return the sentences of the first page; ``named`` is how many pupils a school can take on at once."""
    outlook = outlook_of(pack)
    if not outlook.told:
        return Sentences(name="outlook_words", title="What to know", style="lead", items=(NO_LAST_END,))
    people, chosen = people_of(pack), listed(pack)
    last = outlook.told[outlook.horizons[-1].kind, "persistent"]
    likely = int(np.floor(people["percent"].where(people["cannot"] == "", 0).sum() / CERTAIN + 0.5))
    unsaid = int((people["cannot"] != "").sum())
    items = (
        f"Of {counted(len(people), 'pupil')}, about {format_count(likely)} are likely to end the "
        f"{HORIZON_WORDS[last.horizon.kind]} at 10% or more missed if it goes on as it has: "
        f"{counted(int(people['is_over'].sum()), 'is', 'are')} over it now, and {format_count(int(people['is_certain'].sum()))} "
        "of those can no longer end below it.",
        f"For {counted(len(chosen), 'pupil')} not yet over it the line is open: "
        f"{format_count(int((~has_support(chosen)).sum()))} of them have no support on file.",
        list_words(list_of_last_year(pack, named), pack),
        words_of_this_year(pack, named),
        skill_words(last),
        f"Of {counted(unsaid, 'pupil')} no chance can be given yet: the last list says why."
        if unsaid
        else "",
        "These are chances, not judgements: a reason to talk, never a ground for a sanction, a notice or a refusal.",
    )
    return Sentences(
        name="outlook_words", title="What to know", style="lead", items=tuple(filter(None, items))
    )


def key_figures(pack: Pack) -> KeyFigures:
    """Return to each end how many are over the line now, and how many are likely to be then."""
    outlook, people = outlook_of(pack), people_of(pack)
    figures = tuple(
        _likely(outlook, people["row"].to_numpy(), kind) for kind in [each.kind for each in outlook.horizons]
    )
    over = int(people["is_over"].sum())
    now = KeyFigure(
        "over_now", "10% or more missed now", over, Kind.COUNT, f"of {counted(len(people), 'pupil')} on roll"
    )
    return KeyFigures(
        name="outlook_figures", title="Key figures", figures=(now, *figures),
        note=f"As known on {format_date(pack.date_to)}: 10% or more of a pupil's own possible sessions of the year so far.",
    )  # fmt: skip


def _likely(outlook: Outlook, rows: np.ndarray, kind: str) -> KeyFigure:
    told = outlook.told[kind, "persistent"]
    is_said = told.cannot[rows] == ""
    likely = int(np.floor(told.chance[rows][is_said].sum() / CERTAIN + 0.5))
    certain = int((told.need[rows] <= 0).sum())
    return KeyFigure(
        name=f"likely_{kind}",
        label=f"Likely by the {end_words(told.horizon)}",
        value=likely,
        kind=Kind.COUNT,
        detail=f"{format_count(certain)} of them certain; not given for {format_count(int((~is_said).sum()))}",
    )


def how_told(pack: Pack) -> Sentences:
    """Say what the chances to each end are worked out by."""
    outlook = outlook_of(pack)
    told = [outlook.told[each.kind, "persistent"] for each in outlook.horizons]
    items = tuple(
        f"To the {end_words(each.horizon)}: {told_by_words(each.by)}"
        + (
            "."
            if each.by == OURS
            else ", since our own method was not better at this school about this week of last year."
        )
        for each in told
        if each.tried
    )
    untried = "" if all(each.tried for each in told) else (
        "No finished year is held: chances come from sessions missed so far and how pupils of England's schools differ (DfE), "
        "and how good they are at this school is not known."
    )  # fmt: skip
    return Sentences(name="outlook_told_by", items=tuple(filter(None, (*items, untried))), style="note")


# The rules, printed


def rules_in_words() -> Sentences:
    """Return the stated rules: what is looked at, what is not, and of whom nothing is told."""
    return Sentences(name="outlook_rules", items=RULES_IN_WORDS, style="note")


RULES_IN_WORDS = (
    "Looked at: sessions missed and possible by school week, this year and last, and the school's calendar. Not looked at: sex, "
    "ethnicity, free school meals, special educational needs, language or anything else of the pupil.",
    "Illness and every other absence are followed apart, since they last differently; the season is half of last year's. A spell "
    "in progress and a weekday that stands out are facts beside a chance and not in it: on invented schools they made it no "
    "better.",
    "Arithmetic first: who has missed enough already is certain, who can no longer miss enough is safe, whatever happens.",
    "A pupil's own level lasts and drifts; how much of each, and how much of a level lasts into the next year, is learned from "
    "this school's own weeks, and corrected on what came after the same week of last year. A simple rule is used in its place "
    "where it "
    "missed by less about that week. How good it is on invented schools: docs/outlook_calibration.md.",
    f"No chance is given with fewer than {FIRST_WEEKS_SESSIONS} sessions here, neither this year nor last: Year 7 in its "
    "first weeks, joiners, whoever was at another school last year. Weeks without a session (closures, codes outside the "
    "denominator) say nothing and are passed over. A small year group has the whole school's numbers.",
    "A year group that left early last year is taken to leave as many weeks before the end of this one.",
    "No cause and no effect of help is shown: pupils helped last year are among those learned from.",
)
