"""dodcheck proves a Definition of Done over one git change."""

__all__ = ["__version__"]

__version__ = "0.1.0"
