"""The registry of models by name; other packages add theirs with `register_model`."""

from __future__ import annotations

import pkgutil
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from gplinker_tf.errors import InputError
from gplinker_tf.models.casrel.options import CasRelOptions
from gplinker_tf.models.gplinker.options import GPLinkerOptions
from gplinker_tf.models.options import ModelOptions
from gplinker_tf.models.targets import TargetBuilder
from gplinker_tf.models.tplinker.options import TPLinkerOptions, TPLinkerPlusOptions
from gplinker_tf.option import options_of

if TYPE_CHECKING:
    from gplinker_tf.models.base import RelationModel


@dataclass(frozen=True)
class Rates:
    """The training settings that a recipe uses for a model on a pretrained encoder of width 384.

    Args:
        learning_rate: the learning rate of the encoder.
        heads_rate: the learning-rate multiplier for the task layers.
        initial_score: the score of every pair before the first step.
        few_texts: the largest factor on the learning rate for small training sets.

    Example:

    >>> MODELS["casrel"].rates
    Rates(learning_rate=0.0001, heads_rate=10.0, initial_score=-7.0, few_texts=1.0)
    """

    learning_rate: float = 1e-4
    heads_rate: float = 30.0
    initial_score: float = 0.0
    few_texts: float = 1.0


@dataclass(frozen=True)
class ModelKind:
    """The description of a model, without importing it: options and targets need no TensorFlow.

    Args:
        options: the class of its options, whose `kind` is the model's name.
        model: the location of its class, as `"package.module:Class"`.
        targets: the location of the class of its target builder.
        rates: the training settings that a recipe uses for it.
        target_settings: arguments of the target builder besides the number of predicates.

    Example:

    >>> kind = MODELS["gplinker"]
    >>> kind.name, kind.options().head_size, kind.target_builder(num_predicates=49)
    ('gplinker', 64, GPLinkerTargets(49 predicates))
    """

    options: type[ModelOptions]
    model: str
    targets: str
    rates: Rates = Rates()
    target_settings: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"ModelKind({self.name!r}, {self.model!r})"

    @property
    def name(self) -> str:
        """The model's name in options and configurations."""
        return self.options.kind

    @property
    def model_class(self) -> type[RelationModel]:
        """The class of the Keras model; reading it imports TensorFlow."""
        return pkgutil.resolve_name(self.model)

    def target_builder(self, num_predicates: int) -> TargetBuilder:
        """Return the target builder of the model with its default options.

        Args:
            num_predicates: `P`.

        Example:

        >>> import numpy as np
        >>> builder = MODELS["tplinker"].target_builder(num_predicates=2)
        >>> rows = np.array([[1, 2, 0, 4, 4], [4, 4, 0, 1, 2]])  # both ways
        >>> builder.decoded(rows, length=7)
        {(4, 4, 0, 1, 2)}
        """
        return pkgutil.resolve_name(self.targets)(num_predicates, **self.target_settings)


#: The models by name.
MODELS: dict[str, ModelKind] = {}


def register_model(kind: ModelKind) -> None:
    """Register a model for `TrainingOptions`, the command line, run folders and the audit.

    Args:
        kind: the model.

    Raises:
        ValueError: another model already has its name or the name of one of its options.

    Example:

    >>> class MyOptions(ModelOptions):
    ...     kind = "mine"
    >>> register_model(ModelKind(MyOptions, "my_package:Model", "my_package:Targets"))
    >>> MODELS["mine"]
    ModelKind('mine', 'my_package:Model')
    >>> del MODELS["mine"]  # it was for the example only
    """
    if kind.name in MODELS and MODELS[kind.name] != kind:
        raise ValueError(
            f"Expected a new name. Received: model={kind.name!r}, which is already registered."
        )
    for name in options_of(kind.options):
        owner = owner_of(name)
        if owner is not None and owner.name != kind.name:
            raise ValueError(
                f"Expected options that no other model has. Received: {kind.name}'s {name}, "
                f"which {owner.name} also has. Rename it."
            )
    MODELS[kind.name] = kind


def owner_of(option: str) -> ModelKind | None:
    """Return the model that has an option, or `None` if no model has it.

    Example:

    >>> owner_of("pointer").name, owner_of("epochs")
    ('gplinker', None)
    """
    return next((kind for kind in MODELS.values() if option in options_of(kind.options)), None)


def model_kind(name: str) -> ModelKind:
    """Return the model with a name.

    Raises:
        InputError: no such model is registered.
    """
    if name not in MODELS:
        raise InputError(f"Expected one of {', '.join(MODELS)}. Received: model={name!r}.")
    return MODELS[name]


def settings_of(options: ModelOptions) -> dict[str, Any]:
    """Return a model's options as arguments of its class.

    Args:
        options: the options of one model.

    Returns:
        The values by name.

    Example:

    >>> settings_of(GPLinkerOptions(pointer="standard"))
    {'pointer': 'standard', 'head_size': 64, 'entities': 'separate', 'with_tail': True,
     'loss_form': 'sparse'}
    """
    return asdict(options)


register_model(
    ModelKind(
        GPLinkerOptions,
        "gplinker_tf.models.gplinker.model:GPLinker",
        "gplinker_tf.models.gplinker.targets:GPLinkerTargets",
        Rates(1e-4, 30.0, -7.0, few_texts=3.0),
    )
)
register_model(
    ModelKind(
        CasRelOptions,
        "gplinker_tf.models.casrel.model:CasRel",
        "gplinker_tf.models.casrel.targets:CasRelTargets",
        Rates(1e-4, 10.0, -7.0),
    )
)
register_model(
    ModelKind(
        TPLinkerOptions,
        "gplinker_tf.models.tplinker.model:TPLinker",
        "gplinker_tf.models.tplinker.targets:HandshakingTargets",
        Rates(1e-4, 30.0, -7.0),
        {"one_class": True},
    )
)
register_model(
    ModelKind(
        TPLinkerPlusOptions,
        "gplinker_tf.models.tplinker.plus:TPLinkerPlus",
        "gplinker_tf.models.tplinker.targets:HandshakingTargets",
        Rates(1e-4, 30.0, -7.0),
    )
)
