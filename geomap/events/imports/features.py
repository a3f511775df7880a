"""Vector files and tables of anybody's making, by a mapping of their columns; and our own exports, which need none."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from geomap.events.imports.geojson import read_geojson, read_linked_places
from geomap.events.imports.kml import read_kml
from geomap.events.imports.mapping import Mapper
from geomap.events.imports.own import LOST, events_of_features, is_own, own_event, unguarded
from geomap.events.imports.read import Layer, read_content, read_layers, read_rows
from geomap.events.imports.shapes import crs_shapes, read_wkt
from geomap.events.imports.value import Feature, FeatureFile, Imported, ImportFileError, RowError, cell_text
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
    return imported


def edited_features(path: Path) -> list[Feature]:
    """The features of a GeoPackage of ours as they are now; what has no layer has its shape from its text.

    Raises
    ------
    ImportFileError
        If the file is no GeoPackage.
    """
    return [
        _with_text_shape(feature) for feature in _READERS["gpkg"](path, ImportMapping(schema_=1)).features
    ]


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
    rows = read_rows(path, (), delimiter=mapping.delimiter, encoding=mapping.encoding or "utf-8")
    file = FeatureFile([_csv_feature(f"line {line}", row) for line, row in rows])
    return unguarded(file) if is_own(file.columns) else file


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
        layers = read_layers(path, name, layer=mapping.layer, encoding=mapping.encoding)
        filled = [own for own in layers if own.name not in _BESIDE_LAYERS and len(own.frame)]
        if len(filled) > 1 and not all(is_own(own.frame.columns) for own in filled):
            names = ", ".join(own.name for own in filled)
            raise ImportFileError(f"{path}: several layers have features, {names}; name one in a mapping")
        return FeatureFile(
            [feature for own in filled for feature in _layer_features(own, mapping.crs, path.name)]
        )

    return read


def _layer_features(layer: Layer, crs: str, path_name: str) -> list[Feature]:
    """The rows of a layer; their shapes in degrees, where the file or the mapping says what they are in."""
    frame = layer.frame
    shapes = frame["geometry"].tolist() if "geometry" in frame.columns else [None] * len(frame)
    columns = {name: _cells(frame[name]) for name in frame.columns if name != "geometry"}
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
