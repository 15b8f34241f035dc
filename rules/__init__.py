"""One module a rule, in folders that mirror the definition."""
