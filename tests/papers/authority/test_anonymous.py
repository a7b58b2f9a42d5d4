"""The page without names: what was published, and nothing besides."""

import json
from datetime import date
from types import SimpleNamespace

from attendance_lib.disclosure.read_back import Record, checked
from attendance_lib.display import Handed
from attendance_lib.papers.authority import anonymous
from attendance_lib.reports import handed


def record_of(*counts):
    """A record of a published report: (coordinates, value) each."""
    kept = [
        {"coordinates": dict(where), "value": value, "told": None, "unit": "pupils", "out_of": None, "none_hidden": False,
         "pupils": None}
        for where, value in counts
    ]  # fmt: skip
    return checked({"layout": 2, "level": 5, "partitions": [], "counts": kept})


OCTOBER, JULY = {"as_at": "2026-10-23"}, {"as_at": "2026-07-17"}


PUBLISHED = [
    record_of((JULY, 200), (JULY | {"measure": "persistently_absent"}, 41), (JULY | {"measure": "severely_absent"}, "c")),
    record_of(
        (OCTOBER, 210), (OCTOBER | {"measure": "persistently_absent"}, 33), (OCTOBER | {"measure": "severely_absent"}, 0),
        (OCTOBER | {"year_group": "9"}, 38), (OCTOBER | {"measure": "persistently_absent", "year_group": "9"}, 17),
        (JULY, 200), (JULY | {"measure": "persistently_absent"}, 42),
        ({"as_at": "2026-12-18"}, 219),
    ),
]  # fmt: skip


def test_the_page_without_names_repeats_what_was_published_and_withholds_what_was_withheld():
    days = anonymous.published_days(PUBLISHED, date(2026, 11, 20))
    # Of two reports on one day the newer; no group of pupils; nothing after the paper's own last day.
    assert days["date"].dt.date.tolist() == [date(2026, 7, 17), date(2026, 10, 23)]
    counts = days[["enrolments", "persistently_absent", "severely_absent"]].to_numpy().tolist()
    assert counts == [[200, 42, "c"], [210, 33, 0]]
    rates = days[["persistently_absent_rate", "severely_absent_rate"]].to_numpy().tolist()
    assert rates == [[0.21, "c"], [0.157, 0.0]]


def test_no_number_of_the_page_without_names_is_new(pack, tmp_path):
    days = anonymous.published_days(PUBLISHED, date(2026, 11, 20))
    page = Handed(
        "anonymous", "meeting", "anybody", tuple(anonymous.parts(pack, days)), seen=None, leaves_school=True
    )
    document = page.payload()
    handed.write_documents([document], tmp_path)
    (table,) = [each for each in document["payloads"] if each["type"] == "table"]
    told = {count.value for record in PUBLISHED for count in record.counts}
    counts = [row[place] for row in table["rows"] for place in (1, 2, 4)]
    assert set(counts) <= told
    said = json.dumps(document["payloads"])
    assert not [name for name in ("Abara", "Byrne", "0001", "SP2", "sleep") if name in said]
    # What the meeting's own paper counts today is nowhere: 2 severely absent of 4.
    assert 4 not in counts


def test_without_a_report_published_by_the_day_there_is_no_page(make_pack, monkeypatch):
    early = make_pack(period=(date(2026, 9, 7), date(2026, 9, 18)))
    monkeypatch.setattr(anonymous, "records_of", lambda _: PUBLISHED[1:])
    assert anonymous.published_days(PUBLISHED[1:], early.date_to)["date"].dt.date.tolist() == [
        date(2026, 7, 17)
    ]
    monkeypatch.setattr(anonymous, "records_of", lambda _: [record_of((OCTOBER, 210))])
    note = anonymous.page_without_names(early)
    assert note.record == {"documents": []}
    assert note.items[0].startswith("No page without names was made")


def test_records_are_those_of_the_school_files_folder(tmp_path):
    settings = SimpleNamespace(file=tmp_path / "school.yml", school=SimpleNamespace(urn="990003"))
    pack = SimpleNamespace(school=SimpleNamespace(settings=settings))
    assert anonymous.records_of(pack) == []
    file = tmp_path / "a.json"
    file.write_text(PUBLISHED[0].model_dump_json(), "utf-8")
    anonymous.history_of(settings.file, "990003", "governors").add(file)
    assert [type(record) for record in anonymous.records_of(pack)] == [Record]
