"""Disclosure control: what can be said of a school's pupils in a paper that leaves the building.

`protect` is the one step that every published table of a report passes, all tables together. A table says in coordinates
what each of its counts counts (`PublicTable`); partitions say what adds up to what (`Partition`). Totals, complements,
nested groups, the same count in several tables, flows from one report to the next and the figures of the reports
before are then found, not written by hand.

What is left out
    Counts of 1 to 4 (or 9), and counts of whatever so few pupils have. In a group of fewer than ten enrolments all that
    is counted of it, none and all included: "0 %" and "100 %" say something of each pupil. Rates with their counts.
    What an earlier report left out, for its date. And then the least costly further counts, until nothing protected
    can be worked out. A true 0 of ten enrolments or more stays 0 and is never left out for the sake of another.

From whom it is safe
    A reader who holds every table of this report and of the earlier ones, knows these rules, knows every count
    behind a printed rate exactly, knows by how much late edits put sums out, and can solve integer programmes. He may
    be told which ``c`` of the report being made is not 0, and which group has ten enrolments or more. To him a
    protected count must still be able to have ``level`` values (see `primary.required_widths`), the least of them 1
    where he may rule out 0: so he cannot tell that it is below the level, let alone what it is. Where nothing can give
    it that many (two small counts that make 5) it keeps those that ``c`` has by itself, one in ``level`` fewer: he then knows
    that it is small, as ``c`` says, and no more. What an earlier report left out keeps as many in the light of the new
    one, or what the earlier reports by themselves leave it if that is less. For each protected count two worlds in whole
    numbers are found that fit all he has and lie that far apart; they are the proof, and no report is made without it.

From whom it is not
    A reader who knows some of the pupils takes them out of a group and sees a smaller one. One who runs this
    program over every school that he can imagine may rule out some. Partitions that nobody declared are not seen:
    above all groups that lie wholly within others, and who left or joined between two dates.

How
    `relations` finds the sums, `readings` what each report says of each count, `puzzle` puts both into arrays, `primary`
    says what must be protected, `secondary` and `piece` choose what else to leave out (integer programming, HiGHS),
    one part of the puzzle after another, and show again what turns out not to be needed.

Sources: ICO, Anonymisation (the motivated intruder); Fischetti and Salazar, Solving the cell suppression problem on
tabular data with linear constraints, Management Science 47 (2001).
"""

from attendance_lib.disclosure.protect import protect
from attendance_lib.disclosure.tables import (
    Count,
    Partition,
    Protected,
    PublicTable,
    Rate,
    Unit,
    characteristic,
    rows_by,
)

__all__ = [
    "Count",
    "Partition",
    "Protected",
    "PublicTable",
    "Rate",
    "Unit",
    "characteristic",
    "protect",
    "rows_by",
]
