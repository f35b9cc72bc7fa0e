"""Pictures for notebooks: JupyterLab strips SVG and styles from untrusted ones."""

from __future__ import annotations

from base64 import b64encode

from gplinker_tf.visualization._markup import element

NAME = "gplinker-shown"

#: If these styles are stripped, only the image is visible.
RULES = f".{NAME}>img{{display:none!important}}.{NAME}>div{{display:block!important}}"


def with_image(html: str, svg: str, title: str) -> str:
    """Return the picture, with an image of it for viewers that strip SVG from HTML.

    Args:
        html: the picture as part of a page.
        svg: the picture as a file.
        title: what it shows, for screen readers.
    """
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    image = element("img", src=source, alt=title, style="max-width:100%")
    hidden = element("div", html, style="display:none")
    return element("div", element("style", RULES) + image + hidden, class_=NAME)
