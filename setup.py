"""What pyproject.toml cannot say: what a new project is laid out from lies beside the library, and goes into it as package data."""

import runpy
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

NAMES = runpy.run_path("attendance_lib/starter.py")["NAMES"]


class BuildWithStarter(build_py):
    """Copies notebooks and parameter files into ``attendance_lib/starter``, and names them among the sources."""

    def run(self) -> None:
        """Build as ever, then copy; an editable installation reads them where they lie."""
        super().run()
        if not self.editable_mode:
            for name, target in self.starter().items():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(name, target)

    def starter(self) -> dict[str, Path]:
        """Return where each file goes in the build."""
        return {name: Path(self.build_lib, "attendance_lib", "starter", name) for name in NAMES}

    def get_source_files(self) -> list[str]:
        """Return what the source distribution must hold."""
        return [*super().get_source_files(), *NAMES]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:  # noqa: FBT001, FBT002 - as it is called
        """Return what is built."""
        return [*super().get_outputs(include_bytecode), *map(str, self.starter().values())]


setup(cmdclass={"build_py": BuildWithStarter})
