"""Facts of machine-learning code: the calls of its frameworks, and what each is for."""
