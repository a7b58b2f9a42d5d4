"""What a governors' report is made of is declared where it is counted, and nowhere else."""

import inspect
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from attendance_lib.disclosure.tables import PublicTable
from attendance_lib.papers import governors
from attendance_lib.papers.governors import opening
from attendance_lib.papers.governors.workings import (
    PLACE,
    Workings,
    declared_in,
    is_whole_school_only,
    table_of_report,
)

MODULES = [import_module(f"{governors.__name__}.{each.name}") for each in iter_modules(governors.__path__)]
# What the step makes from what earlier reports published.
MADE_BY_THE_STEP = {"public_past"}


def module_with(**functions):
    module = ModuleType("counted_here")
    vars(module).update(functions)
    return module


def test_tables_come_in_the_order_of_their_places_whatever_module_they_are_in():
    def late(workings):
        return None

    def early(workings):
        return None

    table_of_report(place=20, whole_school_only=True)(late)
    table_of_report(place=10)(early)
    # The second module imported the function of the first: it is one table.
    modules = (module_with(a=late), module_with(b=early, c=late, d=len))
    assert declared_in(modules) == (early, late)
    assert [is_whole_school_only(each) for each in declared_in(modules)] == [False, True]


def test_no_two_tables_have_one_place():
    places = [getattr(each, PLACE) for each in opening.BUILDERS]
    assert places == sorted(set(places))


def test_every_function_of_the_workings_alone_that_makes_a_public_table_is_declared_and_known():
    made = {
        function
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("public_") and name not in MADE_BY_THE_STEP
        and list(function.__annotations__.values()) == [Workings, PublicTable]
    }  # fmt: skip
    assert len(made) > 15
    assert made == set(opening.BUILDERS)
