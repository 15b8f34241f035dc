"""Rules that always apply: they hold the change to what it claims."""
