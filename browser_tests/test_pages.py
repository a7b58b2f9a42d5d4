"""Each paper's HTML in a browser: no violation that axe-core finds, on any width and on paper, and no request to anywhere."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from attendance_lib.display.html import style_sheet
from attendance_lib.display.sparkline import Scale, sparkline_svg

# A4 less its margins of 12 mm, upright, in pixels of 1/96 inch; turned it is 1,032 wide.
WIDTHS = {"narrow": 360, "wide": 1400, "upright": 703}
TURNED_PAPER = 1032
HEIGHT = 900
# WCAG 2.2 to level AA, and axe's own best practices (headings in order, one main, landmarks, list and table structure).
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # of what passes one place is told, not each of thousands of cells
}


OPENS_WITHIN = 120  # seconds, on two slow cores that have other work


@pytest.fixture
def opened(browser, request, paper):
    """The paper in a window of the width and medium asked for, and every address that it asked for."""
    width, medium = request.param
    # The page's own policy forbids whatever it does not hold; it is lifted here so that an attempt would be seen.
    context = browser.new_context(
        viewport={"width": WIDTHS[width], "height": HEIGHT}, color_scheme="light", bypass_csp=True
    )
    context.set_default_timeout(OPENS_WITHIN * 1000)
    page, asked = context.new_page(), []
    page.on("request", lambda sent: asked.append(sent.url))
    page.emulate_media(media=medium, color_scheme="light")
    page.goto(paper.as_uri(), wait_until="load")
    yield page, asked
    context.close()


def told(results):
    """Each violation in a line: rule, what it asks for, and the first places."""
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: "
        + "; ".join(f"{node['target']} {node['html'][:120]}" for node in each["nodes"][:3])
        for each in results["violations"]
    ]


everywhere = pytest.mark.parametrize(
    "opened",
    [(width, medium) for width in ("narrow", "wide") for medium in ("screen", "print")],
    indirect=True,
    ids=lambda asked: " ".join(asked),
)


@everywhere
def test_axe_finds_no_violation(opened):
    page, _ = opened
    results = Axe().run(page, options=RULES).response
    assert told(results) == []
    # Rules that hold on any paper, so that a run in which axe looked at nothing is noticed.
    assert {"document-title", "html-has-lang", "color-contrast"} <= {each["id"] for each in results["passes"]}


@everywhere
def test_nothing_is_asked_of_the_network(opened, paper):
    page, asked = opened
    page.mouse.wheel(0, 100_000)
    for summary in page.locator("summary").all():
        summary.evaluate("element => element.parentElement.open = true")
    page.wait_for_load_state("networkidle")
    assert [address for address in asked if not address.startswith("data:")] == [paper.as_uri()]


@pytest.mark.parametrize("opened", [("narrow", "screen"), ("wide", "screen")], indirect=True, ids=" ".join)
def test_the_page_itself_never_scrolls_sideways(opened):
    """WCAG 2.2, 1.4.10: a wide table scrolls in a frame of its own."""
    page, _ = opened
    assert page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("opened", [("wide", "screen")], indirect=True, ids=" ".join)
def test_the_page_s_policy_forbids_scripts_and_requests(opened):
    page, _ = opened
    policy = page.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert page.locator("script").count() == 0


# Of each chart shown: how wide it is on the screen, in CSS pixels, and the picture in which it is drawn there.
CHARTS = """() => [...document.querySelectorAll('figure.att-chart img')].map(each => [
    each.getBoundingClientRect().width, decodeURIComponent(escape(atob(each.currentSrc.split(',')[1])))])"""
# How matplotlib writes letters: outlines of 100 points, each drawn at the size of its text.
LETTERS, WIDTH_OF_BOX = re.compile(r"scale\((0\.\d+) -0\.\d+\)"), re.compile(r'viewBox="0 0 ([\d.]+) ')


@pytest.mark.parametrize(
    "opened", [("narrow", "screen"), ("wide", "screen"), ("narrow", "print")], indirect=True, ids=" ".join
)
def test_the_letters_of_every_chart_are_11_pixels_high_or_more_without_scrolling(opened):
    """On a narrow screen a chart is drawn narrow, and as wide as a page everywhere else."""
    page, _ = opened
    page.evaluate("document.querySelectorAll('details.fold').forEach(each => { each.open = true })")
    is_narrow = page.evaluate("matchMedia('screen and (max-width: 40rem)').matches")
    for width, picture in page.evaluate(CHARTS):
        inside = float(WIDTH_OF_BOX.search(picture)[1])
        assert inside == (280.8 if is_narrow else 648)
        assert width <= (336 if is_narrow else 1400)
        if page.evaluate("matchMedia('screen').matches"):
            letters = [100 * float(scale) for scale in LETTERS.findall(picture)]
            assert min(letters) * width / inside >= 11


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_sparkline_has_the_colour_of_text_of_a_contrast_theme(browser, scheme):
    """Windows' contrast themes, of which some write white on black."""
    page = browser.new_page(forced_colors="active", color_scheme=scheme)
    drawn = sparkline_svg((0.9, 0.8), Scale(0.5))
    cell = f"<div class='att'><table><tr><td id='cell'>{drawn}</td></tr></table></div>"
    page.set_content(f"<style>{style_sheet('parts.css')}</style>{cell}")
    inks = page.evaluate(
        "[...document.querySelectorAll('#cell, #cell svg, #cell g')].map(each => getComputedStyle(each).color)"
    )
    assert len(set(inks)) == 1
    assert inks[0] == {"dark": "rgb(255, 255, 255)", "light": "rgb(0, 0, 0)"}[scheme]
    page.close()


