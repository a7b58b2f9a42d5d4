"""What the paper shows of a draw: its list, how it is drawn, who was drawn, every pupil's tickets, and the winners' poster."""

from dataclasses import replace

import pandas as pd

from attendance_lib.display import Column, Document, DrawNote, KeyFigure, KeyFigures, Kind, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count
from attendance_lib.errors import counted
from attendance_lib.papers.data_notes import rule_sources
from attendance_lib.papers.incentives.opening import OpenDraw
from attendance_lib.papers.shared import framed, masthead
from attendance_lib.reports.papers import INCENTIVES
from attendance_lib.rules.draw import Drawn, record_of
from attendance_lib.rules.occasions import RAFFLE
from attendance_lib.rules.sources import REGISTER_CODES


def draw_masthead(draw: OpenDraw) -> Document:
    """Return what heads the paper (see ``shared.masthead``), with the draw that it is of."""
    return replace(masthead(draw.pack, INCENTIVES), title=f"{draw.name[0].upper()}{draw.name[1:]}")


def what_to_know(draw: OpenDraw) -> Sentences:
    """Say first how the draw stands: the list that waits for its public value, or who has won."""
    tickets = draw.tickets
    held, pupils = format_count(len(tickets.holders), "ticket"), format_count(tickets.pupils, "pupil")
    stands = f"The list of the {draw.name} has {held} of {pupils}."
    items = (stands, *(drawn_words(draw) if draw.public_value else waiting_words(draw)), amended_words(draw))
    return Sentences(
        name="draw_words", title="What to know", style="lead", items=tuple(filter(None, items)), personal=True
    )


def in_groups(digits: str) -> str:
    """Return a hash as people read it out, and as a narrow page can break it.

    Examples
    --------
    >>> in_groups("e3b0c44298fc1c14")
    'e3b0c442 98fc1c14'
    """
    return " ".join(digits[place : place + 8] for place in range(0, len(digits), 8))


def waiting_words(draw: OpenDraw) -> tuple[str, ...]:
    """Say what is to be done before the draw."""
    return (
        f"Its hash is {in_groups(draw.tickets.hash)}. Publish it before the public value is known, on the school's website or in "
        "assembly.",
        f"The draw waits for {draw.pack.school.settings.incentives.public_value}.",
    )


def drawn_words(draw: OpenDraw) -> tuple[str, ...]:
    """Say who has won, and whether prizes are left.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> people, won = pd.DataFrame({"pupil_id": ["1"], "pupil_name": ["Ada Ash"]}), [SimpleNamespace(pupil_id="1")]
    >>> more = {"tickets": SimpleNamespace(prizes=1), "given_up": set(), "drawn": []}
    >>> drawn_words(SimpleNamespace(public_value="4711", people=people, winners=won, **more))[0]
    'Drawn with 4711: Ada Ash.'
    >>> drawn_words(SimpleNamespace(public_value="4711", people=people, winners=[], **more))
    ('Drawn with 4711: nobody has a prize.', '1 prize is left, for no place is.')
    """
    names = draw.people.set_index("pupil_id")["pupil_name"]
    won = [names[each.pupil_id] for each in draw.winners]
    left = draw.tickets.prizes - len(won)
    said = (
        f"Drawn with {draw.public_value}: {'; '.join(won)}."
        if won
        else f"Drawn with {draw.public_value}: nobody has a prize."
    )
    return (
        said,
        f"{counted(left, 'prize is', 'prizes are')} left, for no place is." if left else "",
        *unknown_places(draw),
    )


def unknown_places(draw: OpenDraw) -> tuple[str, ...]:
    """Say which redraws name a place that was not drawn.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> unknown_places(SimpleNamespace(given_up={2, 7}, drawn=[SimpleNamespace(place=place) for place in (1, 2, 3)]))
    ('A redraw names place 7, and 3 places were drawn: correct it in redraws.',)
    """
    wrong = sorted(draw.given_up - {each.place for each in draw.drawn})
    return tuple(
        f"A redraw names place {place}, and {counted(len(draw.drawn), 'place was', 'places were')} drawn: correct it in redraws."
        for place in wrong
    )


