"""The rooms and their arrows, and what no code in the library may do (DESIGN: the rooms; STYLE: smells)."""

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

PACKAGE = "attendance_lib"
ROOT = Path(__file__).parents[1]
# About what the longest files of well-known libraries of this field have.
CODE_LINES = 400
# The deepest of them has as many imports one above the other: whoever reads the last must have read all of them.
MODULES_IN_A_ROW = 15
# The evaluation of interventions is a subject of its own, with steps that follow each other; beside it no row is as long.
MODULES_IN_A_ROW_OUTSIDE_IMPACT = 14

# What each room may import besides itself and the package's version. Errors are the floor that all stand on, the lock beside them.
ARROWS = {
    "errors": set(),
    "endings": {"errors"},
    "lock": {"errors"},
    "imports": set(),
    "starter": set(),
    "rules": {"errors"},
    "intake": {"rules", "errors"},
    "register": {"intake", "rules", "errors"},
    "casebook": {"register", "intake", "rules", "lock", "errors"},
    "pack": {"casebook", "register", "intake", "rules", "errors"},
    "analysis": {"pack", "casebook", "register", "intake", "rules", "errors"},
    "disclosure": {"intake", "rules", "errors"},
    "display": {"rules", "imports", "errors"},
    "papers": {
        "analysis",
        "pack",
        "casebook",
        "disclosure",
        "register",
        "intake",
        "rules",
        "display",
        "reports",
        "errors",
    },
    "reports": {"display", "casebook", "register", "intake", "rules", "lock", "starter", "imports", "errors"},
    "demo": {"intake", "rules", "starter", "errors"},
    "terminal": {"reports", "rules", "errors"},
    "cli": {
        "errors",
        "terminal",
        "endings",
        "rules",
        "intake",
        "register",
        "casebook",
        "analysis",
        "display",
        "papers",
        "reports",
        "demo",
    },
    "__main__": {"cli"},
    # The one object for a notebook reads what papers read, and the packs that were made.
    "analyst": {"errors", "rules", "intake", "register", "pack", "analysis", "display", "reports"},
}
PRINTS = {"cli"}
ASKS_THE_TIME = {"cli", "reports.run"}  # once a run, for the receipt
# openpyxl asks the environment alone whether to write with lxml; one answer for all of the package, before it is imported.
TELLS_THE_ENVIRONMENT = {""}
# The pack reads where a run has left what it read: a parameter of the notebook would be seen by everyone.
READS_THE_ENVIRONMENT = {"cli", "reports", "pack.opening"}
EXITS = {"cli", "__main__"}
# BLAS gives other last bits on another processor: these multiply whole numbers alone, of which any order gives the same sum.
MULTIPLIES_MATRICES = {
    "analysis.impact.exact_products",
    "analysis.patterns",
    "disclosure",
    "demo.defects",
}
# Their results hang on BLAS, on numpy's SIMD level or on the C library; among equals, on where a partial sort stopped.
NOT_THE_SAME_EVERYWHERE = {
    "argpartition",
    "cov",
    "corrcoef",
    "dot",
    "einsum",
    "hypot",
    "inner",
    "lstsq",
    "matmul",
    "pinv",
    "tensordot",
    "vdot",
}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


@dataclass(frozen=True)
class Module:
    """One module of the library: its name below the package ("rules.codes", "rules") and its source."""

    name: str
    source: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    def is_in(self, places: Iterable[str]) -> bool:
        return any(self.name == place or self.name.startswith(f"{place}.") for place in places)


def read_modules(package: Path) -> list[Module]:
    modules = []
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        modules.append(Module(name, path.read_text(encoding="utf-8"), is_package))
    return modules


# Arrows


