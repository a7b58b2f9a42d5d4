"""Why a report cannot be made safe, in the words of whoever asked for it, and what to do."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attendance_lib.analysis.inspection.inspect import CHECK_OF
from attendance_lib.disclosure.protect import UnsafeError
from attendance_lib.disclosure.read_back import Record
from attendance_lib.disclosure.record import gather_cells
from attendance_lib.disclosure.tables import AS_AT, TO, Key, PublicTable, Unit, key_of
from attendance_lib.display.format import format_count, format_date
from attendance_lib.papers.governors.workings import coordinate_of
from attendance_lib.rules.calendar import school_year_of
from attendance_lib.rules.groups import GROUPS
from attendance_lib.rules.pupils import year_name
from attendance_lib.rules.thresholds import SMALLEST_RATE_BASE, is_another_size

MEASURES = {
    "persistently_absent": "persistently absent pupils",
    "persistently_not_severely_absent": "persistently but not severely absent pupils",
    "severely_absent": "severely absent pupils",
    "absence_sessions": "sessions missed",
    "authorised_absence_sessions": "sessions of authorised absence",
    "unauthorised_absence_sessions": "sessions of unauthorised absence",
    "sessions_with_codes": "sessions",
    "pupils_with_codes": "pupils",
    "notices_issued": "notices",
    "things": "what is to be put right",
}
GROUP_PHRASES = {(group.column, coordinate_of(group.value)): group.phrase for group in GROUPS}


def refusal(error: UnsafeError, tables: Iterable[PublicTable], remedy: str) -> str:
    """Return the message of a report that is not made: the table, what would be told, and what can be done.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> error = SimpleNamespace(tables=("groups",), key=(("as_at", "2026-10-23"), ("measure", "severely_absent")))
    >>> said = refusal(error, [SimpleNamespace(name="groups", title="Groups of pupils")], "Join the smallest groups.")
    >>> [part.partition(" could ")[0] for part in said.split(". ")[1].split(": ")]
    ["In the table 'Groups of pupils' a withheld number", 'severely absent pupils, to 23 October 2026']
    """
    titles = {table.name: table.title for table in tables}
    named = next((titles[name] for name in error.tables if name in titles), "")
    where = f"In the table '{named}'" if named else "Together with the reports before"
    return (
        f"This report to governors cannot be made safe, so it is not made. {where} a withheld number could be worked out "
        f"whatever else is withheld: {count_in_words(error.key)}. {remedy}"
    )


AGAIN = (
    "The report that governors hold for this {span} stands: since it was made the registers were corrected by so few "
    "that the difference would tell who they are. The corrected figures come with the next {span}'s report."
)
JOIN = "in the pupils file, join {join}, and make it again; or set a suppression_level of 5 in the school file if it is 10."
REMEDY = f"Make the report of the whole school and not of this cohort; or, {JOIN}"
REMEDY_OF_ALL = (
    "Was a cohort's report of this {span} made before it? What that withholds must stay withheld, so the whole school's is "
    f"to be made first: of the next {{span}} make it before any cohort's. Or, {JOIN}"
)
ANY_GROUPS = "small groups, such as two ethnic groups or SEN support and EHC plan"


def to_join(key: Key, tables: Iterable[PublicTable], day: date) -> str:
    """Return which groups to join so that a count can be withheld: the smallest two of the characteristic that it is of.

    Of a count of no such group, those that the characteristic with the smallest two has. How many are in them is not said.
    """
    several = smallest_two(tables, day)
    of_key = [several[name] for name, _ in key if name in several]
    chosen = of_key or sorted(several.values(), key=lambda held: sum(size for size, _ in held))
    return " with ".join(phrase for _, phrase in chosen[0]) if chosen else ANY_GROUPS


def smallest_two(tables: Iterable[PublicTable], day: date) -> dict[str, list[tuple[int, str]]]:
    """Return the two smallest groups of each characteristic but year groups, with their enrolments on a day and in words.

    Examples
    --------
    >>> import pandas as pd
    >>> from attendance_lib.disclosure.tables import Count
    >>> rows, held = ({"fsm": "yes"}, {"sen_status": "K"}, {"sen_status": "E"}), pd.DataFrame({"enrolments": [80, 40, 12]})
    >>> table = PublicTable("groups", "Groups", held, rows, (Count("enrolments", {"as_at": "2026-10-23"}),))
    >>> smallest_two([table], date(2026, 10, 23))  # one group alone has none to be joined with
    {'sen_status': [(12, 'pupils with an education, health and care plan'), (40, 'pupils with SEN support')]}
    """
    sizes: dict[str, list[tuple[int, str]]] = {}
    for ((name, value),), size in sizes_of(tables, day).items():
        if size and value != "no" and name != "year_group":
            sizes.setdefault(name, []).append((size, group_phrase(name, value)))
    return {name: sorted(held)[:2] for name, held in sizes.items() if len(held) > 1}


def count_in_words(key: Key) -> str:
    """Return in words what a count counts.

    Examples
    --------
    >>> count_in_words((("as_at", "2026-10-23"), ("measure", "severely_absent"), ("sen_status", "E")))
    'severely absent pupils, among pupils with an education, health and care plan, to 23 October 2026'
    >>> count_in_words((("after", "2026-07-31"), ("codes", "E"), ("measure", "sessions_with_codes"), ("to", "2026-10-25")))
    'sessions with code E, to 25 October 2026'
    """
    named = dict(key)
    parts = [
        MEASURES.get(named.get("measure", ""), "pupils") + what_of(named),
        *(f"among {phrase}" for name, value in key if (phrase := group_phrase(name, value))),
    ]
    day = named.get("as_at") or named.get(TO)
    return ", ".join([*parts, *([f"to {format_date(date.fromisoformat(day))}"] if day else [])])


def what_of(named: Mapping[str, str]) -> str:
    """Return which codes, notices, check or move a count is of; nothing where it is of none.

    Examples
    --------
    >>> what_of({"codes": "E+C2"}), what_of({"kind": "penalty notice"}), what_of({})
    (' with code E or C2', ' of the kind penalty notice', '')
    """
    if "check" in named:
        return f" by the check '{CHECK_OF[named['check']].check}'" if named["check"] in CHECK_OF else ""
    words = {
        "codes": " with code ",
        "kind": " of the kind ",
        "intervention": " with the intervention ",
        "move": " who ",
    }
    return next(
        (f"{word}{named[name].replace('+', ' or ')}" for name, word in words.items() if name in named), ""
    )


def group_phrase(name: str, value: str) -> str:
    """Return what the pupils of a coordinate are called; nothing where it is none of a group.

    Examples
    --------
    >>> group_phrase("year_group", "7"), group_phrase("sen_status", "E+K"), group_phrase("as_at", "2026-10-23")
    ('Year 7', 'pupils with an education, health and care plan or pupils with SEN support', '')
    """
    if name == "year_group":
        return " or ".join(year_name(int(each)) for each in value.split("+"))
    found = (GROUP_PHRASES.get((name, each), "") for each in value.split("+"))
    return " or ".join(filter(None, found))


# Groups that are of quite another size than the last report said, which is why the two cannot stand together

Sizes = dict[Key, int]


def sizes_of(tables: Iterable[PublicTable], day: date) -> Sizes:
    """Return the size of each group on a day (enrolments), by the group's coordinate, from the tables before they are safe."""
    cells = gather_cells(tables)
    return {
        group: cell.value
        for key, cell in cells.items()
        if cell.unit is Unit.ENROLMENTS
        and cell.value is not None
        and (group := group_on(key, day.isoformat()))
    }


