"""How far apart two colours are, to eyes of every kind: contrast, CIEDE2000, simulated colour blindness."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.float64]
"""Linear RGB of sRGB's primaries, each 0 to 1."""

# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113: severity 1.0, on linear RGB.
_MACHADO: Final = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ],
}  # fmt: skip
# The luminance of sRGB's primaries, IEC 61966-2-1: also what is left of a colour on a black-and-white print.
_LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722])
_XYZ: Final = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
EYES: Final[Mapping[str, NDArray[np.float64]]] = {
    "all colours": np.eye(3),
    **{name: np.array(matrix) for name, matrix in _MACHADO.items()},
    "grey": np.tile(_LUMINANCE, (3, 1)),
}
"""For each way of seeing, the matrix that turns linear RGB into what is seen of it."""


def read_colour(written: str, on: Colour | None = None) -> Colour:
    """The linear RGB of `#rgb`, `#rrggbb` or `rgba(r, g, b, a)`; what shines through is `on`."""
    if written.startswith("rgb"):
        parts = [float(part) for part in written.partition("(")[2].rstrip(")").split(",")]
        alpha = parts[3] if len(parts) > 3 else 1.0
        code = np.array(parts[:3]) / 255
        # Browsers mix the codes, not the light.
        return _linear(code * alpha + (_code(on) * (1 - alpha) if on is not None and alpha < 1 else 0))
    digits = written.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    return _linear(np.array([int(digits[at : at + 2], 16) for at in (0, 2, 4)]) / 255)


def seen(colour: Colour, eyes: str) -> Colour:
    """What is left of a colour to some eyes."""
    return np.clip(EYES[eyes] @ colour, 0, 1)


def contrast(first: Colour, second: Colour) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    low, high = sorted(float(_LUMINANCE @ colour) for colour in (first, second))
    return (high + 0.05) / (low + 0.05)


def difference(first: Colour, second: Colour) -> float:
    """CIEDE2000 between two colours as sRGB screens show them (D65)."""
    return ciede2000(_lab(first), _lab(second))


def ciede2000(first: Sequence[float], second: Sequence[float]) -> float:
    """CIEDE2000 between two positions in CIELAB.

    Notes
    -----
    Sharma, Wu and Dalal (2005), doi:10.1002/col.20070.
    """
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean_c7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - math.sqrt(mean_c7 / (mean_c7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    if c1 * c2 and abs(h2 - h1) == 180:
        turn = h2 - h1
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    if c1 * c2 == 0:
        mean_h = h1 + h2
    elif abs(h1 - h2) <= 180:
        mean_h = (h1 + h2) / 2
    else:
        mean_h = (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
    delta_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn) / 2)

    def cosine(times: int, offset: float) -> float:
        return math.cos(math.radians(times * mean_h + offset))

    t = 1 - 0.17 * cosine(1, -30) + 0.24 * cosine(2, 0) + 0.32 * cosine(3, 6) - 0.20 * cosine(4, -63)
    rotation = math.radians(60 * math.exp(-(((mean_h - 275) / 25) ** 2)))
    r_c = 2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7))
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    light = (l2 - l1) / s_l
    chroma = (c2 - c1) / (1 + 0.045 * mean_c)
    hue = delta_h / (1 + 0.015 * mean_c * t)
    return math.sqrt(light**2 + chroma**2 + hue**2 - math.sin(rotation) * r_c * chroma * hue)


def _linear(code: NDArray[np.float64]) -> Colour:
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def _code(linear: Colour) -> NDArray[np.float64]:
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055)


def _lab(colour: Colour) -> tuple[float, float, float]:
    parts = _XYZ @ colour / _XYZ.sum(axis=1)
    x, y, z = np.where(parts > (6 / 29) ** 3, np.cbrt(parts), parts / (3 * (6 / 29) ** 2) + 4 / 29)
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))
