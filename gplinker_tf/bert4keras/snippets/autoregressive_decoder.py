"""Generation of sequences, token by token."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gplinker_tf.bert4keras import keras
from gplinker_tf.bert4keras.snippets.arrays import softmax


class AutoRegressiveDecoder:
    """Abstract: generates sequences by beam search or by sampling.

    A subclass defines `predict`, decorated with `AutoRegressiveDecoder.wraps`, which returns the
    probabilities of the next token.

    Args:
        start_id: the token that sequences begin with, or `None` for none.
        end_id: the token that ends them.
        maxlen: maximum number of generated tokens.
        minlen: minimum length at which a sequence may end.

    Example:

    >>> class Counting(AutoRegressiveDecoder):
    ...     @AutoRegressiveDecoder.wraps(default_rtype="probas")
    ...     def predict(self, inputs, output_ids, states):
    ...         return np.eye(5)[output_ids[:, -1] + 1]
    >>> Counting(start_id=1, end_id=4, maxlen=8).beam_search([], topk=2).tolist()
    [1, 2, 3, 4]

    Source: bert4keras 0.11.5, `snippets.AutoRegressiveDecoder`.
    """

    def __init__(self, start_id: int | None, end_id: int, maxlen: int, minlen: int = 1) -> None:
        self.start_id, self.end_id = start_id, end_id
        self.maxlen, self.minlen = maxlen, minlen
        self.models: dict[Any, Any] = {}
        first = [] if start_id is None else [start_id]
        self.first_output_ids = np.array([first], dtype=int)

    @staticmethod
    def wraps(default_rtype: str = "probas", use_states: bool = False) -> Callable:
        """Return a decorator for `predict` that adds arguments for temperature and kind of result.

        Args:
            default_rtype: what the method returns: `"probas"`, or `"logits"` before the softmax.
            use_states: whether it returns a pair of these and the states for the next step.

        Raises:
            ValueError: the requested kind is unknown.
        """

        def decorate(predict: Callable) -> Callable:
            @functools.wraps(predict)
            def predicting(
                self: Any,
                inputs: Any,
                output_ids: np.ndarray,
                states: Any = None,
                temperature: float = 1,
                rtype: str = default_rtype,
            ) -> tuple[np.ndarray, Any]:
                if rtype not in ("probas", "logits"):
                    raise ValueError(f"Expected 'probas' or 'logits'. Received: rtype={rtype!r}.")
                found = predict(self, inputs, output_ids, states)
                scores, states = found if use_states else (found, None)
                if default_rtype == "logits":
                    scores = softmax(scores / temperature)
                elif temperature != 1:
                    scores = scores ** (1.0 / temperature)
                    scores = scores / scores.sum(axis=-1, keepdims=True)
                return (scores if rtype == "probas" else np.log(scores + 1e-12)), states

            return predicting

        return decorate

    def last_token(self, model: Any) -> Any:
        """Return the model with outputs at the last token only, built once per model.

        Args:
            model: a Keras model whose outputs are `[B, L, ...]`.
        """
        if model not in self.models:
            # Without its own mask, Keras 3 would warn that the layer drops that of its input.
            last = keras.layers.Lambda(lambda x: x[:, -1], mask=lambda x, mask: None)
            self.models[model] = keras.models.Model(model.inputs, list(map(last, model.outputs)))
        return self.models[model]

    def predict(self, inputs: Any, output_ids: np.ndarray, states: Any = None) -> Any:
        """Predict the next token of each sequence; a subclass defines it.

        Args:
            inputs: the caller's inputs as arrays with one row per sequence.
            output_ids: the tokens so far, `[N, T]`.
            states: the states that the previous step returned.

        Returns:
            Probabilities or logits, `[N, V]`; with `use_states`, also the states.
        """
        raise NotImplementedError

    def beam_search(
        self,
        inputs: Sequence[Any],
        topk: int,
        states: Any = None,
        temperature: float = 1,
        min_ends: int = 1,
    ) -> np.ndarray:
        """Return the best sequence that a beam search finds.

        Args:
            inputs: inputs that the sequence depends on.
            topk: beam width.
            states: states for the first step.
            temperature: divides the logits.
            min_ends: number of end tokens that complete a sequence.

        Returns:
            Token ids, `[T]`.
        """
        inputs = [np.array([part]) for part in inputs]
        ids, totals = self.first_output_ids, np.zeros(1)
        predict: Any = self.predict  # with the arguments that `wraps` adds
        for step in range(self.maxlen):
            scores, states = predict(inputs, ids, states, temperature, "logits")
            if step == 0:
                inputs = [np.repeat(part, topk, axis=0) for part in inputs]
            scores = totals[:, None] + scores
            best = scores.argpartition(-topk, axis=None)[-topk:]
            rows, tokens = np.divmod(best, scores.shape[1])
            ids = np.concatenate([ids[rows], tokens[:, None]], axis=1)
            totals = np.take_along_axis(scores, best, axis=None)
            ended = self._ended(ids, min_ends)
            if ended[totals.argmax()]:
                return ids[totals.argmax()]
            if ended.any():
                inputs, ids, totals = [part[~ended] for part in inputs], ids[~ended], totals[~ended]
                topk = len(ids)
        return ids[totals.argmax()]

    def random_sample(
        self,
        inputs: Sequence[Any],
        n: int,
        topk: int | None = None,
        topp: float | None = None,
        states: Any = None,
        temperature: float = 1,
        min_ends: int = 1,
    ) -> list[np.ndarray]:
        """Return sequences sampled with NumPy's global generator.

        Args:
            inputs: inputs that the sequences depend on.
            n: number of sequences.
            topk: sample each token from this many of the most likely ones.
            topp: sample each token from the most likely ones that together have this probability.
            states: states for the first step.
            temperature: divides the logits.
            min_ends: number of end tokens that complete a sequence.

        Returns:
            `n` arrays of token ids, in the order in which they ended.
        """
        inputs = [np.array([part]) for part in inputs]
        ids, found = self.first_output_ids, []
        predict: Any = self.predict  # with the arguments that `wraps` adds
        for step in range(self.maxlen):
            probas, states = predict(inputs, ids, states, temperature, "probas")
            probas = probas / probas.sum(axis=1, keepdims=True)
            if step == 0:
                probas, ids, *inputs = (np.repeat(x, n, axis=0) for x in (probas, ids, *inputs))
            probas, candidates = _likeliest(probas, topk, topp)
            drawn = [[np.random.choice(len(row), p=row)] for row in probas]
            tokens = np.take_along_axis(candidates, np.array(drawn), axis=1)
            ids = np.concatenate([ids, tokens], axis=1)
            ended = self._ended(ids, min_ends)
            found += list(ids[ended])
            inputs, ids = [part[~ended] for part in inputs], ids[~ended]
            if not len(ids):
                break
        return found + list(ids)

    def _ended(self, ids: np.ndarray, min_ends: int) -> np.ndarray:
        """Return which sequences are complete, bool `[N]`."""
        long_enough = ids.shape[1] >= self.minlen
        ends = ids == self.end_id
        return ends[:, -1] & (ends.sum(axis=1) >= min_ends) & long_enough


def _likeliest(
    probas: np.ndarray, topk: int | None, topp: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the probabilities to sample with, and the tokens that they belong to."""
    candidates = np.broadcast_to(np.arange(probas.shape[1]), probas.shape)
    if topk is not None:
        candidates = probas.argpartition(-topk, axis=1)[:, -topk:]
        probas = np.take_along_axis(probas, candidates, axis=1)
        probas = probas / probas.sum(axis=1, keepdims=True)
    if topp is not None:
        order = probas.argsort(axis=1)[:, ::-1]
        candidates = np.take_along_axis(candidates, order, axis=1)
        probas = np.take_along_axis(probas, order, axis=1)
        # A token counts if those before it do not reach topp; the first always does.
        enough = np.cumsum(probas, axis=1)[:, :-1] >= topp
        probas[:, 1:][enough] = 0
        probas = probas / probas.sum(axis=1, keepdims=True)
    return probas, candidates
