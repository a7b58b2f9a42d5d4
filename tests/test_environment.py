"""pyproject.toml, requirements.lock and environment.yml name the same packages, each for a reason."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"(?m)^([A-Za-z0-9_.-]+)==([^\s;\\]+)")
# Used by running them (or by being what runs), not by importing them.
TOOLS = {
    "ipykernel": "runs the notebooks",
    "jupyterlab": "make lab",
    "nbval": "make test",
    "pytest-randomly": "pytest loads it",
    "pytest-xdist": "pytest -n",
    "ruff": "make lint",
    "setuptools": "builds the package",
    "font-source-sans-pro": "display/fonts.py finds its files",
    "noto-cjk-sans-otc": "display/fonts.py finds its files",
}
IMPORTED_AS = {
    "beautifulsoup4": "bs4",
    "fonttools": "fontTools",
    "python-calamine": "python_calamine",
    "python-dateutil": "dateutil",
    "python-docx": "docx",
    "pyyaml": "yaml",
    "pyzmq": "zmq",
}
# Imported without a declaration of their own: part of the face of the package named, which alone knows the version it needs.
COMES_WITH = {
    "jsonschema": "nbformat",
    "jupyter_client": "papermill",
    "nbclient": "papermill",
    "pydantic_core": "pydantic",
    "traitlets": "nbconvert",
    "zmq": "ipykernel",
}
CONDA_NAMES = {"matplotlib-base": "matplotlib", "seaborn-base": "seaborn"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_name(requirement: str) -> str:
    return canonical(re.match(r"[A-Za-z0-9_.-]+", requirement)[0])


def direct_dependencies(pyproject: str) -> list[str]:
    project = tomllib.loads(pyproject)["project"]
    return [
        requirement_name(line) for line in project["dependencies"] + project["optional-dependencies"]["test"]
    ]


def grouped_dependencies(pyproject: str) -> dict[str, list[str]]:
    """What each group needs besides, such as the tests in a browser; a project may have none."""
    groups = tomllib.loads(pyproject).get("dependency-groups", {})
    return {group: [requirement_name(line) for line in lines] for group, lines in groups.items()}


def dependencies_without_reason(pyproject: str) -> list[str]:
    """Requirement lines (one in quotes, then a comma) that no comment of three words follows."""
    lines = re.findall(r'(?m)^    "([A-Za-z][^"]*)",(.*)$', pyproject)
    names = {*direct_dependencies(pyproject), *chain.from_iterable(grouped_dependencies(pyproject).values())}
    return [
        line
        for line, rest in lines
        if requirement_name(line) in names and not re.search(r"#\s*\S+\s+\S+\s+\S+", rest)
    ]


def locked_versions(lock: str) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for name, version in PINNED.findall(lock):
        versions.setdefault(canonical(name), set()).add(version)
    return versions


def locked_without_hash(lock: str) -> list[str]:
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    return [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]


def hosts_named(text: str) -> list[str]:
    return re.findall(r"\S*://\S*|--(?:extra-)?index-url\b|--find-links\b|--trusted-host\b", text)


def conda_versions(environment: str) -> dict[str, str]:
    entries = yaml.safe_load(environment)["dependencies"]
    from_pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    lines = [entry for entry in entries if isinstance(entry, str)] + from_pip
    pairs = [
        re.split(r"\s*={1,2}", line, maxsplit=1)
        for line in lines
        if re.fullmatch(r"[^\s=<>]+\s*={1,2}\S+", line)
    ]
    return {CONDA_NAMES.get(canonical(name), canonical(name)): version for name, version in pairs}


def imported_modules(sources: Iterable[str]) -> set[str]:
    """The top-level names of every absolute import, wherever in the source it stands."""
    found = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add(node.module.partition(".")[0])
    return found


def project_sources() -> list[str]:
    """Every Python file, and the code of every notebook."""
    files = [*ROOT.glob("attendance_lib/**/*.py"), *ROOT.glob("tests/**/*.py")]
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in ROOT.glob("notebooks/*.ipynb")]
    cells = [
        "".join(cell["source"]) for book in notebooks for cell in book["cells"] if cell["cell_type"] == "code"
    ]
    return [path.read_text(encoding="utf-8") for path in files] + cells


@cache
def project_imports() -> frozenset[str]:
    """What the project imports; read once, for every dependency asks for it."""
    return frozenset(imported_modules(project_sources()))


PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENVIRONMENT = (ROOT / "environment.yml").read_text(encoding="utf-8")
DIRECT = direct_dependencies(PYPROJECT)
GROUPS = grouped_dependencies(PYPROJECT)


@pytest.mark.parametrize("name", DIRECT)
def test_a_direct_dependency_has_one_version_in_the_lock_and_for_conda(name):
    assert locked_versions(LOCK).get(name) == {conda_versions(ENVIRONMENT).get(name)}


def test_conda_names_nothing_that_pyproject_does_not():
    assert set(conda_versions(ENVIRONMENT)) == set(DIRECT)


def test_conda_asks_for_the_python_that_pyproject_asks_for():
    lowest = tomllib.loads(PYPROJECT)["project"]["requires-python"]
    assert f"python {lowest}" in ENVIRONMENT


def test_every_locked_package_has_a_hash():
    assert locked_without_hash(LOCK) == []


def test_the_lock_names_no_place_to_fetch_from():
    assert hosts_named(LOCK) == []


def test_the_lock_serves_windows_and_macos_too():
    for marker in ("sys_platform == 'darwin'", "sys_platform == 'win32'", "os_name == 'nt'"):
        assert marker in LOCK


def test_every_dependency_says_why_it_is_here():
    assert dependencies_without_reason(PYPROJECT) == []


@pytest.mark.parametrize("name", [name for name in DIRECT if name not in TOOLS])
def test_every_dependency_is_imported_somewhere(name):
    assert IMPORTED_AS.get(name, name) in project_imports()


def test_every_import_is_declared():
    declared = {IMPORTED_AS.get(name, name) for name in DIRECT} | set(COMES_WITH)
    own = {"attendance_lib", "benchmarks", "tests"}
    assert project_imports() - set(sys.stdlib_module_names) - own - declared == set()


def test_what_comes_with_a_dependency_is_locked_like_one():
    locked = {IMPORTED_AS.get(name, name) for name in locked_versions(LOCK)}
    assert {canonical(module) for module in COMES_WITH} <= {canonical(name) for name in locked}
    assert set(COMES_WITH.values()) <= set(DIRECT)


def test_the_tools_that_nothing_imports_are_dependencies_still():
    assert set(TOOLS) <= set(DIRECT)


# What the tests in a browser and the benchmark need, kept apart so that `make test` stays free of it


@pytest.mark.parametrize("group", ["browser", "benchmark"])
def test_what_a_group_needs_is_pinned_apart_with_hashes(group):
    lock = (ROOT / f"requirements-{group}.lock").read_text(encoding="utf-8")
    assert set(GROUPS[group]) <= set(locked_versions(lock))
    assert locked_without_hash(lock) == []
    assert hosts_named(lock) == []
    shared = set(locked_versions(lock)) & set(locked_versions(LOCK))
    assert {name: locked_versions(lock)[name] for name in shared} == {
        name: locked_versions(LOCK)[name] for name in shared
    }


@pytest.mark.parametrize(("group", "folder"), [("browser", "browser_tests"), ("benchmark", "benchmarks")])
def test_a_group_is_imported_where_it_belongs_and_the_rest_of_the_project_does_without(group, folder):
    sources = [path.read_text(encoding="utf-8") for path in ROOT.glob(f"{folder}/*.py")]
    needed = {name.replace("-", "_") for name in GROUPS[group]}
    assert needed <= imported_modules(sources)
    assert not needed & project_imports()
    known = {IMPORTED_AS.get(name, name) for name in DIRECT} | set(COMES_WITH)
    known |= {"attendance_lib", "benchmarks", "browser_tests", "tests"}
    assert imported_modules(sources) - set(sys.stdlib_module_names) - known == needed


# The checks themselves, on files that are wrong.


def test_a_dependency_without_a_reason_is_found():
    text = '[project]\ndependencies = [\n    "numpy>=2", # the grid of marks\n    "polars",\n    "nh3", # safe\n]\n'
    text += "[project.optional-dependencies]\ntest = []\n"
    assert dependencies_without_reason(text) == ["polars", "nh3"]


def test_a_package_without_a_hash_is_found():
    assert locked_without_hash("a==1 \\\n    --hash=sha256:00\nb==2\nc==3 \\\n    --hash=sha256:11\n") == [
        "b==2"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "--index-url x",
        "--extra-index-url x",
        "--find-links wheels",
        "a @ https://host.example/a.whl",
        "--trusted-host x",
    ],
)
def test_a_place_to_fetch_from_is_found(line):
    assert len(hosts_named(f"a==1\n{line}\n")) == 1


def test_two_versions_of_one_package_are_told_apart():
    assert locked_versions("a==1 ; x\nA==2 ; y\n") == {"a": {"1", "2"}}


def test_conda_and_pip_entries_are_read_alike():
    text = "dependencies:\n  - python >=3.11\n  - pip\n  - seaborn-base =0.1\n  - pip:\n      - typst==0.2\n      - -e .\n"
    assert conda_versions(text) == {"seaborn": "0.1", "typst": "0.2"}


def test_an_import_inside_a_function_counts_and_a_relative_one_does_not():
    assert imported_modules(["def f():\n    import a.b\n    from c import d\n    from . import e\n"]) == {
        "a",
        "c",
    }
