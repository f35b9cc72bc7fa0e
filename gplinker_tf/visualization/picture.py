"""A picture that a notebook shows, and that can be saved as a page, an SVG or a PNG."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from string import Template

from gplinker_tf._atomic_write import whole_file
from gplinker_tf._reprs import shortened
from gplinker_tf.visualization._colors import PAPER, TEXT
from gplinker_tf.visualization._drawing import FONTS, Drawing
from gplinker_tf.visualization._markup import element, plain
from gplinker_tf.visualization._png import png_of
from gplinker_tf.visualization._untrusted import with_image

SUFFIXES = (".html", ".svg", ".png")

#: Width of lines, in pixels, in the image that an untrusted notebook shows.
IMAGE_WIDTH = 720

PAGE = Template(
    """<!doctype html>
<html lang="und">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; background: $light; color: $dark_ink; }
@media (prefers-color-scheme: dark) { :root { background: $dark; color: $light_ink; } }
body { margin: 0 auto; padding: 1.5rem 1.25rem; max-width: 68rem; font-family: $fonts; }
@media (max-width: 560px) { body { padding: 1rem .9rem; } }
</style>
</head>
<body>
$body
</body>
</html>
"""
)


class Picture:
    """A picture, as the functions of `gplinker_tf.visualization` return it.

    A notebook shows it when it is the last line of a cell. It is plain HTML and SVG: it needs no
    script, no network and no special font, text stays text, and it takes the colors of the page
    around it, so that it is legible on light and dark backgrounds.

    Args:
        title: what it shows, in a few words.
        html: the picture as part of a page.
        draw: a function from a width in pixels to the drawing.

    Attributes:
        html: the picture as part of a page, for a page of your own.

    Example:

    >>> from gplinker_tf import Extraction
    >>> from gplinker_tf.visualization import show_triples
    >>> picture = show_triples(Extraction("《喜剧之王》由周星驰主演"))
    >>> picture
    Picture('0 triples: 《喜剧之王》由周星驰主演')
    >>> picture.to_svg().startswith("<svg"), "喜" in picture.to_html()
    (True, True)
    """

    def __init__(self, title: str, html: str, draw: Callable[[float], Drawing]) -> None:
        self.title = title
        self.html = html
        self._draw = draw

    def __repr__(self) -> str:
        return f"Picture({shortened(self.title)})"

    def _repr_html_(self) -> str:
        return with_image(self.html, self.to_svg(IMAGE_WIDTH), self.title)

    def to_html(self) -> str:
        """Return a complete, self-contained page."""
        (light, dark), (dark_ink, light_ink) = PAPER, TEXT
        return PAGE.substitute(
            title=plain(self.title),
            body=self.html,
            fonts=FONTS,
            light=light,
            dark=dark,
            dark_ink=dark_ink,
            light_ink=light_ink,
        )

    def to_svg(self, width: float = 1080) -> str:
        """Return an SVG image with its own background, light or dark as the reader prefers.

        Args:
            width: the maximum width of lines of text, in pixels.
        """
        return self._draw(width).standalone()

    def save(self, path: str | Path, width: float = 1080) -> None:
        """Save the picture as a page, an SVG or a PNG, depending on the file extension.

        Args:
            path: a `.html`, `.svg` or `.png` file; an old one stays until the new one is complete.
                Its folder is created if necessary.
            width: the width of an SVG or PNG, in pixels; a page adapts to its window. A PNG has
                twice as many pixels, for sharp text.

        Raises:
            ValueError: the file has another extension.
            ImportError: a PNG needs `resvg_py`, which is not installed.
            RuntimeError: a PNG needs a font that this machine does not have.
        """
        path = Path(path)
        if path.suffix.lower() not in SUFFIXES:
            raise ValueError(
                f"Expected a file name that ends with {', '.join(SUFFIXES)}. Received: "
                f"{path.name!r}."
            )
        if path.suffix.lower() == ".html":
            written = self.to_html().encode()
        else:
            written = self.to_svg(width).encode()
        if path.suffix.lower() == ".png":
            written = png_of(written.decode())
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as unfinished:
            unfinished.write_bytes(written)


def adapting(draw: Callable[[float], Drawing], widths: tuple[float, ...] = (440, 720, 1080)) -> str:
    """Return HTML with one drawing for each width; the page shows the widest that fits.

    Identical drawings are included once.
    """
    drawings: dict[str, tuple[float, Drawing]] = {}
    for width in widths:
        drawing = draw(width)
        drawings.setdefault(drawing.content, (width, drawing))
    (_, first), *others = drawings.values()
    if not others:
        return first.inline()
    kind = "-".join(["gplinker-picture", *(f"{width:g}" for width, _ in others)])
    limits = [*(width for width, _ in others[1:]), None]
    rules = (
        f"@container (min-width:{width:g}px)"
        + (f" and (max-width:{limit - 0.02:g}px)" if limit else "")
        + f"{{.{kind}>div{{display:none!important}}"
        f".{kind}>div:nth-of-type({place}){{display:block!important}}}}"
        for place, ((width, _), limit) in enumerate(zip(others, limits, strict=True), start=2)
    )
    # If a page's styles are removed, only the narrowest drawing is visible.
    hidden = (element("div", drawing.inline(), style="display:none") for _, drawing in others)
    drawn = element("div", first.inline()) + "".join(hidden)
    inner = element("div", element("style", "".join(rules)) + drawn, class_=kind)
    return element("div", inner, style="container-type:inline-size")
