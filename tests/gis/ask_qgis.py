"""Ask QGIS, headless, what it makes of exports; runs under the Python that has QGIS, and prints JSON.

usage: ask_qgis.py REQUESTS, a JSON list of {"open": path, "days": [...], "render": bool}
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = tempfile.mkdtemp()

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsDateTimeRange,
    QgsFeatureRequest,
    QgsLayerDefinition,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorLayerTemporalContext,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QSize, Qt, QTime, QVariant
from qgis.PyQt.QtGui import QColor

SIZE = 400


def layers_of(request):
    """The layers as QGIS opens them."""
    path = request["open"]
    suffix = Path(path.split("|")[0]).suffix
    if suffix in (".qgz", ".qgs") or path.startswith("geopackage:"):
        project = QgsProject.instance()
        project.clear()
        read = project.read(path)
        tree = [node.layer() for node in project.layerTreeRoot().findLayers()]
        return {"read": read, "crs": project.crs().authid(), "title": project.title()}, tree
    if suffix == ".qlr":
        project = QgsProject.instance()
        project.clear()
        done, problem = QgsLayerDefinition.loadLayerDefinition(path, project, project.layerTreeRoot())
        return {"read": done, "problem": problem}, list(project.mapLayers().values())
    layers = [QgsVectorLayer(path, Path(path).stem, "ogr")]
    subs = layers[0].dataProvider().subLayers() if layers[0].isValid() else []
    if len(subs) > 1 and "|" not in path:
        names = []
        for sub in subs:
            _, name, _, kind = sub.split("!!::!!")[:4]
            names.append(f"{path}|layername={name}|geometrytype={kind}")
        layers = [QgsVectorLayer(name, "part", "ogr") for name in names]
    return {}, layers


def describe(layer, request):
    if layer is None:
        return {"valid": False}
    told = {
        "name": layer.name(),
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "geometry": layer.geometryType(),
        "fields": {field.name(): QVariant.typeToName(field.type()) for field in layer.fields()},
    }
    renderer = layer.renderer()
    if renderer is not None:
        told["renderer"] = renderer.type()
        if renderer.type() == "categorizedSymbol":
            told["categories"] = {
                category.value(): category.symbol().color().name() for category in renderer.categories()
            }
        elif renderer.type() == "RuleRenderer":
            told["categories"] = sorted({rule.label() for rule in renderer.rootRule().children()})
    told["aliases"] = {field.name(): field.alias() for field in layer.fields()}
    told["types"] = sorted({str(feature["type"]) for feature in layer.getFeatures()})
    temporal = layer.temporalProperties()
    if temporal is not None:
        told["time"] = {
            "active": temporal.isActive(),
            "mode": int(temporal.mode()),
            "fields": [temporal.startField(), temporal.endField()],
        }
        if temporal.isActive():
            told["shown"] = {day: shown_on(layer, day) for day in request.get("days", [])}
    if request.get("render") and layer.isSpatial():
        told["ink"] = {}
        extent = layer.extent()
        for kind in told["types"]:
            layer.setSubsetString(f"\"type\" = '{kind}'")
            told["ink"][kind] = ink_of([layer], extent, "EPSG:4326")
        layer.setSubsetString("")
    return told


def shown_on(layer, day):
    """Feature ids that the temporal controller shows on a day, as its filter says."""
    year, month, number = (int(part) for part in day.split("-"))
    start = QDateTime(QDate(year, month, number), QTime(0, 0), Qt.UTC)
    span = QgsDateTimeRange(start, start.addDays(1), True, False)
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    expression = layer.temporalProperties().createFilterString(context, span)
    request = QgsFeatureRequest()
    if expression:
        request.setFilterExpression(expression)
    return sorted(feature["feature_id"] for feature in layer.getFeatures(request))


def ink_of(layers, extent, crs):
    """The colours of a picture, by how many pixels have each."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    settings.setOutputSize(QSize(SIZE, SIZE))
    settings.setBackgroundColor(QColor("#ffffff"))
    wide = QgsRectangle(extent)
    wide.grow(max(extent.width(), extent.height(), 1) * 0.1)
    settings.setExtent(wide)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    counts = {}
    for y in range(image.height()):
        for x in range(image.width()):
            name = image.pixelColor(x, y).name()
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1])[:400])


def main():
    application = QgsApplication([], False)
    application.initQgis()
    answers = []
    for request in json.loads(Path(sys.argv[1]).read_text()):
        head, layers = layers_of(request)
        answers.append({**head, "layers": [describe(layer, request) for layer in layers]})
    print(json.dumps(answers))
    sys.stdout.flush()
    # QGIS's own teardown may crash.
    os._exit(0)


main()
