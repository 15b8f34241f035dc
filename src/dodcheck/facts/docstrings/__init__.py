"""What docstrings say, in which style, and what they leave out."""
