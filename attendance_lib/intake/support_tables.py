"""The tables of support and of notices: plans, part-time timetables, parents, and what the school decided of a case."""

from attendance_lib.intake.declared import (
    DATE,
    FLAG,
    LABEL,
    NOTE,
    NUMBER,
    PUPIL_ID,
    TEXT,
    WHOLE,
    Column,
    Table,
)

ANSWERS = ("accepted", "declined", "no answer yet")
ANSWER_SPELLINGS = (
    ("yes", "accepted"),
    ("no", "declined"),
    ("refused", "declined"),
    ("waiting", "no answer yet"),
)
MET, PARTLY_MET, NOT_MET = PLAN_OUTCOMES = ("met", "partly met", "not met")
PLANS = Table(
    "plans",
    ("plan_id",),
    (
        Column("plan_id", TEXT, "The plan in the school's log; a plan with a new target is a new plan", is_required=True),
        PUPIL_ID,
        Column("opened_on", DATE, "When it was agreed", is_required=True, also_called=("Opened", "Plan date", "Start")),
        Column("lead", LABEL, "Lead practitioner", also_called=("Lead practitioner", "Lead professional")),
        Column("agencies", LABEL, "Outside agencies that take part", also_called=("Agency",)),
        Column("barrier", LABEL, "What keeps the pupil from attending", is_personal=True, also_called=("Barriers",)),
        Column("going_well", TEXT, "What is going well", is_personal=True, also_called=("Strengths",)),
        Column(
            "target_sessions", WHOLE, "The most sessions that the pupil is to miss from target_from to target_to", "sessions",
            also_called=("Target",),
        ),
        Column("target_from", DATE, "First day that the target counts"),
        Column("target_to", DATE, "Last day that the target counts"),
        *(
            column
            for who in ("pupil", "parent", "school", "agency")
            for column in (
                Column(f"{who}_does", TEXT, f"What the {who} does", is_personal=True),
                Column(f"{who}_by", DATE, f"By when the {who} does it"),
            )
        ),
        Column("adjustment", TEXT, "Reasonable adjustment that was offered", is_personal=True),
        Column("adjustment_offered_on", DATE, "When it was offered"),
        Column("adjustment_answer", LABEL, "What became of the offer", values=ANSWERS, spellings=ANSWER_SPELLINGS),
        Column("adjustment_since", DATE, "Since when it has been in place; empty while it is not"),
        Column("early_help_offered_on", DATE, "When early help was offered"),
        Column("early_help_answer", LABEL, "What became of the offer", values=ANSWERS, spellings=ANSWER_SPELLINGS),
        Column("review_on", DATE, "When the plan is to be reviewed", also_called=("Review date", "Review", "Review due")),
        Column("reviewed_on", DATE, "When it was reviewed; empty until then", also_called=("Reviewed",)),
        Column(
            "outcome", LABEL, "Whether the target was met, as the review found", values=PLAN_OUTCOMES,
            spellings=(("partly", "partly met"), ("partially met", "partly met"), ("yes", "met"), ("no", "not met")),
        ),
        Column("next_step", TEXT, "What the review agreed", is_personal=True),
        Column("closed_on", DATE, "When the plan was closed; empty while it runs", also_called=("Closed",)),
        Column("copy_given_on", DATE, "When the family was given its copy"),
        NOTE,
    ),
)  # fmt: skip

PART_TIME = Table(
    "part_time",
    ("pupil_id", "date_from"),
    (
        PUPIL_ID,
        Column("date_from", DATE, "First day of the part-time timetable", is_required=True, also_called=("From", "Start")),
        Column("date_to", DATE, "Last day; it must have one", also_called=("To", "End")),
        Column("hours", NUMBER, "Hours in school a week", "hours", most=50, also_called=("Hours a week",)),
        Column("ambition", TEXT, "What it is meant to reach", is_personal=True, also_called=("Purpose", "Reason")),
        Column("review_date", DATE, "When it is next reviewed", also_called=("Review", "Next review")),
        Column(
            "agreed_by", TEXT, "The parent, with whom the pupil lives, who agreed to it", is_personal=True,
            also_called=("Parent agreed", "Agreed with"),
        ),
        Column("agreed_on", DATE, "When the parent agreed", also_called=("Signed",)),
        Column("authority_told_on", DATE, "When the local authority was told", also_called=("LA told", "Authority told")),
        NOTE,
    ),
)  # fmt: skip

# A pupil's parents, of whom the log of notices names one.
PARENTS = Table(
    "parents",
    ("parent_id", "pupil_id"),
    (
        Column("parent_id", TEXT, "The parent in the school's records, the same for all children", is_required=True),
        PUPIL_ID,
        Column("name", TEXT, "The parent's name", is_personal=True, also_called=("Parent", "Contact name", "Full name")),
        Column(
            "relation", LABEL, "What the parent is to the child", is_personal=True, also_called=("Relationship", "Relation type")
        ),
        Column("has_responsibility", FLAG, "Has parental responsibility", is_personal=True, also_called=("PR",)),
        Column("lives_with", FLAG, "The child lives with this parent", is_personal=True, also_called=("Lives with pupil",)),
        Column(
            "addresses", WHOLE, "How many addresses the school holds, 0 if none; never the addresses", is_personal=True, most=20,
        ),
        Column("interpreter", LABEL, "The language for which an interpreter is needed", is_personal=True),
    ),
)  # fmt: skip

# What the duty to consider leaves behind: one row each time the school looked at a case.
CONSIDERED = Table(
    "considered",
    ("pupil_id", "parent", "considered_on"),
    (
        PUPIL_ID,
        Column("parent", TEXT, "The parent it was about; empty for each of the child's parents", is_personal=True),
        Column("considered_on", DATE, "When the case was considered", is_required=True),
        Column("considered_by", LABEL, "Who considered it"),
        Column("support_appropriate", FLAG, "Whether support is appropriate here; no, as for a holiday in term time"),
        Column(
            "disability_related", FLAG, "Whether the absence arises from a disability or a need that is not met",
            is_personal=True,
        ),
        Column("early_help_offered_on", DATE, "When early help was offered"),
        Column("authority_consulted_on", DATE, "When the local authority was consulted"),
        Column("leave_asked_on", DATE, "When leave was asked for, or parents were told that a notice would follow"),
        Column("leave_refused_on", DATE, "When the school refused the leave in writing"),
        NOTE,
    ),
)  # fmt: skip
