"""Places of a sentence as an event may have them: towns, regions, stretches of border, airspace, unnamed ranges.

`reader` puts them together; what each stands after is read by `cues`, distances by `offsets`, borders by `borders`,
and which place only says where another lies by `nesting`.
"""

from geomap.extract.sites.reader import SiteReader
from geomap.extract.sites.site import Grain, Setting, Site

__all__ = ["Grain", "Setting", "Site", "SiteReader"]
