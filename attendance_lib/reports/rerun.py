"""Make a pack again from its receipt, elsewhere, and compare bytes."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from attendance_lib.reports.pack import own_values
from attendance_lib.reports.project import Project
from attendance_lib.reports.receipt import Receipt, read_receipt
from attendance_lib.reports.request import RunRequest
from attendance_lib.reports.run import Run, run_report


def rerun_differences(pack: Path, project: Project, run: Run) -> list[str]:
    """Return a line for each file whose bytes differ when the pack is made again from its receipt.

    The new files are compared with the receipt's hashes, so a workbook filled in since does not count.

    Raises
    ------
    AttendanceError
        If the report can no longer be made.
    """
    receipt = read_receipt(pack)
    with TemporaryDirectory() as folder:
        again = read_receipt(run_report(request_of(receipt, project, Path(folder)), run))
    before, after = receipt.outputs, again.outputs
    differing = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    return [f"{name}: comes out different when made again" for name in differing]


def request_of(receipt: Receipt, project: Project, out: Path) -> RunRequest:
    """Return the request that a receipt tells of."""
    return RunRequest(
        report=receipt.report,
        project=project,
        school_file=project.absolute(receipt.text_parameter("school_file")),
        out=out,
        date_from=date.fromisoformat(receipt.date_from),
        date_to=date.fromisoformat(receipt.date_to),
        cohort=receipt.cohort,
        cohorts_file=project.absolute(receipt.text_parameter("cohorts_file")),
        previous_pack=receipt.text_parameter("previous_pack"),
        values=own_values(receipt),
    )
