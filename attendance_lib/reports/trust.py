"""Many schools in one go: each seen to by a worker, then the trust's own paper from the counts they sent.

What is made is not made again, so that a run that was stopped goes on where it was when the same command is given.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import RequestError, SettingsError
from attendance_lib.intake.files.store import fetched, is_in_store
from attendance_lib.intake.school_counts import (
    LIST,
    NotThere,
    TrustCounts,
    files_of,
    read_trust,
    write_counts,
)
from attendance_lib.intake.settings.trust_file import UNNAMED, Trust, load_trust
from attendance_lib.lock import locked
from attendance_lib.reports.due_run import DONE
from attendance_lib.reports.execute import Execution, execute, printed_warnings
from attendance_lib.reports.files import hashes_below, private_file, sha256
from attendance_lib.reports.folder import PackPlace, building, check_not_open
from attendance_lib.reports.many_schools import GIGABYTE, SENT_AS, SchoolDone, SchoolTask
from attendance_lib.reports.names import WHOLE_SCHOOL, pack_name, report_folder, school_folder
from attendance_lib.reports.papers import TRUST_PAPER
from attendance_lib.reports.period import Period
from attendance_lib.reports.project import Project
from attendance_lib.reports.published import FOLDER as PUBLISHED
from attendance_lib.reports.published import (
    RECORD,
    SEPARATOR,
    TABLES,
    RecordFolder,
    drop_warnings,
    tell_parameters,
)
from attendance_lib.reports.published_names import named_files
from attendance_lib.reports.receipt import (
    RECEIPT,
    Receipt,
    codes,
    read_receipt,
    thresholds,
    versions_of,
    write_receipt,
)
from attendance_lib.reports.render import render
from attendance_lib.reports.run import Run, nobody
from attendance_lib.reports.scratch import scratch

if TYPE_CHECKING:
    from attendance_lib.intake.settings.school_file import Settings

FRIDAY, A_WEEK = 4, 7
COUNTS, RECORD_OF_RUN, LOCK = "counts", "run.json", ".lock-trust"
# Sees to schools on some workers, and yields what came of each as it comes.
Engine = Callable[[Sequence[SchoolTask]], Iterator[SchoolDone]]


@dataclass(frozen=True)
class TrustRequest:
    """What is asked for: the trust, its schools' files, where packs go, the day, and the last day of the trust's paper.

    ``base`` is the folder beside which what the trust published is kept; ``memory`` bounds a worker, in bytes.
    """

    project: Project
    trust: Trust
    school_files: tuple[Path, ...]
    base: Path
    out: Path
    on: date
    to: date
    memory: int

    @property
    def folder(self) -> Path:
        """The trust's own folder among the packs."""
        return school_folder(self.out.resolve(), (self.trust.name, ""))

    @property
    def counts(self) -> Path:
        """The folder of its schools' counts up to the day."""
        return self.folder / COUNTS / self.to.isoformat()

    @property
    def history(self) -> RecordFolder:
        """What its paper has told so far."""
        return RecordFolder(self.base.resolve() / PUBLISHED / self.folder.name / TRUST_PAPER.name)

    def tasks(self) -> list[SchoolTask]:
        """Return what is to be done for each school, in the order of their files."""
        return [
            SchoolTask(
                self.project,
                path,
                self.out.resolve(),
                self.on,
                self.to,
                self.trust.sees,
                self.counts,
                self.memory,
            )
            for path in self.school_files
        ]


def task_of(
    project: Project, settings: "Settings", days: tuple[date, date | None], sees: str, out: Path | None
) -> SchoolTask:
    """Return what is to be done in a school that makes its counts itself, with what was not given: the last Friday, a folder.

    ``days`` are today and the last day that counts.
    """
    school, (today, to) = settings.school, days
    day = to or last_friday(today)
    folder = out or school_folder(project.outputs, (school.name, school.urn)) / COUNTS / day.isoformat()
    return SchoolTask(project, settings.file.resolve(), project.outputs, today, day, sees, folder)