def imported_names(module: Module) -> Iterator[str]:
    """Every name of ours that the module imports, at its top or inside a function, below the package."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (
                alias.name.partition(".")[2] for alias in node.names if alias.name.split(".")[0] == PACKAGE
            )
        elif isinstance(node, ast.ImportFrom) and (base := base_of(node, module)) is not None:
            yield from (f"{base}.{alias.name}".strip(".") for alias in node.names)


def base_of(node: ast.ImportFrom, module: Module) -> str | None:
    """Where a from-import looks, below the package; None where it leaves it."""
    if node.level == 0:
        top, _, rest = node.module.partition(".")
        return rest if top == PACKAGE else None
    parts = module.name.split(".") + ["self"] * module.is_package
    return ".".join(parts[: len(parts) - node.level] + ([node.module] if node.module else []))


def graph_of(modules: list[Module]) -> dict[str, set[str]]:
    """Each module with the modules it imports; a name that is no module stands for the package that holds it."""
    known = {module.name for module in modules}
    graph = {}
    for module in modules:
        targets = {name if name in known else name.rpartition(".")[0] for name in imported_names(module)}
        graph[module.name] = targets - {module.name, ""}
    return graph


def forbidden_arrows(modules: list[Module]) -> list[str]:
    return [
        f"{module} imports {target}"
        for module, targets in graph_of(modules).items()
        for target in sorted(targets)
        if (here := module.partition(".")[0]) != (there := target.partition(".")[0])
        and there not in ARROWS.get(here, set())
    ]


def papers_imported(modules: list[Module]) -> list[str]:
    """What a paper imports of another one's folder; what two share lies in ``papers`` itself, or lower."""
    folders = {
        module.name.split(".")[1]
        for module in modules
        if module.name.count(".") == 2 and module.room == "papers"
    }
    return [
        f"{module} imports {target}"
        for module, targets in graph_of(modules).items()
        for target in sorted(targets)
        if module.startswith("papers.")
        and target.startswith("papers.")
        and (there := target.split(".")[1]) in folders
        and there != module.split(".")[1]
    ]


def import_cycle(modules: list[Module]) -> list[str]:
    try:
        graphlib.TopologicalSorter(graph_of(modules)).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return []


def longest_chain(modules: list[Module]) -> list[str]:
    """The longest row of modules of which each imports the next."""
    graph, chains = graph_of(modules), {}
    for name in graphlib.TopologicalSorter(graph).static_order():
        chains[name] = [name, *max((chains[each] for each in graph.get(name, ())), key=len, default=[])]
    return max(chains.values(), key=len, default=[])


# What a module may not do


def smells(module: Module) -> list[str]:
    return [
        f"{module.name}:{node.lineno}: {what}"
        for node in ast.walk(module.tree)
        for what in [
            *statement_smells(node, module),
            *call_smells(node, module),
            *attribute_smells(node, module),
        ]
    ]


def statement_smells(node: ast.AST, module: Module) -> Iterator[str]:
    if isinstance(node, ast.Assert):
        yield "assert"
    if (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.MatMult)
        and not module.is_in(MULTIPLIES_MATRICES)
    ):
        yield "matrix product"
    if isinstance(node, ast.ExceptHandler) and (node.type is None or is_broad(node.type)):
        yield "bare or broad except"
    if isinstance(node, ast.Import) and any(alias.name == "random" for alias in node.names):
        yield "unseeded randomness"


def is_broad(caught: ast.expr) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(ast.unparse(name) in {"Exception", "BaseException"} for name in names)


def call_smells(node: ast.AST, module: Module) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    called = ast.unparse(node.func)
    given = {keyword.arg: ast.unparse(keyword.value).strip("'") for keyword in node.keywords}
    if called == "print" and not module.is_in(PRINTS):
        yield "print"
    if called in {"exit", "quit", "sys.exit", "SystemExit"} and not module.is_in(EXITS):
        yield "exit"
    if given.get("inplace") == "True":
        yield "inplace"
    if called.endswith(".apply") and given.get("axis") in {"1", "columns"}:
        yield "row by row"
    if called.endswith("default_rng") and not (node.args or node.keywords):
        yield "unseeded randomness"
    if called in {"warnings.filterwarnings", "warnings.simplefilter"} and silences_all(node):
        yield "warnings silenced"
    yield from numeric_smells(node, called, given)


def numeric_smells(node: ast.Call, called: str, given: dict[str, str]) -> Iterator[str]:
    """What may give another figure, or another order, on another processor."""
    method = called.rpartition(".")[2]
    if method in NOT_THE_SAME_EVERYWHERE or ".linalg." in called:
        yield "not the same everywhere"
    if (
        method in {"argsort", "sort_values"}
        and sorts_by_one_key(node, method)
        and given.get("kind") != "stable"
    ):
        yield "order among equals"


def sorts_by_one_key(node: ast.Call, method: str) -> bool:
    """Whether a sort has one key, of which equals keep no order unless it is stable (several keys always are)."""
    keys = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "by")]
    if method == "argsort" or not keys:
        return True
    return isinstance(keys[0], ast.Constant) or (isinstance(keys[0], ast.List) and len(keys[0].elts) == 1)


def silences_all(call: ast.Call) -> bool:
    """Whether a filter ignores every warning: it names neither a category nor a message."""
    given = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    given += [
        each.value.value
        for each in call.keywords
        if each.arg == "action" and isinstance(each.value, ast.Constant)
    ]
    return "ignore" in given and len(call.args) + len(call.keywords) == 1


