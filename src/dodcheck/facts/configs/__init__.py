"""How code holds its configuration: typed classes, plain ones, and dicts."""
