"""The command ``attendance``. Everything but click is imported late, so that ``--help`` answers at once."""

import os
import shlex
import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from attendance_lib import __version__
from attendance_lib.endings import Ending
from attendance_lib.errors import AttendanceError, RequestError
from attendance_lib.reports.forked import settle
from attendance_lib.terminal import (
    DATE,
    FILE,
    casebook_desk,
    default_school,
    differences_when_made_again,
    list_reports,
    make_what_is_due,
    show,
    tell,
    the_project,
    watched_run,
)

if TYPE_CHECKING:
    from attendance_lib.reports.project import Project

DEMO_EXPORTS = "demo_exports"
DIFFERS = 1

MY_SCHOOL = "my_school.yml"
ASKED = {
    "name": "The school's name (Enter leaves it blank)",
    "urn": "Its URN, six digits (Enter leaves it blank)",
}
SCHOOL_HELP = "The school file.  [default: params/demo.yml]"


EXAMPLES = """\b
Examples:
  attendance demo                        write an invented school's exports
  attendance run fortnightly             make its pack
  attendance init exports/               draft a school file from your own
  attendance check --school params/my_school.yml
  attendance run fortnightly --school params/my_school.yml --from 2026-11-09 --to 2026-11-20
  attendance run governors --school params/my_school.yml --to 2026-10-23
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EXAMPLES
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def attendance() -> None:
    """Make the papers that a school's pastoral team meets over from its register exports.

    Exit codes: 0 done, 1 a pack differs from its receipt, 2 usage or a file that the system refused,
    10 settings, 11 input data refused, 12 disclosure, 13 notebook failed, 70 a fault of this program,
    130, 141 or 143 stopped.
    """


@attendance.command()
@click.argument("folder", metavar="[FOLDER]", type=FILE, required=False)
@click.option(
    "--school", "school_file", type=FILE, help="The school file to write.  [default: params/my_school.yml]"
)
@click.option("--name", default="", help="The school's name; asked for on a terminal.")
@click.option("--urn", default="", help="Its unique reference number; asked for on a terminal.")
def init(folder: Path | None, school_file: Path | None, name: str, urn: str) -> None:
    """Lay out a project here, and draft a school file from the exports in FOLDER.

    A project is a folder with notebooks and parameters. Without FOLDER that is all. What the exports show (layouts, year groups,
    terms, closed days) is written as values, each with what it was seen from; the rest as blanks. Nothing is written over.
    """
    from attendance_lib.reports.laid_out import lay_out, project_at

    project = project_at(Path.cwd())
    target = school_file or project.params / MY_SCHOOL
    if folder is not None:
        refuse_to_draft(folder, target)
    for line in lay_out(project).lines():
        show(line)
    if folder is None:
        show("Type next:\n  attendance demo\n  attendance run fortnightly")
        return
    write_draft(folder, target, {"name": name, "urn": urn})


def refuse_to_draft(folder: Path, target: Path) -> None:
    """Refuse a draft before anything is written.

    Raises
    ------
    RequestError
        If the folder is not there, or the file is.
    """
    if not folder.is_dir():
        raise RequestError(f"{folder}: there is no such folder. Name the folder that holds the exports.")
    if target.exists():
        raise RequestError(
            f"{target} is there already and is left as it is. Move it away, or name another file with --school."
        )


def write_draft(folder: Path, target: Path, known: dict[str, str]) -> None:
    """Draft a school file, ask for what no export shows, write it and say what to type next."""
    from attendance_lib.intake.drafting.school import HEADING, draft_school
    from attendance_lib.intake.settings.template import blanks_in

    if sys.stdin.isatty():
        known = {
            each: known[each] or click.prompt(asked, default="", show_default=False)
            for each, asked in ASKED.items()
        }
    draft = draft_school(folder, target, datetime.now().astimezone().date(), known)
    text = draft.text(HEADING.format(school=known["name"] or "A school", folder=folder))
    for line in draft.seen:
        show(line)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8") as stream:
        stream.write(text)
    where = shlex.quote(Path(os.path.relpath(target)).as_posix())
    show(f"Written: {where}. {blanks_in(text)}")
    show(f"Type next:\n  attendance check --school {where}\n  attendance run fortnightly --school {where}")


RUN_EXAMPLES = """\b
Examples:
  attendance run                         list the reports
  attendance run fortnightly --school params/my_school.yml
  attendance run fortnightly --school params/my_school.yml --from 2026-11-09 --to 2026-11-20 --cohort year_11
  attendance run fortnightly --school params/my_school.yml --split year_group
  attendance run impact --school params/my_school.yml --set tier=2
  attendance run notebooks/own_papers/fridays.ipynb --school params/my_school.yml
