"""The meeting's agenda: forty minutes, who leads each part, fifteen pupils at most, and the rest rolled over for all to see."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from attendance_lib.analysis.action_log import CLOSED, DONE_SINCE, OVERDUE
from attendance_lib.analysis.impact.paper import impact_so_far
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.logs import is_filled, known_columns
from attendance_lib.analysis.notice_cases import gates_in_words
from attendance_lib.analysis.penalty_notices import rules_of
from attendance_lib.analysis.plans import running_plans
from attendance_lib.analysis.priority import priority_of
from attendance_lib.analysis.reasons import unexplained_of
from attendance_lib.analysis.staff import courses_of, staff_of
from attendance_lib.display import Column, Highlight, Kind, Parts, Sentences, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count
from attendance_lib.errors import in_number
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.cases import NOTHING_AGREED, listed_actions, over_a_line, pupils_known
from attendance_lib.papers.links import card_pages, gate_pages, plan_pages
from attendance_lib.papers.shared import joined_where
from attendance_lib.rules.calendar import short_day
from attendance_lib.rules.codes import NO_REASON_YET
from attendance_lib.rules.groups import is_so

MOST_PUPILS, MINUTES = 15, 40
NAMED_ROLLED = 5
NOT_MET = "not met"


@dataclass(frozen=True)
class Part:
    """A part of the meeting.

    ``short`` is what a pupil's line says of it; ``leads`` is the kind of role that leads it, ``otherwise`` who does where not
    one person of the school file's staff has it; ``places`` are its pupils before it is others' turn.
    """

    name: str
    words: str
    minutes: int
    leads: str
    otherwise: str
    short: str = ""
    places: int = 0


SEVERE, RISING, REVIEWS, NOTICES = "severe", "rising", "reviews", "notices"
# The minutes and places are ours: no guidance sets them.
PARTS = (
    Part("agreed", "What was agreed last time", 5, "Attendance lead", "the attendance lead"),
    Part(
        SEVERE, "Severe absence, and over a line with nothing agreed", 10, "Attendance lead", "the attendance lead",
        "Severe, or nothing agreed", 5,
    ),
    Part(RISING, "Newly over a line, or falling fast", 10, "Head of year", "the head of each pupil's year", "New", 4),
    Part(REVIEWS, "Plans and support to review", 10, "", "whoever leads each", "Review", 4),
    Part(NOTICES, "Notice thresholds, and N past its day", 3, "Attendance officer", "the attendance officer", "Notice", 2),
    Part("lessons", "Lessons and lates: the papers of their own", 2, "Pastoral team", "the pastoral team"),
)  # fmt: skip


def candidates(pack: Pack) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield for each part with places the pupils it could talk about, a row each in order: ``pupil_id`` and ``why``.

    First come those for whom nothing was done for the most school days, then those with the most sessions missed.
    """
    by = ["untouched_days", "absence_sessions", "pupil_id"]
    order = pupils_known(pack).sort_values(by, ascending=[False, False, True])
    lines = over_a_line(pack).astype({"pupil_id": str}).drop_duplicates("pupil_id").set_index("pupil_id")
    yield SEVERE, severe_or_bare(order, lines)
    yield RISING, newly(pack)
    yield REVIEWS, to_review(pack)
    yield NOTICES, at_a_notice(order, lines, pack)


