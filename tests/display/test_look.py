"""Contrast computed, and the style file's colours against the palette."""

from importlib.resources import files

import pytest

from attendance_lib.display import look

READABLE = 4.5  # WCAG 2.2, criterion 1.4.3, for small text
VISIBLE = 3.0  # WCAG 2.2, criterion 1.4.11, for what a chart draws


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (look.TEXT, look.PAPER),
        (look.QUIET_TEXT, look.PAPER),
        (look.QUIET_TEXT, look.FAINT),
        (look.ACCENT, look.PAPER),
        (look.ACCENT, look.FAINT),
        (look.ORANGE_TEXT, look.PAPER),
        (look.MID_GREY, look.PAPER),
        (look.ALERT_TEXT, look.ALERT_GROUND),
        (look.CAUTION_TEXT, look.CAUTION_GROUND),
        (look.GOOD_TEXT, look.GOOD_GROUND),
    ],
)
def test_small_text_can_be_read_on_its_ground(ink, ground):
    assert look.contrast(ink, ground) >= READABLE


@pytest.mark.parametrize("shade", look.SEQUENTIAL)
def test_a_figure_can_be_read_on_every_shade(shade):
    assert max(look.contrast(ink, shade) for ink in (look.TEXT, look.PAPER)) >= READABLE


def test_the_lines_of_charts_can_be_seen():
    assert min(look.contrast(line, look.PAPER) for line in (look.DARK_BLUE, look.MID_GREY)) >= VISIBLE


def test_contrast_is_the_same_either_way_round():
    assert look.contrast("#767676", "#FFFFFF") == look.contrast("#FFFFFF", "#767676") == 4.54


@pytest.mark.parametrize("name", ["parts.css", "page.css", "report.typ"])
def test_templates_use_only_colours_of_the_palette(name):
    style = (files("attendance_lib.display") / "templates" / name).read_text(encoding="utf-8").upper()
    known = {value for value in vars(look).values() if isinstance(value, str) and value.startswith("#")}
    used = {
        "#" + part[:6]
        for part in style.split("#")[1:]
        if len(part) > 6 and all(sign in "0123456789ABCDEF" for sign in part[:6])
    }
    assert used <= known


def test_the_style_file_cycles_through_the_palette():
    style = (files("attendance_lib.display") / "attendance.mplstyle").read_text(encoding="utf-8")
    assert all(colour.removeprefix("#") in style for colour in look.CATEGORICAL)
