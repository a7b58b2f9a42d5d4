"""A kernel that is always this interpreter, whatever kernels a machine has installed, with a settled environment."""

import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import Any, ClassVar

import zmq
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from traitlets import default

from attendance_lib.errors import system_remedy

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

# What a kernel and its libraries keep for a person. Nothing of that may reach a report, nor need the person's home.
PRIVATE_FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
TEMPORARY = ("TMPDIR", "TEMP", "TMP")
# Matplotlib's list of fonts takes seconds to make, so it is private only where it cannot be kept.
FONTS = "MPLCONFIGDIR"
A_BLOCK = 4096
WORDS = "kernel.txt"
# An error's class as the last line of a traceback has it, and its number if it is of the system; never its message.
LAST_ERROR = re.compile(
    r"^([A-Z]\w*(?:Error|Exception|Exit|Interrupt))\b(?::\s*\[Errno (\d+)\])?", re.MULTILINE
)
KILLED = -9
MEMORY = "as the system does when memory is short. Close other programs, and run it again."
AGAIN = "Run it again."

# The kernel works in the project's folder, and must import this library even where it is not installed.
LIBRARY = Path(__file__).parents[2]


class ThisInterpreter(KernelSpecManager):
    """Knows one kernel: the interpreter that runs this code, with a private folder in place of the person's home."""

    private: Path
    extra: Mapping[str, str] = MappingProxyType({})

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 - the signature it overrides
        """Return the kernel of this interpreter, under any name."""
        settled = ENVIRONMENT | private_folders(self.private) | {"PYTHONPATH": import_path()} | self.extra
        return KernelSpec(env=settled, **get_kernel_dict())


class ReportKernelManager(AsyncKernelManager):
    """Starts the kernel of ``ThisInterpreter``; what passes between us and it is encrypted, since it names pupils.

    What the process itself writes goes to a file in ``private``, for the same reason; ``exit_codes`` gets the code of
    one that ended by itself. ``extra`` is what its environment has besides.
    """

    private: ClassVar[Path]
    extra: ClassVar[Mapping[str, str]]
    exit_codes: ClassVar[list[int]]

    async def _async_launch_kernel(self, kernel_cmd: list[str], **how: Any) -> None:
        with (self.private / WORDS).open("wb") as words:
            await super()._async_launch_kernel(kernel_cmd, **how | {"stdout": words, "stderr": words})

    async def _async_is_alive(self) -> bool:
        code = await self.provisioner.poll() if self.has_kernel else None
        if code is not None:
            self.exit_codes.append(code)
        return self.has_kernel and code is None

    is_alive = _async_is_alive

    @default("kernel_spec_manager")
    def _this_interpreter(self) -> KernelSpecManager:
        found = ThisInterpreter(parent=self)
        found.private, found.extra = self.private, self.extra
        return found

    @default("transport_encryption")
    def _encrypted(self) -> str:
        return "auto" if zmq.has("curve") else "disabled"


def import_path() -> str:
    """Return the kernel's PYTHONPATH: this library, then what the person has set."""
    return os.pathsep.join(filter(None, (str(LIBRARY), os.environ.get("PYTHONPATH"))))


def kernel_in(private: Path, extra: Mapping[str, str] = MappingProxyType({})) -> type[ReportKernelManager]:
    """Return the manager of one kernel that keeps to a private folder, with more in its environment."""
    own = {"private": private, "extra": extra, "exit_codes": []}
    return type("PrivateKernelManager", (ReportKernelManager,), own)


def private_folders(private: Path) -> dict[str, str]:
    """Return the environment that keeps a kernel to a private folder, made where need be."""
    folders = {name: str(private / name.lower()) for name in PRIVATE_FOLDERS}
    fonts = {} if keeps_fonts() else {FONTS: str(private / FONTS.lower())}
    for folder in (folders | fonts).values():
        Path(folder).mkdir(exist_ok=True)
    return folders | fonts | dict.fromkeys(TEMPORARY, str(private))


def keeps_fonts() -> bool:
    """Whether matplotlib can keep its list of fonts where it is used to."""
    try:
        return all(map(is_writable, font_folders()))
    except RuntimeError:  # the account has no home
        return False


def font_folders() -> list[Path]:
    """Return where matplotlib would keep its settings and its list of fonts.

    Raises
    ------
    RuntimeError
        If the account has no home.
    """
    named = os.environ.get(FONTS)
    if named:
        return [Path(named)]
    home = Path.home()
    if not sys.platform.startswith(("linux", "freebsd")):
        return [home / ".matplotlib"]
    defaults = {"XDG_CONFIG_HOME": home / ".config", "XDG_CACHE_HOME": home / ".cache"}
    return [Path(os.environ.get(name) or folder) / "matplotlib" for name, folder in defaults.items()]


def is_writable(folder: Path) -> bool:
    """Whether a file can be written in a folder, which is made if need be: asked by doing it, for disks may be full."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(A_BLOCK))
    except OSError:
        return False
    return True


def why_it_ended(manager: type[ReportKernelManager]) -> str:
    """Return why a kernel ended by itself, as far as can be known without what it may have said of pupils, and a remedy.

    Examples
    --------
    >>> why_it_ended(type("", (), {"exit_codes": [-9]}))
    'it was killed, as the system does when memory is short. Close other programs, and run it again.'
    """
    code = next(iter(manager.exit_codes), None)
    if code is None:
        return f"it did not answer. {AGAIN}"
    if code == KILLED:
        return f"it was killed, {MEMORY}"
    if code < 0:
        return f"it was ended by signal {-code} ({signal.strsignal(-code)}). {AGAIN}"
    return last_error(manager.private / WORDS) or f"it ended with code {code}. {AGAIN}"


def last_error(words: Path) -> str:
    """Return the kind of the last error among what a process wrote, with a remedy; "" if there is none."""
    found = list(LAST_ERROR.finditer(words.read_text(encoding="utf-8", errors="replace")))
    if not found:
        return ""
    kind, number = found[-1].groups()
    if not number:
        return f"it was stopped by {kind}. {AGAIN}"
    return f"it was stopped by {kind}: {os.strerror(int(number))}. {system_remedy(int(number))}"
