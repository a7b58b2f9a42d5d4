"""A page that leaves the school says its own words, wherever in its source anything could be said."""

import pytest

from attendance_lib.display import Sentences
from attendance_lib.display.notebook import payloads_of
from attendance_lib.errors import DisclosureError
from attendance_lib.reports.pages import Reader, check_said, notebook_of

PAGE = "<html><head><style>b { color: red }</style></head><body><p>Well done</p></body></html>"


def texts(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    return list(reader.texts())


def test_a_page_of_its_own_words_passes():
    check_said(PAGE, {"Well done"}, "poster.html")


@pytest.mark.parametrize(
    "more",
    [
        "<p>Ada</p>",
        "Ada",
        "<img alt='Ada'>",
        "<a title='Ada' href='#'></a>",
        "<div aria-label='Ada'></div>",
        "<input placeholder='Ada'>",
        "<!-- Ada -->",
        "<!---->",
        "<script>Ada</script>",
        "<p>&#65;da</p>",
    ],
)
def test_whatever_else_can_be_read_is_refused_and_not_repeated(more):
    with pytest.raises(DisclosureError, match=r"poster.html says 1 things? besides") as refused:
        check_said(PAGE.replace("</body>", f"{more}</body>"), {"Well done"}, "poster.html")
    assert "Ada" not in str(refused.value)


def test_what_only_lays_the_page_out_is_not_said():
    assert texts(
        "<head><meta content='width=device-width'><style>Ada</style></head><p class='Ada'>Well done</p>"
    ) == ["Well done"]


def test_an_element_that_was_never_closed_ends_with_the_one_around_it():
    assert texts("<p>one<b>two</p>three") == ["one", "two", "three"]


def test_a_notebook_shows_its_payloads_and_nothing_else():
    payloads = [Sentences(f"part_{number}", ("Well done",)).payload() for number in range(2)]
    notebook = notebook_of(payloads)
    assert payloads_of(notebook) == payloads
    assert [cell.source for cell in notebook.cells] == ["", ""]
    assert notebook_of(payloads) == notebook