# How far down its page a part begins, in CSS pixels; a landscape page of A4 holds about 690.
STARTS = range(0, 700, 20)
NOTE = "What a reader must know of the table. " * 8


def part_of_a_page(number, start):
    """A page that is empty down to a height, and there a heading and a table that goes on over the next page."""
    row = f"<tr><th scope='row'>Row</th>{'<td>1</td>' * 5}</tr>"
    heads = f"<th scope='col'>Head{number}.</th>" * 6
    return (
        f"<div style='break-before:page;height:{start}px'></div><h2>Part{number}.</h2>"
        f"<div class='att att-table'><div class='att-scroll' role='region'><table>"
        f"<caption>Title{number}.<p class='att-foot'>{NOTE}Said{number}.</p></caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{row.replace('Row', f'First{number}.')}{row * 45}</tbody></table></div></div>"
    )


def parted_when_printed(page, part, marks):
    """Where a part begins whose marks are first met on more than one page of paper, with the pages; one part for each start."""
    parts = "".join(part(*each) for each in enumerate(STARTS))
    page.evaluate("parts => { document.querySelector('main').innerHTML = parts }", parts)
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    pages = [each.extract_text() for each in printed.pages]
    first = [
        {mark: next(at for at, text in enumerate(pages) if f"{mark}{number}." in text) for mark in marks}
        for number in range(len(STARTS))
    ]
    return [
        f"begun at {start} px: {met}"
        for start, met in zip(STARTS, first, strict=True)
        if len(set(met.values())) > 1
    ]


@pytest.mark.parametrize("opened", [("wide", "print")], indirect=True, ids=" ".join)
def test_on_paper_a_heading_a_caption_and_the_heads_stay_with_the_first_row(opened):
    """However far down its page a table begins, whole or at once on the next page."""
    assert parted_when_printed(opened[0], part_of_a_page, ("Part", "Title", "Said", "Head", "First")) == []


