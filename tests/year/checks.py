"""What must hold of a life: each check gives the list of what does not, counted or worked out by other ways than the library's."""

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import pandas as pd

from attendance_lib.analysis.measures import pupil_totals
from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.register.build import build_register
from tests.casebook_school import table_of
from tests.year import story
from tests.year.life import Day, Life
from tests.year.school import School


def papers(life: Life) -> list[str]:
    """Each paper is made once and on its day."""
    made = [" ".join((str(day.day), *pack)) for day in life.days for pack in day.made]
    expected = [" ".join(pack) for pack in life.story.papers]
    lacking = [f"missing: {pack}" for pack in expected if made.count(pack) != 1]
    return [*lacking, *(f"not expected: {pack}" for pack in made if pack not in expected)]


def failures(life: Life) -> list[str]:
    """Nothing fails but what the story spoils, and that with its exit code and the words that name the cause."""
    failed = {day.day: day for day in life.days if day.exit_code}
    untold = [
        f"{day} was to say {words!r}"
        for day, (code, words) in life.story.refused.items()
        if not is_told(failed.get(day), code, words)
    ]
    others = [f"{day}: {failed[day].said}" for day in failed if day not in life.story.refused]
    return untold + others


def is_told(day: Day | None, code: int, words: str) -> bool:
    """Whether a day failed with an exit code and said some words."""
    return day is not None and day.exit_code == code and words in day.said


def year_groups(life: Life) -> list[str]:
    """The year groups of each paper are those of its last day, counted from the invented cohorts."""
    counted = [
        (date.fromisoformat(pack[2]), shown) for pack in life.made() if (shown := shown_in(life, pack))
    ]
    counted += life.readers.year_groups
    assert counted
    return [
        f"{last}: {shown}, right {enrolments(life.school, last)}"
        for last, shown in counted
        if shown != enrolments(life.school, last)
    ]


def shown_in(life: Life, pack: tuple[str, str, str]) -> dict[int, int]:
    """The year groups that a short paper shows; nothing of a whole one."""
    path = life.pack(*pack) / "tables" / "year_groups.csv"
    if life.is_whole or not path.is_file():
        return {}
    table = pd.read_csv(path, encoding="utf-8-sig")
    return dict(zip(table["year_group"], table["enrolments"], strict=True))


def enrolments(school: School, last: date) -> dict[int, int]:
    """Who was on roll on a school day of the year up to a day, in the year group of that year."""
    first_year = last.year if last.month >= 8 else last.year - 1
    days = [day for day in school.days if date(first_year, 8, 1) <= day <= last]
    counts: dict[int, int] = {}
    for pupil in school.pupils:
        if any(pupil.is_on_roll(day) for day in days):
            year = pupil.year_group(first_year)
            counts[year] = counts.get(year, 0) + 1
    return counts


def lost_words(life: Life) -> list[str]:
    """No word of staff is lost: each stands in the casebook, and what is open in the newest pack."""
    (file,) = (life.root / "outputs").rglob("casebook-*.sqlite")
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as book:
        known = {value for (value,) in book.execute("SELECT value FROM entry")}
    newest = max(pack for pack in life.made() if pack[0] == "fortnightly")
    read = [word for day, word in life.written if str(day) <= newest[1]]
    assert len(read) > 40
    shown = set(table_of(life.pack(*newest) / "fortnightly.xlsx")["action"])
    still_open = [word for word in read if word.startswith("agreed")]
    return [word for word in read if word not in known] + [word for word in still_open if word not in shown]


def done(life: Life) -> list[str]:
    """What the log has done is shown as done once, in the summer too. The pack made late, of earlier days, tells its own."""
    packs = [pack for pack in life.made() if pack[0] == "fortnightly" and pack != life.story.late[1:]]
    shown = [words for pack in packs for words in done_in(life.pack(*pack))]
    last = date.fromisoformat(max(packs)[2])
    expected = [words for day, words in life.school.agreed if (last - day).days > 20]
    lacking = [f"{words}: {shown.count(words)} times" for words in expected if shown.count(words) != 1]
    return lacking + [f"{words}: not done" for words in shown if words not in expected]


