"""Live the years of ``tests/year``, short and with the project's own papers, and write docs/a_year.md.

Each school's part is kept in build/year as it is done: a run that was stopped goes on there. Remove the folder to begin anew.
"""

import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.notebook_in_process import ROOT
from tests.year.checks import CHECKS, size_of
from tests.year.life import Day, Life
from tests.year.story import STORIES, Story

PAGE = ROOT / "docs" / "a_year.md"
DONE = ROOT / "build" / "year"
OPENING = """\
# A year lived through

`make year` lives fourteen months at three invented schools of six pupils a year group on simulated time: exports as they stood
on each evening, `attendance due --run` on every Monday and on some other days, workbooks filled in at each meeting. What goes
wrong there, and which paper must appear on which day, is `tests/year/story.py`, worked out on a calendar by hand; what must
hold is `tests/year/checks.py`. Each year is lived in short (light papers) and whole (the project's own papers, each by the
command in a process of its own). `make test` lives the secondary school's in short.
"""


def main() -> None:
    """Live what has not been lived yet, and write the page."""
    DONE.mkdir(parents=True, exist_ok=True)
    for story in STORIES:
        part = DONE / f"{story.name}.md"
        if not part.exists():
            part.write_text("\n".join(lived(story)) + "\n", encoding="utf-8")
    parts = [(DONE / f"{story.name}.md").read_text(encoding="utf-8") for story in STORIES]
    PAGE.write_text("\n".join([OPENING, *parts]), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")


def lived(story: Story) -> list[str]:
    """Return what came of a school's year, lived in short and whole, in folders that go away."""
    with tempfile.TemporaryDirectory() as folder:
        short, whole = (Life(Path(folder) / form / "project", story, form == "whole") for form in FORMS)
        short.live()
        before = children_seconds()
        whole.live()
        seconds = children_seconds() - before
        os.chdir(ROOT)
        return [
            f"## {story.title}\n",
            *findings(short, whole),
            f"- {seconds:,.0f} seconds of processor time for all papers.\n",
            *table(whole),
        ]


FORMS = ("short", "whole")


def children_seconds() -> float:
    """Return the processor time of all commands that were run so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def findings(*lives: Life) -> Iterator[str]:
    """Yield what holds, and what does not, of the short life and of the whole one."""
    made = [sum(len(day.made) for day in life.days) for life in lives]
    yield f"- Papers made: {made[0]} in short, {made[1]} whole, of {len(lives[0].story.papers)} that must be."
    for check in CHECKS:
        wrong = [
            f"  - {form}: {line}" for form, life in zip(FORMS, lives, strict=True) for line in check(life)
        ]
        said = " ".join((check.__doc__ or "").split("\n\n")[0].split())
        yield f"- {'Does not hold' if wrong else 'Holds'}: {said}"
        yield from wrong


def table(life: Life) -> Iterator[str]:
    """Yield the year's table: one row a month."""
    yield "| Month | Runs | Packs | Impact | Governors | Refused | Made by then |"
    yield "|---|---|---|---|---|---|---|"
    size = 0.0
    for month, days in groupby(sorted(life.days, key=month_of), key=month_of):
        found = list(days)
        made = [pack for day in found for pack in day.made]
        reports = [report for report, *_ in made]
        counts = " | ".join(str(reports.count(report)) for report in ("fortnightly", "impact", "governors"))
        refused = sum(day.exit_code != 0 for day in found)
        size += sum(size_of(life.pack(*pack)) for pack in made) / 1e6
        yield f"| {month} | {len(found)} | {counts} | {refused} | {size:.1f} MB |"


def month_of(day: Day) -> str:
    """Return the month of a day that was lived, as 2026-11."""
    return f"{day.day:%Y-%m}"


if __name__ == "__main__":
    main()
