"""Facts of comments and settings that silence a checker."""