def done_in(pack: Path) -> list[str]:
    """The actions that a pack shows as done."""
    table = table_of(pack / "fortnightly.xlsx")
    return table.loc[table["standing"] == "Done since last time", "action"].tolist()


def figures(life: Life) -> list[str]:
    """Last year's figures are the same before and after the summer."""
    before, after = (totals(life, today) for today in (date(2026, 7, 20), date(2026, 10, 30)))
    return [] if before.equals(after) else [f"before:\n{before}\nafter:\n{after}"]


def totals(life: Life, today: date) -> pd.DataFrame:
    """Each pupil's sessions of last year, from the exports as they stood on a day."""
    life.school.write_school_file(today)
    life.school.write(today)
    school = read_school(load_settings(life.school.school_file(today)))
    register = build_register(school.pupils, school.marks, school.calendar).register.year_to_date(
        story.LAST_DAY
    )
    found = pupil_totals(register).sort_values("pupil_id")
    found = found[found["possible_sessions"] > 0]
    return (
        found[["pupil_id", "year_group", "absence_sessions", "possible_sessions"]]
        .astype(str)
        .reset_index(drop=True)
    )


def outage(life: Life) -> list[str]:
    """The pack that was missed in the outage is named until it is made."""
    _, report, first, _ = life.story.late
    named = [
        str(day.day)
        for day in life.days
        if any(note.startswith(f"Never made: {report} {first} to") for note in day.notes)
    ]
    return [] if named == ["2026-02-23"] else [f"named on {named}"]


def waiting(life: Life) -> list[str]:
    """From the last half term on it is said what waits for the next terms, until they are typed in."""
    days = [str(day.day) for day in life.days if day.standing.waiting]
    right = ["2026-06-01", "2026-08-17"]
    return [] if [min(days), max(days)] == right else [f"said from {min(days)} to {max(days)}"]


def growth(life: Life) -> list[str]:
    """Time and size do not grow faster than the data.

    A pack of the last weeks is no more than half as large again as one of the first, since it holds as many days of as many
    pupils; it takes no more than twice what one took of a third of its marks, before Christmas, nor does a run with nothing
    to make (the middle one of several, for a machine that does something else may hold up one); what lies beside the packs
    (casebook, records of what was published, exports as last read) is smaller than they are.
    """
    sizes = [size_of(life.pack(*pack)) for pack in life.made() if pack[0] == "fortnightly"]
    making = [day.seconds for day in life.days if [pack[0] for pack in day.made] == ["fortnightly"]]
    idle = [day.seconds for day in life.days if not day.made and not day.exit_code]
    in_packs = sum(size_of(life.pack(*pack)) for pack in life.made())
    is_wrong = {
        f"packs of {sizes[:5]} and {sizes[-5:]} bytes": max(sizes[-5:]) > 1.5 * max(sizes[:5]),
        f"packs in {making} seconds": median(making[-3:]) > 2 * median(making[4:7]) + 0.2,
        f"idle runs of {idle[:5]} and {idle[-5:]} seconds": median(idle[-5:]) > 2 * median(idle[:5]) + 0.1,
        f"{in_packs} of {size_of(life.root / 'outputs')} bytes in packs": 2 * in_packs
        < size_of(life.root / "outputs"),
    }
    return [what for what, wrong in is_wrong.items() if wrong]


def size_of(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def made_out(life: Life) -> list[str]:
    """One who keeps every governors' report finds no withheld number, of this year or the last."""
    outcome = life.readers.attacked(len(life.school.pupils))
    assert outcome.attacked > 50
    wrong = [outcome.wrong] if outcome.wrong else []
    return [*wrong, *outcome.narrowed, *outcome.blanks, *outcome.stopped]


CHECKS: tuple[Callable[[Life], list[str]], ...] = (
    papers, failures, year_groups, lost_words, done, figures, outage, waiting, growth, made_out,
)  # fmt: skip
