"""docs/options.md is up to date."""

from make_options import PATH, page


def test_the_page_is_that_of_the_fields():
    assert PATH.read_text("utf-8") == page(), "python tests/docs/make_options.py"
