"""A position that is written out in figures: degrees, ISO 6709, geo URI, MGRS; WGS 84, EPSG:4326.

Nothing is looked up. geopy reads such texts too, but takes `12, 14` for a position, turns 400 degrees into
40 and does not say how fine the figures are.
"""

import math
import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from geomap.errors import CoordinatesError, MissingExtraError
from geomap.model.lonlat import LonLat

_LONGEST: Final = 120
_FINEST_M: Final = 5.0
"""A receiver or a map rarely does better, whatever the digits say."""
_FINEST_GRID_M: Final = 1.0
_EXPECTED: Final = "expected latitude, then longitude, such as 53.5109, 23.6495 or 53°30'39\"N 23°38'58\"E"

# The ellipsoid of WGS 84 (NGA.STND.0036): semi-major axis in metres and the square of the eccentricity.
_AXIS_M: Final = 6_378_137.0
_ECCENTRICITY_2: Final = 6.694_379_990_14e-3


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A position and how far off it may be, judged by its figures alone.

    `rule` names the form: `decimal-degrees`, `degrees-minutes`, `degrees-minutes-seconds`, `icao`, `iso-6709`,
    `geo-uri` or `mgrs`.
    """

    position: LonLat
    radius_m: float
    rule: str


def read_coordinates(text: str) -> Coordinates | None:
    """Read a text that is a position from end to end; a label such as `at` or `coordinates:` may lead it.

    Without letters latitude stands first. Both numbers need a decimal part, a degree sign or a letter, so that
    `12, 14` is no position; a bare letter before whole degrees makes one only as in `N53E023` (`S8 E67` is a
    road). Letters, signs and words are read in Latin and Cyrillic script: `N`, `с.ш.`, `сх.д.`, `szer. geogr.`.

    Parameters
    ----------
    text
        As written; read only if it is at most 120 letters long.

    Returns
    -------
    coordinates
        None where the text is something else. `radius_m` is half a unit of the last digit of the coarser of both
        numbers, in metres on the WGS 84 ellipsoid at that latitude (half a minute for `53°30'`), and at least
        5 m. A geo URI that tells its uncertainty has that one instead, at least 5 m too. For MGRS the position is
        the middle of the grid square and the radius half its side, at least 1 m.

    Raises
    ------
    CoordinatesError
        If the text is written as a position, but is out of range or contradicts itself.
    MissingExtraError
        If it is in MGRS and the library for it is not installed.
    """
    if len(text) > _LONGEST or not any(char.isdigit() for char in text):
        return None
    plain = " ".join(text.translate(_LOOK_ALIKES).replace("''", '"').split())
    while (bare := _bare(plain)) != plain:
        plain = bare
    for read in (_read_geo_uri, _read_iso_6709, _read_mgrs, _read_icao, _read_degrees):
        if found := read(plain):
            return found
    return None


_LOOK_ALIKES: Final = str.maketrans(
    dict.fromkeys("º˚⁰∘", "°")
    | dict.fromkeys("’‘′ʹʼ`´‵ʻ＇‛", "'")
    | dict.fromkeys("”“„″ʺ〃＂‟", '"')
    | dict.fromkeys("−–—‒‐‑﹣－", "-")
    | dict.fromkeys("，", ",")
    | dict.fromkeys("\u200b\u200e\u200f\ufeff\u2060", "")
)
_LABEL: Final = re.compile(
    r"(?:at|on|gps|wgs[ -]?84|mgrs|co-?ordinates?|coords?\.?|position|pos\.?|location|point|lat ?/ ?lon|lat, ?lon"
    r"|в точке|в точці|у кропцы|координат[ыи]|каардынат[ыа]х?|współrzędne|wsp\.)"
    r"(?: (?:are|is))?(?:\s*[:=]\s*|\s+(?=\S))",
    re.IGNORECASE,
)
_DATUM: Final = re.compile(r"[,;]?\s*\(?\bwgs[ -]?84\)?$", re.IGNORECASE)


def _bare(text: str) -> str:
    """One layer less: brackets round the whole, a label before it, a datum or a full stop behind it."""
    text = text.strip()
    if text[:1] in "([" and text[-1:] in ")]" and not re.search(r"[()\[\]]", text[1:-1]):
        return text[1:-1].strip()
    text = _DATUM.sub("", text).rstrip()
    if text.endswith((",", ";")) or (text.endswith(".") and text[-2:-1].isdigit()):
        text = text[:-1]
    label = _LABEL.match(text)
    return text[label.end() :] if label else text


# --- Forms with a standard ----------------------------------------------------------------------

_GEO_URI: Final = re.compile(
    r"geo:(?P<lat>-?\d+(?:\.\d+)?),(?P<lon>-?\d+(?:\.\d+)?)(?:,-?\d+(?:\.\d+)?)?"
    r"(?P<parameters>(?:;[\w-]+(?:=[^;?\s]*)?)*)(?:\?(?!q=|.*&q=)\S*)?",
    re.IGNORECASE | re.ASCII,
)


def _read_geo_uri(text: str) -> Coordinates | None:
    """RFC 5870; the query that some phones add is left aside, unless it is a search."""
    match = _GEO_URI.fullmatch(text)
    if not match:
        return None
    parameters = dict(part.lower().partition("=")[::2] for part in match["parameters"].split(";"))
    if parameters.get("crs", "wgs84") != "wgs84":
        raise CoordinatesError(
            f"{text!r} is in the reference system {parameters['crs']!r}; expected crs=wgs84"
        )
    lat, lon = _Angle("lat"), _Angle("lon")
    for angle, digits in ((lat, match["lat"]), (lon, match["lon"])):
        angle.sign, angle.numbers = (-1 if digits.startswith("-") else 1), [(digits.lstrip("-"), "°")]
    found = _locate(text, lat, lon, rule="geo-uri")
    if "u" not in parameters:
        return found
    if not re.fullmatch(r"\d+(\.\d+)?", parameters["u"], re.ASCII):
        raise CoordinatesError(
            f"{text!r} tells an uncertainty that is no number: expected metres, such as ;u=10"
        )
    return Coordinates(found.position, max(float(parameters["u"]), _FINEST_M), found.rule)


_ISO_6709: Final = re.compile(
    r"(?P<lat>[+-](?:\d\d){1,3}(?:\.\d+)?)(?P<lon>[+-](?:\d\d|\d{3}|\d{5}|\d{7})(?:\.\d+)?)(?:[+-]\d+(?:\.\d+)?)?(?:CRS\w+)?/?",
    re.ASCII,
)


def _read_iso_6709(text: str) -> Coordinates | None:
    """Annex H: degrees, degrees and minutes, or with seconds, told apart by the number of digits."""
    match = _ISO_6709.fullmatch(text)
    if not match or not (text.endswith("/") or "." in text):
        return None
    lat, lon = _Angle("lat"), _Angle("lon")
    for angle, digits, width in ((lat, match["lat"], 2), (lon, match["lon"], 3)):
        angle.sign = -1 if digits.startswith("-") else 1
        angle.numbers = _packed(digits[1:], width)
    return _locate(text, lat, lon, rule="iso-6709")


_ICAO: Final = re.compile(
    r"(?P<lat>\d{4}(?:\d\d)?(?:\.\d+)?) ?(?P<north>[NS])[ ,/]*(?P<lon>\d{5}(?:\d\d)?(?:\.\d+)?) ?(?P<east>[EW])"
    r"|(?P<north2>[NS])(?P<lat2>\d{4}(?:\d\d)?(?:\.\d+)?)[ ,/]*(?P<east2>[EW])(?P<lon2>\d{5}(?:\d\d)?(?:\.\d+)?)",
    re.ASCII,
)


def _read_icao(text: str) -> Coordinates | None:
    """`5330N02339E`, `533039N 0233858E`: as notices to airmen write it (ICAO Annex 15)."""
    match = _ICAO.fullmatch(text)
    if not match:
        return None
    lat, lon = _Angle("lat"), _Angle("lon")
    lat.numbers, lat.sign = (
        _packed(match["lat"] or match["lat2"], 2),
        _SIGNS[match["north"] or match["north2"]][1],
    )
    lon.numbers, lon.sign = (
        _packed(match["lon"] or match["lon2"], 3),
        _SIGNS[match["east"] or match["east2"]][1],
    )
    return _locate(text, lat, lon, rule="icao")


def _packed(digits: str, width: int) -> list[tuple[str, str]]:
    """Degrees of `width` digits, minutes and seconds of two digits each, written together."""
    whole, _, fraction = digits.partition(".")
    cuts = [0, *range(width, len(whole), 2), len(whole)]
    numbers = [whole[start:end] for start, end in pairwise(cuts)]
    if fraction:
        numbers[-1] += f".{fraction}"
    return list(zip(numbers, "°'\"", strict=False))


_MGRS: Final = re.compile(
    r"(?P<zone>\d{1,2}[C-HJ-NP-X]) ?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V]) ?(?P<east>\d+)(?: (?P<north>\d+))?",
    re.ASCII,
)

_MANY_DIGITS: Final = re.compile(r"[A-Za-z] ?(?:\d{6,}|\d{3,} \d{3,})$", re.ASCII)


def _read_mgrs(text: str) -> Coordinates | None:
    match = _MGRS.fullmatch(text) or (_MGRS.fullmatch(text.upper()) if _MANY_DIGITS.search(text) else None)
    if not match:
        return None
    digits = match["east"] + (match["north"] or "")
    if len(digits) < 4 and " " in text:
        return None  # `5K MN 12` is anything
    east, north = digits[: len(digits) // 2], digits[len(digits) // 2 :]
    if len(digits) % 2 or len(digits) > 10 or (match["north"] and len(match["east"]) != len(match["north"])):
        raise CoordinatesError(
            f"{text!r} has {len(digits)} digits; expected MGRS with as many digits east as north, at most five each,"
            " such as 34U FE 12345 67890"
        )
    try:
        from mgrs import MGRS
        from mgrs.core import MGRSError
    except ImportError as cause:
        raise MissingExtraError(f"{text!r} is in MGRS: to read it, run pip install geomap[coords]") from cause
    side_m = 10.0 ** (5 - len(east))
    # Releases of the library differ in whether they answer with the corner or the middle of a square. Asked for
    # the metre in the middle, they agree to a metre.
    east, north = (half if len(half) == 5 else f"{half}5".ljust(5, "0") for half in (east, north))
    try:
        lat, lon = MGRS().toLatLon(f"{match['zone']}{match['square']}{east}{north}")
        position = LonLat(lon=float(lon), lat=float(lat))
    except (MGRSError, ValueError) as cause:
        raise _no_square(text, match) from cause
    # The library follows the grid past the edge of its zone. Bands V and X have zones of other widths.
    reach = 9 if match["zone"][-1] in "VX" else 4
    if abs(position.lon - (6 * int(match["zone"][:-1]) - 183)) > reach:
        raise _no_square(text, match)
    return Coordinates(position, max(side_m / 2, _FINEST_GRID_M), "mgrs")


def _no_square(text: str, match: re.Match[str]) -> CoordinatesError:
    return CoordinatesError(
        f"{text!r} names no square of the grid: there is no {match['square']} in zone {match['zone']};"
        " expected MGRS such as 34U FE 12345 67890"
    )


# --- Degrees, with letters, words or signs -------------------------------------------------------


@dataclass(slots=True)
class _Angle:
    """A latitude or a longitude while it is being read; `numbers` are digits with their unit, or with none."""

    axis: str = ""
    sign: int = 0
    numbers: list[tuple[str, str]] = field(default_factory=list)
    has_letter: bool = False
    has_word: bool = False
    is_signed: bool = False
    is_prefixed: bool = False
    is_over: bool = False
    is_parted: bool = False
    is_dashed: bool = False

    @property
    def is_bare(self) -> bool:
        """Whole degrees without a degree sign."""
        return len(self.numbers) == 1 and self.numbers[0][1] == "" and "." not in self.numbers[0][0]


_NORTH = (
    r"north|n|с\.? ?ш\.?|северн(?:ой|ая) широт[ыа]|північн(?:ої|а) широт[иа]|паўночн(?:ай|ая) шырат[ыа]"
    r"|пн\.? ?ш\.?|паўн\. ?ш\.?|p[łn]n?\.|szerokości (?:geograficznej )?północnej|с|пн\.?"
)
_SOUTH = (
    r"south|s|ю\.? ?ш\.?|южн(?:ой|ая) широт[ыа]|південн(?:ої|а) широт[иа]|паўднёв(?:ай|ая) шырат[ыа]"
    r"|пд\.? ?ш\.?|паўд\. ?ш\.?|płd\.|pd\.|szerokości (?:geograficznej )?południowej|ю|пд\.?"
)
_EAST = (
    r"east|e|е|в\.? ?д\.?|восточн(?:ой|ая) долгот[ыа]|східн(?:ої|а) довгот[иа]|усходн(?:яй|яя) даўгат[ыа]"
    r"|сх\.? ?д\.?|усх?\. ?д\.?|у\. ?д\.?|wsch\.|długości (?:geograficznej )?wschodniej|в|сх\.?"
)
_WEST = (
    r"west|w|з\.? ?д\.?|западн(?:ой|ая) долгот[ыа]|західн(?:ої|а) довгот[иа]|заходн(?:яй|яя) даўгат[ыа]"
    r"|зх\.? ?д\.?|зах\. ?д\.?|zach\.|długości (?:geograficznej )?zachodniej|з|зх\.?"
)
_SIGNS: Final = {"N": ("lat", 1), "S": ("lat", -1), "E": ("lon", 1), "W": ("lon", -1)}
_TOKEN: Final = re.compile(
    rf"(?P<number>(?P<sign>(?<![\w.°'\"])[+-] ?)?\d+(?:[.,]\d+)?)"
    r"|(?P<unit>°|deg(?:rees?)?\b\.?|'|min(?:utes?)?\b\.?|\"|sec(?:onds?)?\b\.?)"
    rf"|(?P<N>(?:{_NORTH})(?![^\W\d_]))|(?P<S>(?:{_SOUTH})(?![^\W\d_]))"
    rf"|(?P<E>(?:{_EAST})(?![^\W\d_]))|(?P<W>(?:{_WEST})(?![^\W\d_]))"
    r"|(?P<lat>lat(?:itude)?\b\.?|szer\. ?(?:geogr\.)?|szerokość(?: geograficzna)?|широта|шырата)"
    r"|(?P<lon>lon(?:g(?:itude)?)?\b\.?|lng\b\.?|dł\. ?(?:geogr\.)?|długość(?: geograficzna)?|долгота|довгота|даўгата)"
    r"|(?P<dash>(?<=\d)-(?=\d))|(?P<part>[,;/|]|\band\b|\bi\b|\bи\b|\bі\b)|(?P<equals>[:=])|(?P<blank>\s+)",
    re.IGNORECASE,
)
_UNITS: Final = {"°": "°", "d": "°", "'": "'", "m": "'", '"': '"', "s": '"'}
_DECIMAL_COMMAS: Final = re.compile(r"(?<![\d.,])(\d{1,3}),(\d+)(?!\d|[.,]\d)")


def _read_degrees(text: str) -> Coordinates | None:
    angles = _angles(_with_points(text))
    if angles is None or len(angles) != 2:
        return None
    first, second = angles
    if first.is_dashed and not (first.has_letter and second.has_letter):
        return None
    if any(_is_doubtful(angle, text) for angle in angles):
        return None
    if first.axis and first.axis == second.axis:
        raise CoordinatesError(f"{text!r} has two {_AXES[first.axis]}s; {_EXPECTED}")
    lat, lon = (second, first) if first.axis == "lon" or second.axis == "lat" else (first, second)
    parts = max(len(lat.numbers), len(lon.numbers))
    rule = ("decimal-degrees", "degrees-minutes", "degrees-minutes-seconds")[parts - 1]
    return _locate(text, lat, lon, rule=rule)


def _with_points(text: str) -> str:
    """Decimal commas as points: with four decimals and more, or before a degree sign or a letter."""
    found = _DECIMAL_COMMAS.findall(text)
    is_surely_decimal = len(found) == 2 and all(len(decimals) >= 4 for _, decimals in found)
    marked = re.findall(r"\d,\d+ ?(?:°|'|\"|[NSEWnsewСЮВЗсювз]\b)", text)
    if is_surely_decimal or (found and len(marked) == len(found)):
        return _DECIMAL_COMMAS.sub(r"\1.\2", text)
    return text


def _is_doubtful(angle: _Angle, text: str) -> bool:
    """Whether what may be an angle is as likely something else: whole numbers, a road, a large number."""
    if not angle.numbers or len(angle.numbers[0][0].partition(".")[0]) > 3:
        return True
    if not angle.is_bare:
        has_marks = angle.has_letter or any(unit for _, unit in angle.numbers)
        return not has_marks and len(angle.numbers) > 1  # 53 30, 23 39
    if angle.has_word:
        return False
    if angle.is_prefixed:
        return not re.fullmatch(r"[NS]\d\d ?[EW]\d{3}", text)  # S8 E67 is a road in Poland
    return not angle.has_letter


def _angles(text: str) -> list[_Angle] | None:
    """The angles in a text, in their order; None where anything else stands in it."""
    angles = [_Angle()]
    at, dashed = 0, False
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        at, kind, last = token.end(), token.lastgroup or "", angles[-1]
        if kind == "sign" or token["number"]:
            digits = token["number"]
            if "," in digits:  # a comma with no blank parts two numbers: 53.51,23.64
                digits = digits.partition(",")[0]
                at = token.start() + len(digits)
            if last.is_over or (last.numbers and (token["sign"] or _starts_anew(last, text, at))):
                angles.append(last := _Angle())
            if token["sign"]:
                last.sign, last.is_signed = (-1 if digits[0] == "-" else 1), True
                digits = digits[1:].strip()
            last.numbers.append((digits, ""))
            last.is_dashed |= dashed
        elif kind == "unit":
            unit = _UNITS[token["unit"][0].lower()]
            if not last.numbers or last.numbers[-1][1]:
                return None
            last.numbers[-1] = (last.numbers[-1][0], unit)
        elif kind in _SIGNS or kind in _AXES:
            if not _mark(angles, kind):
                return None
        elif kind == "part":
            if not last.numbers:
                return None
            last.is_over = last.is_parted = True
        elif kind == "equals" and (last.numbers or not last.has_word):
            return None
        dashed = kind == "dash"
    if len(angles) == 1 and _is_pair(angles[0]):
        whole = angles[0]
        angles = [replace(whole, numbers=whole.numbers[:1]), _Angle(numbers=whole.numbers[1:])]
    return angles if all(_ordered(angle) for angle in angles) else None


_AXES: Final = {"lat": "latitude", "lon": "longitude"}


def _starts_anew(angle: _Angle, text: str, at: int) -> bool:
    """Whether a number begins the next angle: it is in degrees itself, or the angle has its seconds."""
    return text[at : at + 2].strip().startswith("°") or angle.numbers[-1][1] == '"' or len(angle.numbers) == 3


def _is_pair(angle: _Angle) -> bool:
    """Whether two numbers side by side are two angles: `53.5109 23.6495`."""
    return (
        len(angle.numbers) == 2
        and not angle.axis
        and all("." in digits and not unit for digits, unit in angle.numbers)
    )


def _ordered(angle: _Angle) -> bool:
    """Whether the units come as degrees, minutes, seconds, none left out; gives the missing ones."""
    if len(angle.numbers) > 3:
        return False
    marked = [
        (digits, unit or ("°'\""[place] if len(angle.numbers) > 1 else ""))
        for place, (digits, unit) in enumerate(angle.numbers)
    ]
    if any(unit and unit != "°'\""[place] for place, (_, unit) in enumerate(marked)):
        return False
    if any(unit for _, unit in angle.numbers) or angle.has_letter:
        angle.numbers = marked
    return True


def _mark(angles: list[_Angle], kind: str) -> bool:
    """Give an angle its letter or word: the angle before it, unless that one has its own or has no number."""
    last = angles[-1]
    is_letter = kind in _SIGNS
    axis, sign = _SIGNS[kind] if is_letter else (kind, 0)
    takes = not (last.has_letter if is_letter else last.has_word)
    if last.numbers and (last.axis not in ("", axis) or not takes or last.is_parted):
        angles.append(last := _Angle())
    if not last.numbers:
        if last.axis not in ("", axis) or (last.has_letter if is_letter else last.has_word):
            return False
        last.is_prefixed = True
    else:
        last.is_over = True
    last.axis = axis
    if is_letter:
        last.has_letter = True
        if last.is_signed:
            last.sign = 0  # both a sign and a letter: told as an error later
        elif not last.sign:
            last.sign = sign
    else:
        last.has_word = True
    return True


# --- The position --------------------------------------------------------------------------------


def _locate(text: str, lat: _Angle, lon: _Angle, *, rule: str) -> Coordinates:
    north, south_step = _value(text, lat, "lat", 90)
    east, east_step = _value(text, lon, "lon", 180)
    sine_2 = math.sin(math.radians(north)) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_2) / (1 - _ECCENTRICITY_2 * sine_2) ** 1.5
    parallel_m = _AXIS_M * math.cos(math.radians(north)) / math.sqrt(1 - _ECCENTRICITY_2 * sine_2)
    radius_m = max(math.radians(south_step) * meridian_m, math.radians(east_step) * parallel_m) / 2
    return Coordinates(LonLat(lon=east, lat=north), max(radius_m, _FINEST_M), rule)


def _value(text: str, angle: _Angle, axis: str, limit: int) -> tuple[float, float]:
    """An angle in degrees and the unit of its last digit in degrees."""
    if angle.is_signed and angle.has_letter:
        raise CoordinatesError(f"{text!r} has a sign and a letter for one number; expected one of them")
    value = 0.0
    for place, (digits, _) in enumerate(angle.numbers):
        number = float(digits)
        if place and number >= 60:
            name = ("minutes", "seconds")[place - 1]
            raise CoordinatesError(f"{text!r} has {digits} {name}; expected less than 60")
        if "." in digits and place + 1 < len(angle.numbers):
            raise CoordinatesError(
                f"{text!r} has a fraction before its last number; expected 53°30.6' or 53°30'36\""
            )
        value += number / 60**place
    if value > limit:
        hint = "" if axis == "lon" else "; where longitude comes first, write the letters N, S, E, W"
        raise CoordinatesError(
            f"{_AXES[axis]} {value:g} in {text!r} is out of range: {_EXPECTED}, at most {limit} degrees{hint}"
        )
    step = 10.0 ** -len(angle.numbers[-1][0].partition(".")[2]) / 60 ** (len(angle.numbers) - 1)
    return (angle.sign or 1) * value, step
