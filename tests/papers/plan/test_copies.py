"""What each copy says, and what the family's may not; read as a reader of the page would."""

import io
import zipfile

import docx
import pandas as pd
import pytest

from attendance_lib.display.docx import docx_of
from attendance_lib.errors import DisclosureError, SettingsError
from attendance_lib.papers.plan import file_copy, front_page
from attendance_lib.papers.plan.copies import names_of
from attendance_lib.reports.handed import write_documents
from tests.papers.plan.one_plan import PLAN, SECRET, copies_in


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
    assert front_page.working_sheet(found).frame["pupil_name"].tolist() == ["Abara, Ada"]
    assert copies_in(found) == {}


def styles_of(content):
    return {each.name: each.element.xml for each in docx.Document(io.BytesIO(content)).styles}


def test_the_word_document_has_headings_table_heads_its_language_and_the_same_words(opened):
    copy = copies_in(opened(PLAN))["0001-family"]
    masthead, *parts = copy["payloads"]
    content = docx_of(masthead, parts)
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
        "attendance_lib.reports.handed.write_html",
        lambda _, page: page.write_text("<p>mother drinks</p>", encoding="utf-8") and (),
    )
    with pytest.raises(DisclosureError, match=r"0001-family.html says 1 thing besides"):
        write_documents([copy], tmp_path)


def test_no_copy_makes_no_folder(tmp_path):
    assert write_documents([], tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_two_pupils_whose_numbers_look_alike_in_a_file_name_get_files_of_their_own(opened):
    cases = opened(PLAN, PLAN | {"plan_id": "SP2", "pupil_id": "0002"}).cases
    for case, number in zip(cases, ("A/1", "A 1"), strict=True):
        case.pupil["pupil_id"] = number
    assert names_of(cases) == ["a-1-1", "a-1-2"]


def test_each_pupils_weeks_are_drawn_once_for_the_paper_and_the_copy(opened, monkeypatch):
    drawn, draw = [], file_copy.pupil_weeks_chart
    monkeypatch.setattr(file_copy, "pupil_weeks_chart", lambda *given: drawn.append(given) or draw(*given))
    found = opened(PLAN, PLAN | {"plan_id": "P2", "pupil_id": "0002"})
    copies_in(found)
    front_page.file_copies(found)
    assert len(found.cases) == len(drawn) == 2
    # Those of another pack are its own.
    copies_in(opened(PLAN))
    assert len(drawn) == 3