"""


@attendance.command(epilog=RUN_EXAMPLES)
@click.argument("report", required=False)
@click.option("--school", "school_file", type=FILE, help=SCHOOL_HELP)
@click.option(
    "--from",
    "date_from",
    type=DATE,
    metavar="DATE",
    help="First day.  [default: of the fortnight, half term or whole record that the report covers]",
)
@click.option(
    "--to",
    "date_to",
    type=DATE,
    metavar="DATE",
    help="Last day.  [default: the last register day; of a half term, its end]",
)
@click.option(
    "--cohort", default="all", metavar="NAME", help="A name from params/cohorts.yml.  [default: all]"
)
@click.option(
    "--set",
    "written",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter that the report's notebook declares beyond these, such as tier=2; may be repeated.",
)
@click.option(
    "--split",
    type=click.Choice(["year_group"]),
    help="Make a pack for each year group of the school in place of one for all.",
)
@click.option("--out", type=FILE, help="Where packs go.  [default: outputs]")
@click.option("--replace", is_flag=True, help="Make a pack again that is already there.")
@click.option(
    "--marks-to",
    "marks_to",
    type=DATE,
    metavar="DATE",
    help="Refuse exports whose last register is of a day before this one.  [default: any]",
)
@click.option(
    "--earlier",
    "given",
    type=FILE,
    multiple=True,
    metavar="FOLDER",
    help="The pack of an earlier published report that is no longer where it was made; may be repeated.",
)
def run(
    report: str | None,
    school_file: Path | None,
    out: Path | None,
    written: tuple[str, ...],
    split: str | None,
    **asked: date | str | bool | tuple[Path, ...] | None,
) -> None:
    """Make REPORT, such as fortnightly: its pack of HTML, PDF, workbook and tables. Without REPORT, list them.

    REPORT may be the file of a notebook in the folder that the school file names for the school's own papers.
    """
    from attendance_lib.reports.own_papers import report_named, with_own_papers
    from attendance_lib.reports.papers import PAPERS
    from attendance_lib.reports.request import RunRequest, split_requests, with_values
    from attendance_lib.reports.run import run_report

    project = the_project(school_file)
    if report is None:
        list_reports(with_own_papers(project, school_file) if school_file else project)
        return
    school = school_file or default_school()
    # The gate reads the school file; for a paper of the school's own it has to be read here to find it.
    made_of = project if report in PAPERS else with_own_papers(project, school)
    name = report_named(report, made_of, school)
    request = with_values(RunRequest(name, made_of, school, out or project.outputs, **asked), written)
    for each in split_requests(request, split) if split else [request]:
        click.echo(run_report(each, watched_run()))
    list_papers(with_own_papers(project, school), request.school_file, request.out)


def list_papers(project: "Project", school_file: Path, out: Path) -> None:
    """Write the page that lists the school's papers, as they stand today."""
    from attendance_lib.reports.due import DueRequest
    from attendance_lib.reports.front_door import keep_front_door

    keep_front_door(DueRequest(project, school_file, out, datetime.now().astimezone().date()), tell)


