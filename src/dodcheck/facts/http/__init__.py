"""Facts of HTTP interfaces: endpoints, what they take and give, and where a project documents them."""
