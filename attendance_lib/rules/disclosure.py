"""What may be said of few pupils in a paper that leaves the school."""

# DfE's sign for a figure left out because so few pupils are behind it (Explore Education Statistics).
SUPPRESSED = "c"

# Counts from 1 to the level less 1 are left out; a school may choose 10 (school file, ``suppression_level``).
SUPPRESSION_LEVEL = 5

# No rate is given of fewer enrolments than this, nor the counts it could be worked out from.
SMALLEST_RATE_BASE = 10

# Weekly rates in tenths of a per cent from so many enrolments on; none at all below the others, at a level of 5 and of 10.
PER_MILLE_FROM = 500
FEWEST_FOR_WEEKS, FEWEST_FOR_WEEKS_AT_TEN = 50, 100
