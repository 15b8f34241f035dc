"""Facts of mocks built from the real object."""
