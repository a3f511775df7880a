"""The dispatches, and what is drafted from them, once for all tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
