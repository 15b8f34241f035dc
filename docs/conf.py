"""Sphinx settings of the documentation; `make site` builds it.

The pages under `generated/` come from the rules, the settings' model and the report's keys at each build.
"""

import sys
from pathlib import Path

from sphinx.application import Sphinx

from dodcheck import __version__

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # the page makers stand beside this file

import pages  # noqa: E402 - found by the line above

project = "dodcheck"
author = copyright = "The dodcheck authors"  # noqa: A001 - Sphinx's name
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
exclude_patterns = ["own_rule"]
myst_enable_extensions = ["fieldlist"]
myst_heading_anchors = 3
smartquotes = False  # what is quoted is to be typed
autodoc_preserve_defaults = True
autodoc_typehints = "description"
default_role = "code"  # what docstrings mean by single backticks
napoleon_google_docstring = True
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = f"dodcheck {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False


def setup(app: Sphinx) -> None:
    """Write the generated pages before Sphinx looks for its sources."""
    app.connect("builder-inited", lambda app: pages.write(Path(app.srcdir) / "generated"))
