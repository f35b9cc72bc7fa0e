"""docs/extraction.md: it shows each format as it is written, and its Python code runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from gplinker_tf import Extraction, Span, Triple
from gplinker_tf.data import OUTPUT_FORMATS, OutputOptions

TEXT = (Path(__file__).parents[2] / "docs" / "extraction.md").read_text("utf-8")
SECTIONS = dict(
    re.findall(r"^\*\*`([\w-]+)`\*\*(.*?)(?=^\*\*`|\Z)", TEXT, re.DOTALL | re.MULTILINE)
)


@pytest.mark.parametrize("name", [n for n, kind in OUTPUT_FORMATS.items() if n != "spacy"])
def test_what_is_shown_is_what_is_written(name):
    ends = Span("Tin", 10, 13, "book"), "author", Span("Ada", 0, 3, "person")
    triple = Triple(*ends, 21.5, probability=0.97)
    output = OUTPUT_FORMATS[name](OutputOptions("run"))
    parts = output.head(), output.parts(Extraction("Ada wrote Tin.", (triple,))), output.tail()
    shown = re.findall(r"^```\n(.*?)^```", SECTIONS[name], re.DOTALL | re.MULTILINE)
    assert shown == ["".join(part) for part in zip(*parts, strict=True)]


def test_a_format_of_one_s_own(tmp_path):
    [code] = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert (tmp_path / "found.txt").read_text("utf-8") == "Ada wrote Tin.\n"
