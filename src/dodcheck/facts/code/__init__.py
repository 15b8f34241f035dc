"""Facts of Python code: modules, names, functions, signatures, what a package exports."""
