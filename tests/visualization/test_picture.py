"""Saving pictures as HTML, SVG and PNG, completely or not at all, with helpful errors."""

import re
from base64 import b64decode

import pytest

from gplinker_tf import Extraction
from gplinker_tf.visualization import _png, show_triples

PICTURE = show_triples(Extraction("Ada Lovelace"))


def test_each_kind_is_saved(tmp_path):
    for name in ("a.html", "a.svg"):
        PICTURE.save(tmp_path / name)
    assert (tmp_path / "a.html").read_text("utf-8") == PICTURE.to_html()
    assert (tmp_path / "a.svg").read_text("utf-8") == PICTURE.to_svg()
    assert PICTURE.to_html().startswith("<!doctype html>")
    assert PICTURE.html in PICTURE.to_html()


def test_a_notebook_that_is_not_trusted_shows_an_image():
    shown = PICTURE._repr_html_()
    assert PICTURE.html in shown
    source = re.search(r'<img src="data:image/svg\+xml;base64,([^"]+)"', shown)[1]
    assert b64decode(source).decode() == PICTURE.to_svg(720)


def test_a_title_has_the_text_as_it_is():
    picture = show_triples(Extraction("a\u200db 'c' \\"))
    assert "<title>0 triples: a\u200db &#x27;c&#x27; \\</title>" in picture.to_html()


def test_files_have_paper_of_their_own_and_pages_follow_their_reader():
    assert 'class="paper"' in PICTURE.to_svg() and "prefers-color-scheme" in PICTURE.to_svg()
    assert 'class="paper"' not in PICTURE.html and "currentColor" in PICTURE.html


def test_a_png_has_twice_as_many_pixels(tmp_path):
    pytest.importorskip("resvg_py")
    PICTURE.save(tmp_path / "a.png")
    header = (tmp_path / "a.png").read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    width = int(PICTURE.to_svg().split('width="')[1].split('"')[0])
    assert int.from_bytes(header[16:20], "big") == 2 * width


def test_a_missing_folder_is_made(tmp_path):
    PICTURE.save(tmp_path / "pictures" / "new" / "a.svg")
    assert (tmp_path / "pictures" / "new" / "a.svg").is_file()


def test_other_names_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\.html, \.svg, \.png\. Received: 'a\.gif'"):
        PICTURE.save(tmp_path / "a.gif")


def test_png_without_what_draws_it_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setattr("gplinker_tf.extras.is_there", lambda module: False)
    with pytest.raises(ImportError, match=r"gplinker_tf\[notebook\]"):
        PICTURE.save(tmp_path / "a.png")
    assert not any(tmp_path.iterdir())


def test_a_png_without_chinese_fonts_is_refused(monkeypatch):
    resvg = pytest.importorskip("resvg_py")
    drawn = resvg.svg_to_bytes

    def without_fonts(**options):
        return drawn(**options, skip_system_fonts=True)

    monkeypatch.setattr(resvg, "svg_to_bytes", without_fonts)
    with pytest.raises(RuntimeError, match="Install a Chinese font"):
        _png.png_of(show_triples(Extraction("周星驰")).to_svg())
