"""The tables a school gives us, declared once: the declaration types a file, checks it and documents it."""

from dataclasses import replace

from attendance_lib.intake.declared import (
    DATE,
    FLAG,
    LABEL,
    MARKED_PUPIL,
    NOTE,
    NUMBER,
    PUPIL_ID,
    PUPIL_NAMES,
    TEXT,
    TIER,
    WHOLE,
    Column,
    Kind,
    Table,
)
from attendance_lib.intake.support_tables import CONSIDERED, PARENTS, PART_TIME, PLANS
from attendance_lib.rules.pupils import ENROLMENT_STATUSES
from attendance_lib.rules.thresholds import LOSS_LIMIT_RATE

# No register stays open, and no pupil is waited for, longer than half a school day.
LONGEST_SESSION_MINUTES = 300
# More than anybody has, and fewer than any telephone number, so that one is never taken for a count and printed.
MOST_CONTACTS = 20

PUPILS = Table(
    "pupils",
    ("pupil_id", "admission_date"),
    (
        PUPIL_ID,
        Column("upn", TEXT, "Unique pupil number", is_personal=True),
        Column("surname", TEXT, "Family name", is_personal=True, also_called=("Legal surname", "Last name", "Family name")),
        Column("forename", TEXT, "Given name", is_personal=True, also_called=("Legal forename", "First name", "Given name")),
        Column(
            "year_group", Kind.YEAR_GROUP, "National curriculum year, Reception 0, nursery -1; missing if in none (X)",
            is_required=True,
            also_called=("Year", "NC Year", "Year taught in", "YearGroup"),
        ),
        Column("form", LABEL, "Registration or tutor group", also_called=("Reg", "Reg group", "Registration group", "Tutor group")),
        Column("date_of_birth", DATE, "Date of birth", is_personal=True, is_of_birth=True, also_called=("DOB", "Birth date")),
        Column(
            "sex", LABEL, "Sex as the census records it", values=("F", "M"), also_called=("Gender",),
            spellings=(("female", "F"), ("male", "M")),
        ),
        Column("fsm", FLAG, "Eligible for free school meals", also_called=("Free school meals", "FSM eligible")),
        Column("pupil_premium", FLAG, "Attracts the pupil premium", also_called=("PP", "Pupil premium indicator")),
        Column(
            "sen_status", LABEL, "N none, K SEN support, E education, health and care plan", values=("N", "K", "E"),
            also_called=("SEN", "SEN code", "SEN provision"),
            spellings=(
                ("none", "N"), ("no sen", "N"), ("no special educational need", "N"), ("sen support", "K"), ("ehcp", "E"),
                ("ehc plan", "E"), ("education, health and care plan", "E"),
            ),
        ),
        Column("sen_need", LABEL, "Primary need of a pupil with SEN", is_personal=True),
        Column("eal", FLAG, "English as an additional language"),
        Column("ethnicity", LABEL, "Ethnic group as the census records it", is_personal=True),
        Column("looked_after", FLAG, "Looked after by a local authority", is_personal=True, also_called=("CLA", "LAC", "In care")),
        Column("child_in_need", FLAG, "Child in need", is_personal=True, also_called=("CIN",)),
        Column("child_protection", FLAG, "Subject of a child protection plan", is_personal=True, also_called=("CPP",)),
        Column("young_carer", FLAG, "Young carer", is_personal=True),
        Column("youth_justice", FLAG, "Known to the youth justice service", is_personal=True, also_called=("YJS", "YOT")),
        Column(
            "previously_looked_after", FLAG, "Left the care of a local authority by adoption or order", is_personal=True,
            also_called=("PLAC",),
        ),
        Column("missing_history", FLAG, "Went missing before, or is at risk of being exploited", is_personal=True),
        Column("medical_risk", FLAG, "Cannot call for help, or has a medical need that makes absence urgent", is_personal=True),
        Column("travels_alone", FLAG, "Travels to school alone", is_personal=True),
        Column("transport", LABEL, "How the pupil comes, such as a bus route", also_called=("Bus route", "Route")),
        Column("postcode_area", LABEL, "First half of the postcode", is_personal=True, also_called=("Outward code",)),
        Column(
            "contact_numbers", WHOLE, "How many emergency numbers the school holds; never the numbers", is_personal=True,
            most=MOST_CONTACTS,
        ),
        Column("family_id", TEXT, "The family, the same for brothers and sisters at this school", also_called=("Family ID",)),
        Column("no_publicity", FLAG, "Is not to be named in public, such as on a poster", also_called=("Publicity opt-out",)),
        Column("admission_date", DATE, "First day on the admission register", also_called=("Entry date", "Date of admission")),
        Column("leaving_date", DATE, "Last day on the admission register, if left", also_called=("Leaving", "Date of leaving")),
        Column("key_adult", TEXT, "The adult who knows the pupil best", also_called=("Mentor",)),
        Column(
            "enrolment_status", LABEL, "C registered here alone, M mainly here of two schools, S mainly at the other, G guest",
            values=ENROLMENT_STATUSES, also_called=("EnrolStatus", "Enrol status", "DfE enrolment status"),
            spellings=(
                ("current", "C"), ("single registration", "C"), ("current (single registration at this school)", "C"),
                ("main - dual registration", "M"), ("main dual registration", "M"), ("current main (dual registration)", "M"),
                ("subsidiary - dual registration", "S"), ("subsidiary dual registration", "S"),
                ("current subsidiary (dual registration)", "S"), ("guest", "G"), ("guest pupil", "G"), ("fe college", "F"),
                ("other provider", "O"), ("previous", "P"),
            ),
        ),
    ),
)  # fmt: skip

