"""Live the year of ``tests/year`` with the project's own papers, each made by the command, and write docs/a_year.md."""

import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.notebook_in_process import ROOT
from tests.year import story
from tests.year.life import Day, Life

PAGE = ROOT / "docs" / "a_year.md"
OPENING = """\
# A year lived through

`make year` lives fourteen months at an invented school of 36 pupils on simulated time: exports as they stood on each evening,
`attendance due --run` on every Monday and on some other days, workbooks filled in at each meeting. What goes wrong in it, and
which paper must appear on which day, is `tests/year/story.py`, worked out on a calendar by hand; `make test` lives the same
days with lighter papers and looks at more (`tests/year/test_year.py`).
"""


def main() -> None:
    """Live the year in a folder that goes away, and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        life = Life(Path(folder) / "project", is_whole=True)
        os.chdir(life.root)
        life.live()
        os.chdir(ROOT)
        PAGE.write_text("\n".join([OPENING, *findings(life), "", *table(life.days)]) + "\n", encoding="utf-8")
        sys.stdout.write(f"{PAGE}\n")


def findings(life: Life) -> Iterator[str]:
    """Yield what came of it against what must come of it."""
    made = sorted((str(day.day), *pack) for day in life.days for pack in day.made)
    expected = sorted([*story.EXPECTED, *story.GOVERNORS])
    failed = {day.day: day for day in life.days if day.exit_code}
    spoiled = [day for day, (code, words) in story.REFUSED.items() if is_told(failed.get(day), code, words)]
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN)
    right = len(set(made) & set(expected))
    yield f"- Papers made on their day: {right} of {len(expected)}; others: {len(set(made) - set(expected))}."
    yield from (f"  - missing: {' '.join(pack)}" for pack in sorted(set(expected) - set(made)))
    yield from (f"  - not expected: {' '.join(pack)}" for pack in sorted(set(made) - set(expected)))
    yield f"- Spoiled days refused with the words that name the cause: {len(spoiled)} of {len(story.REFUSED)}."
    yield f"- Other days that failed: {len(set(failed) - set(story.REFUSED))}."
    yield from (
        f"  - {day}: exit code {found.exit_code}" for day, found in failed.items() if day not in story.REFUSED
    )
    yield f"- {seconds.ru_utime + seconds.ru_stime:,.0f} seconds of processor time for all papers."


def is_told(day: Day | None, code: int, words: str) -> bool:
    """Whether a day failed with an exit code and said some words."""
    return day is not None and day.exit_code == code and words in day.said


def table(days: list[Day]) -> Iterator[str]:
    """Yield the year's table: one row a month."""
    yield "| Month | Runs | Packs | Impact | Governors | Refused | Outputs at its end |"
    yield "|---|---|---|---|---|---|---|"
    for month in sorted({f"{day.day:%Y-%m}" for day in days}):
        found = [day for day in days if f"{day.day:%Y-%m}" == month]
        reports = [pack[0] for day in found for pack in day.made]
        counts = " | ".join(str(reports.count(report)) for report in ("fortnightly", "impact", "governors"))
        refused = sum(day.exit_code != 0 for day in found)
        yield f"| {month} | {len(found)} | {counts} | {refused} | {found[-1].megabytes:.1f} MB |"


if __name__ == "__main__":
    main()
