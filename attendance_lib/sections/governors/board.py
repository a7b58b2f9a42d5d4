"""What the board must know besides figures: who leads on attendance, the policy, training, sharing, meetings, leavers."""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.display import Column, Kind, Table
from attendance_lib.display.format import format_date
from attendance_lib.sections.governors.public.leavers import LEAVERS
from attendance_lib.sections.governors.published import Published
from attendance_lib.sections.governors.tables import published_table
from attendance_lib.sections.logs import in_words

NOT_ENTERED = "Not entered: add {key} under governance in the school file"


def board_facts(report: Published) -> Table:
    """Return what the school file says of each thing that the board is to know, or that it says nothing."""
    return published_table(
        "board_facts",
        "How attendance is led and followed up",
        pd.DataFrame(list(facts_told(report)), columns=["what", "told"]),
        (
            Column("what", "What", meaning="What the board is to know", width=46),
            Column("told", "As the school file has it", meaning="What the school entered", width=80),
        ),
        "Working together to improve school attendance asks boards to see that attendance is led, staff are trained and data are "
        "reviewed. Sharing registers with DfE every day is required since 19 August 2024.",
    )


def facts_told(report: Published) -> Iterator[tuple[str, str]]:
    """Yield each thing with what the school file says of it."""
    known = report.facts.governance
    trained = [f"{format_date(each.date)}: {each.about}" for each in known.training]
    meetings = [format_date(day) for day in sorted(known.authority_meetings)]
    told = {
        (
            "Senior leader for attendance (attendance champion)",
            "attendance_champion",
        ): known.attendance_champion,
        ("Attendance policy last reviewed", "policy_reviewed"): known.policy_reviewed,
        ("Attendance policy to be reviewed by", "policy_next_review"): known.policy_next_review,
        ("Training of staff about attendance", "training"): "; ".join(trained),
        ("Registers shared with DfE every day since", "data_shared_since"): known.data_shared_since,
        ("Meetings with the local authority", "authority_meetings"): in_words(meetings) if meetings else "",
    }
    for (what, key), value in told.items():
        text = format_date(value) if hasattr(value, "isoformat") else value
        yield what, text or NOT_ENTERED.format(key=key)


def pupils_who_left(report: Published) -> Table:
    """Return what became of pupils who left this year, as far as it can be published."""
    return published_table(
        LEAVERS,
        "What became of pupils who left",
        report.tables[LEAVERS],
        (
            Column("destination", "Where they went", meaning="As the school file has it", width=46),
            Column("pupils", "Pupils", Kind.COUNT, "Pupils who left this school year", width=10),
        ),
        empty_text=NOT_ENTERED.format(key="pupils_who_left") + ".",
    )