MARKS = Table(
    "marks",
    ("pupil_id", "date", "session"),
    (
        MARKED_PUPIL,
        Column(
            "date", DATE, "Day of the session", is_required=True,
            also_called=("Record date", "AttendanceDate", "Mark date", "Session date"),
        ),
        Column("session", Kind.SESSION, "AM or PM", is_required=True, also_called=("SessionName", "Session name", "AM/PM")),
        Column(
            "code", Kind.CODE, "Register code as found, after repair", is_required=True,
            also_called=("Mark", "AttendanceMark", "Session mark", "attendance_code.code", "mark.code"),
        ),
        Column(
            "minutes_late", WHOLE, "Minutes late; missing if not recorded, never assumed 0", "minutes",
            most=LONGEST_SESSION_MINUTES,
            also_called=("MinsLate", "Minutes late", "Session late minutes"),
        ),
        Column("recorded_at", DATE, "When the mark was entered"),
        Column("amended_from", Kind.CODE, "The code before it was amended"),
        Column("amended_on", DATE, "When the code was amended"),
    ),
)  # fmt: skip

LESSONS = Table(
    "lessons",
    ("pupil_id", "date", "period"),
    (
        replace(MARKED_PUPIL, also_called=(*MARKED_PUPIL.also_called, "student", "student.id")),
        Column(
            "date", DATE, "Day of the lesson", is_required=True,
            also_called=("Lesson date", "Mark date", "startDatetime", "Start date", "AttendanceDate"),
        ),
        Column(
            "period", LABEL, "Period of the timetable", is_required=True,
            also_called=("Lesson", "PeriodDisplayName", "Period name", "Lesson.ID", "EventInstanceID"),
        ),
        Column("subject", LABEL, "Subject taught", also_called=("Subject name", "Course")),
        Column("class", LABEL, "Teaching group", also_called=("Class name", "Teaching group", "Group", "event")),
        Column("teacher", LABEL, "Who took the register", also_called=("Staff", "Teacher name", "EmployeeID")),
        Column(
            "code", Kind.CODE, "Register code of the lesson; empty where its register was not taken", is_required=True,
            may_be_blank=True, unknown_codes_limit_rate=LOSS_LIMIT_RATE,
            also_called=("Mark", "Lesson.Mark", "AttendanceMark", "Lesson mark", "attendanceMark.code", "Export Marks"),
        ),
        Column(
            "minutes_late", WHOLE, "Minutes late; missing if not recorded", "minutes", most=LONGEST_SESSION_MINUTES,
            also_called=("Lesson.Late.Minutes", "MinsLate", "minutesLate", "Minutes late"),
        ),
    ),
)  # fmt: skip