@attendance.command()
@click.option("--school", "school_file", type=FILE, help=SCHOOL_HELP)
@click.option("--out", type=FILE, help="Where the page goes.  [default: outputs]")
def check(school_file: Path | None, out: Path | None) -> None:
    """Read the school file and every export, inspect the registers, and say whether they are good, usable or refused.

    The page is printed and written as HTML and xlsx, in place of an earlier one of the same last day. No
    report is computed. Exit code 11 if the exports are refused, 10 if the school file cannot be used.
    """
    from attendance_lib.papers.check.check import CheckRequest, check_exports
    from attendance_lib.papers.inspection import inspection_of
    from attendance_lib.reports.execute import Progress

    project = the_project(school_file)
    request = CheckRequest(project, school_file or default_school(), out or project.outputs)
    done = check_exports(request, Progress(shown=sys.stderr.isatty()), inspection_of)
    show(done.text)
    click.get_current_context().exit(done.outcome())


@attendance.command()
@click.argument("pupils", type=FILE)
@click.argument("sessions", type=FILE)
@click.option(
    "--on",
    type=DATE,
    required=True,
    metavar="DATE",
    help="A day of the term, whose codes the counts are read by.",
)
def census(pupils: Path, sessions: Path, on: date) -> None:
    """Print the rates and the persistent absence of a term from School Census tables (COLLECT).

    PUPILS is the table of pupils, SESSIONS the one of sessions by code. They have no dates, so no other paper can be
    made of them.
    """
    from attendance_lib.display.text import to_text
    from attendance_lib.intake.census import read_census_counts
    from attendance_lib.intake.files.export import Export
    from attendance_lib.papers.census import census_absence, what_census_counts_are

    counts = read_census_counts(Export(pupils), Export(sessions), on)
    for part in (what_census_counts_are(counts, on), census_absence(counts)):
        show(to_text(part.payload()) + "\n")


@attendance.command()
@click.option("--on", type=DATE, metavar="DATE", help="The day.  [default: today]")
@click.option("--run", "makes", is_flag=True, help="Make those not yet made, and hand over what is finished.")
@click.option(
    "--since",
    type=DATE,
    metavar="DATE",
    help="Count what was due from this day on.  [default: in the present half term, and the newest of each paper]",
)
@click.option("--school", "school_file", type=FILE, help=SCHOOL_HELP)
@click.option("--out", type=FILE, help="Where packs are.  [default: outputs]")
def due(
    on: date | None, since: date | None, school_file: Path | None, out: Path | None, *, makes: bool
) -> None:
    """List the papers that the school's calendar asks for: made, due, missed, and the next ones.

    With --run those due or missed are made, oldest first and each once, whatever happens to the one before. Exit
    code: 0 if nothing failed, else that of the first failure. Each event is a line of due.log beside the packs.
    """
    from attendance_lib.reports.due import DueRequest, standing_on
    from attendance_lib.reports.due_text import standing_notes, standing_text
    from attendance_lib.reports.own_papers import with_own_papers

    project = the_project(school_file)
    now = datetime.now().astimezone()
    day = on or now.date()
    # Of another day than today all of it counts.
    until = now.time() if day == now.date() else time.max
    school = school_file or default_school()
    project = with_own_papers(project, school)
    request = DueRequest(project, school, out or project.outputs, day, since, until)
    exit_code = make_what_is_due(request) if makes else 0
    standing = standing_on(request)
    show(standing_text(standing))
    for note in standing_notes(standing):
        tell(note)
    click.get_current_context().exit(exit_code)


