"""Rules that answer the bullets of a machine-learning conventions section."""