def settled(
    project: Project,
    named: tuple[Trust, tuple[Path, ...], Path],
    days: tuple[date, date | None],
    out: Path | None,
    memory: float,
) -> TrustRequest:
    """Return a request with what was not given: packs in the project, and the last Friday before the day.

    ``named`` are the trust, its schools' files and the folder beside which what it publishes is kept; ``days`` the day whose papers
    are due and the last of the trust's paper; ``memory`` is in gigabytes.

    Examples
    --------
    >>> request = settled(Project(Path("office")), (UNNAMED, (), Path()), (date(2026, 11, 19), None), None, memory=0.5)
    >>> str(request.to), request.out.as_posix(), request.memory  # the Friday before a Thursday; half a gigabyte
    ('2026-11-13', 'office/outputs', 536870912)
    """
    trust, files, base = named
    on, to = days
    bound = int(memory * GIGABYTE)
    return TrustRequest(project, trust, files, base, out or project.outputs, on, to or last_friday(on), bound)


def last_friday(day: date) -> date:
    """Return the last Friday before a day, on which DfE's weeks end too.

    Examples
    --------
    >>> last_friday(date(2026, 2, 2)), last_friday(date(2026, 1, 30))
    (datetime.date(2026, 1, 30), datetime.date(2026, 1, 23))
    """
    return day - timedelta(days=(day.weekday() - FRIDAY - 1) % A_WEEK + 1)


def schools_named(trust_file: Path | None, patterns: Iterable[str]) -> tuple[Trust, tuple[Path, ...]]:
    """Return the trust, and the school files that it or the command names, each once and in order of their paths.

    A trust's list of its schools, which lies among their counts, is none of them.

    Raises
    ------
    RequestError
        If there are none, or a pattern leads to none.
    SettingsError
        If the trust file cannot be used.

    Examples
    --------
    >>> schools_named(None, ["no such folder/*.yml"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.RequestError: no such folder/*.yml: there is no such school file. Name school files, ...
    """
    trust = load_trust(trust_file) if trust_file else UNNAMED
    named = list(patterns) or [
        each if is_in_store(each) else str(trust_file.parent / each) for each in trust.schools if trust_file
    ]
    found: dict[Path, None] = {}
    own = trust_file and trust_file.resolve()
    for pattern in named:
        paths = sent_to_store(pattern, trust_file) if is_in_store(pattern) else paths_on_disk(pattern)
        if not paths:
            raise RequestError(
                f"{pattern}: there is no such school file. Name school files, or a pattern such as params/schools/*.yml."
            )
        files = (Path(each).resolve() for each in paths)
        found |= {path: None for path in files if path != own and path.name != LIST}
    if not found:
        raise RequestError(
            "No school is named. Give --schools, such as params/schools/*.yml, or a trust file that names them."
        )
    return trust, tuple(found)


def paths_on_disk(pattern: str) -> list[str]:
    """Return the paths of a pattern in order; a file by its very name is one, whatever signs of a pattern it holds."""
    return [pattern] if Path(pattern).is_file() else sorted(glob(pattern))


def sent_to_store(pattern: str, trust_file: Path | None) -> list[str]:
    """Return the copies of counts that schools sent to an object store.

    Raises
    ------
    RequestError
        If no trust file says beside what they go, or it is not counts that are named.

    Examples
    --------
    >>> sent_to_store("s3://trust/990001.json", None)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.RequestError: s3://trust/990001.json: of a store only counts that schools sent (.json) are ...
    """
    if not (trust_file and pattern.endswith(SENT_AS)):
        raise RequestError(
            f"{pattern}: of a store only counts that schools sent (.json) are taken, with --trust. School files lie on a disk, for "
            "what was published is kept beside them; the exports that they name may lie in a store."
        )
    return [str(path) for path in fetched(pattern, trust_file)]