def folded_part_of_a_page(number, start):
    """A page that is empty down to a height, and there a part that folds on a phone, with a table in folds of its own."""
    row = f"<tr><th scope='row'>Row</th>{'<td>1</td>' * 5}</tr>"
    heads = f"<th scope='col'>Head{number}.</th>" * 6
    table = (
        f"<table class='att-set' style='width:60ch'><caption class='att-said'>Fold</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{row.replace('Row', f'First{number}.')}{row * 5}</tbody></table>"
    )
    return (
        f"<div style='break-before:page;height:{start}px'></div>"
        f"<details class='fold fold-part'><summary><h2>Part{number}.</h2></summary><div class='att-place'><p>Told{number}.</p>"
        f"<div class='att att-table'><div class='att-caption'>Title{number}.<p class='att-foot'>{NOTE}Said{number}.</p></div>"
        f"<details class='fold fold-rows'><summary>Fold{number}.</summary><div class='att-scroll'>{table}</div></details>"
        "</div></div></details>"
    )


@pytest.mark.parametrize("opened", [("wide", "print")], indirect=True, ids=" ".join)
@pytest.mark.parametrize("paper", ["daily"], indirect=True)
def test_on_paper_what_heads_a_fold_stays_with_its_first_row(opened):
    marks = ("Part", "Told", "Title", "Said", "Fold", "Head", "First")
    assert parted_when_printed(opened[0], folded_part_of_a_page, marks) == []


@pytest.mark.parametrize("opened", [("upright", "print")], indirect=True, ids=" ".join)
def test_no_table_is_wider_than_the_paper_for_which_all_would_be_shrunk(opened):
    """Chromium lays a page out for upright paper before it turns it: what is said for wide screens alone does not hold there."""
    widths = opened[0].evaluate(
        "[...document.querySelectorAll('table')].map(each => each.getBoundingClientRect().right)"
    )
    assert [width for width in widths if width > TURNED_PAPER] == []


@pytest.mark.parametrize("paper", ["daily"], indirect=True)
def test_a_page_is_printed_alike_from_wherever_it_is_scrolled_to(browser, paper):
    page = browser.new_page(viewport=DESK)
    page.goto(paper.as_uri())

    def printed():
        pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        return [each.extract_text(extraction_mode="layout") for each in pages]

    from_the_top = printed()
    page.mouse.wheel(0, 1500)
    page.wait_for_function("window.scrollY > 0")
    assert printed() == from_the_top
    page.close()


def test_axe_would_find_a_violation(browser):
    page = browser.new_page()
    page.set_content(
        "<html><body><h1>A</h1><p style='color:#bbb'>Some grey words</p><h4>B</h4><img src='data:,'></body></html>"
    )
    found = {each["id"] for each in Axe().run(page, options=RULES).response["violations"]}
    page.close()
    assert {"image-alt", "html-has-lang", "heading-order", "color-contrast"} <= found


def test_a_request_would_be_seen(browser, tmp_path):
    (tmp_path / "page.html").write_text("<html lang='en'><img src='other.png' alt=''></html>")
    page, asked = browser.new_page(), []
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto((tmp_path / "page.html").as_uri())
    page.close()
    assert asked[1:] == [(tmp_path / "other.png").as_uri()]


@pytest.mark.parametrize("paper", ["daily", "daily in the afternoon"], indirect=True)
def test_the_sheet_of_the_day_is_one_page_of_paper(paper):
    assert len(PdfReader(paper.with_suffix(".pdf")).pages) == 1


PHONE, DESK = {"width": 360, "height": 740}, {"width": 1366, "height": 768}
# The figures behind a chart are unfolded by whoever asks for them, on any screen.
HELD_BACK = """() => [...document.querySelectorAll('details.fold > :not(summary)')]
    .filter(each => !each.closest('details:not(.fold)') && !each.checkVisibility({contentVisibilityAuto: true})).length"""


