"""Plain text of fixed width."""

from dataclasses import replace

from attendance_lib.display.text import to_text


def test_a_table_is_padded_to_its_widest_value(pupils):
    small = replace(pupils, frame=pupils.frame.iloc[[0, 8]], columns=pupils.columns[1:3], note="")
    assert to_text(small.payload()).splitlines() == [
        "Priority pupils",
        "Pupil                      Attendance",
        "-------------------------  ----------",
        "<script>alert(1)</script>     ▲ 45.0%",
        "李小龙                          88.0%",
        "Marks: ▲ act now.",
    ]


def test_a_table_without_rows_says_so(pupils):
    assert to_text(replace(pupils, frame=pupils.frame.head(0), note="").payload()) == "Priority pupils\nNone."


def test_a_key_figure_is_a_line(figures):
    assert to_text(figures.payload()).splitlines() == [
        "Headline",
        "Attendance <this> fortnight: 91.5%; 16,823 of 18,396; Last fortnight 92.1%; Change −0.6 points",
        "Late: 1,412",
        "A note.",
    ]


def test_a_chart_is_its_words(chart):
    assert to_text(chart.payload()) == 'How large is the square?\nA square, 9 by "9" units'


def test_a_document_is_its_masthead(document):
    assert to_text(document.payload()).splitlines()[-1] == "CONFIDENTIAL: names pupils"
