"""A picture for notebooks: JupyterLab strips SVG and styles from one that is not trusted."""

from __future__ import annotations

from base64 import b64encode

from gplinker_tf.visualization._markup import element

NAME = "gplinker-shown"

#: Where it is stripped, the image is what remains to be seen.
RULES = f".{NAME}>img{{display:none!important}}.{NAME}>div{{display:block!important}}"


def with_image(html: str, svg: str, title: str) -> str:
    """The picture, or an image of it where a viewer strips SVG from HTML.

    Args:
        html: the picture as a part of a page.
        svg: the picture as a file.
        title: what it shows, for readers who do not see it.
    """
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    image = element("img", src=source, alt=title, style="max-width:100%")
    hidden = element("div", html, style="display:none")
    return element("div", element("style", RULES) + image + hidden, class_=NAME)