def run_trust(request: TrustRequest, engine: Engine, run: Run, show: Callable[[str], None] = nobody) -> int:
    """See to every school, make the trust's paper, and return the exit code of the first failure.

    Parameters
    ----------
    request : TrustRequest
        What is asked for.
    engine : callable
        What sees to the schools.
    run : Run
        Progress, messages for people and the clock.
    show : callable
        Told of each result.

    Returns
    -------
    int
        0 if nothing failed; else the exit code of the first school, in the order of their files, of which something failed, or
        that of the trust's paper.

    Raises
    ------
    RequestError
        If another run of the trust is at it, or the engine cannot be reached.
    DisclosureError, NotebookError
        If the trust's paper cannot be made.
    """
    request.folder.mkdir(parents=True, exist_ok=True)
    with locked(request.folder / LOCK, f"{request.trust.name}"):
        done = seen_to(request, engine, run, show)
        write_list(request, done)
        codes_of = [each.exit_code for each in done if each.exit_code != DONE]
        if any(each.counts for each in done):
            show(str(make_paper(request, run)))
        else:
            run.say(f"No school of {request.trust.name} has sent counts, so its paper is not made.")
        return next(iter(codes_of), DONE)


def seen_to(request: TrustRequest, engine: Engine, run: Run, show: Callable[[str], None]) -> list[SchoolDone]:
    """See to every school, tell what came of each and keep the record of the run; return them in the order of their files."""
    from tqdm import tqdm

    tasks, found = request.tasks(), {}
    started = run.clock().isoformat(timespec="seconds")
    with tqdm(total=len(tasks), desc="Schools", leave=False, disable=not run.progress.shown) as bar:
        for done in engine(tasks):
            found[done.school_file] = done
            tell(done, run, show)
            bar.update()
            in_order = [found[str(task.school_file)] for task in tasks if str(task.school_file) in found]
            times = {"started": started, "last": run.clock().isoformat(timespec="seconds")}
            keep_run(request, in_order, times)
    return in_order


def tell(done: SchoolDone, run: Run, show: Callable[[str], None]) -> None:
    """Tell what came of a school: what failed for people, what was made as results.

    Examples
    --------
    >>> tell(SchoolDone("larkmoor.yml", "Larkmoor", exit_code=11, said=("marks.csv is empty",)), Run(say=print), print)
    Larkmoor: marks.csv is empty
    Larkmoor: failed, exit code 11
    """
    for line in done.said:
        run.say(f"{done.name}: {line}")
    for line in done.papers:
        show(f"{done.name}: {line}")
    if done.exit_code:
        run.say(f"{done.name}: failed, exit code {done.exit_code}")
    if done.counts:
        show(f"{done.name}: counts {done.counts}")


def keep_run(request: TrustRequest, done: Sequence[SchoolDone], times: Mapping[str, str]) -> None:
    """Write the record of a run so far: of each school what failed, how long it took and what memory; nothing of a pupil."""
    told = {
        "trust": request.trust.name, "to": request.to.isoformat(), "schools_in_all": len(request.school_files), **times,
        "schools": [asdict(each) for each in done],
    }  # fmt: skip
    path = request.folder / RECORD_OF_RUN
    half = path.with_name(f".{RECORD_OF_RUN}")
    with private_file(half) as file:
        file.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    half.replace(path)


def write_list(request: TrustRequest, done: Sequence[SchoolDone]) -> None:
    """Write which schools' counts the paper reads, and which are missing and why.

    Raises
    ------
    SettingsError
        If two schools have one URN: the counts of the one would stand for the other's.
    """
    here = [each for each in done if each.counts]
    urns = [each.urn for each in here]
    if twice := next((urn for urn in urns if urns.count(urn) > 1), None):
        files = [each.school_file for each in here if each.urn == twice]
        raise SettingsError(
            f"{files[0]} and {files[1]} have one URN, {twice}. Give each school its own, or name it once."
        )
    missing = [NotThere(each.name, each.why) for each in done if not each.counts]
    write_counts(
        TrustCounts(request.trust.name, request.to.isoformat(), urns, missing), request.counts / LIST
    )


# The trust's own paper