def amended_words(draw: OpenDraw) -> str:
    """Say how many pupils the registers would give other tickets by now; the list stands.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> people = pd.DataFrame({"tickets": [3, 2], "tickets_today": [3, 0]})
    >>> amended_words(SimpleNamespace(people=people)).partition(": ")[2]
    '1 pupil would have other tickets. The list stands as it was written.'
    """
    changed = int((draw.people["tickets"] != draw.people["tickets_today"]).sum())
    if not changed:
        return ""
    who = counted(changed, "pupil", "pupils")
    return (
        f"Since the list was written, marks or the roll were amended: {who} would have other tickets. The list stands as "
        "it was written."
    )


def key_figures(draw: OpenDraw) -> KeyFigures:
    """Return the figures of the list."""
    on_roll = len(draw.pack.roll.current.pupils)
    without = int((draw.people["tickets"] == 0).sum())
    figures = (
        KeyFigure(
            "list_tickets", "Tickets", len(draw.tickets.holders), Kind.COUNT,
            detail=f"of {format_count(draw.tickets.pupils, 'pupil')}",
        ),
        KeyFigure("without_ticket", "Pupils without a ticket", without, Kind.COUNT, detail=f"of {format_count(on_roll)} on roll"),
        KeyFigure(
            "prizes", "Prizes", draw.tickets.prizes, Kind.COUNT,
            detail=f"and {counted(draw.tickets.reserves, 'reserve', 'reserves')}",
        ),
        KeyFigure("redrawn", "Prizes drawn again", len(draw.redrawn), Kind.COUNT, detail="logged with a reason"),
    )  # fmt: skip
    return KeyFigures(name="draw_figures", title="The list", figures=figures)


def winners(draw: OpenDraw) -> Table:
    """Return the places in the order drawn, with what became of each."""
    people = draw.people.set_index("pupil_id")
    reasons = draw.redrawn.set_index("place")["given_up_because"].to_dict()
    won = {each.place for each in draw.winners}
    rows = [
        {name: getattr(each, name) for name in ("place", "ticket", "pupil_id")}
        | {name: people[name].get(each.pupil_id) for name in ("pupil_name", "form")}
        | {"stands": stands(each, won, reasons)}
        for each in draw.drawn
    ]
    return Table(
        name="winners",
        title="Who was drawn?",
        frame=framed(rows, WINNER_COLUMNS),
        columns=WINNER_COLUMNS,
        row_header="pupil_name",
        note="Prizes and reserves are drawn once, and nobody twice. A prize that is given up, logged in redraws with its reason, "
        "goes to the next reserve.",
        empty_text="Nobody yet: the public value is not known.",
    )


def stands(place: Drawn, won: set[int], reasons: dict[int, str]) -> str:
    """Return what became of a place in words.

    Examples
    --------
    >>> first, spare = Drawn(1, 14, "0001", is_reserve=False), Drawn(2, 3, "0002", is_reserve=True)
    >>> stands(first, {2}, {1: "moved away"}), stands(spare, {2}, {}), stands(spare, {1}, {})
    ('given up: moved away', 'prize, moved up', 'reserve')
    """
    if place.place in reasons:
        return f"given up: {reasons[place.place]}"
    if place.place not in won:
        return "reserve"
    return "prize, moved up" if place.is_reserve else "prize"


WINNER_COLUMNS = (
    Column("place", "Place", Kind.COUNT, meaning="In the order drawn"),
    Column("ticket", "Ticket", Kind.COUNT, meaning="The ticket's number in the list"),
    figure("pupil_id"),
    figure("pupil_name"),
    figure("form"),
    Column(
        "stands",
        "Prize or reserve",
        meaning="Prize, reserve, or given up with the reason logged",
        personal=True,
        width=34,
    ),
)


