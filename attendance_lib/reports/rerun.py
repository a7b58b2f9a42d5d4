"""Make a pack again from its receipt, elsewhere, and compare bytes."""

from datetime import date
from pathlib import Path

from attendance_lib.casebook.place import reference_to
from attendance_lib.errors import ChangedInputsError, counted
from attendance_lib.reports.pack import own_values
from attendance_lib.reports.project import Project
from attendance_lib.reports.published import SEPARATOR
from attendance_lib.reports.published_names import Found
from attendance_lib.reports.receipt import read_receipt
from attendance_lib.reports.request import RunRequest
from attendance_lib.reports.run import Run, run_report
from attendance_lib.reports.scratch import scratch
from attendance_lib.reports.verify import inputs_not_as_they_were


def rerun_differences(pack: Path, project: Project, run: Run, school_file: Path | None = None) -> list[str]:
    """Return a line for each file whose bytes differ when the pack is made again from its receipt.

    The new files are compared with the receipt's hashes, so a workbook filled in since does not count. ``school_file`` is
    as ``verify_pack`` takes it.

    Raises
    ------
    ChangedInputsError
        If an input is not what it was: other bytes would tell nothing, so nothing is made.
    AttendanceError
        If the report can no longer be made.
    """
    receipt = read_receipt(pack)
    found = Found(pack, receipt, project, school_file)
    if changed := list(inputs_not_as_they_were(found)):
        what = counted(len(changed), "input has", "inputs have")
        raise ChangedInputsError(
            "\n".join([f"{pack}: not made again, for {what} changed or gone since it was made:", *changed])
        )
    with scratch() as folder:
        request = request_of(found, folder)
        again = read_receipt(run_report(request, run))
    if (told := receipt.casebook.get("head")) and again.casebook.get("head") != told:
        revision = receipt.casebook.get("revision")
        return [
            f"casebook: its revision {revision} is not the one that this pack was written from, "
            "so the pack cannot be made again as it was"
        ]
    before, after = receipt.outputs, again.outputs
    differing = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    return [f"{name}: comes out different when made again" for name in differing]


def request_of(found: Found, out: Path) -> RunRequest:
    """Return the request that a receipt tells of."""
    receipt, project = found.receipt, found.project
    return RunRequest(
        report=receipt.report,
        project=project,
        school_file=found.needed_school(),
        out=out,
        date_from=date.fromisoformat(receipt.date_from),
        date_to=date.fromisoformat(receipt.date_to),
        cohort=receipt.cohort,
        cohorts_file=found.cohorts,
        earlier=earlier_of(found),
        values=own_values(receipt),
    )


def earlier_of(found: Found) -> str:
    """Return what a pack read of earlier papers: the casebook at its revision, or the other papers of its readers."""
    known = found.receipt.casebook
    if "revision" in known:
        return reference_to(str(known["file"]), int(known["revision"]))
    return SEPARATOR.join(map(found.project.relative, found.previous_packs))
