"""HTML of payloads: escaped, headed, marked, captioned."""

from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from attendance_lib.display import Column, Kind, Sentences, Table
from attendance_lib.display.html import fragment, isolated, to_html


def elements(display_object, selector):
    return BeautifulSoup(fragment(display_object.payload()), "html.parser").select(selector)


def test_names_stay_text(pupils):
    names = [cell.get_text() for cell in elements(pupils, "tbody > tr > th")]
    assert names == list(pupils.frame["name"])
    assert not elements(pupils, "script")


def test_columns_and_rows_have_heads_with_scope(pupils):
    assert len(elements(pupils, 'thead th[scope="col"]')) == 7
    assert len(elements(pupils, 'tbody th[scope="row"]')) == len(pupils.frame)


def test_a_column_that_is_not_shown_is_not_in_the_page(pupils):
    assert "Pupil ID" not in fragment(pupils.payload())


def test_the_caption_says_title_marks_and_note(pupils):
    (caption,) = elements(pupils, "caption")
    assert caption.get_text() == "Priority pupilsMarks: ▲ act now. Sorted by need."


def test_a_tone_is_said_by_class_shape_and_word(pupils):
    (cell,) = elements(pupils, "td.att-alert")
    assert cell.get_text() == "▲ 45.0%"
    assert [sign["aria-label"] for sign in cell.select('span[role="img"]')] == ["act now"]


def test_numbers_are_aligned_to_the_right_and_missing_ones_are_a_dash(pupils):
    last = elements(pupils, "tbody > tr:last-child > *")
    classes = [" ".join(cell.get("class", [])) or None for cell in last]
    assert classes == [None, "att-n", "att-n", "att-k", "att-n", "att-k", "att-k"]
    assert [cell.get_text() for cell in last][1:] == ["–", "−1.3", "", "9", "–", "No"]


def test_small_pictures_have_words(pupils):
    labels = [picture["aria-label"] for picture in elements(pupils, 'td > svg[role="img"]')]
    assert set(labels) == {"3 weeks, oldest first: 90, –, 80%; down 10 points"}


@pytest.mark.parametrize(("limit", "rows", "is_said"), [(3, 3, True), (10, 10, False), (None, 10, False)])
def test_rows_left_to_the_workbook_are_counted(pupils, limit, rows, is_said):
    page = fragment(replace(pupils, shown_rows=limit).payload())
    assert page.count("<tr>") == rows + 1
    assert ("First 3 of 10; the rest is in the workbook, sheet Priority pupils." in page) is is_said


def test_a_table_without_rows_says_so(pupils):
    page = fragment(replace(pupils, frame=pupils.frame.head(0), empty_text="None <yet>.").payload())
    assert "None &lt;yet&gt;." in page
    assert "<table" not in page


def test_key_figures_are_terms_with_values_and_comparisons(figures):
    assert [term.get_text() for term in elements(figures, "dt")] == [
        "Attendance <this> fortnight",
        "Late",
    ]
    values = [value.get_text() for value in elements(figures, "dl > div:first-child > dd")]
    assert values == ["91.5%", "16,823 of 18,396", "Last fortnight 92.1%", "Change −0.6 points"]


@pytest.mark.parametrize(("style", "selector"), [("lead", "p"), ("note", "p"), ("points", "ul > li")])
def test_sentences_take_the_form_of_their_style(style, selector):
    items = elements(Sentences("s", ("a < b", "c"), style=style), selector)
    assert [item.get_text() for item in items] == ["a < b", "c"]


def test_a_chart_has_its_words_its_caption_and_its_figures(chart):
    assert [picture["alt"] for picture in elements(chart, "figure > img")] == ['A square, 9 by "9" units']
    assert [caption.get_text() for caption in elements(chart, "figure > figcaption")] == [
        "How large is the square?"
    ]
    assert len(elements(chart, "figure > details table")) == 1


def test_a_picture_is_data_so_that_it_can_neither_run_nor_fetch(chart):
    hostile = replace(chart, svg="<svg><script>alert(1)</script></svg>")
    assert "<script" not in fragment(hostile.payload())


def test_a_name_from_right_to_left_is_kept_apart():
    assert isolated("أحمد") == "<bdi>أحمد</bdi>"
    assert isolated("Zoë") == "Zoë"


def test_in_a_notebook_the_style_comes_along(figures):
    assert to_html(figures.payload()).startswith("<style>")


def test_a_column_without_a_heading_is_a_fault():
    with pytest.raises(ValueError, match="Column 'held' has no heading"):
        Column("held", " ")


def test_a_column_of_numbers_has_as_many_decimal_places_in_every_row():
    rows = pd.DataFrame(
        {"form": ["7A", "7B", "7C", "7D"], "rate": [0.7, 1.0, 0.0, None], "weeks": [2.0, 3.0, 12.0, 1.0]}
    )
    numbers = Column("rate", "N per 1,000", Kind.NUMBER), Column("weeks", "Weeks", Kind.NUMBER)
    columns = (Column("form", "Form"), *numbers)
    cells = [cell.get_text() for cell in elements(Table("forms", "Forms", rows, columns), "td")]
    assert cells == ["0.7", "2", "1.0", "3", "0.0", "12", "–", "1"]