def group_on(key: Key, day: str) -> Key:
    """Return the coordinate of the group that a count is the size of on a day; empty where it counts something else.

    Examples
    --------
    >>> group_on((("as_at", "2026-05-22"), ("year_group", "11")), "2026-05-22")
    (('year_group', '11'),)
    >>> group_on((("as_at", "2026-05-22"), ("measure", "severely_absent"), ("year_group", "11")), "2026-05-22")
    ()
    """
    rest = tuple(pair for pair in key if pair != (AS_AT, day))
    is_size = len(rest) == 1 and len(key) > 1 and bool(group_phrase(*rest[0]))
    return rest if is_size else ()


def changed_sizes(tables: Iterable[PublicTable], earlier: Iterable[Record], day: date) -> str:
    """Say which groups are of quite another size than the last report of the school year said, and what that tells.

    Parameters
    ----------
    tables : iterable of PublicTable
        Of the whole school's report to be made, before they are safe.
    earlier : iterable of Record
        What earlier reports published.
    day : datetime.date
        The last day of the report to be made.

    Returns
    -------
    str
        Sentences with a blank after them; empty where no group changed so. A size of few pupils is not told.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import pandas as pd
    >>> from attendance_lib.disclosure.tables import Count
    >>> count, held = Count("enrolments", {"as_at": "2026-12-18"}), pd.DataFrame({"enrolments": [12]})
    >>> then = SimpleNamespace(coordinates={"as_at": "2026-10-23", "sen_status": "K"}, unit=Unit.ENROLMENTS, value=40)
    >>> tables = [PublicTable("groups", "Groups", held, ({"sen_status": "K"},), (count,))]
    >>> changed_sizes(tables, [SimpleNamespace(counts=[then])], date(2026, 12, 18)).partition(". ")[0]
    'Pupils with SEN support had 40 in the report to 23 October 2026, now 12'
    """
    published = published_sizes(earlier, day)
    if not published:
        return ""
    last, now = max(published), sizes_of(tables, day)
    told = [
        f"{named(group)} had {format_count(size)}, now {size_now(now.get(group, 0))}"
        for group, size in sorted(published[last].items(), key=place_of)
        if is_another_size(now.get(group, 0), size)
    ]
    if not told:
        return ""
    first, *others = told
    first = first.replace(",", f" in the report to {format_date(last)},", 1)
    return f"{'; '.join([first, *others])}. {WRONG_ROLL} "


