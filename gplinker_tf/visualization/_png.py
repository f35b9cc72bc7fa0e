"""SVG as pixels, where what draws them is there."""

from __future__ import annotations

from gplinker_tf.extras import way_to
from gplinker_tf.visualization._drawing import FONTS, NAMESPACE
from gplinker_tf.visualization._markup import element
from gplinker_tf.visualization._text_width import is_wide

#: Pixels of the image for one of the drawing.
ZOOM = 2

#: A character that no font has.
NO_CHARACTER = "\U000fffff"


def png_of(svg: str) -> bytes:
    """The PNG of an SVG image, on light paper.

    Raises:
        ImportError: `resvg_py` is not installed.
        RuntimeError: the fonts of this machine lack the picture's Chinese characters.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise ImportError(
            "Expected resvg_py, which draws PNG files. Received: it is not installed. Run "
            f"{way_to('resvg_py')}, or save as .svg or .html."
        ) from None

    def drawn(text: str) -> bytes:
        letter = element("text", text, y=16, font_size=16, font_family=FONTS)
        svg = element("svg", letter, xmlns=NAMESPACE, width=20, height=20)
        return bytes(svg_to_bytes(svg_string=svg))

    wide = next((one for one in svg if is_wide(one) and one.isalpha()), None)
    if wide and drawn(wide) == drawn(NO_CHARACTER):
        raise RuntimeError(
            f"Expected a font that has {wide!r}. Received: a machine without one. Install a "
            "Chinese font, for example the package fonts-noto-cjk, or save as .svg or .html, which "
            "the reader's own fonts show."
        )
    return bytes(svg_to_bytes(svg_string=svg, zoom=ZOOM))
