"""The online fallback: asks a geocoding service, but only where someone says so.

Answers are for the user's own maps; nothing here writes to the place data that geomap carries.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import platformdirs

from geomap.errors import OnlineAnswerError, OnlineCacheError, OnlineQueryError, OnlineSetupError
from geomap.gazetteer.online.fetch import PLACEHOLDER, Limits, PoliteAdapter, Secret
from geomap.gazetteer.online.providers import PROVIDERS, Provider, Reading
from geomap.gazetteer.online.store import AnswerCache, Kept, Question, Turn
from geomap.model.lonlat import LonLat
from geomap.model.places import Candidate, Place

__all__ = ["PROVIDERS", "Limits", "OnlineAnswer", "OnlineGeocoder"]

_CONTACT: Final = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().]+|https?://[^\s<>()/]+\.[^\s<>()]+")
_DOMAIN: Final = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9,;=.* -]{1,100}")
_LONGEST_QUERY: Final = 300
# A settlement reaches no farther, as in the place data; a pin says little of what does.
_WIDE_M: Final = 30_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineAnswer:
    """A place that a service knows, and how we know.

    `remarks` are what to look at before believing it, each with the code of its rule: `review-country` (it
    lies outside the country asked for), `review-position` (its record names a country that its position does
    not lie in), `review-extent` (it is wider than a pin can show). `raw` is what the service sent.
    """

    candidate: Candidate
    label: str
    provider: str
    attribution: str
    licence: str
    asked_at: datetime
    from_cache: bool
    remarks: tuple[tuple[str, str], ...]
    raw: Mapping[str, Any]

    @property
    def place(self) -> Place:
        """The place; its `note` carries the attribution."""
        return self.candidate.place

    @property
    def needs_review(self) -> bool:
        """Whether there is a remark on it."""
        return bool(self.remarks)


class OnlineGeocoder:
    """Asks one service, politely, and keeps what it says.

    Parameters
    ----------
    provider
        A name in `PROVIDERS`.
    contact
        An e-mail address or URL by which the service can reach whoever runs this; it goes into the user
        agent. None takes the environment variable `GEOMAP_CONTACT`.
    domain, scheme
        The host (with port and path, where it has them) of a server of one's own; None is the public one.
    language
        In which names are asked for, as in `Accept-Language`.
    countries_at
        Gives the ISO codes of the countries that a position may lie in, nearest first
        (`Store.countries_near`); without it the service's own code is all that is known.
    folder
        Where answers and the time of the last request are kept; None is the user's cache folder. All
        processes that ask one service must name the same folder.
    limits
        What a request may cost.
    miss_days, answer_days
        How long to believe a kept miss and a kept answer, in days; None is for ever.
    proxies
        As in geopy: None means those of the system, an empty mapping none.
    environment
        Where the key (`GEOMAP_OPENCAGE_KEY`) and the contact are looked up; None is the process's own.

    Raises
    ------
    OnlineSetupError
        If there is no such provider, no contact, no key where one is needed, or the host, scheme or interval
        is not allowed.
    """

    def __init__(
        self,
        provider: str = "nominatim",
        *,
        contact: str | None = None,
        domain: str | None = None,
        scheme: str = "https",
        language: str = "en",
        countries_at: Callable[[LonLat], Sequence[str]] | None = None,
        folder: Path | None = None,
        limits: Limits | None = None,
        miss_days: float | None = 30.0,
        answer_days: float | None = None,
        proxies: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        environment = os.environ if environment is None else environment
        if provider not in PROVIDERS:
            raise OnlineSetupError(f"no online provider {provider!r}; there are {', '.join(PROVIDERS)}")
        self.provider: Provider = PROVIDERS[provider]
        if not _LANGUAGE.fullmatch(language):
            raise OnlineSetupError(f"language {language!r}: expected a code such as en or pl")
        self.domain = _read_domain(domain or self.provider.domain, scheme)
        self._language = language
        self._countries_at = countries_at or (lambda _: ())
        host = self.domain.partition("/")[0]
        folder = folder or platformdirs.user_cache_path("geomap")
        limits = limits or Limits()
        self._cache = AnswerCache(folder / "online.sqlite", miss_days=miss_days, answer_days=answer_days)
        secret = _read_key(self.provider, environment, self.domain, scheme)
        self._client = self.provider.client(
            key=PLACEHOLDER,
            domain=self.domain,
            scheme=scheme,
            user_agent=f"{_product()} ({_read_contact(contact, environment)})",
            proxies=None if proxies is None else dict(proxies),
            adapter_factory=partial(
                PoliteAdapter,
                turn=Turn(folder, host, _interval_s(self.provider, self.domain, limits)),
                limits=limits,
                check=self.provider.check,
                secret=secret,
            ),
        )

    def __repr__(self) -> str:
        return f"OnlineGeocoder({self.provider.name!r}, domain={self.domain!r})"

    def search(self, text: str, *, country: str | None = None, limit: int = 5) -> list[OnlineAnswer]:
        """What the service knows under a text, best first; empty where it knows nothing.

        Asks at most once for each text, country and language, then answers from what was kept.

        Parameters
        ----------
        text
            A place as written.
        country
            ISO 3166-1 alpha-2 code of the country that it should lie in. The service is asked for places
            there; what it sends from elsewhere comes with a remark.
        limit
            At most so many answers.

        Raises
        ------
        OnlineQueryError
            If the text or the country cannot be asked for.
        OnlineUnavailableError, OnlineRefusedError, OnlineAnswerError
            If there is no answer, or none that can be used.
        OnlineCacheError
            If the kept answers cannot be used.
        """
        if limit < 1:
            raise OnlineQueryError(f"limit {limit}: expected at least 1")
        question = Question(
            provider=self.provider.name,
            server=self.domain,
            query=_read_query(text),
            country=_read_country(country),
            language=self._language,
        )
        if not question.query:
            return []
        now = datetime.now(UTC)
        kept = self._cache.find(question, now=now)
        from_cache = kept is not None
        if kept is None:
            kept = self._ask(question, now)
            self._cache.keep(question, kept)
        try:
            readings = [self.provider.read(item) for item in kept.items]
        except OnlineAnswerError as error:
            raise OnlineCacheError(
                f"{self._cache.path}: the answer kept for {question.query!r} cannot be read: {error};"
                " move the file away"
            ) from error
        answers = [
            self._answer(question, kept, from_cache=from_cache, reading=reading, score=score, raw=raw)
            for reading, score, raw in zip(readings, _scores(readings), kept.items, strict=True)
        ]
        return answers[:limit]

    # Inside

    def _ask(self, question: Question, now: datetime) -> Kept:
        items = self.provider.ask(
            self._client, question.query, country=question.country or None, language=question.language
        )
        licences = {item["licence"] for item in items if isinstance(item.get("licence"), str)}
        return Kept(
            items=items,
            licence="; ".join(sorted(licences)) or self.provider.licence,
            attribution=self.provider.attribution,
            asked_at=now,
        )

    def _answer(
        self,
        question: Question,
        kept: Kept,
        *,
        from_cache: bool,
        reading: Reading,
        score: float,
        raw: Mapping[str, Any],
    ) -> OnlineAnswer:
        around = self._countries_at(reading.position)
        # The country of its record, unless under the worldview in use the position lies in others.
        country = reading.country if reading.country in around or not around else around[0]
        place = Place(
            id=reading.id,
            name=reading.name,
            native_name="",
            kind=reading.kind,
            precision=reading.precision,
            country=country,
            recorded_countries=(reading.country,) if reading.country else (),
            position=reading.position,
            radius_m=reading.radius_m,
            note=kept.attribution,
        )
        return OnlineAnswer(
            candidate=Candidate(place=place, score=score),
            label=reading.label,
            provider=question.provider,
            attribution=kept.attribution,
            licence=kept.licence,
            asked_at=kept.asked_at,
            from_cache=from_cache,
            remarks=tuple(_remarks(reading, question.country, country, around)),
            raw=raw,
        )


def _remarks(
    reading: Reading, asked: str, country: str | None, around: Sequence[str]
) -> Iterator[tuple[str, str]]:
    if asked and asked not in {reading.country, country}:
        where = country or "no country that is known"
        yield "review-country", f"{reading.label} lies in {where}, not in {asked}; check that it is meant"
    if reading.country and around and reading.country not in around:
        text = f"{reading.label} is recorded in {reading.country}, but its position lies in {around[0]}"
        yield "review-position", f"{text}; check its position"
    if reading.precision.is_point and reading.radius_m > _WIDE_M:
        text = f"{reading.label} reaches {reading.radius_m / 1000:.0f} km, which a pin does not show"
        yield "review-extent", f"{text}; name a place in it"


def _scores(readings: Sequence[Reading]) -> list[float]:
    """The shares of readings, adding up to 1: by weight, but never more than what the service ranks before."""
    shares: list[float] = []
    for reading in readings:
        shares.append(min([max(reading.weight, 1e-6), *shares[-1:]]))
    return [share / sum(shares) for share in shares]


def _read_query(text: str) -> str:
    query = " ".join(text.split())
    if len(query) > _LONGEST_QUERY:
        raise OnlineQueryError(
            f"{query[:40]!r}…: a place has at most {_LONGEST_QUERY} characters, shorten it"
        )
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in query):
        raise OnlineQueryError(
            f"{query[:80]!r}: a place has no control characters or lone surrogates, leave them out"
        )
    return query


def _read_country(country: str | None) -> str:
    code = (country or "").upper()
    if code and not re.fullmatch("[A-Z]{2}", code):
        raise OnlineQueryError(f"country {country!r}: expected an ISO 3166-1 alpha-2 code such as BY")
    return code


def _read_contact(contact: str | None, environment: Mapping[str, str]) -> str:
    given = (contact if contact is not None else environment.get("GEOMAP_CONTACT", "")).strip()
    if not given:
        raise OnlineSetupError(
            "an online service wants to know whom to reach: set GEOMAP_CONTACT, or `contact`, to your e-mail"
            " address or a URL"
        )
    if len(given) > 200 or not given.isascii() or not given.isprintable() or not _CONTACT.fullmatch(given):
        raise OnlineSetupError(f"contact {given[:80]!r}: expected an e-mail address or an http(s) URL")
    return given


def _read_domain(domain: str, scheme: str) -> str:
    if scheme not in ("http", "https"):
        raise OnlineSetupError(f"scheme {scheme!r}: expected https or http")
    if not _DOMAIN.fullmatch(domain):
        raise OnlineSetupError(
            "the domain of an online service is a host, with port and path where it has them, such as"
            " nominatim.example.org:8080/api; without scheme, user and password"
        )
    host, slash, path = domain.partition("/")
    return (host.lower() + slash + path).rstrip("/")


def _read_key(provider: Provider, environment: Mapping[str, str], domain: str, scheme: str) -> Secret | None:
    if provider.key_parameter is None:
        return None
    name = f"GEOMAP_{provider.name.upper()}_KEY"
    value = environment.get(name, "").strip()
    if not re.fullmatch(r"[!-~]{8,200}", value):
        state = "is not set" if not value else "holds no key"
        raise OnlineSetupError(f"{provider.name} needs a key, and the environment variable {name} {state}")
    if scheme != "https" and _host_of(domain) not in _LOOPBACK:
        raise OnlineSetupError(f"{domain}: a key is sent over https only; set the scheme to https")
    return Secret(provider.key_parameter, value)


def _interval_s(provider: Provider, domain: str, limits: Limits) -> float:
    wanted = provider.interval_s if limits.interval_s is None else limits.interval_s
    if _host_of(domain) == provider.domain and wanted < provider.interval_s:
        raise OnlineSetupError(
            f"{domain} allows one request every {provider.interval_s:g} s; only a server of your own may be"
            " asked more often"
        )
    return wanted


def _host_of(domain: str) -> str:
    match = _DOMAIN.fullmatch(domain)
    return match["host"].lower().rstrip(".") if match else ""


def _product() -> str:
    try:
        return f"geomap/{version('geomap')}"
    except PackageNotFoundError:  # run from a folder, not installed
        return "geomap"
