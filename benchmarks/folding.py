"""geomap's folding of names, without the rest of geomap: a peer's memory is not to hold our modules."""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

_SPEC = spec_from_file_location(
    "geomap_fold", Path(__file__).resolve().parents[1] / "geomap" / "gazetteer" / "fold.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)

fold_name: Callable[[str], str] = _MODULE.fold_name
