"""Facts of exception handlers: what they catch, and what they do then."""
