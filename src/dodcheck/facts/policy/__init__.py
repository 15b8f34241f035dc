"""Facts of policy: the settings, thresholds and jobs by which a change is checked, and what it does to them."""
