"""The one place where figures become text.

Every figure is rounded once, from its own value, half away from zero as DfE rounds (never half to
even, never a rounded figure again). Nothing here depends on the machine's language.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from attendance_lib.display.kinds import Kind
from attendance_lib.errors import in_number
from attendance_lib.rules.thresholds import SUPPRESSED

MISSING = "–"
MINUS = "\N{MINUS SIGN}"
PERCENT = 100
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def round_half_up(value: float, places: int = 0) -> Decimal:
    """Round a figure half away from zero, from its shortest decimal form.

    Parameters
    ----------
    value : float
        The unrounded figure, in any unit.
    places : int, default 0
        Decimal places to keep.

    Returns
    -------
    decimal.Decimal
        The rounded figure; never minus zero.

    Notes
    -----
    Python rounds half to even, and 0.285 is a little less than 0.285 in binary. DfE rounds half up
    (Pupil absence statistics methodology), so the figure is read as it would be printed first.

    Examples
    --------
    >>> round_half_up(0.285, 2), round_half_up(2.5), round_half_up(-0.04, 1)
    (Decimal('0.29'), Decimal('3'), Decimal('0.0'))
    """
    return rounded(Decimal(repr(float(value))), places)


def rounded(value: Decimal, places: int) -> Decimal:
    """Round a decimal half away from zero; never minus zero.

    Examples
    --------
    >>> rounded(Decimal("7.25"), 1), rounded(Decimal("-0.04"), 1)
    (Decimal('7.3'), Decimal('0.0'))
    """
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0


def as_percent(rate: float, places: int = 1) -> Decimal:
    """Return a fraction as a rounded percentage; exact until the one rounding.

    >>> as_percent(0.0125)
    Decimal('1.3')
    """
    return rounded(Decimal(repr(float(rate))) * PERCENT, places)


def format_percent(rate: float | None, places: int = 1) -> str:
    """Write a fraction (0 to 1) as a percentage.

    >>> format_percent(0.9145), format_percent(1), format_percent(None)
    ('91.5%', '100.0%', '–')
    """
    return MISSING if rate is None else f"{with_minus(as_percent(rate, places))}%"


def format_points(difference: float | None, places: int = 1) -> str:
    """Write a difference of two fractions as percentage points with its sign.

    >>> format_points(0.006), format_points(-0.012), format_points(0.0)
    ('+0.6', '−1.2', '0.0')
    """
    if difference is None:
        return MISSING
    points = as_percent(difference, places)
    return f"+{points}" if points > 0 else with_minus(points)


def format_span(low: float | None, high: float | None, places: int = 1) -> str:
    """Write a range of differences as percentage points.

    >>> format_span(-0.012, 0.034), format_span(None, None)
    ('−1.2 to +3.4', '–')
    """
    if low is None or high is None or low != low or high != high:  # noqa: PLR0124 - a missing float differs from itself
        return MISSING
    return f"{format_points(low, places)} to {format_points(high, places)}"


def format_pounds(amount: float) -> str:
    """Write an amount of pounds as people say it: pence below a hundred, and only where there are any.

    >>> format_pounds(7.494), format_pounds(8.0), format_pounds(312.4), format_pounds(4368)
    ('£7.49', '£8', '£312', '£4,368')
    """
    pounds = round_half_up(amount, PENCE_PLACES if amount < WHOLE_POUNDS_FROM else 0)
    is_whole = pounds == pounds.to_integral_value()
    return f"£{pounds:,.{0 if is_whole else PENCE_PLACES}f}"


PENCE_PLACES, WHOLE_POUNDS_FROM = 2, 100


def format_change(difference: float | None) -> str:
    """Write a difference of two fractions in words, for a sentence.

    >>> format_change(0.006), format_change(-0.01), format_change(0.0001)
    ('up 0.6 percentage points', 'down 1.0 percentage points', 'unchanged')
    """
    if difference is None:
        return "not comparable"
    points = as_percent(difference)
    if points == 0:
        return "unchanged"
    return f"{'up' if points > 0 else 'down'} {abs(points)} percentage points"


def format_count(count: float | None, noun: str = "", plural: str = "") -> str:
    """Write a count with thousands commas and, if given, its noun in the right number.

    >>> format_count(1234), format_count(1, "pupil"), format_count(3, "child", "children")
    ('1,234', '1 pupil', '3 children')
    """
    if count is None:
        return MISSING
    whole = round_half_up(count)
    return f"{with_minus(whole)} {in_number(whole, noun, plural)}" if noun else with_minus(whole)


def format_number(value: float | None, places: int = 1) -> str:
    """Write a number that is not a count: whole when it is whole, else to one decimal place.

    >>> format_number(12.0), format_number(2.25), format_number(-1500.5)
    ('12', '2.3', '−1,500.5')
    """
    if value is None:
        return MISSING
    number = round_half_up(value, places)
    return with_minus(round_half_up(value) if number == number.to_integral_value() else number)


def format_tenths(value: float) -> str:
    """Write a number to one decimal place, even a whole one, as beside others that are not.

    >>> format_tenths(12.0), format_tenths(2.25)
    ('12.0', '2.3')
    """
    return with_minus(round_half_up(value, 1))


def has_tenths(value: object) -> bool:
    """Whether a value is a number that is not whole to one decimal place.

    >>> has_tenths(2.25), has_tenths(2.01), has_tenths("c"), has_tenths(None)
    (True, False, False, False)
    """
    return isinstance(value, float) and round_half_up(value, 1) % 1 != 0


def with_minus(value: Decimal) -> str:
    """Write a rounded figure with thousands commas and a real minus sign.

    Examples
    --------
    >>> with_minus(Decimal("-1234.5"))
    '−1,234.5'
    """
    return f"{value:,}".replace("-", MINUS)


def as_date(day: date | str) -> date:
    """Return a date from a date, a timestamp or ISO text.

    Examples
    --------
    >>> as_date("2026-11-20T00:00:00")
    datetime.date(2026, 11, 20)
    """
    return date.fromisoformat(day[:10]) if isinstance(day, str) else day


def format_date(day: date | str | None) -> str:
    """Write a date in full.

    >>> format_date("2026-11-20")
    '20 November 2026'
    """
    if day is None:
        return MISSING
    when = as_date(day)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def format_short_date(day: date | str | None) -> str:
    """Write a date for a table's cell.

    >>> format_short_date(date(2026, 11, 2))
    '2 Nov 26'
    """
    if day is None:
        return MISSING
    when = as_date(day)
    return f"{when.day} {MONTHS[when.month - 1][:3]} {when:%y}"


def format_weekday(day: date | str | None) -> str:
    """Write a date with its weekday and without its year.

    >>> format_weekday("2026-11-20")
    'Fri 20 Nov'
    """
    if day is None:
        return MISSING
    when = as_date(day)
    return f"{WEEKDAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1][:3]}"


def format_flag(value: bool | None) -> str:
    """Write yes, no or missing.

    Examples
    --------
    >>> format_flag(True), format_flag(False), format_flag(None)
    ('Yes', 'No', '–')
    """
    return MISSING if value is None else "Yes" if value else "No"


def format_text(value: object) -> str:
    """Write text as it stands; nothing, where it is missing, as a dash.

    Examples
    --------
    >>> format_text("7A"), format_text(""), format_text(None)
    ('7A', '–', '–')
    """
    return MISSING if value is None or value == "" else str(value)


def format_spark(values: tuple[float | None, ...] | None) -> str:
    """Write a short series as whole percents, oldest first.

    >>> format_spark((0.94, None, 0.885))
    '94, –, 89%'
    """
    if set(values or ()) <= {None}:
        return MISSING
    return ", ".join(MISSING if value is None else with_minus(as_percent(value, 0)) for value in values) + "%"


FORMATS = {
    Kind.TEXT: format_text,
    Kind.COUNT: format_count,
    Kind.NUMBER: format_number,
    Kind.RATE: format_percent,
    Kind.POINTS: format_points,
    Kind.DATE: format_short_date,
    Kind.FLAG: format_flag,
    Kind.SPARK: format_spark,
}


def format_value(value: object, kind: Kind | str) -> str:
    """Write a value as its kind says, for a table's cell; a figure left out for few pupils stays ``c``.

    >>> format_value(0.9, "rate"), format_value(None, Kind.COUNT), format_value("c", Kind.RATE)
    ('90.0%', '–', 'c')
    """
    return SUPPRESSED if is_suppressed(value) else FORMATS[Kind(kind)](value)


def is_suppressed(value: object) -> bool:
    """Whether a value is DfE's sign for a figure left out because few pupils are behind it.

    Examples
    --------
    >>> is_suppressed("c"), is_suppressed(0), is_suppressed(None)
    (True, False, False)
    """
    return isinstance(value, str) and value == SUPPRESSED


def format_figure(value: object, kind: Kind | str) -> str:
    """Write a value that stands alone, its unit with it.

    >>> format_figure(-0.012, Kind.POINTS)
    '−1.2 points'
    """
    text = format_value(value, kind)
    has_unit = Kind(kind) is Kind.POINTS and value is not None and not is_suppressed(value)
    return f"{text} points" if has_unit else text


def describe_sparkline(values: Sequence[float | None]) -> str:
    """Say a short series in words: its values and how far the last is from the first.

    >>> describe_sparkline((0.94, 0.92, None, 0.88))
    '4 weeks, oldest first: 94, 92, –, 88%; down 6 points'
    """
    known = [value for value in values if value is not None]
    if not known:
        return f"{format_count(len(values), 'week')} without a session"
    weeks = format_count(len(values), "week")
    return f"{weeks}, oldest first: {format_spark(values)}; {drift(known[0], known[-1])}"


def drift(first: float, last: float) -> str:
    """Say how far the last value is from the first, in whole percentage points.

    Examples
    --------
    >>> drift(0.9, 0.87), drift(0.9, 0.902)
    ('down 3 points', 'no change')
    >>> drift(0.9, 0.91)
    'up 1 point'
    """
    points = as_percent(last - first, 0)
    if points == 0:
        return "no change"
    return f"{'up' if points > 0 else 'down'} {format_count(abs(points), 'point')}"
