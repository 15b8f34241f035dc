"""Facts of the project's documentation: where it stands, what it names, what the change touched."""
