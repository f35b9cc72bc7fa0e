"""SVG rendered as PNG, if a renderer is installed."""

from __future__ import annotations

from gplinker_tf.extras import require
from gplinker_tf.visualization._drawing import FONTS, NAMESPACE
from gplinker_tf.visualization._markup import element
from gplinker_tf.visualization._text_width import is_wide

#: Pixels of the image per pixel of the drawing.
ZOOM = 2

#: A character that no font has.
NO_CHARACTER = "\U000fffff"


def png_of(svg: str) -> bytes:
    """Return an SVG image as PNG, on a light background.

    Raises:
        ImportError: `resvg_py` is not installed.
        RuntimeError: the fonts of this machine lack the picture's Chinese characters.
    """
    require("resvg_py", "A PNG file", "save as .svg or .html")
    from resvg_py import svg_to_bytes

    def drawn(text: str) -> bytes:
        letter = element("text", text, y=16, font_size=16, font_family=FONTS)
        svg = element("svg", letter, xmlns=NAMESPACE, width=20, height=20)
        return bytes(svg_to_bytes(svg_string=svg))

    wide = next((one for one in svg if is_wide(one) and one.isalpha()), None)
    if wide and drawn(wide) == drawn(NO_CHARACTER):
        raise RuntimeError(
            f"Expected a font that has {wide!r}. Received: no such font is installed. Install a "
            "Chinese font, for example the package fonts-noto-cjk, or save as .svg or .html, which "
            "use the reader's fonts."
        )
    return bytes(svg_to_bytes(svg_string=svg, zoom=ZOOM))
