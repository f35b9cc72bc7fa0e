"""Elements of SVG and HTML, with escaped text and attributes."""

from __future__ import annotations

from gplinker_tf._html import plain


def element(name: str, *content: str, **attributes: str | float | None) -> str:
    """Return an element; its content is markup, and attributes that are `None` are left out.

    >>> element("text", plain("a < b"), x=1.25, font_size=12, class_="faint")
    '<text x="1.2" font-size="12" class="faint">a &lt; b</text>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(content)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def _value(value: str | float) -> str:
    return plain(value) if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """Format a number for a path or an attribute, rounded to a tenth of a pixel.

    >>> number(3.0), number(2.04), number(-0.01)
    ('3', '2', '0')
    """
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 1e5 else f"{value:.0f}"