def rule_in_force(draw: OpenDraw) -> Sentences:
    """Return the rule in force, and that of the next period, which is fixed with this list.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rules = SimpleNamespace(rule="Every session on time"), ("2026-12-01", "Every session on time")
    >>> rule_in_force(SimpleNamespace(tickets=rules[0], next_rule=rules[1])).items  # the same rule is said once
    ('In this period: Every session on time.',)
    >>> rule_in_force(SimpleNamespace(tickets=rules[0], next_rule=("", ""))).items[1]
    'The calendar or the school file has no rule of a next period.'
    """
    first, words = draw.next_rule
    after = (
        f"From {first}: {words}."
        if words
        else "The calendar or the school file has no rule of a next period."
    )
    items = (f"In this period: {draw.tickets.rule}.", "" if words == draw.tickets.rule else after)
    return Sentences(name="rule", title="The rule", style="points", items=tuple(filter(None, items)))


def how_it_is_drawn(draw: OpenDraw) -> DrawNote:
    """Say how anyone can check the draw; what the run keeps of it goes beside the words."""
    tickets = draw.tickets
    items = (
        f"list.txt holds '{tickets.draw}', the rule, how many are drawn, and each ticket with whose it is. Its SHA-256 is "
        f"{in_groups(tickets.hash)}.",
        "The seed is the SHA-256 of three lines, each ended by a newline: that hash, the draw's name and the public value.",
        "Number n is the SHA-256 of the seed's 64 digits followed by n (from 0, eight bytes, highest first), as a whole number. "
        "A number at or above the largest multiple of the tickets left is passed over; else its remainder is the ticket, counted "
        "from the first that is left. A pupil who is drawn takes his or her other tickets out.",
        "attendance verify draws again from list.txt and draw.json, and fails if one byte of them differs.",
    )
    return DrawNote(name="how_drawn", style="points", items=items, record=kept_of(draw), personal=True)


def kept_of(draw: OpenDraw) -> dict[str, object]:
    """Return what the run keeps of a draw: the list's text, the record of the draw with the next rule, and the poster."""
    known = record_of(draw.tickets, draw.public_value, draw.given_up)
    first, words = draw.next_rule
    more = {
        "kind": draw.kind,
        "first": draw.pack.date_from.isoformat(),
        "next_first": first,
        "next_rule": words,
    }
    return {
        "list": draw.tickets.text,
        "draw": known | more,
        "poster": poster_of(draw),
    }


def for_families(draw: OpenDraw) -> Sentences:
    """Return what a family is told: its own tickets, which the workbook has for each pupil, and how the draw is made."""
    items = (
        f"Its own tickets: the workbook's sheet Whose tickets has the sentence for each pupil, such as: {family_words(draw, 3, 5)}",
        how_in_words(draw),
    )
    return Sentences(name="families", title="To tell each family", style="points", items=items)


def family_words(draw: OpenDraw, first: object, last: object) -> str:
    """Return the sentence that tells a family the numbers of its child's tickets; both missing where there is none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> tickets = SimpleNamespace(holders=["1"] * 420)
    >>> draw = SimpleNamespace(name="raffle", period="2 November 2026 to 20 November 2026", tickets=tickets)
    >>> family_words(draw, 3, 5)
    'Your child has tickets 3 to 5 of the 420 in the raffle of 2 November 2026 to 20 November 2026.'
    >>> family_words(draw, None, None)
    'Your child has no ticket in the raffle of 2 November 2026 to 20 November 2026.'
    """
    if pd.isna(first):
        return f"Your child has no ticket in the {draw.name} of {draw.period}."
    numbers = f"ticket {first}" if first == last else f"tickets {first} to {last}"
    return f"Your child has {numbers} of the {format_count(len(draw.tickets.holders))} in the {draw.name} of {draw.period}."