CLOCK = {"now", "today", "utcnow"}
CLOCK_FUNCTIONS = {"time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.strftime"}


def attribute_smells(node: ast.AST, module: Module) -> Iterator[str]:
    if not isinstance(node, ast.Attribute):
        return
    if node.attr == "iterrows":
        yield "row by row"
    asks_the_time = node.attr in CLOCK or ast.unparse(node) in CLOCK_FUNCTIONS
    if asks_the_time and not module.is_in(ASKS_THE_TIME):
        yield "clock"
    asks = READS_THE_ENVIRONMENT | TELLS_THE_ENVIRONMENT
    if ast.unparse(node) in {"os.environ", "os.getenv"} and not module.is_in(asks):
        yield "environment"


# What a public function must have


def public_functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Public functions of a module and public methods of its public classes, with their dotted names."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from ((f"{node.name}.{name}", method) for name, method in functions_in(node.body))
    yield from functions_in(tree.body)


def functions_in(body: list[ast.stmt]) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node.name, node


def undocumented(module: Module) -> list[str]:
    return [
        f"{module.name}.{name}" for name, node in public_functions(module.tree) if not ast.get_docstring(node)
    ]


def unannotated(module: Module) -> list[str]:
    return [f"{module.name}.{name}" for name, node in public_functions(module.tree) if not is_annotated(node)]


def is_annotated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = node.args
    named = [
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    ]
    needed = [each for each in named if each is not None and each.arg not in {"self", "cls"}]
    return node.returns is not None and all(each.annotation is not None for each in needed)


def code_lines(module: Module) -> int:
    """Lines that hold code: no blank line, no comment, no docstring."""
    held = {line for node in ast.walk(module.tree) if isinstance(node, ast.expr) for line in lines_of(node)}
    held |= {node.lineno for node in ast.walk(module.tree) if isinstance(node, ast.stmt)}
    docstrings = {line for node in ast.walk(module.tree) if is_text(node) for line in lines_of(node)}
    return len(held - docstrings)


def is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def lines_of(node: ast.expr | ast.stmt) -> range:
    return range(node.lineno, node.end_lineno + 1)


# The library as it is


MODULES = read_modules(ROOT / PACKAGE)


def test_every_room_is_there():
    assert {module.room for module in MODULES} - {""} == set(ARROWS)


def test_arrows_run_one_way():
    assert forbidden_arrows(MODULES) == []


def test_no_paper_imports_another():
    assert papers_imported(MODULES) == []


def test_no_module_imports_itself_by_a_detour():
    assert import_cycle(MODULES) == []


def test_no_row_of_imports_is_longer_than_one_can_follow():
    chain = longest_chain(MODULES)
    assert len(chain) <= MODULES_IN_A_ROW, " > ".join(chain)
    chain = longest_chain([module for module in MODULES if "impact" not in module.name.split(".")])
    assert len(chain) <= MODULES_IN_A_ROW_OUTSIDE_IMPACT, " > ".join(chain)


# What a type may not bring with it: a school from the store is opened, and a paper made of it, without any reader of exports.
OPENERS_OF_FILES = ("openpyxl", "python_calamine", "attendance_lib.intake.files")
READERS_OF_FILES = (*OPENERS_OF_FILES, "attendance_lib.intake.layouts")
READERS_OF_SETTINGS = ("yaml", "pydantic", "attendance_lib.intake.settings")
LOADS_NONE_OF = {
    "intake.checked_school": (*READERS_OF_FILES, *READERS_OF_SETTINGS, "attendance_lib.intake.school"),
    "pack.pack": (*READERS_OF_FILES, *READERS_OF_SETTINGS, "attendance_lib.analysis"),
    "intake.settings.yaml": READERS_OF_FILES,
    "intake.settings.school_file": READERS_OF_FILES,
    # A school file names layouts and columns of theirs; to check that it does, none of its files is opened.
    "intake.settings.loading": OPENERS_OF_FILES,
}


@pytest.mark.parametrize("name", LOADS_NONE_OF)
def test_a_type_brings_no_machine_with_it(name):
    loading = f"import sys, {PACKAGE}.{name}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", loading], cwd=ROOT, capture_output=True, text=True, check=True
    )
    unwanted = tuple(f"{each}." for each in LOADS_NONE_OF[name])
    assert [each for each in loaded.stdout.split() if f"{each}.".startswith(unwanted)] == []


