"""Files that are called a table and are none are refused with the remedy that works, whatever they are called."""

import pytest

from attendance_lib.errors import InputError

TABLE = "<table><tr><td>pupil_id</td></tr></table>"
IN_EXCEL = "Open it in Excel and save it as .xlsx, or export CSV."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"<html><head></head><body>{TABLE}</body></html>", f"a web page (HTML) named .csv. {IN_EXCEL}"),
        (f"\n<!DOCTYPE html>\n<html>{TABLE}</html>", f"a web page (HTML) named .csv. {IN_EXCEL}"),
        (
            f"<?xml version='1.0'?>\n<!-- made -->\n<HTML xmlns='x'>{TABLE}</HTML>",
            f"a web page (HTML) named .csv. {IN_EXCEL}",
        ),
        (TABLE, f"a web page (HTML) named .csv. {IN_EXCEL}"),
        (
            "MIME-Version: 1.0\nContent-Type: multipart/related\n",
            f"a web page in one file (MHTML) named .csv. {IN_EXCEL}",
        ),
        (
            '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>',
            "an XML spreadsheet of 2003 named .csv. Save it as .xlsx or CSV.",
        ),
        ("{\\rtf1 x}", "a text document (RTF) named .csv. Export CSV or xlsx."),
        ("%PDF-1.7\nx", "a PDF, from which no table can be read named .csv. Export CSV or xlsx."),
    ],
)
@pytest.mark.parametrize("name", ["marks.csv", "pupils.csv"])
def test_what_is_no_table_is_refused_as_what_it_is(read_changed, text, words, name):
    with pytest.raises(InputError) as refused:
        read_changed({name: text})
    assert refused.value.problems[0] == f"{name}: this is {words}"


def test_a_log_that_is_a_web_page_is_refused_too(checked_changed, school_folder):
    (school_folder / "contacts.xls").write_text(f"<html>{TABLE}</html>", encoding="utf-8")
    checked = checked_changed(settings=[("calendar:", '  contacts: {path: "contacts.xls"}\ncalendar:')])
    assert checked.problems == (f"contacts.xls: this is a web page (HTML) named .xls. {IN_EXCEL}",)


def test_a_list_of_records_named_table_is_no_web_page(read_changed):
    text = "<tables><SessionAttendance><PersonID>001</PersonID></SessionAttendance></tables>"
    with pytest.raises(InputError, match="if these are rows of marks|none of the layouts"):
        read_changed({"marks.csv": text})
