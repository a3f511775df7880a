"""GeoPackage, FlatGeobuf, Shapefile and GeoParquet, and what a GeoPackage of ours keeps of its export."""
