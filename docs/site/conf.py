"""The site: `make docs` builds it. Its sources are the pages of the repository, as they are.

So that a link leads to the same page there and here, the repository's root is the root of the
sources, and README.md is the first page.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent))

from gplinker_tf import __version__

project = "gplinker_tf"
release = __version__
html_title = f"{project} {release}"
html_theme = "furo"
html_static_path = ["style"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "chinese_search",
    "docstrings",
    "home",
    "mathml",
    "reference",
]
root_doc = "README"
include_patterns = [
    *("README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md"),
    *("docs/*.md", "docs/reference/*.md", "examples/README.md", "examples/notebooks/*.ipynb"),
]
exclude_patterns = [".*", "build", "gplinker_tf", "tests"]  # not even looked through

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"
nb_merge_streams = True

autodoc_typehints = "none"
autodoc_inherit_docstrings = False
autodoc_member_order = "bysource"
napoleon_use_rtype = False
napoleon_custom_sections = ["Call arguments"]
default_role = "literal"
highlight_language = "text"

html_search_language = "en-zh"
html_theme_options = {"navigation_with_keys": True}
