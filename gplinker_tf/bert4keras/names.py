"""The public names of bert4keras 0.11.5, used to tell an unsupported name from a typo."""

from __future__ import annotations

import dis
import sys
from typing import NoReturn

NAMES = {
    "backend": """
        Sinusoidal align apply_rotary_position_embeddings attention_normalize batch_gather
        custom_objects divisible_temporal_padding do_recompute dtype flatten gelu_erf gelu_tanh
        get_available_gpus graph_mode_decorator is_tf_keras leaky_relu
        multilabel_categorical_crossentropy piecewise_linear pool1d recompute_grad reshape
        root_mean_square search_layer sequence_masking set_gelu sinusoidal_embeddings
        sparse_multilabel_categorical_crossentropy swish symbolic where
    """,
    "layers": """
        BatchConcat BatchSplit Concatenate1D ConditionalRandomField EfficientGlobalPointer Embedding
        FeedForward GatedAttentionUnit GlobalAveragePooling1D GlobalMaxPooling1D GlobalPointer Layer
        LayerNormalization Loss MaximumEntropyMarkovModel MultiHeadAttention PositionEmbedding
        RelativePositionEmbedding RelativePositionEmbeddingT5 ScaleOffset
        SinusoidalPositionEmbedding custom_objects integerize_shape
    """,
    "models": """
        ALBERT ALBERT_Unshared BERT ELECTRA GPT GPT2 GPT2_ML LM_Mask NEZHA RoFormer
        RoFormerV2 T5 T5_Base T5_Decoder T5_Encoder Transformer UniLM_Mask build_transformer_model
        data_parallel extend_with_language_model extend_with_unified_language_model
    """,
    "optimizers": """
        AdaFactor AdaFactorBase AdaFactorV1 AdaFactorV2 Adam Lion LionV2 custom_objects
        export_to_custom_objects extend_with_exponential_moving_average
        extend_with_exponential_moving_average_v2 extend_with_gradient_accumulation
        extend_with_gradient_accumulation_v2 extend_with_layer_adaptation
        extend_with_layer_adaptation_v2 extend_with_lazy_optimization
        extend_with_lazy_optimization_v2 extend_with_lookahead extend_with_lookahead_v2
        extend_with_parameter_wise_lr extend_with_parameter_wise_lr_v2
        extend_with_piecewise_linear_lr extend_with_piecewise_linear_lr_v2 extend_with_weight_decay
        extend_with_weight_decay_v2
    """,
    "snippets": """
        AutoRegressiveDecoder DataGenerator ViterbiDecoder WebServing
        convert_to_str convert_to_unicode delete_arguments insert_arguments is_one_of is_py2
        is_string longest_common_subsequence longest_common_substring lowercase_and_normalize
        open orthogonally_resize parallel_apply parallel_apply_generator sequence_padding softmax
        strQ2B string_matching text_segmentate to_array truncate_sequences
    """,
    "tokenizers": """
        SpTokenizer Tokenizer TokenizerBase load_vocab save_vocab
    """,
}

#: What to say about a name that is left out on purpose.
REMARKS = {
    **dict.fromkeys(
        ("GPT", "GPT2", "GPT2_ML", "T5", "T5_Base", "T5_Decoder", "T5_Encoder"),
        "T5 and GPT are out of scope: this package is for encoders",
    ),
    "data_parallel": "build the model under tf.distribute.MirroredStrategy().scope() instead",
}

IMPORT_FROM = dis.opmap["IMPORT_FROM"]


def missing(module: str, name: str, caller: int = 2) -> NoReturn:
    """Raise an error for a name that a module of the compatibility layer does not have.

    Args:
        module: `__name__` of the module.
        name: the requested name.
        caller: how many frames up the name was requested.

    Raises:
        AttributeError: the name was requested as an attribute.
        ImportError: the name was requested in a `from ... import`.
    """
    message = f"module {module!r} has no attribute {name!r}"
    if name in NAMES[module.rpartition(".")[2]].split():
        remark = f"{REMARKS[name]}; " if name in REMARKS else ""
        message = (
            f"bert4keras has {name!r}, but {module} does not: {remark}docs/compatibility.md lists "
            "what is available here. bert4keras 0.11.5 itself runs under legacy Keras, and the "
            "layers and losses of gplinker_tf work with its models."
        )
    # `from ... import` replaces an AttributeError's message with its own.
    frame = sys._getframe(caller)
    importing = frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == IMPORT_FROM
    raise (ImportError if importing else AttributeError)(message)