# Of each table that is wider than its frame, moved to its other end: where its title, the head of its first column, the head of
# a row and the heads of the columns stand in the frame, in CSS pixels, and where they would if they stayed in its sight.
MOVED = """() => {
    document.querySelectorAll('details.fold').forEach(each => { each.open = true })
    return [...document.querySelectorAll('.att-scroll')].filter(each => each.scrollWidth > each.clientWidth + 2).flatMap(each => {
        const row = each.querySelector('tbody th[scope=row]'), heads = each.querySelectorAll('thead th')
        const found = [['title', each.querySelector('caption:not(.att-said)'), 'left'], ['head of a row', row, 'left'],
            ['its head', row && heads[row.cellIndex], 'left'], ['heads', heads[0], 'top']].filter(([name, part]) => part)
        const places = () => found.map(([name, part, side]) =>
            part.getBoundingClientRect()[side] - each.getBoundingClientRect()[side])
        const before = places()
        each.scrollTo(each.scrollWidth, each.scrollHeight)
        const by = {left: each.scrollLeft, top: each.scrollTop}
        return places().map((after, at) => [found[at][0], after, Math.max(0, before[at] - by[found[at][2]])])
    })
}"""


def test_the_title_the_first_column_and_the_heads_stay_where_a_table_is_scrolled_to_its_end(browser, paper):
    page = browser.new_page(viewport=PHONE)
    page.goto(paper.as_uri())
    moved = [[name, after, stays] for name, after, stays in page.evaluate(MOVED) if abs(after - stays) > 1]
    page.close()
    assert moved == []


# On a phone no paper is longer, however many pupils it names: what is looked up, and one sheet among several, folds.
MOST_SCREENS = 12


def test_a_paper_is_at_most_12_screens_of_a_phone(browser, paper):
    page = browser.new_page(viewport=PHONE)
    page.goto(paper.as_uri())
    height = page.evaluate("document.documentElement.scrollHeight")
    page.close()
    assert height / PHONE["height"] <= MOST_SCREENS


@pytest.mark.parametrize(("size", "medium"), [(DESK, "screen"), (DESK, "print"), (PHONE, "print")])
def test_on_paper_and_where_there_is_room_everything_stands_open(browser, paper, size, medium):
    page = browser.new_page(viewport=size)
    page.emulate_media(media=medium)
    page.goto(paper.as_uri())
    held_back = page.evaluate(HELD_BACK)
    page.close()
    assert held_back == 0


@pytest.mark.parametrize("paper", ["plan"], indirect=True)
def test_a_pupil_s_part_unfolds_for_who_comes_by_a_link(browser, paper):
    page = browser.new_page(viewport=PHONE)
    page.goto(paper.as_uri())
    place = page.locator("details.fold-part > .att-place").last
    assert not place.is_visible()
    page.goto(f"{paper.as_uri()}#{place.get_attribute('id')}")
    assert place.is_visible()
    page.close()


@pytest.mark.parametrize("paper", ["daily", "daily in the afternoon"], indirect=True)
def test_the_sheet_of_the_day_is_one_screen_of_a_phone(browser, paper):
    page = browser.new_page(viewport=PHONE)
    page.goto(paper.as_uri())
    folds = page.locator("details.fold").count()
    assert page.locator(".page").bounding_box()["height"] <= PHONE["height"]
    assert page.evaluate(HELD_BACK) == folds > 0
    page.locator("summary", has_text="Call in this order").click()
    assert page.evaluate(HELD_BACK) == folds - 1
    page.close()


@pytest.mark.parametrize("paper", ["daily", "daily in the afternoon"], indirect=True)
@pytest.mark.parametrize(("size", "medium"), [(DESK, "screen"), (DESK, "print"), (PHONE, "print")])
def test_on_paper_and_where_there_is_room_nothing_is_folded(browser, paper, size, medium):
    page = browser.new_page(viewport=size)
    page.emulate_media(media=medium)
    page.goto(paper.as_uri())
    assert page.locator("details.fold").count() > 0
    assert page.evaluate(HELD_BACK) == 0
    assert not page.locator("summary").first.is_visible()
    page.close()
