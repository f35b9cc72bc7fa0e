"""Checks for every picture, and an untrained extractor of each model."""

import re
from xml.etree import ElementTree

from tiny import VOCABULARY_SIZE, tiny_of_kind, tiny_variant

from gplinker_tf import RelationExtractor, Schema
from gplinker_tf.tokenizers import BertTokenizer

TEXT = "《喜剧之王》由周星驰主演"
SCHEMA = Schema((("影视作品", "主演", "人物"), ("影视", "导演", "人物"), ("", "<b>&", "")))

#: Everything that would make a page load another file.
NETWORK = re.compile(r"(?:src|href)\s*=|url\(|@import|<script|<link|<iframe", re.IGNORECASE)


def extractor_of(kind_or_variant, max_length=128, long="sentences"):
    """Return an extractor with an untrained model, whose tokens are single characters."""
    named = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *dict.fromkeys(TEXT + "ab。")]
    spare = [f"[unused{number}]" for number in range(VOCABULARY_SIZE - len(named))]
    make = tiny_variant if kind_or_variant.startswith("gplinker-") else tiny_of_kind
    tokenizer = BertTokenizer([*named, *spare])
    return RelationExtractor(make(kind_or_variant), tokenizer, SCHEMA, max_length, long=long)


def expect_sound(picture):
    """Check that its page and its SVG are well-formed and load nothing from elsewhere.

    Returns:
        The text in the SVG, without tooltips.
    """
    page, svg = picture.to_html(), picture.to_svg()
    assert not NETWORK.search(page) and not NETWORK.search(svg)
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    for drawing in re.findall("<svg.*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(drawing)
    return words_of(svg)


def words_of(svg):
    texts = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return [text.text for text in texts]