INTERVENTIONS = Table(
    "interventions",
    ("pupil_id", "intervention", "start_date"),
    (
        Column(
            "pupil_id",
            TEXT,
            "The pupil; empty for a Tier 1 intervention, which is for everyone",
            also_called=PUPIL_NAMES,
        ),
        Column("intervention", LABEL, "What is done", is_required=True),
        TIER,
        Column(
            "start_date",
            DATE,
            "First day of the intervention",
            is_required=True,
            also_called=("Start", "Started"),
        ),
        Column("end_date", DATE, "Last day; empty while in progress", also_called=("End", "Ended")),
        Column("lead", LABEL, "Member of staff who leads it"),
        Column("agency", LABEL, "Outside agency that takes part"),
        Column("barrier", LABEL, "What keeps the pupil from attending", is_personal=True),
        Column("target", TEXT, "What it is meant to reach", is_personal=True),
        Column("cost", NUMBER, "Cost of the intervention", "pounds"),
        Column("review_date", DATE, "When the plan is next reviewed", also_called=("Review", "Review due")),
        Column("outcome", TEXT, "What came of it", is_personal=True),
        Column("reason_not_working", TEXT, "Why it did not work", is_personal=True),
        Column("next_step", TEXT, "What is done next", is_personal=True),
    ),
)

ACTIONS = Table(
    "actions",
    ("action_id",),
    (
        Column("action_id", TEXT, "The action in the school's log", is_required=True),
        Column(
            "pupil_id", TEXT, "The pupil; empty if the action is about no one pupil", also_called=PUPIL_NAMES
        ),
        Column("raised_on", DATE, "When it was agreed", is_required=True, also_called=("Raised",)),
        Column("action", TEXT, "What is to be done", is_personal=True, is_required=True),
        Column("owner", LABEL, "Who is to do it"),
        Column("due_date", DATE, "By when", also_called=("Due",)),
        Column("status", LABEL, "Where it stands, such as open or done"),
        Column("completed_on", DATE, "When it was done", also_called=("Completed",)),
        NOTE,
    ),
)

CONTACTS = Table(
    "contacts",
    ("contact_id",),
    (
        Column("contact_id", TEXT, "The contact in the school's log", is_required=True),
        PUPIL_ID,
        Column("date", DATE, "When it took place", is_required=True),
        Column("mode", LABEL, "Telephone, letter, visit, meeting"),
        Column("made_by", LABEL, "Member of staff"),
        Column("person_contacted", TEXT, "Who was spoken to", is_personal=True),
        Column("outcome", TEXT, "What came of it", is_personal=True),
    ),
)

NOTICES = Table(
    "notices",
    ("notice_id",),
    (
        Column("notice_id", TEXT, "The notice in the school's log", is_required=True),
        PUPIL_ID,
        Column(
            "parent",
            TEXT,
            "The parent it was issued to: notices count per parent and per child",
            is_personal=True,
            is_required=True,
            may_be_blank=True,
        ),
        Column("kind", LABEL, "Penalty notice, notice to improve, attendance contract", is_required=True),
        Column("issued_on", DATE, "When it was issued", is_required=True, also_called=("Issued",)),
        Column("status", LABEL, "Where it stands, such as issued, paid, withdrawn"),
        Column("acted_on_through_date", DATE, "The last absence it was issued for; later ones count afresh"),
        Column(
            "ends_on",
            DATE,
            "Last day of the period in which a notice to improve or a contract asks for better",
            also_called=("Ends", "End date", "Improvement period ends"),
        ),
        Column("received_on", DATE, "When the parent received it, from which the 21 and 28 days run", also_called=("Received",)),
    ),
)  # fmt: skip

