"""How wide what is printed may be."""

import shutil
import sys


def columns(otherwise: int) -> int:
    """Return the columns of the terminal that stdout is.

    Args:
        otherwise: What to return where it is none.
    """
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else otherwise
