"""What every command reads and writes alike: dates and files as they are typed, lines for people and results, the project."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attendance_lib.errors import RequestError

if TYPE_CHECKING:
    from attendance_lib.reports.desk import Desk
    from attendance_lib.reports.due import DueRequest
    from attendance_lib.reports.project import Project
    from attendance_lib.reports.run import Run

FILE = click.Path(path_type=Path)
SCHOOL_FILE = "demo.yml"


class IsoDate(click.ParamType):
    """A date written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or fail with what is wrong with it.

        Examples
        --------
        >>> DATE.convert("2026-11-20", None, None)
        datetime.date(2026, 11, 20)
        >>> DATE.convert("20/11/2026", None, None)
        Traceback (most recent call last):
        click.exceptions.BadParameter: '20/11/2026' is not a date. Write it as YYYY-MM-DD, such as 2026-11-09.
        """
        from attendance_lib.reports.period import read_iso_date

        try:
            return value if isinstance(value, date) else read_iso_date(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


DATE = IsoDate()


def the_project(named: Path | None) -> "Project":
    """Return the project that this folder lies in, else the one in which the school file or the pack that is named lies.

    Raises
    ------
    RequestError
        If neither lies in one.
    """
    from attendance_lib.reports.project import find_project

    try:
        return find_project(Path.cwd())
    except RequestError:
        if named is None:
            raise
        return find_project(named.resolve().parent)


def default_school() -> Path:
    """Return the demo school's file.

    Raises
    ------
    RequestError
        If this project has none.
    """
    from attendance_lib.reports.project import find_project

    path = find_project(Path.cwd()).params / SCHOOL_FILE
    if not path.is_file():
        raise RequestError(f"{path} is not there. Name your school's file with --school.")
    return path


def tell(message: str) -> None:
    """Write a line for people, not for programs; whatever a file's name or content brought into it, it drives no terminal."""
    from attendance_lib.rules.signs import harmless

    click.echo(harmless(message), err=True)


def show(message: str) -> None:
    r"""Write a result as people read it, harmless as what `tell` says.

    Examples
    --------
    >>> show("made \x1b[31mimpact\u200b")  # a colour, and a character that nobody sees
    made �[31mimpact
    """
    from attendance_lib.rules.signs import harmless

    click.echo(harmless(message))


def watched_run() -> "Run":
    """Return how a run started here shows its progress: on a terminal only."""
    from attendance_lib.reports.execute import Progress
    from attendance_lib.reports.run import Run

    return Run(Progress(shown=sys.stderr.isatty()), say=tell)


def casebook_desk(school_file: Path | None, packs: Path | None) -> "Desk":
    """Return the casebook of a school, whose packs are below a folder."""
    from attendance_lib.reports.casebook_files import desk_of
    from attendance_lib.reports.run import utc_now

    out = packs or the_project(school_file).outputs
    return desk_of(school_file or default_school(), out, tell, utc_now())


def list_reports(project: "Project") -> None:
    """Show the reports of a project, each with what it is and the question that it answers.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> list_reports(SimpleNamespace(reports=lambda: ("impact", "trust")))  # the second has a command of its own
    Reports, each made by attendance run NAME:
      impact        Did it work?, for the pastoral team and leaders
    """
    from attendance_lib.reports.papers import MadeBy, paper_of

    show("Reports, each made by attendance run NAME:")
    for report in project.reports():
        paper = paper_of(report)
        if paper.made_by is MadeBy.RUN:
            show(
                f"  {report:<14}{paper.title}, for {paper.reader}"
                if paper.reader
                else f"  {report:<14}{paper.title}"
            )


def make_what_is_due(request: "DueRequest") -> int:
    """Make what is due and return the exit code of the first failure, 0 if there was none; list the papers, whatever stopped it."""
    from attendance_lib.reports.due_run import Hands, make_missing, make_unlisted
    from attendance_lib.reports.front_door import keep_front_door
    from attendance_lib.reports.run import utc_now

    try:
        return make_missing(request, Hands(make_unlisted, say=tell, show=show, clock=utc_now))
    finally:
        keep_front_door(request, tell)


def differences_when_made_again(pack: Path, project: "Project", school_file: Path | None) -> list[str]:
    """Return what comes out different when a pack is made again."""
    from attendance_lib.reports.run import rerun_differences

    return rerun_differences(pack, project, watched_run(), school_file)
