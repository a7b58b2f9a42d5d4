"""The columns that tables of the impact paper share: what was found of an intervention, and of one pupil's course."""

from attendance_lib.display import Column, Kind

DIFFERENCE = Column(
    "estimate", "Difference", Kind.POINTS, "Actual less expected attendance of the pupils evaluated"
)
RANGE = Column("span", "Range", meaning="95% range of the difference, percentage points", width=14)
RANGE_ENDS = (
    Column("low", "Range from", Kind.POINTS, "Lower end of the 95% range", shown=False),
    Column("high", "Range to", Kind.POINTS, "Upper end of the 95% range", shown=False),
)
SMALLEST_EFFECT = Column(
    "smallest_effect",
    "Could be seen",
    Kind.POINTS,
    "The smallest effect that would have shown in 80 of 100 schools",
)
FINDING = (
    Column("verdict", "Verdict", meaning="One of the four", shown=False, width=16),
    Column("reason", "Reason", meaning="Why too few to tell", shown=False, width=24),
)
CAUTIOUS = Column(
    "cautious_estimate", "Cautious", Kind.POINTS, "The difference drawn towards nothing", shown=False
)
AMONG_MANY = (
    Column("q_value", "False discovery rate", Kind.NUMBER, "At which the finding would just be made", shown=False),
    Column("stands_among_many", "Stands among many", Kind.FLAG, "At a false discovery rate of 5%", shown=False),
)  # fmt: skip

# Of one pupil's course.
LIKE_PUPILS = (
    Column("low_sessions", "From", Kind.NUMBER, "About 80 in 100 like pupils attend so many sessions or more, and", shown=False),
    Column("high_sessions", "To", Kind.NUMBER, "so many or fewer", shown=False),
)  # fmt: skip
WHY_NOT = Column(
    "reason_not_working", "Reason", meaning="Why it did not work, as recorded", personal=True, shown=False, width=24
)  # fmt: skip
