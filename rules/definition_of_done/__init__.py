"""Rules that answer the checkboxes of a Definition of Done."""
