"""The site builds without a warning; formulas need no script, and the search finds Chinese."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gplinker_tf.backend import KERAS_3

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not KERAS_3, reason="the site is the same in both Keras generations"),
]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet"]
    built = subprocess.run(
        [*command, "-c", "docs/site", ".", folder], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture(scope="module")
def index(site):
    text = (site / "searchindex.js").read_text("utf-8")
    return json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))


def test_the_first_page_is_the_readme(site):
    assert (site / "index.html").read_bytes() == (site / "README.html").read_bytes()


def test_formulas_are_drawn_by_the_browser(site):
    page = (site / "docs" / "derivation.html").read_text("utf-8")
    assert page.count("<math") > 20 and "$" not in page.partition("<article")[2]


def test_no_page_asks_for_the_network(site):
    for path in site.rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|link|img)[^>]*(?:src|href)=\"(http[^\"]*)", path.read_text("utf-8")
        )
        assert not loaded, path


def test_each_public_function_is_in_the_reference(site):
    page = (site / "docs" / "reference" / "gplinker_tf.losses.html").read_text("utf-8")
    assert "multilabel_categorical_crossentropy" in page and "Raises" in page


@pytest.mark.parametrize("query", ["自导自演", "主演", "李"])
def test_chinese_is_found(index, query):
    words = [query[i : i + 2] for i in range(len(query) - 1)] or [query]
    found = [index["terms"].get(word) for word in words]
    assert all(found_in is not None for found_in in found), query


def test_the_browser_splits_a_query_as_the_index_does(site):
    script = (site / "_static" / "language_data.js").read_text("utf-8")
    assert "function splitQuery" in script and "Stemmer = EnglishStemmer" in script
