"""A notebook widget that shows what a model finds in a text, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gplinker_tf.extras import require
from gplinker_tf.visualization._text_at_thresholds import TextAtThresholds, lowest_threshold
from gplinker_tf.visualization.triples import show_triples

if TYPE_CHECKING:
    from ipywidgets import VBox

    from gplinker_tf.extraction import RelationExtractor

HIGHEST = 10.0

#: The choice of no pair; its value is not None, for which a dropdown shows nothing.
NO_PAIR = ("—", "")

#: What a notebook without widgets shows; Jupyter cuts off text after 110 characters.
UNSEEN = (
    "explore() also needs ipywidgets where JupyterLab is installed. Install it and reload the page."
)


def explore(extractor: RelationExtractor, text: str) -> VBox:
    """Explore a model in a notebook: change the text, the predicate or the threshold.

    It shows the triples above the threshold, and `show_scores` of the predicate and of one pair,
    which may be below the threshold. Until the slider is moved, it follows the threshold of each
    predicate, if `gplinker tune` found one. The model reads a text only once; moving the slider or
    choosing a predicate only redraws the pictures.

    Args:
        extractor: a trained model with its tokenizer and schema.
        text: the initial text.

    Returns:
        An `ipywidgets` widget, which the notebook shows.

    Raises:
        ImportError: `ipywidgets` is not installed.

    Example, with a run folder that `gplinker train` wrote:

        explore(RelationExtractor.load("run"), "《喜剧之王》由周星驰主演")
    """
    require("ipywidgets", "explore()")
    import ipywidgets

    return _Explorer(extractor, text, ipywidgets).box


class _Explorer:
    """The widgets, and the updates when one of them changes."""

    def __init__(self, extractor: RelationExtractor, text: str, widgets: Any) -> None:
        self._extractor = extractor
        wide = {"layout": widgets.Layout(width="98%")}
        self._text = widgets.Textarea(
            text, description="Text", rows=3, continuous_update=False, **wide
        )
        self._predicate = widgets.Dropdown(
            options=extractor.schema.predicates, description="Predicate"
        )
        self._threshold = widgets.FloatSlider(
            extractor.threshold_of(extractor.schema.predicates[0]),
            min=lowest_threshold(extractor),
            max=HIGHEST,
            step=0.1,
            description="Threshold",
        )
        self._pair = widgets.Dropdown(description="Pair", options=[NO_PAIR])
        self._triples, self._scores = widgets.HTML(), widgets.HTML()
        choices = widgets.HBox(
            [self._predicate, self._threshold, self._pair], layout=widgets.Layout(flex_flow="wrap")
        )
        for picture in (self._triples, self._scores):
            picture.layout.width = "98%"
        self.box = _box_of(widgets)([self._text, choices, self._triples, self._scores])
        self._quiet = False
        self._followed = self._limit
        self._text.observe(self._read, "value")
        self._predicate.observe(self._choose_predicate, "value")
        self._threshold.observe(self._draw, "value")
        self._pair.observe(self._draw_scores, "value")
        self._read()

    @property
    def _limit(self) -> float:
        """The threshold, without the rounding errors of the slider."""
        return round(self._threshold.value, 2) + 0.0  # no minus zero

    def _read(self, change: Any = None) -> None:
        self._known = TextAtThresholds(self._extractor, self._text.value)
        best = next(iter(self._known.all.triples), None)
        self._quiet = True
        if best is not None:
            self._predicate.value = best.predicate
        self._quiet = False
        self._choose_predicate()
        self._draw_triples()

    def _choose_predicate(self, change: Any = None) -> None:
        if self._quiet:
            return
        found = self._known.of(self._predicate.value)
        pairs = [(f"{one.subject.text} → {one.object.text}", one) for one in found]
        self._quiet = True
        self._pair.options = [*pairs, NO_PAIR]
        self._pair.index = 0
        self._quiet = False
        if self._limit == self._followed:
            self._threshold.value = self._extractor.threshold_of(self._predicate.value)
            self._followed = self._limit
        self._draw_scores()

    def _draw(self, change: Any = None) -> None:
        self._draw_triples()
        self._draw_scores()

    def _draw_triples(self) -> None:
        found = self._known.above(self._limit)
        self._triples.value = show_triples(found).html

    def _draw_scores(self, change: Any = None) -> None:
        if self._quiet:
            return
        chosen = self._predicate.value, self._limit, self._pair.value or None
        self._scores.value = self._known.scores(*chosen).html


def _box_of(widgets: Any) -> Any:
    """Return a box class whose text says what is missing, if Jupyter shows only that text."""

    class Explorer(widgets.VBox):  # type: ignore[misc]
        def __repr__(self) -> str:
            return UNSEEN

    return Explorer
