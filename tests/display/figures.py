"""A chart as matplotlib holds it before it is written as SVG, so that a test can ask what stands where."""

from matplotlib.collections import PathCollection
from matplotlib.figure import Figure


def figure_of(monkeypatch, module, make):
    """Return what a chart draws on a blank figure as wide as a page, and the heights that it asks for (inches)."""
    asked = []

    def kept(draw, *heights):
        asked.append((draw, heights))
        return {"svg": "<svg/>"}

    monkeypatch.setattr(module, "drawn", kept)
    make()
    ((draw, heights),) = asked
    figure = Figure(figsize=(9, heights[0]))
    draw(figure)
    return figure, heights


def dots_of(axes):
    """Return the dots of each look that has any, in the order in which they were drawn."""
    return [each for each in axes.collections if isinstance(each, PathCollection) and len(each.get_offsets())]


def offsets_of(axes):
    """Return the places of every dot, one list for each look."""
    return [each.get_offsets().tolist() for each in dots_of(axes)]
