"""Facts of imports and of the distributions that they come from."""