PLANNED = Table(
    "planned",
    ("pupil_id", "date_from", "session", "code"),
    (
        PUPIL_ID,
        Column("date_from", DATE, "First day of the absence or activity", is_required=True, also_called=("From", "Start")),
        Column("date_to", DATE, "Last day; empty for one day", also_called=("To", "End")),
        Column("session", Kind.SESSION, "AM or PM; empty for whole days"),
        # A slip in one line of a list that the office keeps by hand is no reason to have no sheet of the day.
        Column(
            "code", Kind.CODE, "The code that the register is to have", is_required=True, unknown_codes_limit_rate=1.0,
            also_called=("Mark",),
        ),
        Column("expected_back", DATE, "The day on which the pupil is expected", also_called=("Expected return",)),
        NOTE,
    ),
)  # fmt: skip

SIGN_INS = Table(
    "sign_ins",
    ("pupil_id", "time"),
    (
        PUPIL_ID,
        Column("time", Kind.MOMENT, "Day and time at the desk", is_required=True, also_called=("Date and time", "Signed at")),
        Column(
            "direction", LABEL, "Whether the pupil came or left", is_required=True, values=("in", "out"),
            spellings=(("signed in", "in"), ("arrived", "in"), ("signed out", "out"), ("left", "out")),
        ),
    ),
)  # fmt: skip

CENSUS_SESSIONS = Table(
    "census sessions",
    ("pupil_id", "code"),
    (
        Column(
            "pupil_id", TEXT, "The pupil's row in the census's table of pupils", is_required=True,
            also_called=("pupilonrolltableid", "pupilnolongeronrolltableid"),
        ),
        Column("code", Kind.CODE, "Register code", is_required=True, also_called=("attendancereason",)),
        Column("sessions", WHOLE, "Sessions with this code", "sessions", is_required=True, also_called=("absencesessions",)),
    ),
)  # fmt: skip

OVERRIDE_REASONS = ("agreed adjustment", "transport", "young carer", "medical")
OVERRIDES = Table(
    "overrides",
    ("pupil_id", "date_from", "excuse"),
    (
        PUPIL_ID,
        Column("date_from", DATE, "First day on which it holds", is_required=True, also_called=("From", "Start")),
        Column("date_to", DATE, "Last day; empty while it holds", also_called=("To", "End")),
        Column(
            "excuse", LABEL, "Why lateness or absence is excused in a reward scheme", is_personal=True, is_required=True,
            values=OVERRIDE_REASONS, also_called=("Reason",),
            spellings=(
                ("adjustment", "agreed adjustment"), ("reasonable adjustment", "agreed adjustment"), ("bus", "transport"),
                ("carer", "young carer"), ("illness", "medical"),
            ),
        ),
    ),
)  # fmt: skip

REDRAWS = Table(
    "redraws",
    ("draw", "place"),
    (
        Column(
            "draw",
            TEXT,
            "The draw as its list names it, such as raffle 2026-11-16 2026-11-20",
            is_required=True,
        ),
        Column("place", WHOLE, "The place that was given up, as drawn", is_required=True),
        Column("given_up_because", TEXT, "Why", is_personal=True, is_required=True, also_called=("Reason",)),
        Column("date", DATE, "When it was drawn again", is_required=True),
    ),
)

# What the school file may name; the School Census is no export of marks.
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PUPILS, MARKS, LESSONS, PLANNED, SIGN_INS, INTERVENTIONS, ACTIONS, CONTACTS, NOTICES,
        OVERRIDES, REDRAWS, PLANS, PART_TIME, PARENTS, CONSIDERED,
    )
}  # fmt: skip