def how_in_words(draw: OpenDraw) -> str:
    """Return the sentence that tells a family how the draw is made."""
    return (
        f"How it is drawn: the list of tickets was closed before the draw, under the SHA-256 {in_groups(draw.tickets.hash)}. The "
        f"winning tickets follow from that number and from {draw.pack.school.settings.incentives.public_value}, so nobody can "
        "choose them, and any governor who may see the list can draw again."
    )


def every_ticket(draw: OpenDraw) -> Table:
    """Return every pupil's tickets, with why there are not all of them."""
    is_raffle = draw.kind == RAFFLE
    return Table(
        name="tickets",
        title="Whose tickets?",
        frame=draw.people.assign(
            for_family=[
                family_words(draw, *numbers)
                for numbers in zip(draw.people["first_ticket"], draw.people["last_ticket"], strict=True)
            ]
        ),
        columns=(*TICKET_COLUMNS, *(RAFFLE_COLUMNS if is_raffle else POT_COLUMNS)),
        row_header="pupil_name",
        shown_rows=SHOWN_PUPILS,
        empty_text="Nobody of this paper is on roll.",
    )


SHOWN_PUPILS = 12
TICKET_COLUMNS = (
    figure("pupil_id"),
    figure("pupil_name"),
    figure("form"),
    figure("tickets"),
    Column("first_ticket", "First ticket", Kind.COUNT, meaning="Number of the first of them"),
    Column("last_ticket", "Last ticket", Kind.COUNT, meaning="Number of the last of them"),
    Column(
        "tickets_today",
        "As marks stand now",
        Kind.COUNT,
        meaning="Tickets that the registers would give now",
        shown=False,
    ),
    Column(
        "for_family",
        "For the family",
        meaning="The sentence that tells the family its tickets",
        personal=True,
        shown=False,
        width=60,
    ),
)
RAFFLE_COLUMNS = (
    Column("on_time_sessions", "On time", Kind.COUNT, meaning="Sessions on time, or late and excused"),
    Column("came_sessions", "Came", Kind.COUNT, meaning="Sessions to which the pupil came"),
    Column(
        "why", "Why not all", meaning="Why there are fewer tickets than the most", personal=True, width=34
    ),
)
POT_COLUMNS = (
    Column("missed_sessions", "Missed", Kind.COUNT, meaning="Sessions missed in the period that count"),
    Column(
        "countable_sessions", "Of", Kind.COUNT, meaning="Possible sessions, without absence that costs none"
    ),
    Column(
        "earlier_missed_sessions",
        "Before",
        Kind.COUNT,
        meaning="Sessions missed in the six school weeks before",
    ),
    Column(
        "earlier_countable_sessions", "Of, before", Kind.COUNT, meaning="Possible sessions of those weeks"
    ),
    Column("meets_rule", "Rule", Kind.FLAG, meaning="Has a ticket for the school's rule"),
    Column(
        "is_improved",
        "Improved",
        Kind.FLAG,
        meaning="Has a ticket for missing less than in the six weeks before",
    ),
)


def left_out_words(draw: OpenDraw) -> Sentences:
    """Say what the paper could not look at, and what that costs.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> school = SimpleNamespace(overrides=None, redraws="redraws.csv")
    >>> people = pd.DataFrame({"no_publicity": [True, False]})
    >>> left_out_words(SimpleNamespace(pack=SimpleNamespace(school=school), people=people)).items[0].partition(": ")[2]
    'excused lateness and absence (exports, overrides), so nothing is excused.'
    """
    school, pupils = draw.pack.school, draw.people
    unnamed = "no_publicity" not in pupils or pupils["no_publicity"].isna().all()
    lacks = {
        "excused lateness and absence (exports, overrides), so nothing is excused": school.overrides is None,
        "prizes given up (exports, redraws), so none is drawn again": school.redraws is None,
        "who is not to be named (pupils, no_publicity), so the poster names nobody": unnamed,
    }
    missing = [words for words, is_lacking in lacks.items() if is_lacking]
    said = (
        f"Not known, for want of what is in brackets: {'; '.join(missing)}."
        if missing
        else "Everything that was asked could be looked at."
    )
    return Sentences(name="draw_left_out", style="note", items=(said,))


