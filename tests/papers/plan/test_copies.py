"""What each copy says, and what the family's may not; read as a reader of the page would."""

import io
import json
import re
import zipfile

import docx
import pandas as pd
import pypdf
import pytest
import readability

from attendance_lib.display.docx import docx_of
from attendance_lib.errors import DisclosureError, SettingsError
from attendance_lib.papers.plan import family_copy, front_page, sheet
from attendance_lib.papers.plan.copies import copies, names_of
from attendance_lib.papers.plan.opening import open_plans
from attendance_lib.reports.copies import write_copies, write_copy
from attendance_lib.reports.pages import notebook_of

SECRET = {
    "barrier": "worries about a court case", "note": "mother drinks", "adjustment": "late start",
    "next_step": "ask the panel",
}  # fmt: skip
PLAN = {
    "plan_id": "SP1", "pupil_id": "0001", "opened_on": "2026-10-22", "lead": "SENCo", "agencies": "Young carers service",
    "going_well": "Likes art.", "target_sessions": 4, "target_from": "2026-11-02", "target_to": "2026-12-11",
    "pupil_does": "Packs a bag", "pupil_by": "2026-11-02", "parent_does": "Rings by 8.30", "school_does": "Meets Ada at the gate",
    "review_on": "2026-12-11",
} | SECRET  # fmt: skip
AWAY = {"0001": {"I": ["2026-11-09"], "O": ["2026-11-10"]}, "0002": {"O": ["2026-11-09"]}}
MOST_GRADE = 6  # of Flesch and Kincaid: the school year, in America, of those who are 11


@pytest.fixture
def opened(make_pack, plan_log):
    """The plans of a pack from a log of them."""

    def make(*rows, pupil="", **more):
        return open_plans(make_pack(AWAY, plans=plan_log(*rows), **more), pupil)

    return make


def copies_in(opened):
    """The copies recorded, by name."""
    return {copy["name"]: copy for copy in copies(opened).record["copies"]}


def said_in(copy):
    return json.dumps([copy["document"], copy["parts"]], ensure_ascii=False)


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


def test_the_file_copy_says_all_that_the_school_knows_of_the_pupil_and_of_nobody_else(opened):
    text = said_in(copies_in(opened(PLAN, PLAN | {"plan_id": "SP2", "pupil_id": "0002"}))["0001-file"])
    for words in (*(value for name, value in SECRET.items() if name != "next_step"), "SP1", "Abara, Ada", "SENCo", "Illness 2",
                  "This school year 4 of 100 sessions were missed", "2 authorised, 2 unauthorised", "at the gate"):  # fmt: skip
        assert words in text, words
    assert "Byrne" not in text
    assert "SP2" not in text


def test_a_pupil_without_a_plan_gets_copies_with_room_to_write(opened):
    found = opened(pupil="2")
    (family,) = [said_in(copy) for name, copy in copies_in(found).items() if name == "0002-family"]
    assert family_copy.NO_TARGET in family
    assert family_copy.NO_DAY in family
    assert "Agreed on" not in family
    rows = sheet.working_sheet(found).frame
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


@pytest.mark.parametrize(
    ("pupil", "more", "message"),
    [
        ("77", {}, "nobody in the pupils file has that number"),
        (
            "0001",
            {"people": {"0001": {"leaving_date": pd.Timestamp("2026-11-05")}}},
            "not on roll on 2026-11-20",
        ),
        ("0001", {"where": {"year_group": (10,)}}, "not in the cohort 'chosen'"),
    ],
)
def test_a_pupil_who_is_not_there_is_refused_with_the_remedy(opened, pupil, more, message):
    with pytest.raises(SettingsError, match=message):
        opened(PLAN, pupil=pupil, **more)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"review_on": "2026-10-28"}, "The review was set for Wed 28 Oct, a day without school"),
        ({"review_on": None}, "No review day"),
        ({"lead": None, "parent_does": None}, "No lead practitioner or step of the parent's"),
        (
            {"target_to": "2027-02-01"},
            "The target cannot be counted as it stands: the school calendar reaches",
        ),
        ({"pupil_id": "77"}, "Nobody in the pupils file has its pupil ID"),
        ({"target_to": "2026-11-20"}, "The days of its target are past, and the register says: met"),
    ],
)
def test_what_is_wrong_in_a_plan_is_told_with_what_to_do(opened, changed, what):
    rows = front_page.to_put_right(opened(PLAN | changed)).frame
    assert rows["what"].str.startswith(what).sum() == 1
    assert rows["remedy"].str.len().min() > 0


