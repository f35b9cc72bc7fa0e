"""A text box, a predicate and a threshold: what a model finds, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gplinker_tf.extras import way_to
from gplinker_tf.visualization._text_at_thresholds import TextAtThresholds, lowest_threshold
from gplinker_tf.visualization.triples import show_triples

if TYPE_CHECKING:
    from ipywidgets import VBox

    from gplinker_tf.extraction import RelationExtractor

HIGHEST = 10.0

#: The choice of no pair; a list whose value is None shows nothing.
NO_PAIR = ("—", "")

#: What a notebook without widgets shows; Jupyter cuts off what is longer than 110 characters.
UNSEEN = (
    "explore() needs ipywidgets where JupyterLab is installed too. Install it, reload the page."
)


def explore(extractor: RelationExtractor, text: str) -> VBox:
    """A small application for a notebook: change the text, the predicate or the threshold.

    It shows the triples above the threshold, and `show_scores` of the predicate and of one pair,
    which may be one that is below the threshold. The slider follows the predicate's own threshold,
    where `gplinker tune` found one, until it is moved. The model reads a text once; what moves the
    slider or picks a predicate only draws again.

    Args:
        extractor: a trained model with its tokenizer and schema.
        text: the text to begin with.

    Returns:
        A widget of `ipywidgets`, which the notebook shows.

    Raises:
        ImportError: `ipywidgets` is not installed.

    Example, with a run folder that `gplinker train` wrote:

        explore(RelationExtractor.load("run"), "《喜剧之王》由周星驰主演")
    """
    try:
        import ipywidgets
    except ImportError:
        raise ImportError(
            "Expected ipywidgets, which `explore` needs. Received: it is not installed. Run "
            f"{way_to('ipywidgets')}."
        ) from None
    return _Explorer(extractor, text, ipywidgets).box


class _Explorer:
    """The widgets and what changes when one of them does."""

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
        """The threshold, without what a slider adds to round numbers."""
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
    """The class of a box that says what is missing where its text is all that Jupyter shows."""

    class Explorer(widgets.VBox):  # type: ignore[misc]
        def __repr__(self) -> str:
            return UNSEEN

    return Explorer
