"""Adversarial training of a compiled model, as in bert4keras's examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gplinker_tf.backend import KERAS_3, keras, resource_of, tf
from gplinker_tf.bert4keras.backend import search_layer

#: From inputs and labels to the gradient of the loss with respect to the embedding table.
Gradient = Callable[[Any, Any], tf.Tensor]


def adversarial_training(model: Any, embedding_name: str, epsilon: float = 1) -> None:
    """Make a compiled model train on perturbed embeddings: the fast gradient method (FGM).

        E + epsilon * g / (|g| + 1e-8)

    where `g` is the gradient of the loss, computed without dropout, with respect to the table `E`.
    Each training step computes the gradients of all weights with the perturbed embeddings, and then
    removes the perturbation. The loss that `fit` shows is that of the perturbed embeddings.

    Args:
        model: a compiled model.
        embedding_name: name of the embedding layer, such as `"Embedding-Token"`.
        epsilon: length of the perturbation, in the Euclidean norm of the whole table.

    Raises:
        ValueError: the model is not compiled, or has no such layer.

    Example:

    >>> tokens = keras.Input([None], dtype="int32")
    >>> x = keras.layers.Embedding(9, 4, name="Embedding-Token")(tokens)
    >>> model = keras.Model(tokens, keras.layers.Dense(1)(x))
    >>> model.compile("sgd", "mse")
    >>> adversarial_training(model, "Embedding-Token", epsilon=0.5)
    >>> model.fit(tf.ones([2, 3]), tf.ones([2, 3, 1]), verbose=0).epoch
    [0]

    Source: Miyato et al., https://arxiv.org/abs/1605.07725; bert4keras's
    `task_iflytek_adversarial_training.py`, https://kexue.fm/archives/7234.
    """

    def perturbed(table: tf.Variable, gradient: Gradient, x: Any, y: Any) -> tuple[tf.Tensor, Any]:
        return epsilon * _unit(gradient(x, y)), y

    _train_on(perturbed, model, embedding_name)


def virtual_adversarial_training(
    model: Any, embedding_name: str, epsilon: float = 1, xi: float = 10, iters: int = 1
) -> None:
    """Make a compiled model train to give the same output when its embeddings are perturbed.

    The labels of a batch are not used: in each step, the model's own output serves as labels. The
    perturbation is the direction in which the output changes most, found by power iteration from a
    random start.

    Args:
        model: a compiled model, with a loss such as `"kld"`.
        embedding_name: name of the embedding layer, such as `"Embedding-Token"`.
        epsilon: length of the perturbation, in the Euclidean norm of the whole table.
        xi: length of the perturbations of the power iteration.
        iters: number of power iterations.

    Raises:
        ValueError: the model is not compiled, or has no such layer.

    Source: Miyato et al., https://arxiv.org/abs/1704.03976; bert4keras's
    `task_sentiment_virtual_adversarial_training.py`, https://kexue.fm/archives/7466.
    """

    def perturbed(table: tf.Variable, gradient: Gradient, x: Any, y: Any) -> tuple[tf.Tensor, Any]:
        y = model(x, training=False)
        direction = tf.random.normal(table.shape, dtype=table.dtype)
        for _ in range(iters):
            probe = xi * _unit(direction)
            table.assign_add(probe)
            direction = gradient(x, y)
            table.assign_sub(probe)
        return epsilon * _unit(direction), y

    _train_on(perturbed, model, embedding_name)


def _train_on(perturbed: Callable[..., Any], model: Any, embedding_name: str) -> None:
    """Make a model train on perturbed embeddings; `perturbed` returns perturbation and labels."""
    if getattr(model, "optimizer", None) is None:
        raise ValueError(
            f"Expected a compiled model. Received: {model.name!r}, which is not compiled. "
            "Call compile first."
        )
    table = resource_of(_embedding_layer(model, embedding_name).embeddings)
    usual_step, without_counting = model.train_step, _UncountedLoss(model)

    def train_step(data: Any) -> Any:
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)

        def gradient(x: Any, y: Any) -> tf.Tensor:
            with without_counting, tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(table)
                loss = model.compute_loss(x, y, model(x, training=False), weights)
            return tf.convert_to_tensor(tape.gradient(loss, table))

        perturbation, y = perturbed(table, gradient, x, y)
        table.assign_add(perturbation)
        logs = usual_step((x, y, weights))
        table.assign_sub(perturbation)
        return logs

    model.train_step = train_step
    model.train_function = None  # made from the usual step if the model was trained before


def _unit(vectors: tf.Tensor) -> tf.Tensor:
    return vectors / (tf.norm(vectors) + 1e-8)


def _embedding_layer(model: Any, name: str) -> Any:
    for output in model.outputs:
        layer = search_layer(output, name)
        if hasattr(layer, "embeddings"):
            return layer
    raise ValueError(
        f"Expected the name of an Embedding layer of the model. Received: embedding_name={name!r}. "
        "model.summary() shows the names."
    )


class _UncountedLoss:
    """A context in which a model's loss does not count toward the mean that `fit` shows."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._name = "_compile_loss" if KERAS_3 else "compiled_loss"
        self._counted = self._uncounted = getattr(model, self._name)
        if self._counted is not None:
            losses = self._counted._user_loss if KERAS_3 else self._counted._user_losses
            self._uncounted = type(self._counted)(
                losses, self._counted._user_loss_weights, output_names=model.output_names
            )

    def __enter__(self) -> None:
        setattr(self._model, self._name, self._uncounted)

    def __exit__(self, *error: Any) -> None:
        setattr(self._model, self._name, self._counted)
