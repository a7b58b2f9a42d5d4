"""The tables of notices beside their log: a pupil's parents, and what the school decided when it considered a case."""

from attendance_lib.intake.declared import DATE, FLAG, LABEL, NOTE, PUPIL_ID, TEXT, WHOLE, Column, Table

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
        Column("addresses", WHOLE, "How many addresses the school holds, 0 if none; never the addresses", is_personal=True),
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
