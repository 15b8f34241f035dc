"""What runs inside the checked project's Python: standard library only, any Python from 3.8 on.

This folder itself goes on `PYTHONPATH`, so that `sitecustomize` and the pytest plugin
`dodcheck_outcomes` are importable there by their bare names.
"""
