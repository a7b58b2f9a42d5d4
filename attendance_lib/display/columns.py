"""The figures that more than one table shows, each declared once: heading, kind, meaning, and whether it is personal.

One rule: a figure of two tables or more is declared here, one that a single file shows beside its tables.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from attendance_lib.display.kinds import Column, Kind


def shown(*names: str) -> tuple[Column, ...]:
    """Return figures as they are declared, in the order in which a table shows them.

    Examples
    --------
    >>> [column.heading for column in shown("pupil_name", "form", "attendance_rate")]
    ['Pupil', 'Form', 'Year to date']
    """
    return tuple(map(figure, names))


def hiding(columns: Iterable[Column], names: Collection[str]) -> tuple[Column, ...]:
    """Return columns of which the named ones are in the workbook and the CSV alone, not on the page.

    Examples
    --------
    >>> [column.shown for column in hiding(shown("pupil_name", "form"), {"form"})]
    [True, False]
    """
    return tuple(replace(each, shown=False) if each.name in names else each for each in columns)


def figure(name: str, **changes: object) -> Column:
    """Return a figure as it is declared, with what one table must say otherwise of it.

    Parameters
    ----------
    name : str
        The column's name in its table, or the name of another reading of it, such as ``attendance`` of a span.
    **changes : object
        As of ``Column``. Its kind, and whether it is personal, stay as declared.

    Raises
    ------
    KeyError
        If no figure has the name.
    ValueError
        If what is the same for every table would be changed.

    Examples
    --------
    >>> figure("absence_sessions", heading="Missed", width=8).meaning
    'Sessions of authorised and unauthorised absence, year to date'
    """
    if fixed := sorted(FIXED & changes.keys()):
        raise ValueError(
            f"{', '.join(fixed)} of the figure {name!r} would be changed in one table. It is the same in all: change the "
            "declaration, or give the other thing a column of its own."
        )
    return replace(FIGURES[name], **changes)


FIXED = frozenset({"kind", "personal"})
TEXT, COUNT, NUMBER, RATE, POINTS, DATE, FLAG = (
    Kind.TEXT, Kind.COUNT, Kind.NUMBER, Kind.RATE, Kind.POINTS, Kind.DATE, Kind.FLAG,
)  # fmt: skip

FIGURES: dict[str, Column] = {
    column.name: column
    for column in (
        # One pupil
        Column("pupil_name", "Pupil", TEXT, "Surname, forename", personal=True, width=24),
        Column("pupil_id", "Pupil ID", TEXT, "The pupil in the school's records", personal=True, shown=False, width=10),
        Column("form", "Form", TEXT, "Registration group", width=7),
        Column("year_group", "Year", COUNT, "National curriculum year group", shown=False, width=6),
        Column("key_adult", "Key adult", TEXT, "The adult who knows the pupil best", personal=True, width=20),
        Column("last_contact_date", "Last contact", DATE, "When home was last contacted", personal=True),
        Column(
            "support_text", "Support on file", TEXT, "Interventions, contacts and notices this school year",
            personal=True, width=36,
        ),
        Column("date", "Date", DATE, "Day of the session", personal=True),
        Column("first_met_date", "First met", DATE, "Date of the session at which a window first reached the threshold"),
        Column("session", "Session", TEXT, "AM or PM", width=9),
        Column("code_groups", "Reasons", TEXT, "Sessions missed by group of codes, year to date", personal=True, width=24),
        Column(
            "pattern", "Pattern", TEXT, "A weekday or half of the day that stands out against the school's own rate",
            personal=True, width=20,
        ),
        Column(
            "untouched_days", "Quiet, days", COUNT,
            "School days since anything was done or agreed: a contact, an action, support begun, a notice", personal=True, width=8,
        ),
        # Sessions and rates
        Column("absence_sessions", "Sessions missed", COUNT, "Sessions of authorised and unauthorised absence, year to date"),
        Column("missed_lessons", "Missed", COUNT, "Lessons missed while in school, without a reason"),
        Column("possible_sessions", "Possible", COUNT, "Possible sessions, year to date"),
        Column(
            "attendance_rate", "Year to date", RATE,
            "Attended sessions out of possible sessions, this school year to the end of the period",
        ),
        Column("period_attendance_rate", "This period", RATE, "Attendance in the period"),
        Column("change_rate", "Change", POINTS, "The period less the period before"),
        Column("year_to_date_rate", "Year to date", RATE, "Share of possible sessions, year to date"),
        Column("england_rate", "England", RATE, "The same in England, year to date"),
        Column("share_rate", "Share", RATE, "Share of all pupils"),
        Column("week_beginning", "Week beginning", DATE, "Monday of the week"),
        Column("sessions", "Sessions this period", COUNT, "Sessions in the period"),
        Column("codes", "Codes", TEXT, "The register codes counted together", width=14),
        Column("code", "Code", TEXT, "Register code", width=7),
        Column("meaning", "Meaning", TEXT, "What the code says", width=40),
        Column("marks", "Marks", COUNT, "Marks changed"),
        Column("measure", "Measure", TEXT, "What is measured", width=30),
        # Groups of pupils
        Column("characteristic", "Characteristic", TEXT, "What pupils are grouped by", width=26),
        Column("group", "Group", TEXT, "The group", width=18),
        Column("gap_rate", "Gap", POINTS, "The group's attendance less that of everyone outside it, year to date"),
        Column("enrolments", "Enrolments", COUNT, "Enrolments with a possible session, year to date"),
        Column("pupils", "Pupils", COUNT, "Pupils evaluated"),
        Column("persistently_absent_enrolments", "Persistently absent", COUNT, "Enrolments that missed 10% or more, year to date"),
        Column("persistent_absence_rate", "Rate", RATE, "Persistently absent enrolments out of enrolments"),
        Column("severely_absent_enrolments", "Severely absent", COUNT, "Enrolments that missed 50% or more"),
        Column("tickets", "Tickets", COUNT, "Tickets in the list of the draw"),
        # What was read, checked and written
        Column("file", "File", TEXT, "The file, and its sheet where it has several", width=28),
        Column("kind", "Holds", TEXT, "What the file holds", width=14),
        Column("layout", "Layout", TEXT, "The layout it was read as", width=14),
        Column("rows", "Rows", COUNT, "Rows read"),
        Column("action_id", "Action", TEXT, "The action's number", width=8),
        Column("action", "What", TEXT, "What is to be done", personal=True, width=38),
        Column("owner", "Owner", TEXT, "Who is to do it", personal=True),
        Column("who", "Who", TEXT, "Who does it", personal=True, width=22),
        Column("due_date", "Due", DATE, "By when"),
        Column("part", "Part", TEXT, "What is talked about", width=50),
        Column("minutes", "Minutes", COUNT, "How long"),
        Column("count", "Count", COUNT, "How many"),
        Column("detail", "Detail", TEXT, "The counts behind the figure.", width=52),
        Column("first_date", "From", DATE, "The first of their days"),
        Column("last_date", "To", DATE, "The last of their days"),
        Column("check", "Check", TEXT, "What was checked", width=30),
        Column("severity", "Weight", TEXT, width=8),
        Column(
            "teacher", "Ask", TEXT, "Who took the register where lessons are exported, else the pupil's key adult",
            personal=True, width=18,
        ),
        Column("remedy", "What to do", TEXT, "How to put it right", width=36),
        # Support plans
        Column("plan_id", "Plan", TEXT, "The plan's number", width=9),
        Column(
            "plan_page", "Plan's page", TEXT, "Where the newest pack of plans has it, from this pack's folder; blank for nowhere",
            personal=True, shown=False, width=30, links=(("", "plan_page"),),
        ),
        Column("gate", "Gate", TEXT, "What stands in the way of a referral", personal=True, shown=False, width=16),
        Column(
            "gate_page", "Gate's page", TEXT, "Where the newest paper on notices is, from this pack's folder; blank for nowhere",
            personal=True, shown=False, width=30, links=(("", "gate_page"),),
        ),
        Column(
            "card_page", "Impact card", TEXT, "Where the newest paper on impact has it, from this pack's folder; blank for nowhere",
            shown=False, width=30, links=(("", "card_page"),),
        ),
        Column("plan", "Plan and support", TEXT, "What runs for the pupil", personal=True, width=30),
        Column("review_day", "Review", DATE, "The school day of the review", personal=True),
        Column("missed", "Missed so far", COUNT, "Sessions missed of the target's days so far", personal=True, width=7),
        Column("possible", "of", COUNT, "Sessions of the target's days that were possible so far", personal=True, width=5),
        Column(
            "finding", "Register says", TEXT, "Once all days are past: met, partly met or not met", personal=True, width=11,
        ),
        # Pupils named by a chance, and what came
        Column("named", "Named", COUNT, "Pupils named"),
        Column("crossed", "Crossed", COUNT, "Not over the line then, over it at the end of the year"),
        Column("came", "Came", COUNT, "How many ended at 10% or more"),
        # What was done for pupils, and whether it helped
        Column("intervention", "Intervention", TEXT, "What is done", width=24),
        Column("tier", "Tier", TEXT, "How intensive it is: 1 for everyone, 2 for a group, 3 for one pupil", width=5),
        Column("start_date", "Started", DATE, "First day"),
        Column("end_date", "Ends", DATE, "Last day; blank if none is set"),
        Column("lead", "Lead", TEXT, "Who leads it", personal=True, width=20),
        Column("review_date", "Review", DATE, "When it is next reviewed"),
        Column("outcome", "Outcome", TEXT, "What staff recorded as the outcome", personal=True, shown=False, width=20),
        Column("next_step", "Next step", TEXT, "What is done next", personal=True, width=20),
        Column("barrier", "Barrier", TEXT, "What keeps the pupil from attending, as recorded", personal=True, width=18),
        Column("recorded", "Recorded", TEXT, "Outcome and reason as recorded", personal=True, width=26),
        Column("said", "What can be said", TEXT, "The verdict of the pool, and why there is none", width=30),
        Column("verdict", "Verdict", TEXT, "One of the four", width=16),
        Column("reason", "Reason", TEXT, "Why too few to tell", width=24),
        Column("rounds", "Rounds", COUNT, "Rounds pooled"),
        Column("pupils_left_out", "Left out", COUNT, "Pupils in rounds that are in no pool: see the rounds for why"),
        Column("comparison_pupils", "Compared with", COUNT, "Different pupils compared with"),
        Column("estimate", "Difference", POINTS, "Actual less expected attendance of the pupils evaluated"),
        Column("span", "Range", TEXT, "95% range of the difference, percentage points", width=14),
        Column("low", "From", POINTS, "Lower end of the 95% range"),
        Column("high", "To", POINTS, "Upper end of the 95% range"),
        Column("smallest_effect", "Seen from", POINTS, "The smallest effect that would have shown in 80 of 100 schools"),
        Column("cautious_estimate", "Allowing for luck", POINTS, "The difference drawn towards nothing", shown=False),
        Column("break_even", "Break-even", POINTS, "An unseen difference of so much would turn the verdict round", shown=False),
        Column("q_value", "False discovery rate", NUMBER, "At which the finding would just be made", shown=False),
        Column("stands_among_many", "Stands among many", FLAG, "At a false discovery rate of 5%", shown=False),
        Column("attended_sessions", "Attended", COUNT, "Sessions attended in the window"),
        Column("weeks_run", "Weeks", COUNT, "School weeks of the window in which it ran", shown=False),
        Column("as_like_pupils", "Landed", TEXT, "Where the pupil landed beside pupils like them", width=18),
        Column(
            "low_sessions", "From", NUMBER, "About 80 in 100 like pupils attend so many sessions or more, and", shown=False,
        ),
        Column("high_sessions", "To", NUMBER, "so many or fewer", shown=False),
        Column(
            "reason_not_working", "Reason", TEXT, "Why it did not work, as recorded", personal=True, shown=False, width=24,
        ),
    )
} | {
    # Other readings of the same columns
    "attendance": Column("attendance_rate", "Attendance", RATE, "Attended out of possible sessions"),
    "pupils_counted": Column("enrolments", "Pupils", COUNT, "Enrolments with a possible session, year to date", width=8),
    "likely": Column("said", "Likely", COUNT, "Chances added up: how many were said to end at 10% or more"),
    "persistent_absence": Column(
        "persistent_absence_rate", "Persistent absence", RATE, "Persistently absent enrolments out of enrolments", width=11
    ),
    "code_of_pupil": Column("code", "Code", TEXT, "Register code of the session", personal=True, width=6),
    "last_date_of_pupil": Column("last_date", "To", DATE, "The last of their days", personal=True),
    "led_by": Column(
        "lead", "Led by", TEXT, "The plan's lead practitioner, else the support's, else the key adult", personal=True, width=16
    ),
    "lead_practitioner": Column("lead", "Lead practitioner", TEXT, "Who leads the plan", personal=True, width=20),
    "what_is_done": Column("what", "What", TEXT, "What is done", personal=True, width=60),
    "notice_rule": Column("rule", "Rule", TEXT, "The notice rule, or rules, under which the sessions are counted", width=22),
    "call_id": Column("call_id", "Call", TEXT, "The row's number; leave it", shown=False, width=14),
    "tries": Column("tries", "Tries", TEXT, "A box for each try: tick it, or write how often", width=12),
    "made_by": Column("made_by", "Who", TEXT, "Who tried", personal=True, width=14),
    "parent": Column("parent", "Parent", TEXT, "The parent whose case it is, each apart", personal=True, width=20),
    "of_whom": Column("of", "Of whom", TEXT, "Who is asked", width=18),
    "grouped_by": Column("group", "By", TEXT, "What the rounds are pooled by", width=18),
    "which": Column("value", "Which", TEXT, "The type, tier or group", width=28),
    "range_from": Column("low", "Range from", POINTS, "Lower end of the 95% range", shown=False),
    "range_to": Column("high", "Range to", POINTS, "Upper end of the 95% range", shown=False),
}  # fmt: skip
