"""Make a pack again from its receipt, elsewhere, and compare bytes."""

from datetime import date
from pathlib import Path

from attendance_lib.casebook.place import reference_to
from attendance_lib.reports.pack import own_values
from attendance_lib.reports.parameters import EARLIER
from attendance_lib.reports.project import Project
from attendance_lib.reports.receipt import Receipt, read_receipt
from attendance_lib.reports.request import RunRequest
from attendance_lib.reports.run import Run, run_report
from attendance_lib.reports.scratch import scratch


def rerun_differences(pack: Path, project: Project, run: Run) -> list[str]:
    """Return a line for each file whose bytes differ when the pack is made again from its receipt.

    The new files are compared with the receipt's hashes, so a workbook filled in since does not count.

    Raises
    ------
    AttendanceError
        If the report can no longer be made.
    """
    receipt = read_receipt(pack)
    with scratch() as folder:
        again = read_receipt(run_report(request_of(receipt, project, folder), run))
    before, after = receipt.outputs, again.outputs
    differing = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    return [f"{name}: comes out different when made again" for name in differing]


def request_of(receipt: Receipt, project: Project, out: Path) -> RunRequest:
    """Return the request that a receipt tells of."""
    return RunRequest(
        report=receipt.report,
        project=project,
        school_file=project.absolute(str(receipt.parameters["school_file"])),
        out=out,
        date_from=date.fromisoformat(receipt.date_from),
        date_to=date.fromisoformat(receipt.date_to),
        cohort=receipt.cohort,
        cohorts_file=project.absolute(str(receipt.parameters["cohorts_file"])),
        earlier=earlier_of(receipt),
        values=own_values(receipt),
    )


def earlier_of(receipt: Receipt) -> str:
    """Return what a pack read of earlier papers: the casebook at its revision, or the others that its parameters name."""
    if "revision" in receipt.casebook:
        return reference_to(str(receipt.casebook["file"]), int(receipt.casebook["revision"]))
    return next((str(receipt.parameters[name]) for name in EARLIER if name in receipt.parameters), "")