def severe_or_bare(order: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return who is severely absent or has nothing agreed, those of whom both are true first (one row each, as ``candidates``).

    Examples
    --------
    >>> pupils = {"pupil_id": ["1", "2", "3"], "is_severely_absent": [False, True, True], "is_bare": [True, False, True]}
    >>> lines = pd.DataFrame({"lines": ["Persistent absence", "Severe absence"]}, index=["1", "3"])
    >>> severe_or_bare(pd.DataFrame(pupils), lines).to_numpy().tolist()
    [['3', 'Severe absence'], ['2', 'Severe absence'], ['1', 'Persistent absence']]
    """
    case = order[order["is_severely_absent"] | order["is_bare"]]
    both = case.assign(both=case["is_severely_absent"] & case["is_bare"])
    first = both.sort_values(["both", "is_severely_absent"], ascending=False, kind="stable")
    why = lines["lines"].reindex(first["pupil_id"]).fillna("Severe absence").to_numpy()
    return pd.DataFrame({"pupil_id": first["pupil_id"].to_numpy(), "why": why}, dtype=object)


def at_a_notice(order: pd.DataFrame, lines: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Return who meets a notice threshold or a referral trigger on the last day (one row each, as ``candidates``)."""
    met = order[order["pupil_id"].isin(lines.index[lines["rules_met"].notna()])]
    # Only the law's threshold obliges the school to consider: a local trigger asks for a referral.
    national = "; ".join(rule.name for rule in rules_of(pack) if rule.is_national)
    gates = gates_in_words(pack)
    rules_of_pupils = lines["rules_met"].reindex(met["pupil_id"])
    why = [why_met(rules, national, gates.get(pupil, "")) for pupil, rules in rules_of_pupils.items()]
    return pd.DataFrame({"pupil_id": met["pupil_id"].to_numpy(), "why": why}, dtype=object)


def why_met(rules: str, national: str, gate: str) -> str:
    """Return what the rules that a pupil meets ask of the school, with what a referral today would lack, if that is known.

    Examples
    --------
    >>> why_met("National threshold; Larkshire", "National threshold", "evidence is missing")
    'Notice threshold: must consider; evidence is missing'
    >>> why_met("Larkshire", "National threshold", "")
    'Local referral trigger'
    """
    if national and national in rules:
        return "; ".join(filter(None, ("Notice threshold: must consider", gate)))
    return "Local referral trigger"


def newly(pack: Pack) -> pd.DataFrame:
    """Return who became severely or persistently absent, or fell far, in the period: one row each, ordered as the priority list.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> flags = {"became_severe": [True, False, False], "is_falling": [True, True, None]}
    >>> listed = pd.DataFrame({"pupil_id": ["1", "2", "3"], **flags})
    >>> newly(SimpleNamespace(results={priority_of: listed})).values.tolist()
    [['1', 'now severely absent; falling fast'], ['2', 'falling fast']]
    """
    listed = priority_of(pack)
    reasons = {
        "became_severe": "now severely absent",
        "became_persistent": "now persistently absent",
        "is_falling": "falling fast",
    }
    known = listed.reindex(columns=list(reasons))
    held = {words: is_so(known[flag]) for flag, words in reasons.items()}
    ids = listed["pupil_id"].astype(str).to_numpy()
    found = pd.DataFrame({"pupil_id": ids, "why": joined_where(held, "; ")}, dtype=object)
    return found[found["why"] != ""]


def to_review(pack: Pack) -> pd.DataFrame:
    """Return whose plan or support is to be reviewed within two school weeks, the earliest review first, one row a pupil.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> courses = pd.DataFrame({"pupil_id": ["1", "1", "2"], "what": ["Mentor", "SP013", "Mentor"], "is_review_due": True})
    >>> days = pd.to_datetime(["2026-11-23", "2026-11-16", "2026-11-24"])
    >>> courses = courses.assign(review_date=days, is_review_overdue=days < pd.Timestamp(2026, 11, 20))
    >>> to_review(SimpleNamespace(results={courses_of: courses, pupils_known: courses})).values.tolist()
    [['1', 'SP013: review overdue since 16 Nov'], ['2', 'Mentor: review due 24 Nov']]
    """
    courses = courses_of(pack)
    due = courses[courses["is_review_overdue"] | courses["is_review_due"]].sort_values(
        ["review_date", "pupil_id", "what"]
    )
    on_roll = due[due["pupil_id"].isin(pupils_known(pack)["pupil_id"])].drop_duplicates("pupil_id")
    rows = zip(on_roll["what"], on_roll["review_date"], on_roll["is_review_overdue"], strict=True)
    why = [
        f"{what}: review {'overdue since' if late else 'due'} {short_day(day)}" for what, day, late in rows
    ]
    return pd.DataFrame({"pupil_id": on_roll["pupil_id"].to_numpy(), "why": why}, dtype=object)


@derived
def pupils_of_the_meeting(pack: Pack) -> pd.DataFrame:
    """Return the pupils of the agenda and those rolled over.

    Returns
    -------
    pandas.DataFrame
        One row per pupil, each in the first part that fits: ``part``, ``pupil_id``, ``why`` and ``is_on`` (MOST_PUPILS at most).
        Each part has its own places; those that one leaves free go to the others in order.
    """
    parts = [rows.assign(part=name) for name, rows in candidates(pack)]
    everyone = pd.concat(parts, ignore_index=True).drop_duplicates("pupil_id", ignore_index=True)
    rank = everyone.groupby("part").cumcount()
    places = everyone["part"].map({part.name: part.places for part in PARTS})
    is_placed = (rank < places).to_numpy(dtype=bool)
    is_next = (~is_placed).cumsum() <= MOST_PUPILS - int(is_placed.sum())
    return everyone.assign(is_on=is_placed | is_next)


def meeting(pack: Pack) -> Parts:
    """Return the agenda, the pupils to talk about and those rolled over, one under the other."""
    rolled = rolled_over(pack)
    return Parts(
        "meeting",
        (agenda(pack), agenda_pupils(pack), rolled_in_words(rolled)),
        (agenda(pack), agenda_pupils(pack), rolled),
    )


def rolled_in_words(rolled: Table) -> Sentences:
    """Return who was rolled over, in the order in which they come next: the first by name, and how many more.

    Examples
    --------
    >>> pupils = pd.DataFrame({"pupil_name": [f"Ada A{number}" for number in range(7)], "form": "8A"})
    >>> rolled_in_words(Table("rolled_over", "Rolled over", pupils, ())).items[0].split("; ")[-2:]
    ['Ada A4 8A', 'and 2 more in the workbook.']
    """
    first, more = rolled.frame.head(NAMED_ROLLED), len(rolled.frame) - NAMED_ROLLED
    named = "; ".join(f"{name} {form}" for name, form in zip(first["pupil_name"], first["form"], strict=True))
    rest = f"; and {format_count(more)} more in the workbook" if more > 0 else ""
    return Sentences(
        name="rolled_in_words",
        items=(f"{rolled.title}: {named}{rest}." if named else rolled.empty_text,),
        style="note",
        personal=True,
    )


def _part_row(part: Part, pack: Pack) -> dict[str, object]:
    pupils = pupils_of_the_meeting(pack)
    is_on = pupils.loc[pupils["part"] == part.name, "is_on"]
    return {
        "part": part.words,
        "minutes": part.minutes,
        "led_by": led_by(part, pack),
        "talked": int(is_on.sum()) if part.places else None,
        "rolled": int((~is_on).sum()) if part.places else None,
    }


def agenda(pack: Pack) -> Table:
    """Return the agenda: parts, minutes, who leads, for how many pupils, and how many are rolled over."""
    rows = [_part_row(part, pack) for part in PARTS]
    rolled = int((~pupils_of_the_meeting(pack)["is_on"]).sum())
    return Table(
        name="agenda",
        title="Who leads what",
        frame=pd.DataFrame(rows).astype({"talked": "Int64", "rolled": "Int64"}),
        columns=AGENDA_COLUMNS,
        note=f"{MINUTES} minutes, at most {MOST_PUPILS} pupils; {format_count(rolled)} {in_number(rolled, 'is', 'are')} rolled "
        f"over. {agreed_words(pack)} {n_words(pack)}",
    )


def agreed_words(pack: Pack) -> str:
    """Say where the actions of before stand, in counts."""
    listed = listed_actions(pack)
    pending = int((~listed["status"].isin(CLOSED)).sum())
    done, overdue = (int((listed["standing"] == each).sum()) for each in (DONE_SINCE, OVERDUE))
    return f"Actions: {format_count(done)} done since last time, {format_count(pending)} open, {format_count(overdue)} overdue."


def n_words(pack: Pack) -> str:
    """Say how many N marks are past their fifth school day.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> due = pd.DataFrame({"what": ["N", "N", "missing"], "is_overdue": [True, False, True]})
    >>> n_words(SimpleNamespace(results={unexplained_of: due}))
    'N past its fifth school day: 1.'
    """
    due = unexplained_of(pack)
    late = int((due["is_overdue"] & (due["what"] == NO_REASON_YET)).sum())
    return f"N past its fifth school day: {format_count(late)}."


def led_by(part: Part, pack: Pack) -> str:
    """Return who leads a part: by name where one of the staff has its role.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> ash, yew = (SimpleNamespace(name=name, readers=[SimpleNamespace(name="SENCo")]) for name in ("Ms Ash", "Mr Yew"))
    >>> packs = [SimpleNamespace(results={staff_of: SimpleNamespace(members=members)}) for members in ([ash], [ash, yew])]
    >>> [led_by(SimpleNamespace(leads="SENCo", otherwise="the SENCo"), pack) for pack in packs]
    ['Ms Ash', 'the SENCo']
    """
    named = [
        member.name
        for member in staff_of(pack).members
        if part.leads in (reader.name for reader in member.readers)
    ]
    return named[0] if len(named) == 1 else part.otherwise


AGENDA_COLUMNS = (
    *shown("part", "minutes"),
    Column("led_by", "Led by", meaning="Of the school file's staff", personal=True, width=34),
    Column("talked", "Pupils", kind=Kind.COUNT, meaning="Pupils on the agenda"),
    Column(
        "rolled",
        "Rolled over",
        Kind.COUNT,
        meaning="Pupils who could have been, and wait for the next meeting",
    ),
)


@derived
def lines_of(pack: Pack) -> pd.DataFrame:
    """Return rows of ``pupils_of_the_meeting`` with what is known of each: plan, who leads, quiet days, what did work or not."""
    names = ["pupil_id", "pupil_name", "form", "year_group", "plan", "lead", "untouched_days"]
    told = pupils_of_the_meeting(pack).merge(
        pupils_known(pack)[names], on="pupil_id", how="inner", validate="1:1"
    )
    numbers = told["pupil_id"].map(running_plans(pack)["plan_id"].to_dict())
    named = {pupil: next(iter(said), None) for pupil, said in cards_of(pack).items()}
    named |= {pupil: row["intervention"] for pupil, row in failures(pack).items()}
    cards = [named.get(pupil) for pupil in told["pupil_id"]]
    return told.assign(
        part=told["part"].map({part.name: part.short for part in PARTS}),
        worked=worked(told["pupil_id"], pack),
        plan_id=numbers,
        plan_page=numbers.map(plan_pages(pack)),
        gate=told["pupil_id"].map(gates_in_words(pack)),
        gate_page=told["pupil_id"].map(gate_pages(pack)),
        card=cards,
        card_page=card_pages(pack, cards),
    )


def worked(pupil_ids: pd.Series, pack: Pack) -> list[str]:
    """Say of each pupil (one text per row) what failed and why, as staff wrote it, and what the card says of what runs now.

    Beside words of staff a card that can tell nothing yet is left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> failed = {"intervention": "Club", "reason_not_working": "started too late", "next_step": None}
    >>> cards = dict.fromkeys(("1", "2"), {"Mentor": Verdict.TOO_FEW})
    >>> worked(pd.Series(["1", "2"]), SimpleNamespace(results={failures: {"1": failed}, cards_of: cards}))
    ['Club not met: started too late; next: not written down', 'Mentor: too few to tell']
    """
    why = {pupil: failure_in_words(row) for pupil, row in failures(pack).items()}
    said = {
        pupil: [
            f"{what}: {verdict}"
            for what, verdict in cards.items()
            if pupil not in why or verdict != Verdict.TOO_FEW
        ]
        for pupil, cards in cards_of(pack).items()
    }
    return [". ".join(filter(None, [why.get(pupil, ""), *said.get(pupil, ())])) for pupil in pupil_ids]


@derived
def failures(pack: Pack) -> dict[str, dict]:
    """Return the last intervention of each pupil that was not met (a row of INTERVENTIONS), by identifier.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> log = pd.DataFrame({"pupil_id": "1", "intervention": ["Club", "Mentor", "Bus"], "outcome": ["not met", " Not met", "met"]})
    >>> log["start_date"] = pd.to_datetime(["2026-09-07", "2026-10-05", "2026-11-02"])
    >>> found = failures(SimpleNamespace(school=SimpleNamespace(interventions=log), date_to="2026-11-20", results={}))
    >>> {pupil: row["intervention"] for pupil, row in found.items()}
    {'1': 'Mentor'}
    """
    log = known_columns(pack.school.interventions, list(INTERVENTIONS.column_names))
    log = log[is_filled(log["pupil_id"]) & (log["start_date"] <= pd.Timestamp(pack.date_to))].astype(
        {"pupil_id": str}
    )
    failed = log[log["outcome"].astype(object).fillna("").astype(str).str.strip().str.casefold() == NOT_MET]
    failed = failed.sort_values(["start_date", "intervention"]).drop_duplicates("pupil_id", keep="last")
    return {row["pupil_id"]: row for row in failed.to_dict("records")}


@derived
def cards_of(pack: Pack) -> dict[str, dict[str, str]]:
    """Return what the impact card says of each intervention that runs for a pupil: its verdict by its name, by identifier.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> courses = pd.DataFrame({"pupil_id": "1", "what": ["Mentor", "SP013", "Club"], "is_running": [True, True, False]})
    >>> impacts = pd.DataFrame({"intervention": ["Mentor", "Club"], "verdict": [Verdict.HELPED, Verdict.TOO_FEW]})
    >>> cards = cards_of(SimpleNamespace(results={courses_of: courses, impact_so_far: SimpleNamespace(impacts=impacts)}))
    >>> {pupil: list(card) for pupil, card in cards.items()}  # a plan has no card, and the club is over
    {'1': ['Mentor']}
    """
    courses = courses_of(pack)
    running = courses[courses["is_running"]].groupby("pupil_id")["what"].agg(list).to_dict()
    impacts = impact_so_far(pack).impacts.to_dict("records") if len(running) else ()
    verdicts = {row["intervention"]: row["verdict"] for row in impacts}
    return {
        pupil: {what: verdicts[what] for what in whats if what in verdicts}
        for pupil, whats in running.items()
    }


def failure_in_words(row: dict) -> str:
    """Return what did not work, why, and what is next, as staff wrote it.

    Examples
    --------
    >>> failure_in_words({"intervention": "Mentor", "reason_not_working": "started too late", "next_step": "escalate"})
    'Mentor not met: started too late; next: escalate'
    """
    reason, step = (
        str(row[name]).strip() if pd.notna(row[name]) else "" for name in ("reason_not_working", "next_step")
    )
    return f"{row['intervention']} {NOT_MET}: {reason or 'no reason written down'}; next: {step or 'not written down'}"


def agenda_pupils(pack: Pack) -> Table:
    """Return the pupils of the agenda, in the order of its parts."""
    lines = lines_of(pack)
    return Table(
        name="agenda_pupils",
        title="Pupils to talk about",
        frame=lines[lines["is_on"]].reset_index(drop=True),
        columns=PUPIL_COLUMNS,
        row_header="pupil_name",
        grouped_by="part",
        note="Each in the first part that fits. In the first part whoever has been quiet longest comes first: what a meeting "
        "agrees counts, so that whoever is rolled over moves up.",
        empty_text="Nobody is to be talked about.",
    )


def rolled_over(pack: Pack) -> Table:
    """Return the pupils for whom there was no place, in the order in which they come next."""
    lines = lines_of(pack)
    return Table(
        name="rolled_over",
        title="Rolled over to the next meeting",
        frame=lines[~lines["is_on"]].reset_index(drop=True),
        columns=PUPIL_COLUMNS,
        row_header="pupil_name",
        note="Not talked about for want of time, and not forgotten.",
        empty_text="Nobody: there was a place for everyone.",
    )


PUPIL_COLUMNS = (
    *shown("pupil_name", "form"),
    figure("part", meaning="The part of the agenda", width=16),
    Column("why", "Why", meaning="What brings the pupil here", personal=True, width=34, links=(("gate", "gate_page"),)),
    figure(
        "plan", meaning="What runs, and its review", highlights=(Highlight("equals", NOTHING_AGREED, Tone.ALERT),),
        links=(("", "plan_page"),),
    ),
    figure("led_by", width=18),
    Column(
        "worked",
        "What worked",
        meaning="The last that failed and why; what is said of what runs now",
        personal=True,
        width=34,
        links=(("card", "card_page"),),
    ),
    *shown("untouched_days", "pupil_id", "year_group"),
    *(replace(column, shown=False) for column in shown("plan_id", "plan_page", "gate", "gate_page")),
    Column("card", "Card of", meaning="The last that failed, else what runs now", personal=True, shown=False, width=18),
    *shown("card_page"),
)  # fmt: skip
