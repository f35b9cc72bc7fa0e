"""Colors that stand out from both light and dark backgrounds.

Text and axes take the color of the text around them (`currentColor`), so that a picture fits any
notebook theme.
"""

from gplinker_tf._html import COLORS

INK = "currentColor"

#: Opacity of secondary text.
FAINT = 0.62

SUBJECT, OBJECT = COLORS["subject"], COLORS["object"]

#: Line colors if gold is given; line styles and signs show the same.
CORRECT, MISSED, SPURIOUS = "#2c9c69", "#9a6bd0", "#d9536a"

#: For predicates and curves, in turn.
PALETTE = (
    *("#2a9d8f", "#9a6bd0", "#d9536a", "#3a86c8"),
    *("#b5862d", "#c75d9c", "#6b8e3d", "#7d7fb8"),
)

#: Background and text colors of saved pages and files, light and dark.
PAPER, TEXT = ("#ffffff", "#16191d"), ("#1d2024", "#e6e4df")
