"""Facts of the code standards that no tool tells in full: what was written newly against a convention."""
