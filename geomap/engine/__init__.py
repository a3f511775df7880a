"""Corpora of any size: the same partitions, parts and bytes whatever runs them, and however often they were stopped."""
