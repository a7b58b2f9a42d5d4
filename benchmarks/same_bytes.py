"""Whether every paper has the same bytes under every kernel, SIMD level, C library and thread count that this processor can run.

``make same-bytes`` runs it: the demo school is written, checked and made into all its papers once for each setting, each in
a process of its own, and every file is compared with that of the first setting. Receipts are left out, which hold the
time, the casebook, which is salted, and the exports as read, which are named after the folder they are of.
It prints a line a setting and ends with 1 if any file differs. Settings of other makes of processor that this one cannot
run are named and left out.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from attendance_lib.intake.school_store import SUFFIX
from attendance_lib.reports.papers import CHECK, GOVERNORS_REPORT, MadeBy, papers_made_by

ROOT = Path(__file__).parents[1]
# The governors' report is that of the end of a school year.
ASKED = {GOVERNORS_REPORT.name: ("--to", "2026-07-17")}
PAPERS = {name: ASKED.get(name, ()) for name in papers_made_by(MadeBy.RUN)}
RECEIPT, CASEBOOK = "receipt.json", "casebook-"

# OpenBLAS's kernels, newest first for each make of processor, and what one must have to run each (numpy's names).
KERNELS = {
    "SkylakeX": {"AVX512_SKX"},
    "Cooperlake": {"AVX512_SKX"},
    "Haswell": {"AVX2", "FMA3"},
    "Zen": {"AVX2", "FMA3"},
    "Sandybridge": {"AVX"},
    "Nehalem": {"SSE42"},
    "Prescott": {"SSE3"},
    "NEOVERSEN1": {"ASIMDDP"},
    "ARMV8": {"ASIMD"},
}
BLAS, THREADS, SIMD, LIBC = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_NUM_THREADS",
    "NPY_DISABLE_CPU_FEATURES",
    "GLIBC_TUNABLES",
)
SIMD_LEVELS = ("AVX512_SPR", "AVX512_SPR AVX512_ICL X86_V4", "AVX512_SPR AVX512_ICL X86_V4 X86_V3")
OLDEST = "the oldest kernel with two threads, no SIMD"
OLD_LIBC = "glibc.cpu.hwcaps=-AVX2,-AVX2_Usable,-FMA,-FMA_Usable,-FMA4,-AVX512F"


def simd_turned_off() -> list[str]:
    """Return what of each of SIMD_LEVELS numpy would use here, joined, without levels of which it uses nothing."""
    used = (" ".join(name for name in level.split() if name in dispatched()) for level in SIMD_LEVELS)
    return list(filter(None, used))


def settings() -> dict[str, dict[str, str]]:
    """Return the environments to try by name: each kernel, two of them with two threads, each SIMD level, an old C library."""
    kernels = [name for name, needs in KERNELS.items() if needs <= features()]
    found = {f"{kernel}, 1 thread": {BLAS: kernel, THREADS: "1"} for kernel in kernels}
    for kernel in dict.fromkeys((*kernels[:1], *kernels[-1:])):
        found[f"{kernel}, 2 threads"] = {BLAS: kernel, THREADS: "2"}
    found |= {f"numpy without {off}": {SIMD: off} for off in simd_turned_off()}
    if sys.platform == "linux" and platform.machine() == "x86_64":
        found["C library without FMA"] = {LIBC: OLD_LIBC}
    if kernels:
        found[OLDEST] = {BLAS: kernels[-1], THREADS: "2", SIMD: " ".join(dispatched())}
    return found


def features() -> set[str]:
    """Return what this processor has, by numpy's names."""
    from numpy._core._multiarray_umath import __cpu_features__

    return {name for name, has in __cpu_features__.items() if has}


def dispatched() -> list[str]:
    """Return what numpy can be told to do without, of what this processor has."""
    from numpy._core._multiarray_umath import __cpu_dispatch__

    return [name for name in __cpu_dispatch__ if name in features()]


def environment(setting: dict[str, str]) -> dict[str, str]:
    """Return this process's environment with nothing of any setting but that of one."""
    bare = {name: value for name, value in os.environ.items() if name not in (BLAS, THREADS, SIMD, LIBC)}
    return bare | setting


def make_all(folder: Path) -> None:
    """Make a folder the project's, and there the demo school, its check and its papers, with the threads that are asked for."""
    from attendance_lib.reports.execute import ENVIRONMENT

    ENVIRONMENT[THREADS] = os.environ.get(THREADS, ENVIRONMENT[THREADS])
    for name in ("notebooks", "params"):
        shutil.copytree(ROOT / name, folder / name)
    os.chdir(folder)
    ask("demo")
    ask(CHECK.name)
    for paper, more in PAPERS.items():
        ask("run", paper, *more)


def ask(*arguments: str) -> None:
    """Run a command here.

    Raises
    ------
    RuntimeError
        If it does not end well.
    """
    from attendance_lib.cli import main

    if code := main(arguments):
        raise RuntimeError(f"attendance {' '.join(arguments)} ended with {code}")


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file made, by its path, but of what differs from run to run."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "outputs").rglob("*"))
        if path.is_file() and not differs_from_run_to_run(path)
    }


def differs_from_run_to_run(path: Path) -> bool:
    """Whether a file is another one in every run, by its name (see the top).

    Examples
    --------
    >>> [differs_from_run_to_run(Path(name)) for name in ("a/receipt.json", "casebook-990001.sqlite", "a/tables/rates.csv")]
    [True, True, False]
    """
    return path.name == RECEIPT or path.name.startswith(CASEBOOK) or path.suffix == SUFFIX


def made_under(setting: dict[str, str], keep: Path | None) -> dict[str, str]:
    """Make everything in a process of its own under a setting, and return the files' hashes."""
    with TemporaryDirectory() as folder:
        made = keep or Path(folder)
        made.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "benchmarks.same_bytes", "--make", str(made)]
        subprocess.run(command, cwd=ROOT, env=environment(setting), check=True, stdout=subprocess.DEVNULL)
        return hashes(made)


def differences(first: dict[str, str], other: dict[str, str]) -> Iterator[str]:
    """Yield the files that are not the same, or not in both.

    Examples
    --------
    >>> list(differences({"a.csv": "0f", "b.csv": "1e", "c.csv": "2d"}, {"a.csv": "0f", "b.csv": "ff"}))
    ['b.csv', 'c.csv']
    """
    yield from (name for name in sorted(first.keys() | other.keys()) if first.get(name) != other.get(name))


def compare_all(keep: Path | None) -> int:
    """Make everything under every setting, say what differs, and return how many settings differ from the first."""
    left_out = [name for name, needs in KERNELS.items() if not needs <= features()]
    say(f"kernels that this processor cannot run: {', '.join(left_out) or 'none'}")
    first, wrong = None, 0
    for name, setting in settings().items():
        made = made_under(setting, keep and keep / name.replace(" ", "_"))
        first = first or made
        differing = list(differences(first, made))
        wrong += bool(differing)
        say(
            f"{name}: {len(made)} files, {len(differing)} differ {json.dumps(differing[:12]) if differing else ''}"
        )
    return wrong


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make_all(Path(sys.argv[2]))
    else:
        sys.exit(bool(compare_all(Path(sys.argv[1]) if sys.argv[1:] else None)))
