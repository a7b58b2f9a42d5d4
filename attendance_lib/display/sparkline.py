"""A row's last few weeks as a picture the height of its line."""

from dataclasses import dataclass
from html import escape

from attendance_lib.display.look import DARK_BLUE, RULE

WIDTH, HEIGHT, MARGIN = 72, 20, 3
SMALL_DOT, LARGE_DOT = 1.1, 2.2
TENTHS = 10

Series = tuple[float | None, ...] | list[float | None]


@dataclass(frozen=True)
class Scale:
    """The fractions drawn at the foot and at the head of the picture."""

    low: float
    high: float = 1.0

    def height_of(self, value: float) -> float:
        """Return the distance of a fraction from the top of the picture, in pixels.

        Examples
        --------
        >>> [Scale(0.5).height_of(rate) for rate in (1, 0.75, 0.5)]
        [3.0, 10.0, 17.0]
        """
        share = (self.high - value) / (self.high - self.low)
        return round(MARGIN + share * (HEIGHT - 2 * MARGIN), 1)


def common_scale(series: list[Series]) -> Scale:
    """Return one scale for a whole column, so that its rows can be compared by eye.

    It reaches from 100% down to the tenth at or below the lowest value.

    >>> common_scale([(0.94, 0.88), (0.75, None)]).low
    0.7
    """
    values = [value for row in series if row for value in row if value is not None]
    lowest = int(min(values, default=0.5) * TENTHS) / TENTHS
    return Scale(low=min(lowest, 0.9))


def points_of(values: Series, scale: Scale) -> list[tuple[float, float] | None]:
    """Return where each value (a fraction; one per week) is drawn in the picture's units, ``None`` where there is nothing to draw.

    Examples
    --------
    >>> ends = points_of((1.0, None, 0.9), Scale(low=0.9))
    >>> ends[1], ends[0][1] < ends[2][1]  # downwards, as in every picture
    (None, True)
    """
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    across = (round(MARGIN + step * place, 1) for place in range(len(values)))
    return [
        None if value is None else (x, scale.height_of(value))
        for x, value in zip(across, values, strict=True)
    ]


def line_path(points: list[tuple[float, float] | None]) -> str:
    """Return SVG path commands: one line, lifted wherever a value is missing.

    >>> line_path([(0, 1), (2, 3), None, (6, 1)])
    'M0 1L2 3M6 1'
    """
    befores = [None, *points[:-1]]
    pairs = zip(befores, points, strict=True)
    return "".join(
        f"{'M' if before is None else 'L'}{point[0]} {point[1]}" for before, point in pairs if point
    )


def sparkline_svg(values: Series, scale: Scale, words: str = "") -> str:
    """Draw a short series as SVG: pale rules at 100% and at the foot of the scale, a line with a dot a week, the latest dot larger.

    Line and dots have the colour of the picture's text, which a contrast theme of the reader's takes into its own hands.

    Parameters
    ----------
    values : sequence of float or None
        Fractions (0 to 1), oldest first; ``None`` leaves a gap, never a zero.
    scale : Scale
        The fractions at the picture's foot and head.
    words : str
        Its accessible name where it stands inside HTML (see `format.describe_sparkline`); empty for a file of its own, in the PDF.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    points = points_of(values, scale)
    name = f'role="img" aria-label="{escape(words)}"' if words else 'xmlns="http://www.w3.org/2000/svg"'
    return (
        f'<svg {name} color="{DARK_BLUE}" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="M0 {MARGIN}H{WIDTH}M0 {HEIGHT - MARGIN}H{WIDTH}" stroke="{RULE}" stroke-width="0.6"/>'
        f'<path d="{line_path(points)}" fill="none" stroke="currentColor" stroke-width="1.2"/>'
        f'<g fill="currentColor">{dots([point for point in points if point])}</g></svg>'
    )


def dots(points: list[tuple[float, float]]) -> str:
    """Draw a dot at each point, the last one larger.

    Examples
    --------
    >>> dots([(3, 10), (6, 3)])
    '<circle cx="3" cy="10" r="1.1"/><circle cx="6" cy="3" r="2.2"/>'
    """
    radii = [SMALL_DOT] * (len(points) - 1) + [LARGE_DOT]
    return "".join(
        f'<circle cx="{x}" cy="{y}" r="{radius}"/>' for (x, y), radius in zip(points, radii, strict=False)
    )
