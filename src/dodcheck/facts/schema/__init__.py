"""Facts of the database schema: what models declare, what a change does to it, what migrations carry it out."""
