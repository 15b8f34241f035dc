"""Facts of the integrity rules: what a change does to the means by which it is checked."""
