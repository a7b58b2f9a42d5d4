"""HTML of payloads: escaped, headed, marked, captioned."""

from dataclasses import replace

import pytest
from lxml import html as reader

from attendance_lib.display import Sentences
from attendance_lib.display.html import fragment, isolated, to_html


def elements(display_object, path):
    return reader.fromstring(fragment(display_object.payload())).xpath(path)


def test_names_stay_text(pupils):
    names = [cell.text_content() for cell in elements(pupils, "//tbody/tr/th")]
    assert names == list(pupils.frame["name"])
    assert not elements(pupils, "//script")


def test_columns_and_rows_have_heads_with_scope(pupils):
    assert len(elements(pupils, '//thead//th[@scope="col"]')) == 7
    assert len(elements(pupils, '//tbody//th[@scope="row"]')) == len(pupils.frame)


def test_a_column_that_is_not_shown_is_not_in_the_page(pupils):
    assert "Pupil ID" not in fragment(pupils.payload())


def test_the_caption_says_title_marks_and_note(pupils):
    (caption,) = elements(pupils, "//caption")
    assert caption.text_content() == "Priority pupilsMarks: ▲ act now. Sorted by need."


def test_a_tone_is_said_by_class_shape_and_word(pupils):
    (cell,) = elements(pupils, '//td[contains(@class, "att-alert")]')
    assert cell.text_content() == "▲ 45.0%"
    assert cell.xpath('.//span[@role="img"]/@aria-label') == ["act now"]


def test_numbers_are_aligned_to_the_right_and_missing_ones_are_a_dash(pupils):
    last = elements(pupils, "//tbody/tr[last()]/*")
    assert [cell.get("class") for cell in last] == [
        None,
        "att-n",
        "att-n",
        "att-k",
        "att-n",
        "att-k",
        "att-k",
    ]
    assert [cell.text_content() for cell in last][1:] == ["–", "−1.3", "", "9", "–", "No"]


def test_small_pictures_have_words(pupils):
    labels = elements(pupils, '//td/svg[@role="img"]/@aria-label')
    assert set(labels) == {"3 weeks, oldest first: 90, –, 80%; down 10 points"}


@pytest.mark.parametrize(("limit", "rows", "is_said"), [(3, 3, True), (10, 10, False), (None, 10, False)])
def test_rows_left_to_the_workbook_are_counted(pupils, limit, rows, is_said):
    page = fragment(replace(pupils, shown_rows=limit).payload())
    assert page.count("<tr>") == rows + 1
    assert ("First 3 of 10; the rest is in the workbook, sheet priority_pupils." in page) is is_said


def test_a_table_without_rows_says_so(pupils):
    page = fragment(replace(pupils, frame=pupils.frame.head(0), empty_text="None <yet>.").payload())
    assert "None &lt;yet&gt;." in page
    assert "<table" not in page


def test_key_figures_are_terms_with_values_and_comparisons(figures):
    assert [term.text_content() for term in elements(figures, "//dt")] == [
        "Attendance <this> fortnight",
        "Late",
    ]
    values = [value.text_content() for value in elements(figures, "//dl/div[1]/dd")]
    assert values == ["91.5%", "16,823 of 18,396", "Last fortnight 92.1%", "Change −0.6 points"]


@pytest.mark.parametrize(("style", "path"), [("lead", "//p"), ("note", "//p"), ("points", "//ul/li")])
def test_sentences_take_the_form_of_their_style(style, path):
    items = elements(Sentences("s", ("a < b", "c"), style=style), path)
    assert [item.text_content() for item in items] == ["a < b", "c"]


def test_a_chart_has_its_words_its_caption_and_its_figures(chart):
    assert elements(chart, "//figure/img/@alt") == ['A square, 9 by "9" units']
    assert elements(chart, "//figure/figcaption/text()") == ["How large is the square?"]
    assert len(elements(chart, "//figure/details//table")) == 1


def test_a_picture_is_data_so_that_it_can_neither_run_nor_fetch(chart):
    hostile = replace(chart, svg="<svg><script>alert(1)</script></svg>")
    assert "<script" not in fragment(hostile.payload())


def test_a_name_from_right_to_left_is_kept_apart():
    assert isolated("أحمد") == "<bdi>أحمد</bdi>"
    assert isolated("Zoë") == "Zoë"


def test_in_a_notebook_the_style_comes_along(figures):
    assert to_html(figures.payload()).startswith("<style>")