def test_no_module_does_what_none_may_do():
    assert [smell for module in MODULES for smell in smells(module)] == []


def test_every_public_function_is_documented():
    assert [name for module in MODULES for name in undocumented(module)] == []


def test_every_public_function_is_annotated():
    assert [name for module in MODULES for name in unannotated(module)] == []


def test_every_module_says_what_it_is_for():
    assert [module.name for module in MODULES if not ast.get_docstring(module.tree)] == []


def test_no_module_is_a_drawer_or_a_placeholder():
    assert [module.name for module in MODULES if DRAWERS & set(module.name.split("."))] == []
    assert [module.name for module in MODULES if not module.is_package and code_lines(module) == 0] == []


def test_no_module_outgrows_its_noun():
    assert {module.name: code_lines(module) for module in MODULES if code_lines(module) > CODE_LINES} == {}


# The checks themselves, on modules that are wrong (and on some that are right).


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("rules.codes", "import attendance_lib.intake.school", ["rules.codes imports intake.school"]),
        ("rules.codes", "from attendance_lib import intake", ["rules.codes imports intake"]),
        ("rules.codes", "from ..intake import school", ["rules.codes imports intake.school"]),
        ("rules.codes", "from ..intake.school import School", ["rules.codes imports intake.school"]),
        (
            "display.html",
            "def f():\n    from attendance_lib.register.grid import R",
            ["display.html imports register.grid"],
        ),
        ("display.html", "from attendance_lib.sections import pages", ["display.html imports sections"]),
        ("reports.run", "from attendance_lib.analysis import measures", ["reports.run imports analysis"]),
        ("reports.run", "from attendance_lib.cli import main", ["reports.run imports cli"]),
        ("reports.run", "from attendance_lib.register import grid", []),
        ("reports.run", "from attendance_lib import __version__", []),
        ("rules.codes", "from . import dates", []),
        ("rules.codes", "from attendance_lib.errors import nearest", []),
        ("cli", "from attendance_lib.demo import write", []),
    ],
)
def test_an_arrow_against_the_house_is_found(name, source, found):
    rooms = [
        Module(room, "", is_package=True) for room in ARROWS if room not in {"cli", "errors", "__main__"}
    ]
    others = [
        Module("cli", ""),
        Module("errors", ""),
        Module("lock", ""),
        Module("intake.school", ""),
        Module("register.grid", ""),
    ]
    kept = [module for module in rooms + others if module.name != name]
    assert forbidden_arrows([*kept, Module(name, source)]) == found


def test_a_paper_that_imports_another_is_found():
    words = Module("papers.daily.words", "from attendance_lib.papers.shared import x")
    of_another = "from attendance_lib.papers.daily.words import y"
    other = Module("papers.plan.sheet", f"{of_another}\nfrom attendance_lib.papers.plan import opening")
    kept = [
        Module("papers.shared", ""),
        words,
        Module("papers.plan", "", is_package=True),
        Module("papers.plan.opening", ""),
    ]
    assert papers_imported([*kept, other]) == ["papers.plan.sheet imports papers.daily.words"]
    assert papers_imported(kept) == []


def test_the_longest_row_of_imports_is_found_through_a_function_too():
    modules = [
        Module("a", "import attendance_lib.b\nimport attendance_lib.d"),
        Module("b", "def f():\n    from attendance_lib import c"),
        Module("c", ""),
        Module("d", ""),
    ]
    assert longest_chain(modules) == ["a", "b", "c"]
    assert longest_chain([]) == []


def test_a_cycle_through_a_function_is_found():
    late = "def f():\n    from attendance_lib.rules.c import g"
    chain = [
        Module("rules.a", "from attendance_lib.rules.b import f"),
        Module("rules.b", late),
        Module("rules.c", "from .a import h"),
    ]
    assert set(import_cycle(chain)) == {"rules.a", "rules.b", "rules.c"}
    assert import_cycle([*chain[:2], Module("rules.c", "")]) == []


