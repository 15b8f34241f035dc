"""Facts of tasks: the team's task file, the task that a change is for, its acceptance criteria."""
