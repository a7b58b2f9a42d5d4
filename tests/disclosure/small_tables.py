"""Tables of a few counts, and what may be published of them."""

import pandas as pd

from attendance_lib.disclosure import Count, Partition, PublicTable, Rate, characteristic, protect, rows_by

NOW, THEN = "2026-12-18", "2026-10-23"
ABSENT = {"measure": "persistently_absent"}
PRESENT = {"measure": "not_persistently_absent"}
ABSENCE = Partition({}, (ABSENT, PRESENT))


def table(groups, enrolments, absent, *, name="year_groups", coordinate="year_group", at=NOW):
    """A table of groups; the group None is everyone."""
    frame = pd.DataFrame({"group": groups, "enrolments": enrolments, "absent": absent})
    frame = frame.assign(absent_rate=frame["absent"] / frame["enrolments"])
    return PublicTable(
        name,
        name,
        frame,
        rows_by(frame, {"group": coordinate}, {"as_at": at}),
        (Count("enrolments"), Count("absent", ABSENT, "enrolments")),
        (Rate("absent_rate", ("absent", "enrolments"), "enrolments"),),
    )


def years(values):
    return (characteristic("year_group", values), ABSENCE)


def published(tables, partitions, level=5, earlier=()):
    return {each.name: each.frame for each in protect(tables, level, partitions, earlier).tables}


def flows():
    """Those absent now stayed or joined; those absent then stayed, left or have left the school."""
    moved = {
        name: {"as_at": NOW, "since": THEN, "flow": name} for name in ("stayed", "joined", "left", "gone")
    }
    return (
        Partition({"as_at": NOW, **ABSENT}, (moved["stayed"], moved["joined"])),
        Partition({"as_at": THEN, **ABSENT}, (moved["stayed"], moved["left"], moved["gone"])),
    )


def flow_table(stayed, joined, left):
    frame = pd.DataFrame({"stayed": [stayed], "joined": [joined], "left": [left]})
    counts = tuple(Count(name, {"flow": name}, worth=0.1) for name in frame)
    return PublicTable("flow", "flow", frame, ({"as_at": NOW, "since": THEN},), counts)
