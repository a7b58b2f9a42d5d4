"""What may be said of few pupils in a paper that leaves the school."""

# DfE's sign for a figure left out because so few pupils are behind it (Explore Education Statistics).
SUPPRESSED = "c"

# Counts from 1 to the level less 1 are left out; a school may choose 10 (school file, ``suppression_level``).
SUPPRESSION_LEVEL = 5

# No rate is given of fewer enrolments than this, nor the counts it could be worked out from.
SMALLEST_RATE_BASE = 10

# The columns of the pupils file of which it is declared what the groups add up to: yes or no of each pupil, and the others.
YES_OR_NO = (
    "fsm", "pupil_premium", "eal", "looked_after", "child_in_need", "child_protection", "young_carer",
)  # fmt: skip
DECLARED = ("year_group", "sex", "sen_status", *YES_OR_NO)

# Weekly rates in tenths of a per cent from so many enrolments on; none at all below the others, at a level of 5 and of 10.
PER_MILLE_FROM = 500
FEWEST_FOR_WEEKS, FEWEST_FOR_WEEKS_AT_TEN = 50, 100
