"""The label makers by the names of their models, for those who work without TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gplinker_tf.data.casrel_labels import CasRelLabels
from gplinker_tf.data.gplinker_labels import GPLinkerLabels
from gplinker_tf.data.handshaking_labels import HandshakingLabels

LabelMaker = GPLinkerLabels | CasRelLabels | HandshakingLabels

LABEL_MAKERS: dict[str, Callable[[int], LabelMaker]] = {
    "gplinker": GPLinkerLabels,
    "casrel": CasRelLabels,
    "tplinker": partial(HandshakingLabels, one_class=True),
    "tplinker-plus": HandshakingLabels,
}


def new_label_maker(model: str, num_predicates: int) -> LabelMaker:
    """The label maker of a model with its default settings.

    Args:
        model: one of `gplinker_tf.models.MODELS`.
        num_predicates: `P`.

    Example:

    >>> import numpy as np
    >>> labels = new_label_maker("tplinker", num_predicates=2)
    >>> labels.decoded(np.array([[1, 2, 0, 4, 4], [4, 4, 0, 1, 2]]), length=7)  # both ways
    {(4, 4, 0, 1, 2)}
    """
    return LABEL_MAKERS[model](num_predicates)
