"""A school as it was read knows no reader."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_type_of_a_school_imports_no_reader():
    code = (
        "import sys, attendance_lib.intake.checked_school\n"
        "print(sorted(name for name in sys.modules if name.startswith('attendance_lib.intake.')))\n"
        "print([name for name in ('python_calamine', 'openpyxl', 'yaml', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    own, costly = done.stdout.splitlines()
    assert own == "['attendance_lib.intake.checked_school', 'attendance_lib.intake.ledger']"
    assert costly == "[]"
