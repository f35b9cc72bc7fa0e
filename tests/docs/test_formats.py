"""The table of formats says what the formats say."""

from make_formats import PATH, page


def test_the_table_is_that_of_the_formats():
    assert PATH.read_text("utf-8") == page(), "python tests/docs/make_formats.py"
