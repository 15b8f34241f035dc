"""Rules that answer the bullets of a code-standards section."""
