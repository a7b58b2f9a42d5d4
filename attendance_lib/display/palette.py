"""The colours, named once.

Source: Government Analysis Function, *Data visualisation: colours in charts*, the categorical palette
(dark blue, turquoise, dark pink, orange, dark grey, light purple), chosen to be told apart by people
with colour blindness and in grey. Text colours are GOV.UK's. Contrast is computed in the tests.
"""

DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"
CATEGORICAL = (DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE)

# The sequential palette of the same source runs from dark to pale blue.
MID_BLUE = "#2073BC"
PALE_BLUE = "#6BACE6"
SEQUENTIAL = ("#FFFFFF", "#DCEAF7", PALE_BLUE, MID_BLUE, DARK_BLUE)

TEXT = "#0B0C0C"
BLACK = "#000000"  # on a shade half way to white, where neither TEXT nor white reaches 4.5 to 1
QUIET_TEXT = "#505A5F"
MID_GREY = "#6F777B"
ORANGE_TEXT = "#B8440A"  # the palette's orange, darkened until small text on white can be read
RULE = "#B1B4B6"
HAIR = "#DCDFE1"
FAINT = "#F3F5F7"
PAPER = "#FFFFFF"
ACCENT = DARK_BLUE

# Text on its ground, for values set off in a table.
ALERT_TEXT, ALERT_GROUND = "#801650", "#F9E6F0"
CAUTION_TEXT, CAUTION_GROUND = "#6B3A00", "#FFF1DC"
GOOD_TEXT, GOOD_GROUND = "#00534B", "#DFF3F0"

LINEAR_LIMIT = 0.04045


def luminance(colour: str) -> float:
    """Return a colour's relative luminance (0 black to 1 white) as WCAG 2.2 defines it.

    >>> luminance("#FFFFFF")
    1.0
    """
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (linear(channel) for channel in channels)
    return round(0.2126 * red + 0.7152 * green + 0.0722 * blue, 6)


def linear(channel: float) -> float:
    """Undo the screen's gamma for one channel (WCAG 2.2, relative luminance).

    Examples
    --------
    >>> linear(0.0), round(linear(1.0), 6)
    (0.0, 1.0)
    """
    return channel / 12.92 if channel <= LINEAR_LIMIT else ((channel + 0.055) / 1.055) ** 2.4


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2.2 defines it.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    pale, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return round((pale + 0.05) / (dark + 0.05), 2)
