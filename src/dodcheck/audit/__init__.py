"""A definition replayed over merged changes: what each would have come to, kept and counted."""
