"""Many events at once: files of which most events say no more than columns can hold."""
