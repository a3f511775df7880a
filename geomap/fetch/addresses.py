"""Which addresses may be fetched: of pages in the web, and of machines in the public part of the network."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

_LONGEST: Final = 2_048
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_USER: Final = re.compile(r"(?<=//)[^/?#]*@")
_PORTS: Final = {"http": 80, "https": 443}
_NAME: Final = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")
_AS_IT_IS: Final = "/%:@!$&()*+,;=?~"
# Of IPv6 only 2000::/3 is given out to hosts of the public network (RFC 4291, IANA's address space registry).
_GIVEN_OUT: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """The address of a page, taken apart; what it is called again by `str`, with escapes where ASCII has no sign."""

    scheme: str
    host: str
    """A name in ASCII (IDNA) and lower case, or an IP address without brackets."""
    port: int
    target: str
    """Path and query, as they are sent."""

    @property
    def site(self) -> str:
        """Host and, unless it is the usual one, port: what `Host` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.site}{self.target}"


def looks_like_address(text: str) -> bool:
    """Whether a text is meant as an address, of whatever kind, and not as the path of a file."""
    return _SCHEME.match(text) is not None


def masked(text: str) -> str:
    """An address as it may be printed: what stands where a user name and a password would is hidden."""
    return _USER.sub("***@", text)


def read_address(text: str) -> WebAddress:
    """The address of a page; what stands behind `#` is for browsers and is left out.

    Raises
    ------
    ValueError
        If it is not absolute, neither http nor https, has a user name or no host, or holds what no address holds.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"longer than {_LONGEST:,} characters")
    if not text.isprintable() or " " in text or "\\" in text:
        raise ValueError(
            "holds a blank, a backslash or a control character; write it with escapes such as %20"
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"no address: {error}") from error
    if parts.scheme not in _PORTS:
        raise ValueError("only http and https are fetched; save the page, and name its file")
    if "@" in parts.netloc:
        raise ValueError("holds a user name or a password, which are never sent; leave them out")
    if port == 0:
        raise ValueError("there is no port 0")
    return WebAddress(
        scheme=parts.scheme,
        host=_host(parts),
        port=port or _PORTS[parts.scheme],
        target=quote(parts.path or "/", safe=_AS_IT_IS)
        + (f"?{quote(parts.query, safe=_AS_IT_IS)}" if parts.query else ""),
    )


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host and "%" not in host:  # behind which the name of a network interface would stand
        return str(IPv6Address(host))
    try:
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        name = ""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{host!r} is no name of a host" if host else "names no host")
    return name


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to one machine of the public network: not to this one, its network, or a group.

    Where an IPv6 address stands for one of IPv4 (mapped, 6to4, NAT64), that one counts.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFF_FFFF)
    if inner is not None:
        return is_public(inner)
    return address in _GIVEN_OUT and address.is_global
