"""The family's copy: what it says, what it may not, and that an average eleven-year-old can read it."""

import re
from datetime import date

import pandas as pd
import pypdf
import pytest
import readability

from attendance_lib.analysis.plan_progress import Progress
from attendance_lib.papers.plan import family_copy, front_page
from attendance_lib.papers.plan.family_copy import pace_words, span_words, target_words
from attendance_lib.reports.handed import write_documents
from tests.papers.plan.one_plan import PLAN, SECRET, copies_in, said_in

MOST_GRADE = 6  # of Flesch and Kincaid: the school year, in America, of those who are 11


def test_the_family_copy_says_the_target_who_does_what_and_when_everybody_meets(opened):
    text = said_in(copies_in(opened(PLAN))["0001-family"])
    for words in (
        "Our plan for Ada", "Likes art.", "Miss no more than 4 of the 60 sessions from 2 November to 11 December 2026.",
        "So far it is 4 of 30.", "Packs a bag", "Mon 2 Nov", "Rings by 8.30", "Meets Ada at the gate", "Young carers service",
        "On Friday 11 December 2026 we look at how it went.", "If the target is met", "If it is partly met", "If it is not met",
        "Signed",
    ):  # fmt: skip
        assert words in text, words


def test_the_family_copy_says_nothing_that_is_not_the_family_s(opened):
    """No code, flag, rank, rate, staff note, barrier, number of the plan or the pupil, surname of anybody, nor anybody else."""
    log = [PLAN, PLAN | {"plan_id": "SP2", "pupil_id": "0002", "lead": "Head of Year 9"}]
    text = said_in(copies_in(opened(*log))["0001-family"])
    for words in (*SECRET.values(), "SP1", "0001", "Abara", "Byrne", "Bo", "0002", "SENCo", "Head of Year", "P. Wren", "FSM", "%",
                  "Illness", "unauthorised", "persistent", "9A", "rank"):  # fmt: skip
        assert words not in text, words


def test_a_pupil_without_a_plan_gets_copies_with_room_to_write(opened):
    found = opened(pupil="2")
    (family,) = [said_in(copy) for name, copy in copies_in(found).items() if name == "0002-family"]
    assert family_copy.NO_TARGET in family
    assert family_copy.NO_DAY in family
    assert "Agreed on" not in family
    rows = front_page.working_sheet(found).frame
    assert rows[["pupil_id", "opened_on"]].to_numpy().tolist() == [["0002", pd.Timestamp("2026-11-20")]]
    assert front_page.plans_now(found).shown[0].frame["standing"].tolist() == ["To be begun"]


@pytest.mark.parametrize(
    ("review", "words"),
    [
        ("2026-11-20", "On Friday 20 November 2026 we look at how it went."),
        ("2026-11-19", "We meant to meet on Thursday 19 November 2026. We will agree a new day with you."),
        ("2026-12-05", "On Monday 7 December 2026 we look at how it went."),  # a Saturday
    ],
)
def test_the_family_is_told_a_school_day_and_of_a_review_that_was_not_held(opened, review, words):
    assert words in said_in(copies_in(opened(PLAN | {"review_on": review}))["0001-family"])


def grades_of(text):
    """The grades that readability measures, of text with a sentence a line and a blank around each word."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    lines = [" ".join(re.findall(r"[\w'.]*\w|[.,!?:]", sentence)) for sentence in sentences]
    return readability.getmeasures("\n".join(lines), lang="en")["readability grades"]


def test_the_measure_tells_a_hard_text_from_an_easy_one():
    hard = "Persistent absenteeism necessitates multidisciplinary intervention commensurate with statutory responsibilities."
    assert (
        grades_of(hard)["Kincaid"] > MOST_GRADE > grades_of("The cat sat on the mat. It was warm.")["Kincaid"]
    )


def test_the_fixed_words_of_the_family_copy_are_read_by_an_average_11_year_old(opened):
    """Flesch and Kincaid's grade and the automated readability index, of all fixed words and of each by itself."""
    parts = copies_in(opened(PLAN | {"going_well": None, "pupil_does": None}))["0001-family"]["payloads"]
    fixed = (
        family_copy.NO_TARGET,
        family_copy.NOT_SAID,
        family_copy.NO_DAY,
        family_copy.LATE.format(day="Friday"),
    )
    paragraphs = [
        family_copy.WELCOME.format(name="Ada"),
        family_copy.SIGNING,
        *dict(family_copy.WHAT_NEXT).values(),
        *fixed,
    ]
    paragraphs.append(family_copy.WHAT_A_SESSION_IS)
    sentences = [item for part in parts if part["type"] == "sentences" for item in part["items"]]
    whole = " ".join([*paragraphs, *sentences])
    for text in (whole, *paragraphs):
        grades = grades_of(text)
        assert max(grades["Kincaid"], grades["ARI"]) <= MOST_GRADE, text


def test_the_family_copy_is_one_tagged_page_and_the_same_bytes_each_time(opened, tmp_path):
    copy = copies_in(opened(PLAN))["0001-family"]
    made = []
    for place in ("a", "b"):
        assert write_documents([copy], tmp_path / place) == []
        made.append({path.name: path.read_bytes() for path in (tmp_path / place / "copies").iterdir()})
    assert made[0] == made[1]
    assert sorted(made[0]) == ["0001-family.docx", "0001-family.html", "0001-family.pdf"]
    pdf = pypdf.PdfReader(tmp_path / "a" / "copies" / "0001-family.pdf")
    assert len(pdf.pages) == 1
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Miss no more than 4 of the 60 sessions" in " ".join(pdf.pages[0].extract_text().split())


# A plan's target in words


FIRST, LAST = date(2026, 11, 2), date(2026, 12, 11)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (FIRST, LAST, "from 2 November to 11 December 2026"),
        (date(2026, 12, 1), date(2027, 1, 8), "from 1 December 2026 to 8 January 2027"),
        (FIRST, FIRST, "from 2 November to 2 November 2026"),
    ],
)
def test_the_year_is_said_once_where_it_is_the_same(first, last, words):
    assert span_words(first, last) == words


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (
            Progress(4, FIRST, LAST, of=60),
            "Miss no more than 4 of the 60 sessions from 2 November to 11 December 2026.",
        ),
        (
            Progress(0, FIRST, FIRST, of=1),
            "Miss no more than 0 of the 1 session from 2 November to 2 November 2026.",
        ),
        (Progress(None, FIRST, LAST, of=60), ""),
        (Progress(4, FIRST, LAST, of=0), ""),
    ],
)
def test_a_target_is_a_sentence_only_where_it_can_be_counted(progress, words):
    assert target_words(progress) == words


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (
            {"missed": 3, "possible": 28, "to_come": 32, "at_pace": 9},
            "So far it is 3 of 28. At the present pace it would be 9 in all.",
        ),
        ({"missed": 3, "possible": 28, "to_come": 32}, "So far it is 3 of 28."),
        ({"to_come": 60, "at_pace": 9}, "At the present pace it would be 9."),
        ({"missed": 3, "possible": 60}, "It came to 3 of 60."),
        ({"missed": 0, "possible": 60}, "It came to 0 of 60."),
        ({}, ""),
    ],
)
def test_the_pace_is_said_of_what_is_to_come_alone(figures, words):
    assert pace_words(Progress(4, FIRST, LAST, of=60, **figures)) == words


def test_of_no_session_nothing_is_said():
    assert pace_words(Progress(4, FIRST, LAST, missed=3, possible=28)) == ""
