"""The command ``attendance`` as on a system that does not say how many threads run, so that nothing is forked."""

import sys
from pathlib import Path

from attendance_lib.cli import main
from attendance_lib.reports import forked

if __name__ == "__main__":
    forked.THREADS = Path("/none")
    sys.exit(main())
