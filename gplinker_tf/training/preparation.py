"""From files and options to what training takes: model, optimizer, batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from gplinker_tf.alignment import LabeledTexts, TripleAligner
from gplinker_tf.audit import PerfectScores
from gplinker_tf.backend import keras
from gplinker_tf.batching import TrainingBatches, bucket_length, length_multiple
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.metrics import Evaluation
from gplinker_tf.models import MODELS, RelationModel, settings_of
from gplinker_tf.precision import layers_compute_in
from gplinker_tf.structures import Example, Schema
from gplinker_tf.tokenizers import BertTokenizer
from gplinker_tf.training._schedule import WarmUpAndDecay
from gplinker_tf.training.optimizer import AveragingAdam
from gplinker_tf.training.options import SettledOptions, TrainingOptions

#: From an encoder and the number of predicates to a model.
BuildModel: TypeAlias = Callable[[keras.Model, int], RelationModel]


def new_aligner(folder: EncoderFolder, schema: Schema, options: TrainingOptions) -> TripleAligner:
    """What tokenizes and labels texts for the encoder of a folder.

    Words without offsets are searched as in the original script where the recipe is its recipe.

    Raises:
        InputError: the folder's parts do not fit together, or the texts are too long for it.
    """
    fitting_config(folder, options)
    tokenizer = BertTokenizer.from_vocab_file(folder.vocab_path, folder.lowercase)
    search = "tokens" if options.recipe == "blog" else "characters"
    return TripleAligner(
        tokenizer, schema, options.max_length, search, options.occurrences, options.long
    )


def new_extractor(
    folder: EncoderFolder,
    schema: Schema,
    options: SettledOptions,
    build_model: BuildModel | None = None,
) -> RelationExtractor:
    """An untrained model on the encoder of a folder, with its tokenizer.

    Args:
        folder: of the encoder.
        schema: the predicates.
        options: the settings.
        build_model: makes the model; `None` makes the one of the options.

    Raises:
        InputError: the folder's parts do not fit together, or the texts are too long for it.
        TypeError: `build_model` returns no model.
    """
    config: dict[str, Any] | None = fitting_config(folder, options)
    tokenizer = BertTokenizer.from_vocab_file(folder.vocab_path, folder.lowercase)
    with layers_compute_in(options.precision):
        encoder = folder.build(options.encoder_layers)
        if build_model is None:
            model_class, settings = MODELS[options.model.kind].model_class, options.model
            model = model_class(encoder, len(schema.predicates), **settings_of(settings))
        else:
            model = build_model(encoder, len(schema.predicates))
            if not isinstance(model, RelationModel):
                raise TypeError(
                    f"Expected build_model to return a model, such as GPLinker(encoder, "
                    f"num_predicates). Received: {type(model).__name__}."
                )
            if model.encoder is not encoder:
                config = None  # read off the model's own when it is saved
    if options.initial_score:
        model.set_initial_score(options.initial_score)
    return RelationExtractor(model, tokenizer, schema, options.max_length, config, options.long)


def fitting_config(folder: EncoderFolder, options: TrainingOptions) -> dict[str, Any]:
    """The configuration of an encoder that reads texts of the longest length.

    Raises:
        InputError: it has fewer positions.
    """
    config = folder.config(options.encoder_layers)
    if longest_batch(options) > config["max_position"]:
        raise InputError(
            f"Expected at most {config['max_position']}, the number of positions in "
            f"{folder.config_path}. Received: max_length={options.max_length}."
        )
    return config


def longest_batch(options: TrainingOptions) -> int:
    """The length that the longest texts are padded to."""
    return bucket_length(options.max_length, length_multiple(options.jit))


def training_batches(
    texts: LabeledTexts, model: RelationModel, options: SettledOptions
) -> TrainingBatches:
    """Tokenized and labeled texts in batches, as a model learns from them."""
    return TrainingBatches(
        texts,
        model.target_builder,
        options.batch_size,
        options.seed,
        length_multiple(options.jit),
    )


def perfect_evaluation(
    model: RelationModel,
    aligner: TripleAligner,
    examples: Sequence[Example],
    texts: LabeledTexts,
) -> Evaluation:
    """What a model would score in annotated texts if its scores were perfect."""
    perfect = PerfectScores(model.target_builder, aligner)
    for example, windows in zip(examples, texts.by_text(), strict=True):
        perfect.add(example, windows)
    return perfect.evaluation()


def new_optimizer(model: RelationModel, options: SettledOptions, steps: int) -> AveragingAdam:
    """The optimizer of a run, built: a first step that builds it is traced twice.

    Args:
        model: what it will train.
        options: the settings.
        steps: of the whole run, at the last of which a decay ends.
    """
    total = steps if options.decay == "linear" else None
    optimizer = AveragingAdam(
        WarmUpAndDecay(options.learning_rate, options.warm_up, total),
        averaging=options.averaging,
        growing=options.averaging_form == "growing",
        global_clipnorm=options.clip_norm,
    )
    optimizer.build(model.trainable_variables)
    for name in model.parts:
        optimizer.multiply_rate(getattr(model, name).trainable_variables, options.heads_rate)
    return optimizer