def test_a_plan_of_a_pupil_who_left_is_told_and_stays_on_the_sheet(opened):
    found = opened(PLAN, people={"0001": {"leaving_date": pd.Timestamp("2026-11-05")}})
    assert front_page.to_put_right(found).frame["what"].tolist() == ["The pupil left on 5 November 2026"]
    assert sheet.working_sheet(found).frame["pupil_name"].tolist() == ["Abara, Ada"]
    assert copies_in(found) == {}


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
    parts = copies_in(opened(PLAN | {"going_well": None, "pupil_does": None}))["0001-family"]["parts"]
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
        (tmp_path / place).mkdir()
        assert write_copy(copy, tmp_path / place / copy["name"]) == []
        made.append({path.name: path.read_bytes() for path in (tmp_path / place).iterdir()})
    assert made[0] == made[1]
    assert sorted(made[0]) == ["0001-family.docx", "0001-family.html", "0001-family.pdf"]
    pdf = pypdf.PdfReader(tmp_path / "a" / "0001-family.pdf")
    assert len(pdf.pages) == 1
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Miss no more than 4 of the 60 sessions" in " ".join(pdf.pages[0].extract_text().split())


def styles_of(content):
    return {each.name: each.element.xml for each in docx.Document(io.BytesIO(content)).styles}


def test_the_word_document_has_headings_table_heads_its_language_and_the_same_words(opened):
    copy = copies_in(opened(PLAN))["0001-family"]
    content = docx_of(copy["document"], copy["parts"])
    made = docx.Document(io.BytesIO(content))
    headings = [each.text for each in made.paragraphs if each.style.name.startswith("Heading")]
    assert {"What is going well", "Our target", "Who does what, and by when", "Signatures"} <= set(headings)
    assert [cell.text for cell in made.tables[0].rows[0].cells] == ["Who", "What", "By when"]
    assert made.core_properties.title == "Our plan for Ada"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        text = parts.read("word/document.xml").decode() + parts.read("word/styles.xml").decode()
    assert text.count("<w:tblHeader") == 3
    assert text.count("<w:cantSplit") == text.count("<w:tr>")  # no row is torn over two pages
    assert "w:asciiTheme" not in styles_of(content)["Heading 1"]  # letters by name, which every program has
    first = made.tables[0].rows[0].cells
    assert first[1].width > 2 * first[2].width  # what is to be done has more room than by when
    assert 'w:val="en-GB"' in text
    assert not [words for words in SECRET.values() if words in text]


def test_a_page_that_says_more_than_the_family_copy_is_not_published(opened, tmp_path, monkeypatch):
    copy = copies_in(opened(PLAN))["0001-family"]
    monkeypatch.setattr(
        "attendance_lib.reports.copies.write_html",
        lambda _, page: page.write_text("<p>mother drinks</p>", encoding="utf-8") and (),
    )
    with pytest.raises(DisclosureError, match=r"0001-family.html says 1 things besides"):
        write_copy(copy, tmp_path / copy["name"])


def test_a_notebook_that_records_no_copy_makes_no_folder(tmp_path):
    assert write_copies(notebook_of([]), tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_two_pupils_whose_numbers_look_alike_in_a_file_name_get_files_of_their_own(opened):
    cases = opened(PLAN, PLAN | {"plan_id": "SP2", "pupil_id": "0002"}).cases
    for case, number in zip(cases, ("A/1", "A 1"), strict=True):
        case.pupil["pupil_id"] = number
    assert names_of(cases) == ["a-1-1", "a-1-2"]
