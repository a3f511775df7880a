"""The dates of a text: what they are, counted from its publication or from the date told before."""

from geomap.extract.dates.find import DateMention, find_dates

__all__ = ["DateMention", "find_dates"]