@attendance.command()
@click.option(
    "--schools",
    "schools",
    multiple=True,
    metavar="FILES",
    help="School files, counts that schools sent (.json), or a pattern such as 'params/schools/*.yml'; may be repeated.  "
    "[default: those the trust file names]",
)
@click.argument("more", nargs=-1, metavar="[FILES]...")
@click.option(
    "--trust",
    "trust_file",
    type=FILE,
    help="The trust file: its name, its schools, and what of them it may see.",
)
@click.option("--on", type=DATE, metavar="DATE", help="The day whose papers are due.  [default: today]")
@click.option(
    "--to",
    "to",
    type=DATE,
    metavar="DATE",
    help="Last day of the trust's paper.  [default: the last Friday before that day]",
)
@click.option("--out", type=FILE, help="Where packs go.  [default: outputs]")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Schools at a time on this machine.  [default: its processors]",
)
@click.option(
    "--memory",
    type=click.FloatRange(min=0),
    default=4,
    show_default=True,
    help="Gigabytes that a worker may take; 0 for no limit.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="A Dask scheduler whose workers see to the schools, as tcp://host:8786.",
)
def trust(schools: tuple[str, ...], more: tuple[str, ...], trust_file: Path | None, **asked: Any) -> None:
    """Make every due paper of every school, and the trust's own paper from the counts that each school sends.

    A school that fails is named and the others go on. Exit code: 0 if nothing failed, else that of the first school of which
    something did. Give the command again after a stop: what is made is not made again.
    """
    from attendance_lib.papers.trust.from_school import counts_from
    from attendance_lib.reports.engines import engine_for
    from attendance_lib.reports.run import utc_now
    from attendance_lib.reports.trust import run_trust, schools_named, settled

    named, files = schools_named(trust_file, (*schools, *more))
    base = (trust_file or files[0]).parent
    day = asked["on"] or datetime.now().astimezone().date()
    request = settled(
        the_project(base), (named, files, base), (day, asked["to"]), asked["out"], asked["memory"]
    )
    engine = engine_for((counts_from, utc_now), asked["workers"], asked["scheduler"])
    click.get_current_context().exit(run_trust(request, engine, watched_run(), show))


@attendance.group()
def impact() -> None:
    """What came of interventions, for others than the school: its paper is made by attendance run impact."""


@impact.command("export")
@click.option("--school", "school_file", type=FILE, help=SCHOOL_HELP)
@click.option("--to", type=DATE, help="Last day that counts.  [default: the last Friday before today]")
@click.option(
    "--sees",
    type=click.Choice(["protected", "counts"]),
    default="protected",
    show_default=True,
    help="What the trust may see: counts with few pupils' withheld, or beside them counts as they are.",
)
@click.option("--out", type=FILE, help="The folder of the file.  [default: below outputs]")
def export_impact(school_file: Path | None, to: date | None, sees: str, out: Path | None) -> None:
    """Write what a school sends its trust: counts and the estimates of its interventions, and no row of a pupil.

    The trust names the file beside its other schools: attendance trust --schools 300001.json. It is the file that attendance
    trust makes of a school whose exports it reads.
    """
    from attendance_lib.intake.settings.loading import load_settings
    from attendance_lib.papers.trust.from_school import counts_from
    from attendance_lib.reports.many_schools import export_counts
    from attendance_lib.reports.trust import task_of

    path, today = school_file or default_school(), datetime.now().astimezone().date()
    settings = load_settings(path)
    task = task_of(the_project(path), settings, (today, to), sees, out)
    show(str(export_counts(task, settings, counts_from)))


@attendance.command()
@click.argument("pack", type=FILE)
@click.option(
    "--rerun", is_flag=True, help="Make it again elsewhere and compare bytes; takes as long as a run."
)
@click.option(
    "--school",
    "school_file",
    type=FILE,
    help="The school file, where it lies outside the project: a published paper's receipt does not tell its folder.",
)
def verify(pack: Path, school_file: Path | None, *, rerun: bool) -> None:
    """Compare PACK with its receipt: exit code 0 if it is as it was made, 1 if not, another if that cannot be told.

    A workbook that staff have filled in, and inputs that have changed since, are said but are no fault.
    """
    from attendance_lib.reports.verify import verify_pack

    project = the_project(school_file or pack)
    found = verify_pack(pack, project, school_file)
    faults = [*found.faults, *(differences_when_made_again(pack, project, school_file) if rerun else ())]
    for line in [*found.notes, *faults]:
        tell(line)
    show(f"{pack}: {f'differs from its receipt ({len(faults)})' if faults else 'as it was made'}")
    click.get_current_context().exit(DIFFERS if faults else 0)


@attendance.group()
def casebook() -> None:
    """The casebook: what staff wrote in workbooks, kept beside the packs. Runs write it; these read it."""


PACKS_HELP = "Where packs, and the casebook beside them, are.  [default: outputs]"


