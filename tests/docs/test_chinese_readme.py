"""README.zh-CN.md matches README.md: the same sections, commands, code, links and figures."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))


def sections(text):
    """Return the text under each heading."""
    return re.split(r"^#+ .*\n", text, flags=re.MULTILINE)[1:]


def commands(text):
    lines = re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE)
    return [re.sub(r"\s+#.*", "", line) for line in lines]


def code(text):
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [re.sub(r"\s+#.*", "", block) for block in blocks]


def links(text):
    found = re.findall(r"\]\((\S+?)\)|(https?://[^\s),]+)", text)
    return sorted({a or b for a, b in found} - {"README.md", "README.zh-CN.md"})


def names(text):
    """Return the text in backticks, outside of code blocks."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return sorted(re.findall(r"`([^`\n]+)`", prose))


def figures(text):
    return sorted(re.findall(r"\d[\d.,]*\d|\d", text))


def headings(text):
    return re.findall(r"^(#+) ", text, re.MULTILINE)


def test_the_headings_are_as_deep():
    assert headings(CHINESE) == headings(ENGLISH)


@pytest.mark.parametrize("of", [commands, code, links, names, figures], ids=lambda f: f.__name__)
def test_each_section_says_the_same(of):
    for english, chinese in zip(sections(ENGLISH), sections(CHINESE), strict=True):
        assert of(chinese) == of(english), chinese[:40]


def test_they_name_each_other():
    assert "(README.zh-CN.md)" in ENGLISH and "(README.md)" in CHINESE
