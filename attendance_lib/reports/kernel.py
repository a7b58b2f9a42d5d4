"""A kernel that is always this interpreter, whatever kernels a machine has installed, with a settled environment."""

import os
from pathlib import Path

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from traitlets import default

KERNEL_NAME = "python3"

# What could make two runs differ: the order of sets, a window for figures, the width of text tables.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "MPLBACKEND": "agg", "COLUMNS": "120", "SOURCE_DATE_EPOCH": "0"}

# The kernel works in the project's folder, and must import this library even where it is not installed.
LIBRARY = Path(__file__).parents[2]

# A profile of its own, so that a person's IPython start-up files do not run inside a report.
ARGUMENTS = ["--profile=attendance"]


class ThisInterpreter(KernelSpecManager):
    """Knows one kernel: the interpreter that runs this code."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 - the signature it overrides
        """Return the kernel of this interpreter, under any name."""
        return KernelSpec(
            env=ENVIRONMENT | {"PYTHONPATH": import_path()}, **get_kernel_dict(extra_arguments=ARGUMENTS)
        )


class ReportKernelManager(AsyncKernelManager):
    """Starts the kernel of ``ThisInterpreter``."""

    @default("kernel_spec_manager")
    def _this_interpreter(self) -> KernelSpecManager:
        return ThisInterpreter(parent=self)


def import_path() -> str:
    """Return the kernel's PYTHONPATH: this library, then what the person has set."""
    return os.pathsep.join(filter(None, (str(LIBRARY), os.environ.get("PYTHONPATH"))))
