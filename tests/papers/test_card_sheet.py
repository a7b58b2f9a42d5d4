"""The sheet on which cards are filled in."""

import pandas as pd

from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.papers.impact import card_sheet

CARDS = pd.DataFrame(
    {
        "intervention": ["mentor", "Mentor", "Home visit", "Mentor", "Breakfast club"],
        "for_whom": None,
        "aim": ["4 points more", None, "2 points more", None, None],
        "measure": None,
        "comparison": ["by lot", None, None, None, None],
        "start_date": pd.to_datetime([None, None, None, "2026-11-09", None]),
        "review_date": pd.to_datetime(["2026-11-20", None, "2026-12-01", None, None]),
        "written_on": pd.to_datetime(["2026-10-05", "2026-10-06", None, "2026-10-06", "2026-11-01"]),
        "written_by": None,
    }
)


def test_a_card_written_after_the_start_is_marked_so(open_paper):
    opened = open_paper()
    paper = ImpactPaper(opened.pack, opened.criteria, opened.first_day, CARDS)
    table = card_sheet.impact_card_sheet(paper).frame
    assert table["standing"].tolist() == [
        "written before the start",
        "written after the start",
        "no day written: counted as after the start",
        "written before the start",
        "written, not started yet",
    ]
    nothing = "too few to tell: 0.0 points (range 0.0 to 0.0)"
    assert table["result"].tolist() == [nothing, nothing, "too few to tell", nothing, "not evaluated"]
    said = card_sheet.impact_card_words(paper).items
    assert said[1].startswith(
        "5 impact cards read back: 2 written before the start, 1 written after the start"
    )
    assert said[2:] == (
        "Review was due on 20 November 2026. mentor, aimed at: 4 points more (written before the start). "
        f"Now: {nothing}.",
    )
