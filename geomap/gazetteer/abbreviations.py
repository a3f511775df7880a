"""How newspapers shorten first-order regions, and the codes that stand for them in addresses."""

from typing import Final

# State: the postal code, then the abbreviation of newspapers where it differs.
_STATES: Final = (
    "AL Ala.,AK,AZ Ariz.,AR Ark.,CA Calif. Cal.,CO Colo.,CT Conn.,DE Del.,DC D.C.,FL Fla.,GA Ga.,HI,ID,IL Ill.,"
    "IN Ind.,IA,KS Kan. Kans.,KY Ky.,LA La.,ME,MD Md.,MA Mass.,MI Mich.,MN Minn.,MS Miss.,MO Mo.,MT Mont.,"
    "NE Neb. Nebr.,NV Nev.,NH N.H.,NJ N.J.,NM N.M.,NY N.Y.,NC N.C.,ND N.D.,OH,OK Okla.,OR Ore.,PA Pa. Penn.,"
    "RI R.I.,SC S.C.,SD S.D.,TN Tenn.,TX Tex.,UT,VT Vt.,VA Va.,WA Wash.,WV W.Va.,WI Wis. Wisc.,WY Wyo."
)
_PROVINCES: Final = (
    "AB Alta.,BC B.C.,MB Man.,NB N.B.,NL N.L. Nfld.,NS N.S.,NT N.W.T.,ON Ont.,PE P.E.I.,QC Que.,SK Sask.,YT"
)


def _table() -> dict[str, str]:
    found = {}
    for country, listed in (("US", _STATES), ("CA", _PROVINCES)):
        for entry in listed.split(","):
            code, *shortened = entry.split()
            for written in (code, *shortened):
                found[written.upper()] = f"{country}-{code}"
    return found


REGION_ABBREVIATIONS: Final = _table()
"""Upper-case abbreviation, with its full stop where it has one, to region id."""

COUNTRY_ABBREVIATIONS: Final = {
    "US": "US", "USA": "US", "UK": "GB", "UAE": "AE", "DRC": "CD", "CAR": "CF", "PRC": "CN", "ROK": "KR",
    "DPRK": "KP", "KSA": "SA", "RF": "RU", "FRG": "DE", "GDR": "DE", "NZ": "NZ",
}  # fmt: skip
"""Upper-case abbreviation without full stops to ISO 3166-1 alpha-2 code."""
