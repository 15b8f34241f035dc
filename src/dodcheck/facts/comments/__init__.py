"""Facts of comments: places in code whose reason the code does not show, and whether a comment gives it."""
