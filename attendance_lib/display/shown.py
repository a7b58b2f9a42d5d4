"""A table payload as a reader sees it: chosen columns, first rows, text, tones and what is left out.

HTML, plain text and PDF all draw from this, so that they cannot show different figures.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import accumulate, chain

from attendance_lib.display.format import (
    MISSING,
    format_count,
    format_tenths,
    format_value,
    has_tenths,
    is_suppressed,
)
from attendance_lib.display.kinds import NUMERIC, TONE_MARKS, TONE_WORDS, Kind, Tone
from attendance_lib.display.sparkline import Scale, common_scale

COMPARISONS = {
    "at_least": lambda value, limit: value >= limit,
    "at_most": lambda value, limit: value <= limit,
    "equals": lambda value, limit: value == limit,
}


@dataclass(frozen=True)
class ShownColumn:
    """A column that is drawn, with the place of its values in the payload's rows.

    ``room`` is how many characters staff need to write into it by hand; 0 where they do not. ``links`` are the places of the
    words that lead somewhere (None for the whole cell) and of their addresses.
    """

    place: int
    heading: str
    kind: Kind
    highlights: tuple[dict, ...]
    heads_row: bool
    scale: Scale | None
    in_tenths: bool = False
    room: int = 0
    links: tuple[tuple[int | None, int], ...] = ()

    @property
    def is_numeric(self) -> bool:
        """Whether the values are aligned to the right.

        Examples
        --------
        >>> [ShownColumn(0, "Late", kind, (), heads_row=False, scale=None).is_numeric for kind in (Kind.COUNT, Kind.TEXT)]
        [True, False]
        """
        return self.kind in NUMERIC


@dataclass(frozen=True)
class ShownCell:
    """One value as text, with its tone and, for a small picture, the series itself; ``links`` are words with their addresses."""

    text: str
    tone: Tone | None = None
    series: tuple[float | None, ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def pieces(self) -> tuple[tuple[str, str], ...]:
        """The text in order, each piece with the address that it leads to, empty for none.

        Examples
        --------
        >>> ShownCell("plan SP013; none", links=(("SP013", "../plan/plan.html"),)).pieces
        (('plan ', ''), ('SP013', '../plan/plan.html'), ('; none', ''))
        """
        pieces, rest = [], self.text
        for words, address in sorted(self.links, key=lambda link: self.text.index(link[0])):
            before, found, after = rest.partition(words)
            if found:
                pieces += [(before, ""), (found, address)]
                rest = after
        return tuple(piece for piece in (*pieces, (rest, "")) if piece[0])


@dataclass(frozen=True)
class ShownGroup:
    """Rows that stand together under what they have in common: its words, and how many of the rows they are."""

    title: str
    count: int


@dataclass(frozen=True)
class ShownTable:
    """What is drawn of a table; ``remarks`` are what a reader must know beside its figures.

    ``groups`` part the rows, in their order; empty where they stand as one.
    """

    title: str
    columns: tuple[ShownColumn, ...]
    rows: tuple[tuple[ShownCell, ...], ...]
    remarks: tuple[str, ...]
    empty_text: str
    groups: tuple[ShownGroup, ...] = ()

    @property
    def group_at(self) -> dict[int, ShownGroup]:
        """The groups by the number (from 0) of their first row.

        Examples
        --------
        >>> groups = (ShownGroup("Year 7", 2), ShownGroup("Year 8", 1))
        >>> {at: group.title for at, group in ShownTable("Late", (), (), (), "None.", groups).group_at.items()}
        {0: 'Year 7', 2: 'Year 8'}
        """
        starts = accumulate((group.count for group in self.groups), initial=0)
        return dict(zip(starts, self.groups, strict=False))


def shown_table(payload: dict) -> ShownTable:
    """Return what a reader sees of a table payload.

    Parameters
    ----------
    payload : dict
        A payload of type ``table`` (see `attendance_lib.display.model.Table`).

    Returns
    -------
    ShownTable
        The shown columns in order, at most ``shown_rows`` rows of text, together by group; its remarks say which rows are
        left to the workbook, what the marks mean, what every row says and the table's own note.

    Examples
    --------
    >>> from attendance_lib.display.kinds import Column
    >>> from attendance_lib.display.workbook.tables import table_of
    >>> columns = [Column("form", "Form"), Column("pupil_id", "ID", shown=False)]
    >>> shown = shown_table(table_of("calls", "Calls", columns, [["7A", "12"], ["7B", "13"]]) | {"shown_rows": 1})
    >>> [[cell.text for cell in row] for row in shown.rows], shown.remarks
    ([['7A']], ('First 1 of 2; the rest is in the workbook, sheet Calls.',))
    """
    groups = shown_groups(payload)
    raw = [row for _, members in groups for row in members] if groups else first_rows(payload)
    columns = shown_columns(payload)
    rows = tuple(shown_row(row, columns) for row in raw)
    usual = tuple(
        usual_text(rows, place, payload["columns"][each.place]) for place, each in enumerate(columns)
    )
    drawn = drawn_places(rows, usual)
    remarks = (remainder_text(payload), legend_text(rows), once_text(columns, usual, drawn), payload["note"])
    return ShownTable(
        title=payload["title"],
        columns=tuple(columns[place] for place in drawn),
        rows=tuple(without_usual(row, usual, drawn) for row in rows),
        remarks=tuple(filter(None, remarks)),
        empty_text=payload["empty_text"],
        groups=tuple(ShownGroup(title, len(members)) for title, members in groups),
    )


def shown_row(row: list, columns: tuple[ShownColumn, ...]) -> tuple[ShownCell, ...]:
    """Return one row of a table payload as a reader sees it, one cell a drawn column."""
    return tuple(linked(shown_cell(row[column.place], column), column, row) for column in columns)


def without_usual(
    row: tuple[ShownCell, ...], usual: tuple[str | None, ...], drawn: tuple[int, ...]
) -> tuple[ShownCell, ...]:
    """Return the drawn cells of a row, those blank that say what is said once for their column.

    Examples
    --------
    >>> row = (ShownCell("7A"), ShownCell("authorised"))
    >>> [cell.text for cell in without_usual(row, (None, "authorised"), (0, 1))]
    ['7A', '']
    """
    return tuple(ShownCell("") if row[at].text == usual[at] else row[at] for at in drawn)


def drawn_places(rows: tuple[tuple[ShownCell, ...], ...], usual: tuple[str | None, ...]) -> tuple[int, ...]:
    """Return the places of the columns that differ anywhere from what they usually say; all of them without any row.

    Examples
    --------
    >>> rows = ((ShownCell("7A"), ShownCell("paid")), (ShownCell("7B"), ShownCell("paid")))
    >>> drawn_places(rows, (None, "paid")), drawn_places((), (None, "paid"))
    ((0,), (0, 1))
    """
    places = range(len(usual))
    return tuple(at for at in places if not rows or any(row[at].text != usual[at] for row in rows))


# What so many of ten rows say, of so many rows or more, is said once above them.
MOST, OF_TEN, FEWEST_ROWS = 8, 10, 3


def usual_text(rows: tuple[tuple[ShownCell, ...], ...], place: int, column: dict) -> str | None:
    """Return what most rows say in a drawn column, by its place among them, if it need not be said in each; else None.

    Examples
    --------
    >>> rows = tuple((ShownCell(text),) for text in ("paid", "paid", "paid", "paid", "unpaid"))
    >>> usual_text(rows, 0, {"once": True}), usual_text(rows, 0, {"once": False})
    ('paid', None)
    """
    if not column.get("once") or len(rows) < FEWEST_ROWS:
        return None
    ((text, count),) = Counter(row[place].text for row in rows).most_common(1)
    return text if OF_TEN * count >= MOST * len(rows) else None


def once_text(columns: tuple[ShownColumn, ...], usual: tuple[str | None, ...], drawn: tuple[int, ...]) -> str:
    """Say what every row says of the columns not drawn for it, and what a blank cell of those drawn stands for.

    Examples
    --------
    >>> columns = tuple(ShownColumn(at, name, Kind.TEXT, (), False, None) for at, name in enumerate(("Kind", "State")))
    >>> once_text(columns, ("penalty notice", "paid"), drawn=(1,))
    'In every row: kind penalty notice. Where blank: state paid.'
    """
    every, most = (
        "; ".join(
            f"{column.heading.lower()} {text}"
            for at, (column, text) in enumerate(zip(columns, usual, strict=True))
            if text and text != MISSING and (at in drawn) is is_drawn
        )
        for is_drawn in (False, True)
    )
    return " ".join(filter(None, (every and f"In every row: {every}.", most and f"Where blank: {most}.")))


def shown_groups(payload: dict) -> list[tuple[str, list[list]]]:
    """Return the rows shown by what they have in common, in the order of its value; nothing where they stand as one.

    Examples
    --------
    >>> columns = [{"name": "year_group", "heading": "Year", "kind": "count"}, {"name": "form", "heading": "Form", "kind": "text"}]
    >>> rows = [[9, "9B"], [8, "8A"], [9, "9A"]]
    >>> shown_groups({"grouped_by": "year_group", "columns": columns, "rows": rows, "shown_rows": None})
    [('Year 8', [[8, '8A']]), ('Year 9', [[9, '9B'], [9, '9A']])]
    """
    name = payload.get("grouped_by")
    if not name:
        return []
    place = [column["name"] for column in payload["columns"]].index(name)
    column, found = payload["columns"][place], {}
    for row in first_rows(payload):
        found.setdefault(row[place], []).append(row)
    # Words stand in the order in which the table has them, numbers in their own.
    values = (
        found if Kind(column["kind"]) is Kind.TEXT else sorted(found, key=lambda each: (each is None, each))
    )
    return [(group_words(value, column), found[value]) for value in values]


def group_words(value: object, column: dict) -> str:
    """Return what is said above a group of rows: text as it is, anything else after the column's heading.

    Examples
    --------
    >>> group_words("7A", {"heading": "Form", "kind": "text"}), group_words(None, {"heading": "Form", "kind": "text"})
    ('7A', 'Form not known')
    """
    kind = Kind(column["kind"])
    if value is None:
        return f"{column['heading']} not known"
    return str(value) if kind is Kind.TEXT else f"{column['heading']} {format_value(value, kind)}"


def first_rows(payload: dict) -> list[list]:
    """Return the rows of a table that fit its page.

    Examples
    --------
    >>> first_rows({"rows": [[1], [2], [3]], "shown_rows": 2})
    [[1], [2]]
    """
    return payload["rows"][: payload["shown_rows"]]


def shown_columns(payload: dict) -> tuple[ShownColumn, ...]:
    """Return the columns of a table payload that are drawn, in order; the one that groups the rows is said above them.

    Examples
    --------
    >>> from attendance_lib.display.kinds import Column
    >>> from attendance_lib.display.workbook.tables import table_of
    >>> columns = [Column("pupil_id", "Pupil ID", shown=False), Column("form", "Form"), Column("calls", "Calls", Kind.COUNT)]
    >>> table = table_of("calls", "Calls", columns, [["12", "7A", 3]])
    >>> [column.heading for column in shown_columns(table | {"grouped_by": "form"})]
    ['Calls']
    """
    grouped = payload.get("grouped_by")
    places = (
        place
        for place, column in enumerate(payload["columns"])
        if column["shown"] and column["name"] != grouped
    )
    return tuple(shown_column(payload, place) for place in places)


def shown_column(payload: dict, place: int) -> ShownColumn:
    """Return one drawn column of a table payload."""
    column, kind = payload["columns"][place], Kind(payload["columns"][place]["kind"])
    series = [row[place] for row in first_rows(payload)]
    return ShownColumn(
        place=place,
        heading=column["heading"],
        kind=kind,
        highlights=tuple(column["highlights"]),
        heads_row=column["name"] == payload["row_header"],
        scale=common_scale(series) if kind is Kind.SPARK else None,
        # The numbers of a column stand with their points under each other.
        in_tenths=kind is Kind.NUMBER and any(map(has_tenths, series)),
        room=(column["width"] or 0) if column["editable"] else 0,
        links=link_places(payload, column),
    )


def link_places(payload: dict, column: dict) -> tuple[tuple[int | None, int], ...]:
    """Return where in the rows of a table the linked words of a column stand, and their addresses.

    Examples
    --------
    >>> payload = {"columns": [{"name": "plan"}, {"name": "plan_page"}]}
    >>> link_places(payload, {"links": [["", "plan_page"]]}), link_places(payload, {})
    (((None, 1),), ())
    """
    names = [each["name"] for each in payload["columns"]]
    return tuple(
        (names.index(words) if words else None, names.index(address))
        for words, address in column.get("links", ())
    )


# A page beside the pack of a paper, never one elsewhere: nothing of a paper leads out of the school's folder.
ADDRESS = re.compile(r"(\.\./)+[a-z0-9_~-]+(/[a-z0-9_~-]+)*/[a-z0-9_-]+\.html(#[a-z0-9_-]+)?")


def linked(cell: ShownCell, column: ShownColumn, row: list) -> ShownCell:
    """Return a cell with its words that lead somewhere, as its row has them.

    Examples
    --------
    >>> column = ShownColumn(0, "Plan", Kind.TEXT, (), False, None, links=((None, 1),))
    >>> linked(ShownCell("SP013"), column, ["SP013", "../plan/plan.html#plan-sp013"]).links
    (('SP013', '../plan/plan.html#plan-sp013'),)
    >>> linked(ShownCell("SP013"), column, ["SP013", "https://elsewhere.example/plan.html"]).links
    ()
    """
    pairs = [(cell.text if words is None else row[words], row[address]) for words, address in column.links]
    links = tuple(
        (words, address)
        for words, address in pairs
        if words and address and words in cell.text and ADDRESS.fullmatch(address)
    )
    return replace(cell, links=links) if links else cell


def shown_cell(value: object, column: ShownColumn) -> ShownCell:
    """Return one value of a column as text with its tone; a box that nobody has filled in is empty.

    Examples
    --------
    >>> column = ShownColumn(0, "Attendance", Kind.RATE, (), False, None)
    >>> shown_cell(0.915, column).text, shown_cell(None, replace(column, room=12)).text
    ('91.5%', '')
    """
    if value is None and column.room:
        return ShownCell("")
    series = tuple(value) if column.kind is Kind.SPARK and value else ()
    is_tenths = column.in_tenths and isinstance(value, int | float)
    text = format_tenths(value) if is_tenths else format_value(value, column.kind)
    return ShownCell(text, tone_of(value, column.highlights), series)


def addresses_of(payload: dict, place: int) -> list[str]:
    """Return where the first linked words of a column lead in each row of a table, empty for nowhere."""
    column = shown_column(payload, place)
    cells = (linked(shown_cell(row[place], column), column, row) for row in payload["rows"])
    return [cell.links[0][1] if cell.links else "" for cell in cells]


def tone_of(value: object, highlights: tuple[dict, ...]) -> Tone | None:
    """Return the tone of the first highlight that a value meets; one that is missing or left out meets none.

    >>> tone_of(12, ({"when": "at_least", "value": 10, "tone": "alert"},))
    <Tone.ALERT: 'alert'>
    """
    met = (
        Tone(each["tone"])
        for each in highlights
        if value is not None and not is_suppressed(value) and COMPARISONS[each["when"]](value, each["value"])
    )
    return next(met, None)


SHORTEST, SPARK_WIDTH = 4, 11


def width_of(table: ShownTable, place: int, most: int) -> int:
    """Return the width a column asks for: its values up to a limit, and its heading's longest word (characters).

    Examples
    --------
    >>> column = ShownColumn(0, "Form group", Kind.TEXT, (), False, None)
    >>> table = ShownTable("Late", (column,), ((ShownCell("7A"),), (ShownCell("8 Elm and Oak"),)), (), "None.")
    >>> width_of(table, 0, 34), width_of(table, 0, 10)
    (13, 10)
    """
    column = table.columns[place]
    values = [
        SPARK_WIDTH if column.kind is Kind.SPARK else len(row[place].text) + 2 * bool(row[place].tone)
        for row in table.rows
    ]
    words = [len(word) for word in column.heading.split()]
    return max(min(max(values, default=0), most), max(words, default=0), len(column.heading) // 2, SHORTEST)


def longest_word(table: ShownTable, place: int) -> int:
    """Return how long the longest word in a column is, its heading's too (characters).

    Examples
    --------
    >>> column = ShownColumn(0, "Form group", Kind.TEXT, (), False, None)
    >>> longest_word(ShownTable("Late", (column,), ((ShownCell("8 Chestnut"),),), (), "None."), 0)
    8
    """
    texts = [table.columns[place].heading, *(row[place].text for row in table.rows)]
    return max((len(word) for text in texts for word in text.split()), default=0)


# The longest name that Excel takes for a sheet, and words that no name ends with.
TAB_LIMIT = 31
NOT_LAST = frozenset(
    "a an and as at by for from in is no not of on or that the to towards was were with who what".split()
)

# What people call a table whose title is longer than a tab, by the table's name.
TABS = {
    "authority_profile": "The authority's own rules",
    "considered_to_enter": "Considered, to enter",
    "crossing_counts": "Lines crossed",
    "differing": "Words that differ",
    "effects": "Effect of each intervention",
    "evidence_notices": "Notices to this parent",
    "families_late_together": "Families late together",
    "impact": "Interventions by what is known",
    "impact_asked": "Asked otherwise",
    "impact_pupils": "Pupils of each intervention",
    "impact_school_weeks": "Whole school about each start",
    "impact_strip": "Interventions in progress",
    "impact_trust": "For and against each verdict",
    "impact_weeks": "Actual and expected by week",
    "inspection_musts": "To put right in the register",
    "late_by_morning": "Lateness by morning",
    "late_edits": "Edits to earlier marks",
    "late_pupils_who_stand_out": "Late beyond chance",
    "late_together": "Many late on one morning",
    "lesson_registers_not_taken": "Registers not taken",
    "local_notice_gate": "Parents at a local trigger",
    "local_notice_windows": "Local referral triggers",
    "missing_from_lessons": "Missing from a lesson",
    "not_working": "Not likely to have helped",
    "notice_gate": "Parents at the national line",
    "notice_sessions": "Sessions towards a notice",
    "notice_windows": "National notice threshold",
    "outlook_cannot_be_told": "No chance can be given yet",
    "outlook_reach": "In reach of support",
    "pools_chart": "Terms and years together",
    "pupils_not_working": "Pupils without a clear effect",
    "pupils_without_plan": "Over a line with no plan",
    "registers_by_form": "Gaps by form",
    "registers_by_year": "Gaps by year group",
    "several_agencies": "Several agencies",
    "suggestions": "What helped with a barrier",
    "told_of_files": "What came back in the files",
    "trends": "Beside England",
    "weekly_attendance": "Attendance by week",
    "year_by_week": "Year groups by week",
}


def tab_of(payload: dict) -> str:
    """Return what a table's sheet is called in a workbook that people work in: its title, or what is short for it.

    A sheet that staff fill in is called by its short name, which they say: it is the one they look for.

    Examples
    --------
    >>> tab_of({"name": "actions", "title": "What was agreed", "columns": [{"editable": True}]})
    'Actions'
    >>> tab_of({"name": "late_edits", "title": "Edits since then to marks before the period"})
    'Edits to earlier marks'
    >>> tab_of({"name": "two_bases", "title": "Who is counted: the year to date, with leavers and without"})
    'Who is counted'
    >>> tab_of({"name": "invented", "title": "Pupils over a line with no action or plan"})
    'Pupils over a line'
    """
    if payload["name"] in TABS or any(column.get("editable") for column in payload.get("columns", ())):
        return tab_named(payload["name"])
    title = payload["title"].rstrip(".?") or payload["name"]
    if len(title) <= TAB_LIMIT:
        return title
    words = re.split(r"[:,?] ", title)[0].split()
    while len(words) > 1 and (len(" ".join(words)) > TAB_LIMIT or words[-1].casefold() in NOT_LAST):
        words.pop()
    return " ".join(words)[:TAB_LIMIT]


def tab_named(name: str) -> str:
    """Return what the sheet of a table that staff fill in is called, by which sentences send them to it.

    Examples
    --------
    >>> tab_named("impact_card"), tab_named("differing")
    ('Impact card', 'Words that differ')
    """
    return TABS.get(name) or name.replace("_", " ").capitalize()


def remainder_text(payload: dict) -> str:
    """Say how many rows are left to the workbook, if any.

    Examples
    --------
    >>> remainder_text({"shown_rows": 1, "rows": [[1], [2]], "name": "actions", "title": "Actions"})
    'First 1 of 2; the rest is in the workbook, sheet Actions.'
    """
    limit, total = payload["shown_rows"], len(payload["rows"])
    if limit is None or total <= limit:
        return ""
    if not limit:
        return f"{format_count(total, 'row')}, in the workbook, sheet {tab_of(payload)}."
    return f"First {format_count(limit)} of {format_count(total)}; the rest is in the workbook, sheet {tab_of(payload)}."


def legend_text(rows: tuple[tuple[ShownCell, ...], ...]) -> str:
    """Say in words what the marks in a table mean; empty where none is used.

    Examples
    --------
    >>> legend_text(((ShownCell("7A"), ShownCell("14", Tone.ALERT)),)).partition(":")[0], legend_text(((ShownCell("7A"),),))
    ('Marks', '')
    """
    used = {cell.tone for cell in chain.from_iterable(rows)}
    marks = [f"{mark} {TONE_WORDS[tone]}" for tone, mark in TONE_MARKS.items() if tone in used]
    return f"Marks: {', '.join(marks)}." if marks else ""
