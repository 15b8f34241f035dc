"""Facts of functions that do nothing in place of their work."""
