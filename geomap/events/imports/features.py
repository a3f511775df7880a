"""Vector files and tables of anybody's making, by a mapping of their columns; and our own exports, which need none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from geomap.events.imports.geojson import read_geojson, read_linked_places
from geomap.events.imports.kml import read_kml
from geomap.events.imports.mapping import Mapper
from geomap.events.imports.own import LOST, events_of_features, is_own, own_event, unguarded
from geomap.events.imports.read import TableForm, read_content, read_names, read_rows
from geomap.events.imports.shapes import crs_shapes, read_wkt
from geomap.events.imports.value import Feature, FeatureFile, Imported, ImportFileError, RowError, cell_text
from geomap.events.imports.vector.read import Layer, read_layers
from geomap.model.baseline import LAYERS
from geomap.model.import_mapping import ImportMapping

_DEGREES: Final = ("EPSG:4326", "OGC:CRS84")
# What QGIS and we ourselves keep in a GeoPackage beside its layers.
_BESIDE_LAYERS: Final = frozenset({"layer_styles", "qgis_projects"})


def import_features(path: Path, name: str, mapping: ImportMapping | None) -> Imported:
    """Read a vector file or a table; rows that cannot become events are listed, the others kept.

    Parameters
    ----------
    name
        One of `FEATURE_FORMATS`.
    mapping
        Which column holds what; without one the columns' own names say it. Our own exports are known by theirs.

    Raises
    ------
    ImportFileError
        If the file is not of the format, or no column says what happened.
    """
    _check_mapping(path, name, mapping)
    file = _READERS[name](path, mapping or ImportMapping(schema_=1))
    imported = Imported(remarks=list(file.remarks))
    if mapping is None and is_own(file.columns):
        imported.remarks.append(LOST)
        for features in events_of_features(file.features):
            try:
                imported.add(own_event(features, file.about))
            except RowError as error:
                imported.skip(features[0].at, error)
        return imported
    mapper = Mapper(mapping, file, path_name=path.name, stem=path.name.split(".")[0])
    imported.remarks += _told_columns(mapper, file)
    for number, feature in enumerate(file.features, start=1):
        try:
            imported.add(mapper.event(feature, number))
        except RowError as error:
            imported.skip(feature.at, error)
    if mapper.repaired:
        imported.remarks.append(f"{mapper.repaired:,} outlines crossed themselves and were repaired")
    return imported


def _check_mapping(path: Path, name: str, mapping: ImportMapping | None) -> None:
    """Refuse what a format makes nothing of."""
    given = mapping.model_fields_set if mapping else set()
    if unread := [key for key, formats in _MEANT_FOR.items() if key in given and name not in formats]:
        raise ImportFileError(
            f"{path}: {', '.join(unread)} in a mapping means nothing for {name}; take it out"
        )


_MEANT_FOR: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "layer": frozenset({"gpkg"}),
        "encoding": frozenset({"csv", "shp"}),
        "delimiter": frozenset({"csv"}),
        "crs": frozenset({"gpkg", "fgb", "shp", "parquet"}),
    }
)
"""Keys of a mapping that say how a file is written, and of which formats."""


def edited_features(path: Path) -> FeatureFile:
    """The features of a GeoPackage of ours as they are now; what has no layer has its shape from its text.

    Raises
    ------
    ImportFileError
        If the file is no GeoPackage, or one of its layers is missing.
    """
    file = _of_layers(read_layers(path, "gpkg", layers=LAYERS), "", path)
    return replace(file, features=[_with_text_shape(feature) for feature in file.features])


def _with_text_shape(feature: Feature) -> Feature:
    text = feature.cells.get("wkt", "")
    if feature.shape is not None or not text:
        return feature
    try:
        return replace(feature, shape=read_wkt(text))
    except RowError as error:
        return replace(feature, fault=str(error))


def _told_columns(mapper: Mapper, file: FeatureFile) -> list[str]:
    taken = ", ".join(
        column if column == key else f"{column} as {key}" for key, column in mapper.columns.items()
    )
    unread = ", ".join(mapper.unread(file.columns))
    return [f"columns taken: {taken or 'none'}"] + ([f"columns not taken: {unread}"] if unread else [])


# Readers


def _read_csv(path: Path, mapping: ImportMapping) -> FeatureFile:
    form = TableForm(delimiter=mapping.delimiter, encoding=mapping.encoding or "utf-8")
    names = read_names(path, form)
    rows = read_rows(path, form, names)
    file = FeatureFile([_csv_feature(f"line {line}", row) for line, row in rows], tuple(filter(None, names)))
    return unguarded(file) if is_own(names) else file


def _csv_feature(at: str, row: Mapping[str, str] | RowError) -> Feature:
    return Feature(at, {}, fault=str(row)) if isinstance(row, RowError) else Feature(at, row)


def _read_geojson(path: Path, mapping: ImportMapping) -> FeatureFile:
    return read_geojson(read_content(path), path.name)


def _read_linked_places(path: Path, mapping: ImportMapping) -> FeatureFile:
    return read_linked_places(read_content(path), path.name)


def _read_kml(path: Path, mapping: ImportMapping) -> FeatureFile:
    return read_kml(read_content(path), path.name)


def _read_layers(name: str) -> "_Reader":
    def read(path: Path, mapping: ImportMapping) -> FeatureFile:
        named = (mapping.layer,) if mapping.layer else ()
        layers = read_layers(path, name, layers=named, encoding=mapping.encoding)
        filled = [own for own in layers if own.name not in _BESIDE_LAYERS and len(own.frame)]
        if len(filled) > 1 and not all(is_own(own.frame.columns) for own in filled):
            names = ", ".join(own.name for own in filled)
            raise ImportFileError(f"{path}: several layers have features, {names}; name one in a mapping")
        return _of_layers(filled or layers[:1], mapping.crs, path)

    return read


def _of_layers(layers: Sequence[Layer], crs: str, path: Path) -> FeatureFile:
    features = [feature for own in layers for feature in _layer_features(own, crs, path.name)]
    names = dict.fromkeys(str(name) for own in layers for name in own.frame.columns)
    return FeatureFile(features, tuple(name for name in names if name != "geometry"))


def _layer_features(layer: Layer, crs: str, path_name: str) -> list[Feature]:
    """The rows of a layer; their shapes in degrees, where the file or the mapping says what they are in."""
    frame = layer.frame
    if not frame.columns.is_unique:
        twice = ", ".join(sorted(set(frame.columns[frame.columns.duplicated()])))
        raise ImportFileError(f"{path_name}: several columns are called {twice}; rename them")
    import pyarrow as pa

    shapes = frame["geometry"].tolist() if layer.has_shapes else [None] * len(frame)
    try:
        columns = {
            name: _cells(frame[name]) for name in frame.columns if name != "geometry" or not layer.has_shapes
        }
    except (RowError, UnicodeError, OverflowError, pa.ArrowException) as error:
        raise ImportFileError(f"{path_name}: layer {layer.name} cannot be read: {error}") from error
    features = [
        Feature(f"{layer.name} {number}", {name: cells[row] for name, cells in columns.items()}, shapes[row])
        for row, number in enumerate(frame.index)
    ]
    if all(shape is None for shape in shapes):
        return features
    if not (known := layer.crs or crs):
        text = "it does not say its coordinate reference system; name it in a mapping, as crs: EPSG:4326"
        raise ImportFileError(f"{path_name}: {text}")
    return features if known in _DEGREES else crs_shapes(features, known, path_name)


def _cells(column: Any) -> list[str]:
    values = column.astype(object)
    return [cell_text(value) for value in values.where(column.notna(), None).tolist()]


_Reader = Callable[[Path, ImportMapping], FeatureFile]

_READERS: Final[Mapping[str, _Reader]] = MappingProxyType(
    {
        "geojson": _read_geojson,
        "csv": _read_csv,
        "kml": _read_kml,
        "lpf": _read_linked_places,
        **{name: _read_layers(name) for name in ("gpkg", "fgb", "shp", "parquet")},
    }
)

FEATURE_FORMATS: Final = tuple(_READERS)
"""The names that people ask for."""