def make_paper(request: TrustRequest, run: Run) -> Path:
    """Make the trust's paper from the counts that are there, unless it is there from the same; return its folder.

    Raises
    ------
    DisclosureError
        If its tables cannot be made safe.
    NotebookError
        If its notebook fails.
    """
    _, schools = read_trust(request.counts)
    first = min(date.fromisoformat(school.to_date.date_from) for school in schools)
    place = PackPlace(
        report_folder(request.out.resolve(), (request.trust.name, ""), TRUST_PAPER.name),
        pack_name(Period(first, request.to), WHOLE_SCHOOL, {}),
    )
    counts = inputs_of(request, files_of(request.counts))
    if is_made_of(place.pack, counts):
        return place.pack
    check_not_open(place)
    records = request.history.records()
    parameters = {
        "counts_folder": request.project.relative(request.counts),
        "previous_pack": SEPARATOR.join(map(request.project.relative, records)),
    }
    inputs = inputs_of(request, [*files_of(request.counts), *records])
    started = run.clock().isoformat(timespec="seconds")
    with building(place, replace=True, say=run.say, is_published=True) as folder, scratch():
        warnings = build(request, parameters, folder, (place, run))
        receipt = Receipt(
            report=TRUST_PAPER.name, school={"name": request.trust.name, "urn": ""}, date_from=first.isoformat(),
            date_to=request.to.isoformat(), cohort=WHOLE_SCHOOL, parameters=told(parameters), inputs=inputs,
            outputs=hashes_below(folder), rules=[*thresholds(request.to), codes(request.to)],
            versions=versions_of(request.project.root), warnings=warnings,
            times={"started": started, "ended": run.clock().isoformat(timespec="seconds")},
        )  # fmt: skip
        write_receipt(receipt, folder)
        request.history.add(folder / TABLES / RECORD)
    return place.pack


def build(
    request: TrustRequest, parameters: dict[str, object], folder: Path, at: tuple[PackPlace, Run]
) -> list[str]:
    """Execute the notebook and render it into a folder; return the warnings for the receipt."""
    place, run = at
    target = folder / TRUST_PAPER.name
    execution = Execution(
        request.project.notebook(TRUST_PAPER.name),
        parameters,
        request.project.root,
        target.with_suffix(".ipynb"),
        place.failed,
    )
    with run.progress.step("Notebook of the trust"):
        notebook = execute(execution, run.progress)
    warnings = printed_warnings(notebook)
    tell_parameters(notebook, told(parameters))
    drop_warnings(notebook, target.with_suffix(".ipynb"))
    return [*warnings, *render(notebook, target, run.progress, is_published=True)]


def told(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the notebook's parameters as a published paper tells them: without folders outside the project.

    Examples
    --------
    >>> told({"counts_folder": "../../home/ann/counts/2026-01-30", "previous_pack": "outputs/a.json"})
    {'counts_folder': 'elsewhere/2026-01-30', 'previous_pack': 'outputs/a.json'}
    """
    return {
        name: SEPARATOR.join(map(named, str(value).split(SEPARATOR))) for name, value in parameters.items()
    }


def named(path: str) -> str:
    """Return a path as a published paper tells it.

    Examples
    --------
    >>> named("../2027/spring.json"), named("outputs/trust/spring")
    ('elsewhere/spring.json', 'outputs/trust/spring')
    """
    return f"elsewhere/{Path(path).name}" if path.startswith(("..", "/")) else path


def inputs_of(request: TrustRequest, files: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of what the paper is made from, by the names that its receipt gives."""
    return {
        name: sha256(path) for name, path in named_files(files, request.project, is_published=True).items()
    }


def is_made_of(pack: Path, counts: Mapping[str, str]) -> bool:
    """Whether a pack is there that was made from these counts."""
    if not (pack / RECEIPT).is_file():
        return False
    inputs = read_receipt(pack).inputs
    return (
        counts.items() <= inputs.items()
        and not {name for name in inputs if name.endswith(LIST)} - counts.keys()
    )
