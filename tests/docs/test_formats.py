"""The table of formats in docs/data.md is up to date."""

from make_formats import PATH, page


def test_the_table_is_that_of_the_formats():
    assert PATH.read_text("utf-8") == page(), "python tests/docs/make_formats.py"
