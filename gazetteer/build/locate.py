"""Which first-order region each place lies in."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import shapely
from districts import Admin1, UnplacedDistrict
from features import Feature
from regions import Region

from geomap.model.geometry import farthest_m
from geomap.model.lonlat import LonLat

# Borders are generalised: of the settlements here none lies more than 2.9 km on the wrong side of one.
SLACK_DEGREES: Final = 0.05
COARSE_DEGREES: Final = 0.02


def with_regions(
    features: Sequence[Feature], regions: Sequence[Region], region_of_admin1: Mapping[int, str]
) -> list[Feature]:
    """Fill in `region`: the one that holds the place, of the place's own country.

    A place on the wrong side of a generalised border or coast gets the nearest region of its country within
    0.05 degrees, else the region that its first-order code stands for.

    Parameters
    ----------
    features
        Places with WGS 84 positions; those that have a region keep it.
    regions
        Every first-order region.
    region_of_admin1
        GeoNames id of a place to the region that its first-order code stands for.
    """
    tree = shapely.STRtree([region.shape for region in regions])
    points = shapely.points([(feature.lon, feature.lat) for feature in features])
    place_rows, region_rows = tree.query(points, predicate="dwithin", distance=SLACK_DEGREES)
    near: defaultdict[int, list[int]] = defaultdict(list)
    for place, region in zip(place_rows.tolist(), region_rows.tolist(), strict=True):
        near[place].append(region)
    owners = {region.country_un for region in regions}
    found: list[Feature] = []
    for number, feature in enumerate(features):
        if feature.region is not None or feature.shape is not None:
            found.append(feature)  # what has a shape may lie in several
            continue
        country = feature.country if feature.country in owners else None
        at_hand = [row for row in near[number] if country in (None, regions[row].country_un)]
        if len(at_hand) > 1:
            away = shapely.distance(
                np.array([regions[row].shape for row in at_hand], dtype=object), points[number]
            )
            at_hand = [at_hand[int(np.argmin(away))]]
        region = regions[at_hand[0]].id if at_hand else region_of_admin1.get(_geonameid(feature))
        found.append(replace(feature, region=region))
    return found


def in_their_regions(
    districts: Iterable[UnplacedDistrict], region_of_code: Mapping[str, str], regions: Sequence[Region]
) -> list[Feature]:
    """Districts none of whose places is known: somewhere in their region, at its label and as wide as it is."""
    by_id = {region.id: region for region in regions}
    found = []
    for district in districts:
        region = by_id.get(region_of_code.get(district.admin1, ""))
        if region is not None:
            label = LonLat(lon=region.label_lon, lat=region.label_lat)
            found.append(
                Feature(
                    place_id=f"gn:{district.geonameid}",
                    name=district.name,
                    other_names=district.other_names,
                    feature="ADM2",
                    country=district.country,
                    region=region.id,
                    lon=label.lon,
                    lat=label.lat,
                    radius_m=math.ceil(farthest_m(label, region.shape)),
                )
            )
    return found


def wider_divisions(
    admin1: Mapping[str, Admin1],
    region_of_code: Mapping[str, str],
    admin1_of: Mapping[int, str],
    positions: Mapping[int, tuple[float, float, int]],
    regions: Sequence[Region],
) -> list[Feature]:
    """First-order divisions of GeoNames that are no region here but hold several: England, Brittany.

    A region belongs to the division that most of its settlements do.
    """
    known = {region.geonameid for region in regions}
    tree = shapely.STRtree([region.shape for region in regions])
    listed = sorted(positions.keys() & admin1_of.keys())
    points = shapely.points([positions[key][:2] for key in listed])
    votes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for place, region in zip(*tree.query(points, predicate="intersects").tolist(), strict=True):
        votes[region][admin1_of[listed[place]]] += 1
    members: defaultdict[str, list[int]] = defaultdict(list)
    for number, codes in sorted(votes.items()):
        code = min(codes.items(), key=lambda item: (-item[1], item[0]))[0]
        if code in admin1 and code[:2] == regions[number].country_un:
            members[code].append(number)
    found = []
    for code, numbers in sorted(members.items()):
        division = admin1[code]
        if code in region_of_code or division.geonameid in known or len(numbers) < 2:
            continue
        whole = shapely.coverage_union_all([regions[number].shape for number in numbers])
        coarse = shapely.simplify(whole, COARSE_DEGREES)
        largest = max(shapely.get_parts([coarse]), key=lambda part: float(part.area))
        inside = shapely.point_on_surface(largest)
        point = LonLat(lon=round(inside.x, 5), lat=round(inside.y, 5))
        found.append(
            Feature(
                place_id=f"gn:{division.geonameid}",
                name=division.name,
                other_names=division.other_names,
                feature="ADM1",
                country=code[:2],
                lon=point.lon,
                lat=point.lat,
                radius_m=math.ceil(farthest_m(point, coarse)),
                shape=coarse,
            )
        )
    return found


def _geonameid(feature: Feature) -> int:
    scheme, _, code = feature.place_id.partition(":")
    return int(code) if scheme == "gn" else 0