@casebook.command()
@click.option("--school", "school_file", type=FILE, help=SCHOOL_HELP)
@click.option("--packs", type=FILE, help=PACKS_HELP)
@click.option("--out", type=FILE, help="Where it is written.  [default: the folder casebook beside it]")
def export(school_file: Path | None, packs: Path | None, out: Path | None) -> None:
    """Write all of the casebook as a workbook and CSV, which hold names: into a folder for this account alone."""
    from attendance_lib.reports.casebook_files import export_casebook

    click.echo(export_casebook(casebook_desk(school_file, packs), out))


@casebook.command("check")
@click.option("--school", "school_file", type=FILE, help=SCHOOL_HELP)
@click.option("--packs", type=FILE, help=PACKS_HELP)
def check_casebook(school_file: Path | None, packs: Path | None) -> None:
    """Prove that the casebook is whole and is the one that the packs' receipts name: exit code 0, else 11."""
    from attendance_lib.reports.casebook_files import prove_whole

    click.echo(prove_whole(casebook_desk(school_file, packs)))


@casebook.command("erase")
@click.option("--school", "school_file", type=FILE, help=SCHOOL_HELP)
@click.option("--packs", type=FILE, help=PACKS_HELP)
@click.option(
    "--pupil", prompt="The pupil's number", help="The pupil's number; asked for if it is not given."
)
@click.option("--yes", is_flag=True, help="Do not ask first.")
def erase_pupil(school_file: Path | None, packs: Path | None, pupil: str, *, yes: bool) -> None:
    """Empty what the casebook holds about one pupil, for good, and name the files that may still hold it."""
    from attendance_lib.reports.casebook_files import erase_pupil as erase

    desk = casebook_desk(school_file, packs)
    if not yes:
        click.confirm(
            f"Empty all that {desk.book.path.name} holds about this pupil? It cannot be undone", abort=True
        )
    for line in erase(desk, pupil):
        click.echo(line)


@casebook.command("accept-loss")
@click.option("--school", "school_file", type=FILE, help=SCHOOL_HELP)
@click.option("--packs", type=FILE, help=PACKS_HELP)
def accept_casebook_loss(school_file: Path | None, packs: Path | None) -> None:
    """Go on where the casebook that packs name is lost with every copy; the next run reads all workbooks again."""
    from attendance_lib.reports.casebook_files import accept_loss
    from attendance_lib.reports.run import utc_now

    out = packs or the_project(school_file).outputs
    click.echo(accept_loss(school_file or default_school(), out, tell, utc_now()))


@attendance.command()
@click.argument("folder", metavar="[DIR]", type=FILE, required=False)
@click.option("--seed", type=int, help="Another number invents another school.")
def demo(folder: Path | None, seed: int | None) -> None:
    """Write the invented school's exports, and the truth about it, to DIR.

    DIR is by default outputs/demo_exports, where params/demo.yml looks for them.
    """
    from attendance_lib.demo import write_demo
    from attendance_lib.reports.files import naming

    target = folder or the_project(None).outputs / DEMO_EXPORTS
    with naming(target):
        summary = write_demo(target) if seed is None else write_demo(target, seed)
    tell(f"{summary.enrolments:,} enrolments and {summary.marks:,} marks, invented from seed {summary.seed}")
    click.echo(target)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; errors a user can act on become lines on stderr.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the process by default.

    Returns
    -------
    int
        0 done, 1 a pack differs from its receipt, 2 usage or a file that the system refused, 10 settings, 11 input
        data refused, 12 disclosure, 13 notebook failed, 70 a fault of ours, 128 and more stopped.
    """
    settle(sys.argv[1:] if argv is None else ())
    with Ending() as ending:
        ending.code = called(argv)
        sys.stdout.flush()
    return ending.code


def called(argv: Sequence[str] | None) -> int:
    """Run the command and return its exit code, having told what a user can act on."""
    try:
        return attendance.main(argv, prog_name="attendance", standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        tell(error.format_message())
        return error.exit_code
    except click.ClickException as error:
        tell(f"attendance: {error.format_message()}")
        return error.exit_code
    except AttendanceError as error:
        tell(str(error))
        return error.exit_code