WRONG_ROLL = (
    "If that cannot be, the pupils file is of another school year, or its groups are not what they were: correct it and make "
    "this report again."
)


def place_of(sized: tuple[Key, int]) -> tuple[bool, str, int, str]:
    """Return where a group with its size stands among others: year groups first and in order.

    Examples
    --------
    >>> sizes = [(("sex", "F"),), (("year_group", "10"),), (("year_group", "9"),)]
    >>> [group for group, _ in sorted(((each, 7) for each in sizes), key=place_of)]
    [(('year_group', '9'),), (('year_group', '10'),), (('sex', 'F'),)]
    """
    ((name, value),) = sized[0]
    return name != "year_group", name, len(value), value


def published_sizes(earlier: Iterable[Record], day: date) -> dict[date, Sizes]:
    """Return the sizes of groups that reports published of earlier days of a day's school year, by the day.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> told = [("2026-05-22", 41), ("2026-10-23", 40), ("2026-12-18", 38), ("2027-01-29", "c")]
    >>> counts = [({"as_at": day, "sen_status": "K"}, size) for day, size in told]
    >>> counts = [SimpleNamespace(coordinates=where, unit=Unit.ENROLMENTS, value=size) for where, size in counts]
    >>> published_sizes([SimpleNamespace(counts=counts)], date(2026, 12, 18))  # before that day, of its school year
    {datetime.date(2026, 10, 23): {(('sen_status', 'K'),): 40}}
    """
    found: dict[date, Sizes] = {}
    for then, group, size in sizes_in(earlier):
        if then < day and school_year_of(then) == school_year_of(day):
            found.setdefault(then, {})[group] = size
    return found


def sizes_in(earlier: Iterable[Record]) -> Iterator[tuple[date, Key, int]]:
    """Yield each size of a group that reports published: the day, the group's coordinate and the enrolments."""
    for count in (each for record in earlier for each in record.counts):
        then = count.coordinates.get(AS_AT, "")
        group = group_on(key_of(count.coordinates), then)
        if group and count.unit is Unit.ENROLMENTS and isinstance(count.value, int):
            yield date.fromisoformat(then), group, count.value


def named(group: Key) -> str:
    """Return a group's name as a sentence begins with it.

    Examples
    --------
    >>> named((("sen_status", "K"),))
    'Pupils with SEN support'
    """
    phrase = group_phrase(*group[0])
    return phrase[:1].upper() + phrase[1:]


def size_now(size: int) -> str:
    """Return a size as a message may tell it.

    Examples
    --------
    >>> size_now(65), size_now(4), size_now(0)
    ('65', 'fewer than 10', 'none')
    """
    if 0 < size < SMALLEST_RATE_BASE:
        return f"fewer than {SMALLEST_RATE_BASE}"
    return format_count(size) if size else "none"
