"""Edit a GeoPackage as an analyst does in QGIS: edit_in_qgis.py FILE EDITS.json; run by the system's own Python.

An edit is {layer, feature, set: {column: value}}, {…, move: [lon, lat]} or {…, delete: true}.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = tempfile.mkdtemp()

from qgis.core import QgsApplication, QgsGeometry, QgsPointXY, QgsVectorLayer


def main() -> None:
    """Make the edits, a layer after the other, and save each."""
    path, edits = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    for name in dict.fromkeys(edit["layer"] for edit in edits):
        layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        assert layer.isValid()
        assert layer.startEditing()
        features = {feature["feature_id"]: feature for feature in layer.getFeatures()}
        for edit in (own for own in edits if own["layer"] == name):
            number = features[edit["feature"]].id()
            for column, value in edit.get("set", {}).items():
                assert layer.changeAttributeValue(number, layer.fields().indexOf(column), value)
            if "move" in edit:
                assert layer.changeGeometry(number, QgsGeometry.fromPointXY(QgsPointXY(*edit["move"])))
            if edit.get("delete"):
                assert layer.deleteFeature(number)
        assert layer.commitChanges(), layer.commitErrors()
    sys.stdout.flush()
    # QGIS may crash while it is taken down.
    os._exit(0)


main()
