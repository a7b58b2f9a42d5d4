"""A kernel that is always this interpreter, whatever kernels a machine has installed, with a settled environment."""

import os
from pathlib import Path

import zmq
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from traitlets import default

KERNEL_NAME = "python3"

# What could make two runs differ: the order of sets, a window for figures, the width of text tables. And the order of
# sums: small matrices are multiplied on one thread, which is also many times as fast where a core is shared.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
    "COLUMNS": "120",
    "SOURCE_DATE_EPOCH": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}

# The kernel works in the project's folder, and must import this library even where it is not installed.
LIBRARY = Path(__file__).parents[2]


class ThisInterpreter(KernelSpecManager):
    """Knows one kernel: the interpreter that runs this code."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 - the signature it overrides
        """Return the kernel of this interpreter, under any name."""
        return KernelSpec(env=ENVIRONMENT | {"PYTHONPATH": import_path()}, **get_kernel_dict())


class ReportKernelManager(AsyncKernelManager):
    """Starts the kernel of ``ThisInterpreter``; what passes between us and it is encrypted, since it names pupils."""

    @default("kernel_spec_manager")
    def _this_interpreter(self) -> KernelSpecManager:
        return ThisInterpreter(parent=self)

    @default("transport_encryption")
    def _encrypted(self) -> str:
        return "auto" if zmq.has("curve") else "disabled"


def import_path() -> str:
    """Return the kernel's PYTHONPATH: this library, then what the person has set."""
    return os.pathsep.join(filter(None, (str(LIBRARY), os.environ.get("PYTHONPATH"))))
