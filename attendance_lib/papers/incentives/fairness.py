"""Whom the tickets fall on: each group's tickets beside everyone else's, and what causes a small share."""

from collections.abc import Callable, Iterator

import pandas as pd

from attendance_lib.display import Column, Kind, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.papers.incentives.opening import OpenDraw
from attendance_lib.papers.incentives.tickets import BY_EARLIER, JOINED, NEVER_CAME, WAS_LATE
from attendance_lib.papers.shared import framed
from attendance_lib.rules.groups import GROUPS, SEN, Group
from attendance_lib.rules.occasions import RAFFLE

COMPARED = (SEN, "fsm", "sex", "looked_after", "young_carer")
# Ours: the four fifths of a chance from which a difference is looked into.
LEAST_OF_TEN, TEN = 8, 10
HUNDRED = 100


def fairness(draw: OpenDraw) -> Table:
    """Return each group's tickets per 100 pupils beside those of everyone else, which is their chance of any one prize."""
    level = draw.pack.school.settings.rules.suppression_level
    rows = [row_of(draw, group, level) for group in groups_known(draw)]
    return Table(
        name="fairness",
        title="Is the chance the same?",
        frame=framed(rows, FAIRNESS_COLUMNS),
        columns=FAIRNESS_COLUMNS,
        row_header="group",
        note=(
            f"Tickets per 100 pupils are the chance of each prize. Groups of fewer than {level} pupils, or beside fewer than "
            f"{level} others, are withheld. Less than 80% of the others' chance is looked into: that limit is ours."
        ),
        empty_text="The pupils file says of no group who belongs to it, so whether the chance is the same is not known.",
    )


def groups_known(draw: OpenDraw) -> Iterator[Group]:
    """Yield the groups of which the pupils file says who belongs to them.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> people = pd.DataFrame({"fsm": [True, None], "young_carer": [None, None], "form": ["7A", "7B"]})
    >>> [group.column for group in groups_known(SimpleNamespace(people=people))]
    ['fsm']
    """
    people = draw.people
    return (
        group
        for group in GROUPS
        if group.column in COMPARED and group.column in people and people[group.column].notna().any()
    )


def row_of(draw: OpenDraw, group: Group, level: int) -> dict[str, object]:
    """Return the row of one group; of a small one only that it is.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> people = pd.DataFrame({"fsm": [True] * 10 + [False] * 10, "tickets": [1] * 8 + [0] * 2 + [1] * 10})
    >>> fsm = SimpleNamespace(column="fsm", heading="Meals", label="Free meals", members=lambda rows: rows["fsm"].to_numpy())
    >>> row = row_of(SimpleNamespace(people=people), fsm, level=10)
    >>> row["ratio_rate"], row["finding"]  # exactly four fifths is not under them
    (0.8, '')
    >>> row_of(SimpleNamespace(people=people), fsm, level=11)["finding"]
    'withheld: few pupils'
    """
    people = draw.people[draw.people[group.column].notna()]
    mine = group.members(people)
    said = {"characteristic": group.heading, "group": group.label, "pupils": None, "tickets": None}
    said |= {"tickets_per_100": None, "others_per_100": None, "ratio_rate": None}
    if min(int(mine.sum()), int((~mine).sum())) < level:
        return said | {"finding": "withheld: few pupils"}
    inside, outside = people[mine], people[~mine]
    tickets, others = int(inside["tickets"].sum()), int(outside["tickets"].sum())
    each, other = HUNDRED * tickets / len(inside), HUNDRED * others / len(outside)
    # On whole numbers, so that no rounding decides.
    is_low = tickets * len(outside) * TEN < LEAST_OF_TEN * others * len(inside)
    return said | {
        "pupils": len(inside),
        "tickets": tickets,
        "tickets_per_100": each,
        "others_per_100": other,
        "ratio_rate": each / other if other else None,
        "finding": f"under 80%: {cause_of(draw, inside, outside)}" if is_low else "",
    }


