"""The gazetteer: written places to ranked candidates, geometry and precision."""

from collections.abc import Collection, Sequence
from pathlib import Path

from geomap.errors import GeomapError
from geomap.gazetteer.placing import WITHHELD, Placer
from geomap.gazetteer.resolver import Resolver
from geomap.gazetteer.store import Store, data_folder
from geomap.gazetteer.worldviews import CUSTOM, read_views

__all__ = ["WITHHELD", "Gazetteer", "Placer", "Resolver", "Store", "UnknownWorldviewError", "read_gazetteer"]


class UnknownWorldviewError(GeomapError, LookupError):
    """There is no worldview of this name, or it names a region or country that there is not."""

    exit_code = 2


class Gazetteer:
    """Places, their names and shapes under one worldview."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.resolver = Resolver(store)

    def placer(self, context: Collection[str] = ()) -> Placer:
        """What resolves the written places of a map about the countries in `context`."""
        return Placer(self.store, self.resolver, context)


def read_gazetteer(*, worldview: str = "un", extra: Sequence[Path] = ()) -> Gazetteer:
    """Open the gazetteer that geomap carries, with a user's own files over it.

    Parameters
    ----------
    worldview
        An id of `worldviews.yaml`, or the path of a YAML file `{title, owners: {region id: country code}}`.
    extra
        Files in the form of `gazetteer/curated/`; what they name outranks the base.

    Raises
    ------
    UnknownWorldviewError
        If there is no such worldview.
    ConfigError
        If a user's file is not of the documented form.
    DataFileError
        If the place data is missing.
    """
    folder = data_folder()
    custom = Path(worldview) if worldview.endswith((".yaml", ".yml")) else None
    views = read_views(folder, custom)
    view = views.get(CUSTOM if custom else worldview)
    if view is None:
        known = ", ".join(views)
        raise UnknownWorldviewError(f"no worldview {worldview!r}; there are {known}, or name a YAML file")
    store = Store(folder, view, list(views.values()), extra)
    foreign = sorted(set(view.owners.values()) - set(store.country_codes()))
    for kind, unknown in (("region", store.unknown_regions), ("country", foreign)):
        if unknown:
            raise UnknownWorldviewError(f"{worldview}: no {kind} {', '.join(unknown)} in the base tables")
    return Gazetteer(store)
