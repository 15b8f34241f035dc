"""Facts of end-to-end scenarios: which there are, which a change affects, which its author states."""
