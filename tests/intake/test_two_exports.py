"""Several exports of one period in one folder, made days apart: all are named, and the older ones are to go."""

import pytest

HEAD = "pupil_id,date,session,code,minutes_late\n"
DAYS = [f"2026-09-{day:02}" for day in (14, 15, 16, 17, 18, 21, 22)]
LATER = [*DAYS, "2026-09-23", "2026-09-24"]
AGREED = [f"2026-09-{day:02}" for day in (7, 8, 9, 10, 11)]


def rows(code, days=DAYS, pupils=("001", "002", "003")):
    return "".join(f"{pupil},{day},AM,{code},\n" for pupil in pupils for day in days)


def export(*parts):
    """An export that agrees with every other on the week before."""
    agreed = rows("/", AGREED)
    return HEAD + agreed + agreed.replace("AM,/", "PM,\\") + "".join(parts)


ONE_PERIOD = "f1.csv and f2.csv are exports of one period"


@pytest.mark.parametrize(
    ("exports", "words"),
    [
        # The same days, and the reasons were found in between.
        ((export(rows("N")), export(rows("I"))), f"{ONE_PERIOD}, and f1.csv is the older one: remove it."),
        ((export(rows("I")), export(rows("N"))), "f1.csv are exports of one period, and f2.csv is the older one: remove it."),
        # The same reasons, and one ends earlier.
        ((export(rows("O")), export(rows("I", LATER))), "f1.csv is the older one: remove it."),
        ((export(rows("O")), export(rows("I"))), f"{ONE_PERIOD}: remove the one that was made first."),
        # One export after the other, none removed.
        (
            (export(rows("N", LATER)), export(rows("N", DAYS)), export(rows("I", [*LATER, "2026-09-25"]))),
            "f2.csv, f1.csv and f3.csv are exports of one period, and f2.csv and f1.csv are the older ones: remove them.",
        ),
        (
            (export(rows("O")), export(rows("I")), export(rows("M"))),
            "f1.csv, f2.csv and f3.csv are exports of one period: remove all but the one that was made last.",
        ),
    ],
)  # fmt: skip
def test_the_older_of_several_exports_are_named(checked_changed, exports, words):
    assert words in said_of(checked_changed, exports)


@pytest.mark.parametrize(
    "exports",
    [
        # Fewer than twenty sessions are registers to look at.
        (export(rows("N", DAYS[:6])), export(rows("I", DAYS[:6]))),
        # Most differences lie elsewhere: within one file.
        (export(rows("N", pupils=("001",))), export(rows("I"), rows("O", pupils=("002", "003")))),
        # A file of corrections ends earlier and differs in all that it holds: it is not the older export.
        (HEAD + rows("I"), export(rows("O", LATER))),
    ],
    ids=["few", "within one file", "corrections"],
)
def test_no_file_is_called_the_older_one_where_registers_are_to_be_looked_at(checked_changed, exports):
    said = said_of(checked_changed, exports)
    assert "Correct the register and export again." in said
    assert "exports of one period" not in said


def said_of(checked_changed, exports):
    files = {f"marks_f{number}.csv": text for number, text in enumerate(exports, start=1)}
    checked = checked_changed({"marks.csv": HEAD + "001,2026-09-14,PM,/,\n"} | files)
    (finding,) = [each for each in checked.log.findings if each.rule == "undecided_marks"]
    return finding.message.replace("marks_f", "f")
