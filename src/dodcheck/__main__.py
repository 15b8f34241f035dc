"""`python -m dodcheck`."""

from dodcheck.cli import main

if __name__ == "__main__":
    main()
