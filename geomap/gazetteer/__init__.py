"""The gazetteer: written places to ranked candidates, geometry and precision."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.errors import GeomapError
from geomap.gazetteer.resolver import Resolver
from geomap.gazetteer.store import Store, carried_views, data_folder
from geomap.gazetteer.userdata import own_places, user_store_path
from geomap.gazetteer.worldviews import CUSTOM

if TYPE_CHECKING:
    from geomap.gazetteer.online import OnlineGeocoder
    from geomap.gazetteer.placing import Placer

__all__ = ["PlaceData", "Resolver", "Store", "UnknownWorldviewError", "read_gazetteer"]


class UnknownWorldviewError(GeomapError, LookupError):
    """There is no worldview of this name, or it names a region or country that there is not."""

    exit_code = 2


class PlaceData:
    """Places, their names and shapes under one worldview."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.resolver = Resolver(store)

    def placer(self, context: Collection[str] = (), online: "OnlineGeocoder | None" = None) -> "Placer":
        """What resolves the written places of a map about the countries in `context`."""
        from geomap.gazetteer.placing import (
            Placer,  # it knows events' keys, which a bare look-up need not load
        )

        return Placer(self.store, self.resolver, context, online)


def read_gazetteer(*, worldview: str = "un", extra: Sequence[Path] = ()) -> PlaceData:
    """Open the gazetteer that geomap carries, with a user's own files over it.

    Parameters
    ----------
    worldview
        An id of `worldviews.yaml`, or the path of a YAML file `{title, owners: {region id: country code}}`.
    extra
        Files in the form of `gazetteer/curated/`, which outrank the user's own places; these outrank the user's
        dumps, and these the base. A `.sqlite` file is a store of dumps, as `geomap gazetteer build --out` writes.

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
    views = carried_views()
    if worldview.endswith((".yaml", ".yml")):
        from geomap.gazetteer.curated import read_view

        views[CUSTOM] = read_view(Path(worldview))
        view = views.get(CUSTOM)
    else:
        view = views.get(worldview)
    if view is None:
        known = ", ".join(views)
        raise UnknownWorldviewError(f"no worldview {worldview!r}; there are {known}, or name a YAML file")
    dumps = [path for path in extra if path.suffix == ".sqlite"]
    if (own_store := user_store_path()).exists():
        dumps.insert(0, own_store)
    files = [*own_places(), *(path for path in extra if path.suffix != ".sqlite")]
    store = Store(folder, view, list(views.values()), files, dumps)
    foreign = sorted(set(view.owners.values()) - set(store.country_codes()))
    for kind, unknown in (("region", store.unknown_regions), ("country", foreign)):
        if unknown:
            raise UnknownWorldviewError(f"{worldview}: no {kind} {', '.join(unknown)} in the base tables")
    return PlaceData(store)
