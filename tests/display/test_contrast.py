"""Contrast of every colour that the style files set text in, on every ground it may stand on, worked out from the files.

WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for what a graphic needs to be understood (1.4.11). Contrast is worked out
here with luminance of its own, not with that of ``display/palette.py``, which the charts use to choose an ink.
"""

import re
from importlib.resources import files

import pytest
from matplotlib.colors import LinearSegmentedColormap, to_hex

from attendance_lib.display import look
from attendance_lib.display.workbook import cells

READABLE, VISIBLE = 4.5, 3.0
DISPLAY = files("attendance_lib.display")
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")


def read(name):
    return (DISPLAY / name).read_text(encoding="utf-8")


def luminance(colour):
    """WCAG 2.2, relative luminance, from #RRGGBB or #RGB."""
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(ink, ground):
    dark, pale = sorted((luminance(ink), luminance(ground)))
    return (pale + 0.05) / (dark + 0.05)


def too_faint(pairs, limit=READABLE):
    return sorted(
        {
            (ink, ground, round(contrast(ink, ground), 2))
            for ink, ground in pairs
            if contrast(ink, ground) < limit
        }
    )


# The page


def css_rules(css):
    """Selector and declarations of every rule, those inside @media too."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        pairs = (part.partition(":") for part in body.split(";") if ":" in part)
        yield selector.strip(), {name.strip(): value.strip() for name, _, value in pairs}


def css_pairs(css):
    """Text and ground: those of one rule; text alone on every ground that sets no text of its own."""
    rules = [(declared.get("color"), declared.get("background")) for _, declared in css_rules(css)]
    inks = [(found[0], ground) for ink, ground in rules if ink and (found := COLOUR.findall(ink))]
    own = [(ink, COLOUR.findall(ground)[0]) for ink, ground in inks if ground and COLOUR.search(ground)]
    grounds = {
        COLOUR.findall(ground)[0] for ink, ground in rules if ground and not ink and COLOUR.search(ground)
    }
    alone = {ink for ink, ground in inks if not ground} | {
        ink for ink, ground in own if luminance(ground) == 1
    }
    return own + [(ink, ground) for ink in alone for ground in grounds]


def test_text_of_the_page_can_be_read_on_every_ground():
    pairs = css_pairs(read("templates/page.css") + read("templates/parts.css"))
    assert too_faint(pairs) == []
    # Four inks on two grounds, three tones and the label of confidentiality: the parsing has seen them all.
    assert {(ink.lower(), ground.lower()) for ink, ground in pairs} >= {
        ("#0b0c0c", "#fff"), ("#505a5f", "#f3f5f7"), ("#12436d", "#f3f5f7"), ("#fff", "#0b0c0c"),
        ("#801650", "#f9e6f0"), ("#6b3a00", "#fff1dc"), ("#00534b", "#dff3f0"),
    }  # fmt: skip


def test_what_frames_and_focus_are_drawn_in_can_be_seen():
    css = read("templates/page.css") + read("templates/parts.css")
    drawn = [
        COLOUR.findall(declared[name])[0]
        for _, declared in css_rules(css)
        for name in ("outline", "border-top", "border-left")
        if COLOUR.search(declared.get(name, "")) and declared[name].split()[0] in ("3px", "4px")
    ]
    assert len(drawn) >= 3
    assert too_faint([(colour, ground) for colour in drawn for ground in ("#fff", "#f3f5f7")], VISIBLE) == []


def test_faint_text_is_found():
    css = "body{background:#fff;color:#000}.a{color:#999}@media print{.b{color:#fff;background:#777}}.c{background:#eee}"
    assert {(ink, ground) for ink, ground, _ in too_faint(css_pairs(css))} == {
        ("#999", "#eee"),
        ("#fff", "#777"),
    }


# The printed paper


def typst_colours(source):
    return dict(re.findall(r'#let (\w+) = rgb\("(#[0-9a-f]{6})"\)', source))


def test_text_of_the_printed_paper_can_be_read():
    source = read("templates/report.typ")
    named = typst_colours(source)
    tones = re.findall(r'\(text: rgb\("(#[0-9a-f]{6})"\), ground: rgb\("(#[0-9a-f]{6})"\)\)', source)
    inks = {name: named[name] for name in ("ink", "quiet", "accent")}
    pairs = [(ink, ground) for ink in inks.values() for ground in ("#ffffff", named["ground"])]
    assert len(tones) == 3
    assert too_faint([*pairs, *tones, ("#ffffff", named["ink"])]) == []
    # Nothing sets text in a colour by another name.
    fills = set(re.findall(r"text\([^()]*?fill: (\w+)", source)) | set(
        re.findall(r"set text\([^()]*?fill: (\w+)", source)
    )
    assert fills <= {*inks, "white", "tones"}


# Charts


def style_of_charts():
    lines = (line.partition("#")[0].partition(":") for line in read("attendance.mplstyle").splitlines())
    return {name.strip(): value.strip() for name, _, value in lines if value.strip()}


def test_text_of_charts_can_be_read():
    style = style_of_charts()
    inks = [style[name] for name in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color")]
    assert style["figure.facecolor"] == style["savefig.facecolor"] == "white"
    assert too_faint([(ink, "#ffffff") for ink in inks]) == []


def test_what_charts_draw_can_be_seen():
    assert (
        too_faint(
            [(colour, "#ffffff") for colour in re.findall(r"'([0-9A-F]{6})'", read("attendance.mplstyle"))],
            VISIBLE,
        )
        == []
    )


@pytest.mark.parametrize("module", ["beside", "groups", "heatmap", "weekly"])
def test_a_chart_draws_its_figures_and_words_in_colours_that_can_be_seen(module):
    """Whatever is not a rule, a gap or a shade of the heat map: lines, bars, dots and labels."""
    source = read(f"charts/{module}.py")
    used = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)*)\b", source)) & set(vars(look))
    drawn = used - {"RULE", "PAPER", "SEQUENTIAL"}
    assert drawn
    assert too_faint([(getattr(look, name), "#ffffff") for name in drawn], READABLE) == []
    # The grey of rules is for rules: nothing that a reader must see to understand is drawn in it.
    assert not re.search(r"palette=\[[^]]*\bRULE\b", source)


def test_a_figure_can_be_read_on_every_shade_between_those_of_the_palette():
    """The heat map's shades run between five colours; the ink on each is the better of black and white."""
    shades = LinearSegmentedColormap.from_list("shades", list(look.SEQUENTIAL))(range(256))
    inks = (look.BLACK, look.PAPER)
    assert min(max(contrast(ink, to_hex(shade)) for ink in inks) for shade in shades) >= READABLE
    source = read("charts/heatmap.py")
    assert "max((BLACK, PAPER), key=lambda ink: contrast(ink, shade))" in source


# The workbook


def test_text_of_the_workbook_can_be_read():
    inks = (cells.BLACK, cells.DARK_BLUE, cells.DARK_PINK)
    plain = [(ink, ground) for ink in inks for ground in (cells.WHITE, cells.FILL_IN)]
    assert too_faint([*plain, *((tone.text, tone.fill) for tone in cells.TONES.values())]) == []


def test_contrast_is_wcags():
    assert round(contrast("#767676", "#fff"), 2) == 4.54
    assert round(contrast("#000", "#FFFFFF"), 2) == 21
