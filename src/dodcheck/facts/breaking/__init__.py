"""Facts of what a change breaks for those who use the project, and of what it says about that."""
