"""Two exports of one period in one folder, made days apart: both are named, and the older one is to go."""

import pytest

HEAD = "pupil_id,date,session,code,minutes_late\n"
DAYS = [f"2026-09-{day:02}" for day in (14, 15, 16, 17, 18, 21, 22)]


def export(code, days=DAYS, pupils=("001", "002", "003")):
    return HEAD + "".join(f"{pupil},{day},AM,{code},\n" for pupil in pupils for day in days)


@pytest.mark.parametrize(
    ("older", "newer", "words"),
    [
        # The same days, and the reasons were found in between.
        (export("N"), export("I"), "marks_old.csv is the older one: remove it."),
        # The same reasons, and one ends earlier.
        (export("O"), export("I", [*DAYS, "2026-09-23"]), "marks_old.csv is the older one: remove it."),
        (export("O"), export("I"), "remove the one that was made first."),
        # Fewer than twenty sessions are registers to look at.
        (export("N", DAYS[:6]), export("I", DAYS[:6]), "Correct the register and export again."),
        # Most differences lie elsewhere: a third file is in it too.
        (
            export("N", pupils=("001",)),
            export("I") + export("O", pupils=("002", "003")).removeprefix(HEAD),
            "Correct the register",
        ),
    ],
)  # fmt: skip
def test_the_older_of_two_exports_is_named(checked_changed, older, newer, words):
    checked = checked_changed(
        {"marks.csv": HEAD + "001,2026-09-14,PM,/,\n", "marks_old.csv": older, "marks_new.csv": newer}
    )
    (finding,) = [each for each in checked.log.findings if each.rule == "undecided_marks"]
    assert words in finding.message
    names_both = "exports of one period" in finding.message
    assert names_both == ("remove" in words)
    assert not names_both or {"marks_old.csv", "marks_new.csv"} <= set(
        finding.message.replace(",", "").split()
    )
