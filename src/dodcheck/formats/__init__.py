"""A report in the formats of other tools: one module a format, each a pure function to text."""
