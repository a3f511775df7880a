"""What kinds of places there are, and the words by which a text says which kind it means."""

from enum import StrEnum
from functools import cache
from typing import Final


class PlaceClass(StrEnum):
    """A class of features that one kind word can mean."""

    COUNTRY = "country"
    REGION = "region"
    DISTRICT = "district"
    SETTLEMENT = "settlement"
    AIRFIELD = "airfield"
    SITE = "site"
    WATERS = "waters"
    TERRAIN = "terrain"


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TERRAIN: Final = _codes(
    "MTS MT HLL HLLS PK DSRT PLN PLNX PEN ISL ISLS ISLX VAL VLY RGN RGNE RGNH PLAT CAPE CST FRST AREA OAS UPLD"
    " VLC PASS CNYN DLTA LCTY CONT"
)
_WATERS: Final = _codes(
    "SEA OCN GULF STRT BAY BAYS CHN CHNM STM STMS STMI STMX LK LKS LKN RSV LGN FJD INLT SD MRN WAD CNL RVN FLLS"
    " GLCR WTLD SWMP MRSH"
)
_AIRFIELDS: Final = frozenset({"AIRP", "AIRB", "AIRF", "AIRH", "AIRQ"})
_DISTRICTS: Final = frozenset({"ADM2", "ADM3", "ADM4", "ADM5", "ADMD"})


DIVISIONS: Final = frozenset({PlaceClass.REGION, PlaceClass.DISTRICT})


@cache
def class_of(feature: str) -> PlaceClass:
    """The class of a GeoNames feature code; what is not told apart here is a site."""
    if feature.startswith("PPL") or feature == "STLMT":
        return PlaceClass.SETTLEMENT
    if feature == "ADM1":
        return PlaceClass.REGION
    if feature in _DISTRICTS:
        return PlaceClass.DISTRICT
    if feature.startswith("PCL") or feature == "TERR":
        return PlaceClass.COUNTRY
    if feature in _AIRFIELDS:
        return PlaceClass.AIRFIELD
    if feature in _TERRAIN:
        return PlaceClass.TERRAIN
    return PlaceClass.WATERS if feature in _WATERS else PlaceClass.SITE


def _words(kind: PlaceClass, text: str) -> dict[str, PlaceClass]:
    return dict.fromkeys(text.split(), kind)


# Folded words that stand before or after a name and say its class. A word may be a part of the name itself
# ("Salt Lake City"), so a name is looked up with its kind word before it is looked up without.
KIND_WORDS: Final[dict[str, PlaceClass]] = {
    **_words(PlaceClass.REGION, "region oblast voblast voblasts province provinces provincia prov state states estado"
             " governorate governorates wilaya muhafazah voivodeship voivodship krai kray okrug republic respublika"
             " prefecture canton wojewodztwo woj obwod obl vobl apskritis maakond gebiet woiwodschaft division"
             " territory department departement departamento dept dep regions oblasts"),
    **_words(PlaceClass.DISTRICT, "district districts distt dist raion rayon raions rayons county counties"
             " parish municipality municipalities municipio powiat gmina commune communes subdistrict subdivision"
             " tehsil tahsil taluka taluk mandal block woreda zone cercle prefectures arrondissement lga"
             " upazila agency chiefdom groupement grouping sector partido borough hromada gromada rajon rayonu"),
    **_words(PlaceClass.SETTLEMENT, "city cities town towns village villages hamlet settlement settlements"
             " locality localities township municipal barangay brgy bgy poblacion sitio purok gorod selo selyshche"
             " posiolok poselok misto wies miasto vioska gorad agrogorodok khutor stanitsa aul kishlak qishlaq"
             " ciudad pueblo villa vereda corregimiento caserio urban-type mahalla colonia ville miejscowosc"),
    **_words(PlaceClass.AIRFIELD, "airport airfield airbase aerodrome airstrip aerodrom aeroport lotnisko aeroporto"),
    **_words(PlaceClass.SITE, "range polygon poligon base garrison barracks bridge dam crossing checkpoint station"
             " plant camp prison hospital university school market square mosque church embassy factory port"
             " tpp npp refinery depot substation stadium monastery palace roundabout fort"),
    **_words(PlaceClass.WATERS, "sea gulf bay strait straits lake river rivers reservoir channel canal ocean lagoon"
             " wadi"),
    **_words(PlaceClass.TERRAIN, "mountain mountains mount mt mts hill hills desert peninsula island islands isle"
             " valley"
             " plateau steppe highlands forest forests jabal jebel djebel basin plain oasis gap corridor pass"
             " coast delta"),
}  # fmt: skip
