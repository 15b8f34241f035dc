"""Facts of what the author says: the claims of notes and commit messages, and what they can be held against."""
