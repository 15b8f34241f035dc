"""Report templates, and the built-in Definition of Done."""
