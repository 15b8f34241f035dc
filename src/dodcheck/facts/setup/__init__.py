"""Facts of what it takes to set a project up: dependencies, environment variables, commands, services."""