def test_a_package_that_gathers_its_modules_is_no_cycle():
    package = Module(
        "rules", "from attendance_lib.rules.codes import CODES\nfrom . import bands", is_package=True
    )
    assert (
        import_cycle([package, Module("rules.codes", ""), Module("rules.bands", "from .codes import X")])
        == []
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("try:\n    x\nexcept:\n    y", ["3: bare or broad except"]),
        ("try:\n    x\nexcept Exception:\n    y", ["3: bare or broad except"]),
        ("try:\n    x\nexcept (ValueError, BaseException):\n    y", ["3: bare or broad except"]),
        ("try:\n    x\nexcept (ValueError, KeyError):\n    y", []),
        ("assert x", ["1: assert"]),
        ("print(x)", ["1: print"]),
        ("pprint(x)", []),
        ("sys.exit(1)", ["1: exit"]),
        ("raise SystemExit(2)", ["1: exit"]),
        ("t.drop(columns='a', inplace=True)", ["1: inplace"]),
        ("t.drop(columns='a', inplace=False)", []),
        ("for i, row in t.iterrows():\n    pass", ["1: row by row"]),
        ("t.apply(f, axis=1)", ["1: row by row"]),
        ("t.apply(f)", []),
        ("datetime.now(UTC)", ["1: clock"]),
        ("day = date.today()", ["1: clock"]),
        ("pd.Timestamp.now()", ["1: clock"]),
        ("field(default_factory=date.today)", ["1: clock"]),
        ("time.time()", ["1: clock"]),
        ("time.perf_counter()", []),
        ("os.environ['A']", ["1: environment"]),
        ("os.getenv('A')", ["1: environment"]),
        ("np.random.default_rng()", ["1: unseeded randomness"]),
        ("np.random.default_rng(seed)", []),
        ("import random", ["1: unseeded randomness"]),
        ("warnings.simplefilter('ignore')", ["1: warnings silenced"]),
        ("warnings.filterwarnings(action='ignore')", ["1: warnings silenced"]),
        ("warnings.filterwarnings('ignore', message='x')", []),
        ("warnings.simplefilter('ignore', UserWarning)", []),
        ("warnings.simplefilter('default')", []),
        ("t.apply(f, axis='columns')", ["1: row by row"]),
        ("a @ b", ["1: matrix product"]),
        ("np.dot(a, b)", ["1: not the same everywhere"]),
        ("np.linalg.inv(a)", ["1: not the same everywhere"]),
        ("np.argpartition(a, 3)", ["1: not the same everywhere"]),
        ("np.partition(a, 3)", []),
        ("np.argsort(a)", ["1: order among equals"]),
        ("a.argsort(kind='stable')", []),
        ("t.sort_values('a')", ["1: order among equals"]),
        ("t.sort_values(by=['a'])", ["1: order among equals"]),
        ("t['a'].sort_values()", ["1: order among equals"]),
        ("t.sort_values('a', kind='stable')", []),
        ("t.sort_values(['a', 'b'])", []),
    ],
)
def test_what_none_may_do_is_found(source, found):
    assert [smell.removeprefix("rules.codes:") for smell in smells(Module("rules.codes", source))] == found


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("cli", "print(1)"),
        ("cli", "sys.exit(1)"),
        ("cli", "date.today()"),
        ("reports.run", "datetime.now(UTC)"),
        ("analysis.patterns", "a @ b"),
    ],
)
def test_what_one_place_may_do_is_let_pass_there_and_nowhere_else(name, source):
    assert smells(Module(name, source)) == []
    assert len(smells(Module("reports.runs", source))) == 1


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("def f() -> int:\n    return 1", ["a.f"]),
        ("class C:\n    def g(self) -> int:\n        return 1", ["a.C.g"]),
        ("def f() -> int:\n    'What f is.'", []),
        ("def _f(): ...", []),
        ("class _C:\n    def g(self): ...", []),
        ("def f() -> int:\n    'What.'\n    def g(): ...", []),
    ],
)
def test_a_public_function_without_a_docstring_is_found(source, missing):
    assert undocumented(Module("a", source)) == missing


@pytest.mark.parametrize(
    ("signature", "is_full"),
    [
        ("f(a: int, *, b: str = '') -> None", True),
        ("f(a: int)", False),
        ("f(a, b: int) -> None", False),
        ("f(*, a) -> None", False),
        ("f(*a) -> None", False),
        ("f(**a) -> None", False),
        ("f(*a: int, **b: int) -> None", True),
    ],
)
def test_a_missing_annotation_is_found(signature, is_full):
    assert unannotated(Module("a", f"def {signature}: ...")) == ([] if is_full else ["a.f"])


def test_a_method_needs_no_annotation_of_itself():
    assert unannotated(Module("a", "class C:\n    def g(self) -> int: ...")) == []


def test_docstrings_comments_and_blank_lines_are_no_code():
    source = (
        '"""What\nfor."""\n\n# why\nX = (\n    1,\n    2,\n)\n\n\ndef f():\n    """Do."""\n    return X\n'
    )
    assert code_lines(Module("a", source)) == 6