def cause_of(draw: OpenDraw, inside: pd.DataFrame, outside: pd.DataFrame) -> str:
    """Return what costs a group (one row per pupil) more tickets a pupil than it costs everyone else; the most of it, in words.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> draw = SimpleNamespace(kind=RAFFLE, rule=SimpleNamespace(most_tickets=5))
    >>> late, others = (pd.DataFrame({"tickets": tickets, "why": why}) for tickets, why in (([2, 5], [WAS_LATE, ""]), ([5], [""])))
    >>> cause_of(draw, late, others), cause_of(draw, others, late)
    ('lateness', 'no one cause stands out')
    """
    causes = RAFFLE_CAUSES if draw.kind == RAFFLE else POT_CAUSES
    more = {
        words: float(lost(draw, inside).mean() - lost(draw, outside).mean()) for words, lost in causes.items()
    }
    words = max(more, key=lambda each: more[each])
    return words if more[words] > 0 else "no one cause stands out"


def lost_by(why: str) -> Callable[[OpenDraw, pd.DataFrame], pd.Series]:
    """Return the function that says how many raffle tickets each pupil (row) has not for a reason: of lateness, or of days away.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> people = pd.DataFrame({"tickets": [5, 3, 0], "why": ["", WAS_LATE, NEVER_CAME]})
    >>> lost_by(WAS_LATE)(SimpleNamespace(rule=SimpleNamespace(most_tickets=5)), people).tolist()
    [0, 2, 0]
    """

    def lost(draw: OpenDraw, people: pd.DataFrame) -> pd.Series:
        return (draw.rule.most_tickets - people["tickets"]).where(people["why"] == why, 0)

    return lost


RAFFLE_CAUSES = {
    "lateness": lost_by(WAS_LATE),
    "not in school, and late in the weeks before": lost_by(BY_EARLIER),
    "not in school for seven weeks": lost_by(NEVER_CAME),
    "joined within the period": lost_by(JOINED),
}


def missing_rule(_: OpenDraw, people: pd.DataFrame) -> pd.Series:
    """Return who has no ticket for the school's rule: 1 or 0 tickets, one per row.

    Examples
    --------
    >>> missing_rule(None, pd.DataFrame({"meets_rule": [True, False, None]})).tolist()
    [0.0, 1.0, 1.0]
    """
    return 1 - people["meets_rule"].astype(float).fillna(0)


def missing_improvement(_: OpenDraw, people: pd.DataFrame) -> pd.Series:
    """Return who has no ticket for an improvement: 1 or 0 tickets, one per row.

    Examples
    --------
    >>> missing_improvement(None, pd.DataFrame({"is_improved": [True, False, None]})).tolist()  # not known is none
    [0.0, 1.0, 1.0]
    """
    return 1 - people["is_improved"].astype(float).fillna(0)


POT_CAUSES = {
    "fewer meet the rule, for absence that counts": missing_rule,
    "fewer improved on their own weeks before": missing_improvement,
}

FAIRNESS_COLUMNS = (
    figure("characteristic", meaning="What pupils are grouped by", width=14),
    figure("group", width=22),
    figure("pupils", meaning="Pupils of the group; c or empty where few"),
    figure("tickets"),
    Column("tickets_per_100", "Per 100", Kind.NUMBER, meaning="Tickets per 100 pupils of the group"),
    Column("others_per_100", "Others", Kind.NUMBER, meaning="Tickets per 100 pupils of everyone else"),
    Column(
        "ratio_rate",
        "Beside others",
        Kind.RATE,
        meaning="The group's tickets per 100 out of everyone else's: 100% is the same chance",
    ),
    Column(
        "finding",
        "Look into",
        meaning="Chances under 80% with most of the cause; groups that are withheld",
        width=34,
    ),
)


def what_is_known(_: OpenDraw) -> Sentences:
    """Say what is known of such schemes, and where this school's own answer stands."""
    items = (
        "In the largest trial (15,329 pupils of grades 6 to 12 in 14 Californian districts; source: Robinson, Gallus, Lee and "
        "Rogers, on symbolic awards for attendance) an award that was announced beforehand moved attendance by nothing on "
        "average, and by less once it was over; a surprise one lowered it afterwards, most for pupils who found learning "
        "hardest. It tried letters and certificates, not raffles.",
        "Whether this scheme moved anything here is said by the impact paper, in its part on the whole school: log it as a Tier 1 "
        "intervention with the day on which it began.",
        "A ticket for an improvement also rewards chance: after a bad six weeks most pupils have a better one.",
        "A pupil's tickets hang on nobody else: no class or form is rewarded together, which would turn others against a pupil who "
        "is often ill.",
    )
    return Sentences(name="known_of_rewards", style="points", items=items)