def draw_rules(draw: OpenDraw) -> Table:
    """Return where the codes of the register stand, by which tickets are counted (see ``data_notes.rule_sources``)."""
    return rule_sources(draw.pack, (REGISTER_CODES,))


# The winners' poster: first names and forms, nothing else; whoever may not be named, or is known by it, is named by school


# Of fewer pupils a first name would be recognised by the form alone.
SMALLEST_FORM = 10


def poster_lines(draw: OpenDraw) -> list[str]:
    """Return what the poster says of each winner, in the order drawn.

    A pupil is named only where the pupils file says that he or she may be: not known is not yes.
    """
    people = draw.people.set_index("pupil_id")
    on_roll = draw.pack.roll.current.pupils["form"].value_counts()
    return [
        poster_line(each, people, on_roll, draw.pack.school.settings.school.name) for each in draw.winners
    ]


def poster_line(winner: Drawn, people: pd.DataFrame, on_roll: pd.Series, school: str) -> str:
    """Return what the poster says of one winner, of people (one row each) and how many are on roll in each form on the day.

    Examples
    --------
    >>> people = pd.DataFrame({"forename": ["Ada", "Ben", "Cy"], "form": "8A"}, index=list("123"))
    >>> people["no_publicity"] = [False, True, None]
    >>> winners = [Drawn(place, place, pupil, is_reserve=False) for place, pupil in enumerate("123", start=1)]
    >>> [poster_line(winner, people, pd.Series({"8A": 10}), "Ash School") for winner in winners]  # not known is not yes
    ['Ada, 8A', 'A pupil of Ash School', 'A pupil of Ash School']
    >>> poster_line(winners[0], people, pd.Series({"8A": 9}), "Ash School")  # of so few a forename tells who
    'A pupil of Ash School'
    """
    own = people.loc[winner.pupil_id]
    forename, form = (str(own[name]) if pd.notna(own[name]) else "" for name in ("forename", "form"))
    may_be_named = pd.notna(own.get("no_publicity")) and not own["no_publicity"]
    is_large = form != "" and int(on_roll.get(form, 0)) >= SMALLEST_FORM
    return f"{forename}, {form}" if may_be_named and forename and is_large else f"A pupil of {school}"


def poster_of(draw: OpenDraw) -> dict[str, object]:
    """Return the poster as the run writes it: title, school, period, and a line a winner; no lines before the draw."""
    pack = draw.pack
    return {
        "title": f"Winners of the {draw.name}",
        "school": pack.school.settings.school.name,
        "period": draw.period,
        "date": pack.date_to.isoformat(),
        "lines": poster_lines(draw),
    }


def poster(draw: OpenDraw) -> Sentences:
    """Return the lines of the poster as the paper shows them, and what was left out of it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> poster(SimpleNamespace(winners=[])).items
    ('There is no poster before the draw.',)
    """
    if not draw.winners:
        return Sentences(name="poster", style="note", items=("There is no poster before the draw.",))
    lines = poster_lines(draw)
    unnamed = sum(line.startswith("A pupil of ") for line in lines)
    is_unknown = draw.people.reindex(columns=["no_publicity"])["no_publicity"].isna().all()
    unknown = " The pupils file has no column no_publicity, so nobody may be named." if is_unknown else ""
    left_out = (
        f"{unnamed} of {len(lines)} {'is' if unnamed == 1 else 'are'} named by school alone: opted out, of a form of fewer than "
        f"{SMALLEST_FORM}, or nothing says that the pupil may be named.{unknown}"
    )
    items = (*lines, *([left_out] if unnamed else []))
    return Sentences(name="poster", title="What poster.html and poster.pdf say", style="points", items=items)
