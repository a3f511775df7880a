"""Which places of a sentence are those of its events, in what role, written so that they are found again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from geomap.errors import AmbiguousPlaceError, EmptyRelationError, PlaceNotFoundError
from geomap.extract.actors import People
from geomap.extract.casting import Caster
from geomap.extract.document import BlockKind
from geomap.extract.nations import Nations
from geomap.extract.sites import Grain, Setting, Site
from geomap.extract.speech import Saying
from geomap.extract.tokens import Words, word_set
from geomap.extract.told import Group, Told
from geomap.extract.triggers import Telling
from geomap.extract.when import cost
from geomap.gazetteer import PlaceData
from geomap.gazetteer.names import display_name
from geomap.model.event_types import family_of
from geomap.model.places import PlaceRef
from geomap.model.records import PlaceSpec
from geomap.model.vocabulary import PlaceRole

_AT_HOME: Final = word_set(
    "diplomacy/expulsion legal/mobilisation_decree legal/election border_incident/closure"
)
"""What a country does at home unless more is told."""
_SITE_REACH: Final = 36.0
_SPOKEN_AT: Final = 10
"""A place among so many first tokens is where somebody speaks: `Speaking in Paris, …`."""
_OPENINGS: Final = frozenset({"speaking", "addressing", "at", "in", "during", "on", "visiting", "arriving"})
_BORDER_NEAR_KM: Final = (25.0, 50.0)
_MOST_PLACES: Final = 20_000
_MOVING: Final = frozenset({"deployment", "air_activity", "migration", "aid"})
_LOCATIVE: Final = frozenset(
    [
        "in",
        "at",
        "on",
        "near",
        "outside",
        "inside",
        "around",
        "along",
        "off",
        "within",
        "throughout",
        "across",
        "to",
        "into",
        "toward",
        "towards",
        "onto",
        "from",
        "over",
        "above",
        "through",
        "of",
        "against",
        "leaving",
        "under",
        "beside",
    ]
)
_PLAINLY_THERE: Final = frozenset(
    ["in", "at", "near", "over", "on", "to", "into", "from", "outside", "around", "inside"]
)
_REACHING: Final = frozenset({"reach", "enter", "capture", "seize", "take", "visit"})
_BE: Final = frozenset(["was", "were", "been", "being", "is", "are"])
_ORIGIN: Final = frozenset({"from", "leaving"})
_DESTINATION: Final = frozenset({"to", "into", "toward", "towards", "onto"})
_OVERFLOWN: Final = frozenset({"over", "above", "through", "across"})
_NOT_VERBS: Final = word_set(
    "the a an its their unspecified undisclosed northern southern eastern western bases areas positions"
)


class Siter:
    """Gives events their places."""

    def __init__(self, data: PlaceData, nations: Nations, caster: Caster) -> None:
        self._store, self._placer = data.store, data.placer()
        self._nations, self._caster = nations, caster
        self._places: dict[str, PlaceRef | None] = {}

    def place(self, spec: PlaceSpec) -> PlaceRef | None:
        """A place resolved, None where it cannot be; each asked once."""
        key = spec.model_dump_json(exclude_defaults=True)
        if key not in self._places:
            if len(self._places) > _MOST_PLACES:
                self._places.clear()
            try:
                self._places[key] = self._placer.place(spec)
            except (PlaceNotFoundError, AmbiguousPlaceError, EmptyRelationError):
                self._places[key] = None
        return self._places[key]

    def assign(self, told: Told, groups: list[Group]) -> None:
        """Give each place of a sentence to the event that it stands nearest to."""
        words = told.words
        for site in told.sites:
            if site.is_aside or not groups:
                continue
            costs = []
            for number, group in enumerate(groups):
                value = min(self._site_cost(words, site, telling) for telling in group.tellings)
                costs.append((value, number))
            said = min((cost(words, site.first, s.verb) for s in told.sayings), default=99.0)
            value, number = min(costs)
            if (
                value > _SITE_REACH
                or any(
                    self._site_cost(words, site, t) < value
                    for t in told.untold
                    if all(family_of(t.type) != group.family for group in groups)
                )
                or any(t.last < site.first and cost(words, t.last, site.first) < value for t in told.faint)
            ):
                continue
            if site.is_metonym and site.cue not in _PLAINLY_THERE:
                continue
            if (
                site.is_owner
                and not site.spec.get("border")
                and not self._is_object_site(words, site, groups[number])
            ):
                continue  # Warsaw's troops
            if site.cue not in _LOCATIVE and not self._is_object_site(words, site, groups[number]):
                continue
            if site.cue in ("in", "at") and said + 3 < value and site.grain is not Grain.LINE:
                continue  # where somebody spoke
            if told.kind is BlockKind.CAPTION:
                for group in groups:
                    group.sites.append(site)
            else:
                groups[number].sites.append(site)

    @staticmethod
    def _site_cost(words: Words, site: Site, telling: Telling) -> float:
        if site.first <= telling.first <= site.last:
            return 0.0
        if site.first > telling.last:
            return cost(words, telling.last, site.first)
        return cost(words, site.last, telling.first) + 3

    @staticmethod
    def _is_object_site(words: Words, site: Site, group: Group) -> bool:
        """Whether a place without a preposition is what it is done to: `shelled Nikopol`, `the Kerch Bridge blast`."""
        direct = not site.is_owner and group.main.last + 1 <= site.first <= group.main.last + 4
        if direct and not group.main.is_noun and group.main.trigger.name in _REACHING:
            return True
        if group.family not in ("violence", "infrastructure") or site.grain not in (
            Grain.POINT,
            Grain.DISTRICT,
            Grain.LINE,
            Grain.REGION,
        ):
            return False
        for telling in group.tellings:
            if 0 < site.first - telling.last <= 6:
                return True
            before = telling.first - site.last
            is_passive = not telling.is_noun and any(
                low in _BE for low in words.low[max(0, telling.first - 3) : telling.first]
            )
            if 0 < before <= (8 if is_passive else 2):
                return True
        return False

    def where(self, told: Told, group: Group, setting: Setting, people: People) -> list[PlaceSpec]:
        head = group.head
        words = told.words
        specs: list[PlaceSpec] = []
        sites = self._finest(group)
        if group.family == "border" and group.type.startswith("border_incident"):
            sites = self._at_border(sites, setting)
        for site in sites:
            role = self._role(words, group, site, head)
            written = dict(site.spec)
            if group.type in ("deployment/basing",) and site.grain is Grain.LINE and "near" in written:
                near = written["near"]
                written = {"near": near} if isinstance(near, dict) else written
            if (
                group.type.startswith("migration")
                and site.grain is Grain.LINE
                and "side" not in written
                and "near" in written
                and not group.type.endswith("crossing")
            ):
                pass
            try:
                spec = PlaceSpec.model_validate({**written, "role": role})
            except ValueError:
                continue
            specs.append(self.settled(spec, site))
        located = [spec for spec in specs if spec.role.locates]
        if specs and not located and head in ("deployment", "exercise"):
            code = self._host(told, sites)
            if code:
                specs.insert(0, PlaceSpec.model_validate({"country": code}))
        if head == "sanctions":
            routes = [spec for spec in specs if spec.role is PlaceRole.ROUTE]
            actor = self._caster.subject(told, group, people)
            code = actor.country if actor is not None else ""
            return routes or ([PlaceSpec.model_validate({"country": code})] if code else [])
        if not any(spec.border for spec in specs) and group.type == "border_incident/closure":
            line = self._closed_border(told, group, people)
            specs = [line] if line is not None else specs
        if not specs and group.type in _AT_HOME:
            actor = self._caster.subject(told, group, people)
            if actor is not None and actor.country:
                specs.append(PlaceSpec.model_validate({"country": actor.country, "method": "inferred"}))
        if not specs and group.type == "strike/interception":
            # Air defences shoot down what flies over their own country, unless more is told.
            actor = self._caster.subject(told, group, people)
            code = actor.country if actor is not None else ""
            code = code or next(filter(None, map(self._nations.stands_for, _capitals(told.words))), "")
            if code:
                specs.append(PlaceSpec.model_validate({"country": code, "method": "inferred"}))
        return specs

    def _closed_border(self, told: Told, group: Group, people: People) -> PlaceSpec | None:
        """`Finland closed its crossings with Russia`: the border of the two."""
        if any(site.grain is Grain.POINT for site in group.sites):
            return None
        actor = self._caster.subject(told, group, people)
        mine = actor.country if actor is not None else ""
        for site in told.sites:
            if (
                mine
                and site.grain is Grain.COUNTRY
                and site.cue in ("with", "to", "from")
                and self._nations.adjoin(mine, site.countries[0])
            ):
                return PlaceSpec.model_validate({"border": sorted((mine, site.countries[0]))})
        return None

    def _at_border(self, sites: list[Site], setting: Setting) -> list[Site]:
        """`attempts to break into Poland` are made at the border that the text speaks of."""
        if any(site.grain is Grain.LINE for site in sites):
            return sites
        pair = setting.border
        for site in sites:
            if site.grain is Grain.COUNTRY and pair is not None and site.countries[0] in pair:
                line = replace(
                    site,
                    spec={"border": sorted(pair)},
                    grain=Grain.LINE,
                    key="border",
                    cue="at",
                    name="border",
                    countries=tuple(sorted(pair)),
                )
                return [line]
        return sites

    def _finest(self, group: Group) -> list[Site]:
        """The places of an event, without countries where something finer is told in them."""
        sites = sorted(group.sites, key=lambda site: site.first)
        fine = [site for site in sites if site.grain is not Grain.COUNTRY]
        kept: list[Site] = []
        for site in sites:
            if (
                site.grain is Grain.COUNTRY
                and site.cue not in _ORIGIN | _DESTINATION | {"over", "above"}
                and any(set(site.countries) & set(other.countries) for other in fine)
            ):
                continue
            if any(site.key == other.key for other in kept):
                continue
            if (
                site.grain in (Grain.REGION, Grain.DISTRICT, Grain.AREA)
                and site.cue not in _ORIGIN | _DESTINATION
                and any(
                    other.grain is Grain.POINT and other.region and other.region == site.region
                    for other in fine
                )
            ):
                continue
            if group.family == "border" and site.cue in _ORIGIN and site.grain in (Grain.AREA, Grain.COUNTRY):
                continue  # where the people are from
            kept.append(site)
        # Of a place and a border beside it the border says it all.
        lines = [site for site in kept if site.grain is Grain.LINE]
        if lines and group.family == "border":
            kept = [site for site in kept if site.grain is Grain.LINE or site.cue in _ORIGIN]
        return kept

    def _role(self, words: Words, group: Group, site: Site, head: str) -> PlaceRole:
        if site.is_route:
            return PlaceRole.ROUTE
        if site.grain is Grain.AIRSPACE:
            return PlaceRole.OVERFLOWN if head == "air_activity" else PlaceRole.SITE
        main = group.main
        if head in ("deployment", "exercise") and self._is_purpose(words, main, site):
            return PlaceRole.PURPOSE
        moves = head in _MOVING or (head == "exercise" and group.type.endswith("announced"))
        if site.cue in _ORIGIN:
            return PlaceRole.ORIGIN if moves or head == "strike" else PlaceRole.MENTIONED
        if site.cue in _DESTINATION and moves:
            return PlaceRole.DESTINATION
        if site.cue in _OVERFLOWN and head == "air_activity":
            return PlaceRole.OVERFLOWN
        if site.cue in ("with", "for", "against", "amid", "beyond", "via") and site.grain in (Grain.COUNTRY,):
            return PlaceRole.MENTIONED
        if (
            site.cue in ("by", "of")
            and site.grain is Grain.COUNTRY
            and head != "ground_combat"
            and head != "violence_civilians"
            and head != "strike"
        ):
            return PlaceRole.MENTIONED
        return PlaceRole.SITE

    @staticmethod
    def _is_purpose(words: Words, main: Telling, site: Site) -> bool:
        """Whether a place stands in a clause of purpose: `arrived to help fortify the border`."""
        for at in range(main.last + 1, site.first):
            if words.low[at] == "to" and at + 1 < site.first:
                following = words.low[at + 1]
                if (
                    following.isalpha()
                    and words.text[at + 1][:1].islower()
                    and following
                    not in (
                        "the",
                        "a",
                        "an",
                        "its",
                        "their",
                        "an",
                        "unspecified",
                        "undisclosed",
                        "northern",
                        "southern",
                        "eastern",
                        "western",
                        "bases",
                        "areas",
                        "positions",
                        "help-",
                    )
                ):
                    return True
        return False

    def _host(self, told: Told, sites: Sequence[Site]) -> str:
        """The country that forces came to where only the purpose of their coming has a place."""
        words = told.words
        main_codes = [
            (at, code)
            for at, low in enumerate(words.low)
            if words.text[at][:1].isupper() and (code := self._nations.stands_for(low))
        ]
        lines = [code for site in sites if site.grain is Grain.LINE for code in site.countries]
        for at, code in main_codes:
            if words.is_owner[at] and code in lines:
                return code
        speaker = next((s.speaker for s in told.sayings if s.speaker is not None), None)
        return speaker.country if speaker is not None and speaker.country in lines else ""

    def settled(self, spec: PlaceSpec, site: Site) -> PlaceSpec:
        """A place written so that it is found again: with its region where its name and country do not do."""
        ref = self.place(spec)
        if ref is None and spec.border is not None and spec.near is not None:
            # "Near" is said of towns that lie some way off.
            for km in _BORDER_NEAR_KM:
                wider = spec.model_copy(update={"within_km": km})
                if self.place(wider) is not None:
                    return wider
        if ref is not None or spec.place is None or site.row is None or not site.row.region:
            return spec
        region = self._region_name(site.row.region)
        further = spec.model_copy(update={"place": f"{spec.place}, {region}"})
        return further if self.place(further) is not None else spec

    def _region_name(self, region_id: str) -> str:

        return display_name(self._store.region(region_id).names)

    def spoken_at(self, told: Told, saying: Saying) -> PlaceSpec | None:
        """Where somebody speaks: `Speaking in Paris, …`, `… said in Vienna`."""
        words = told.words
        for site in told.sites:
            opens = site.last <= _SPOKEN_AT and words.low[0] in (
                "speaking",
                "addressing",
                "at",
                "in",
                "during",
                "on",
                "visiting",
                "arriving",
            )
            near = cost(words, site.first, saying.verb)
            if (
                site.cue in ("in", "at", "of")
                and site.grain is Grain.POINT
                and not words.is_quoted[site.first]
                and ((opens and site.first < saying.verb) or (site.first > saying.verb and near <= 6))
            ):
                return self.settled(PlaceSpec.model_validate(site.spec), site)
        return None


def _capitals(words: Words) -> list[str]:
    """The capitalised tokens of a sentence, in lower case."""
    return [low for low, text in zip(words.low, words.text, strict=True) if text[:1].isupper()]
