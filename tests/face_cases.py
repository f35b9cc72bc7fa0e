"""Cases shared by the parity tests of `gplinker_tf.bert4keras` and their golden files."""

import numpy as np

#: Characters on which tokenizers and their offsets differ.
POOLS = [
    "abcdefghijklmnopqrstuvwxyz",
    "KINGNOVATHEMASK",
    "0123456789",
    "，。《》！？、：；（）,.!?:;()[]#-_/'\"·—…",
    "北京的电影由周星驰主演是中国人在一年月日犇",
    "éàüñÅộΩΐǄßﬁıİ",
    "ΟΔΣςσ",
    "한글가",
    "\u0301\u0302\u0323\u0345",
    " \u3000\u00a0\t\n\x00\x07\u200b\ufeff\ufffd\xad\u2028",
    "🎉👩‍👧Ａ１\U00020000豈",
]
WORDS = ["[MASK]", "[UNK]", "[CLS]", "king", "nova", "2003", "周星驰", "x" * 201]


def hard_strings(count=2000, seed=7):
    """Return strings of up to 30 characters from all pools, some with whole words."""
    rng = np.random.default_rng(seed)
    strings = []
    for _ in range(count):
        pools = [POOLS[i] for i in rng.integers(0, len(POOLS), rng.integers(1, 5))]
        parts = [str(rng.choice(list(pools[i % len(pools)]))) for i in range(rng.integers(0, 31))]
        if rng.random() < 0.2:
            parts.insert(rng.integers(0, len(parts) + 1), WORDS[rng.integers(0, len(WORDS))])
        strings.append("".join(parts))
    return strings


PADDING = [
    ([[1, 2, 3], [4], [5, 6]], {}),
    ([[1, 2, 3], [4], [5, 6]], {"length": 2}),
    ([[1, 2, 3], [4], [5, 6]], {"length": 5, "value": -1, "mode": "pre"}),
    ([np.ones([2, 3]), np.zeros([1, 3])], {}),
    ([np.ones([2, 3, 2], int), np.zeros([1, 5, 2], int)], {"seq_dims": 2}),
    ([np.ones([2, 3]), np.zeros([4, 1])], {"seq_dims": 2, "length": [3, 2]}),
]

STEPS = 50
START = {"dense/kernel": [[0.5, -1.0], [2.0, 0.1]], "dense/bias": [0.3, -0.2, 0.0]}


def gradients(seed=3):
    """Return the gradients of each step for the two weights."""
    rng = np.random.default_rng(seed)
    return [
        [rng.normal(size=np.shape(value)).astype("float32") for value in START.values()]
        for _ in range(STEPS)
    ]


def optimizers(module):
    """Return optimizers by name, from bert4keras's module or ours."""
    adam = module.Adam
    decay, piecewise = module.extend_with_weight_decay, module.extend_with_piecewise_linear_lr
    gather = module.extend_with_gradient_accumulation
    average = module.extend_with_exponential_moving_average
    schedule = {"lr_schedule": {10: 1, 30: 0.1}}
    kept = {"weight_decay_rate": 0.1, "exclude_from_weight_decay": ["bias"]}
    rate = {"learning_rate": 0.02}
    return {
        "adam": adam(**rate),
        "uncorrected": adam(bias_correction=False, **rate),
        "average": average(adam, name="A1")(ema_momentum=0.9, **rate),
        "decay": decay(adam, name="A2")(**rate, **kept),
        "piecewise": piecewise(adam, name="A3")(**rate, **schedule),
        "accumulation": gather(adam, name="A4")(grad_accum_steps=3, **rate),
        "average of piecewise decay": average(piecewise(decay(adam)))(**rate, **schedule, **kept),
        "decay of piecewise": decay(piecewise(adam))(**rate, **schedule, **kept),
        "decay of accumulation": decay(gather(adam))(**rate, **kept),
        "accumulation of decay": gather(decay(adam))(**rate, **kept),
        "accumulation of average": gather(average(adam))(**rate),
    }


def run_optimizer(optimizer, tf):
    """Return the two weights after 50 steps, and their averages if there are any."""
    weights = [tf.Variable(value, name=name) for name, value in START.items()]
    for step in gradients():
        optimizer.apply_gradients(list(zip(map(tf.constant, step), weights, strict=True)))
    results = [weight.numpy() for weight in weights]
    if hasattr(optimizer, "apply_ema_weights"):
        optimizer.apply_ema_weights()
        results += [weight.numpy() for weight in weights]
        optimizer.reset_old_weights()
        for weight, before in zip(weights, results, strict=False):
            np.testing.assert_array_equal(weight.numpy(), before)
    return results


def script_labels(tokenizer, examples, predicates):
    """Return the labels of the script's generator: rows of line, kind (0 to 2), label, start, end.

    `examples` are texts with their triples; `predicates` maps each predicate to its index.
    """
    rows = set()
    for line, (text, triples) in enumerate(examples):
        ids = tokenizer.encode(text, maxlen=64)[0]

        def find(word, ids=ids):
            wanted = tokenizer.encode(word)[0][1:-1]
            for start in range(len(ids)):
                if ids[start : start + len(wanted)] == wanted:
                    return start, start + len(wanted) - 1
            return None

        for subject, predicate, object_ in triples:
            found, label = (find(subject), find(object_)), predicates[predicate]
            if None in found:
                continue
            (sh, st), (oh, ot) = found
            rows |= {(line, 0, 0, sh, st), (line, 0, 1, oh, ot)}
            rows |= {(line, 1, label, sh, oh), (line, 2, label, st, ot)}
    return np.array(sorted(rows), np.int16)


def script_triples(outputs):
    """Return the triples that the script decodes from one sentence's logits, as token indices."""
    entity, head, tail = (np.array(output) for output in outputs)
    entity[:, [0, -1]] = entity[:, :, [0, -1]] = -np.inf
    subjects, objects = (list(zip(*np.where(role > 0), strict=True)) for role in entity)
    return {
        (int(sh), int(st), int(p), int(oh), int(ot))
        for sh, st in subjects
        for oh, ot in objects
        for p in set(np.where(head[:, sh, oh] > 0)[0]) & set(np.where(tail[:, st, ot] > 0)[0])
    }


def sentences(seed=11):
    """Return the token ids of a few sentences; [CLS] is 2 and [SEP] is 3."""
    rng = np.random.default_rng(seed)
    return [[2, *rng.integers(4, 30, size).tolist(), 3] for size in (3, 6, 9, 12)]


def speaking_weights(seed):
    """Return a function from initial weights to weights with which a model finds some triples."""
    rng = np.random.default_rng(seed)

    def random(weight):
        noise = rng.normal(size=weight.shape)
        return weight + 0.1 * noise if weight.ndim == 1 else 0.5 * noise

    return random


MASK = [[True] * 5, [True, True, True, False, False]]


def _vectors(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def _attention(layers, more=(), masked=True, **options):
    """Return a case of the attention layer: 5 queries and keys, the second text with 3 tokens."""
    call = {key: options.pop(key) for key in ("a_bias", "p_bias") if key in options}
    options = {"heads": 2, "head_size": 4, **options}
    mask = [np.array(MASK)] * 3
    inputs = [*(_vectors(2, 5, 6, seed=seed) for seed in range(3)), *more]
    return (
        layers.MultiHeadAttention(**options),
        inputs,
        {**call, **({"mask": mask} if masked else {})},
    )


def layer_cases(layers):
    """Return layer, inputs and call arguments by case, for bert4keras's module or ours."""
    mask, x = np.array(MASK), _vectors(2, 5, 6)
    turned, pool = np.moveaxis(x, 1, 2), (layers.GlobalMaxPooling1D, layers.GlobalAveragePooling1D)
    lower, places = np.tril(np.ones([2, 5, 5], bool)), np.array([[4, 2, 0, 1, 3], [7, 9, 2, 1, 0]])
    cases = {
        "attention": _attention(layers),
        "attention unmasked": _attention(layers, masked=False),
        "attention sizes": _attention(layers, out_dim=7, key_size=6, use_bias=False),
        "attention unscaled": _attention(layers, attention_scale=False),
        "attention squared": _attention(layers, normalization="squared_relu"),
        "attention squared unmasked": _attention(
            layers, masked=False, normalization="squared_relu"
        ),
        "attention softmax_plus": _attention(layers, normalization="softmax_plus"),
        "attention scores": _attention(layers, return_attention_scores=True),
        "attention lower": _attention(layers, [lower], a_bias=True),
        "attention lower unmasked": _attention(layers, [lower], masked=False, a_bias=True),
        "attention bias": _attention(layers, [_vectors(2, 2, 5, 5, seed=5)], a_bias=True),
        "attention rotary": _attention(layers, [_vectors(2, 5, 4, seed=6)], p_bias="rotary"),
        "attention relative": _attention(
            layers, [lower, _vectors(5, 5, 4, seed=7)], a_bias=True, p_bias="typical_relative"
        ),
        "attention t5": _attention(layers, [_vectors(5, 5, 2, seed=8)], p_bias="t5_relative"),
        "embedding": (layers.Embedding(9, 4, mask_zero=True), np.array([[0, 3, 0]]), {}),
        "embedding dense": (layers.Embedding(9, 6), x, {"mode": "dense"}),
        "feed forward": (layers.FeedForward(8, "gelu"), x, {}),
        "feed forward gated": (layers.FeedForward(8, ["gelu", "linear"], use_bias=False), x, {}),
        "positions custom": (
            layers.PositionEmbedding(4, 6, hierarchical=True, custom_position_ids=True),
            [x, places],
            {},
        ),
        "positions hierarchical": (layers.PositionEmbedding(4, 6, hierarchical=0.3), x, {}),
    }
    for merge_mode in ("add", "mul", "zero", "concat"):
        cases[f"positions {merge_mode}"] = (layers.PositionEmbedding(9, 6, merge_mode), x, {})
    for layer in pool:
        name = layer.__name__
        cases[f"{name} masked"] = (layer(), x, {"mask": mask})
        cases[name] = (layer(), x, {})
        cases[f"{name} turned"] = (layer(data_format="channels_first"), turned, {"mask": mask})
    return cases


def run_layer(case, tf):
    """Return the outputs of a layer with known weights, as a list."""
    layer, inputs, call = case
    inputs, call = (tf.nest.map_structure(_tensor(tf), part) for part in (inputs, call))
    layer(inputs, **call)
    rng = np.random.default_rng(9)
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.get_weights()])
    outputs = layer(inputs, **call)
    return [part.numpy() for part in (outputs if isinstance(outputs, list) else [outputs])]


def _tensor(tf):
    return lambda part: tf.constant(part) if isinstance(part, np.ndarray) else part


SMALL_BERT = dict(
    vocab_size=30,
    hidden_size=8,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=12,
    hidden_act="gelu",
    max_position=16,
)


def own_bert(models, keras):
    """Return a subclass of BERT that overrides what users override."""

    class OwnBERT(models.BERT):
        def __init__(self, width, **kwargs):
            super().__init__(**kwargs)
            self.width = width

        @property
        def initializer(self):
            return keras.initializers.TruncatedNormal(stddev=0.5)

        def get_inputs(self):
            extra = self.apply(layer=keras.layers.Input, shape=(None,), name="Input-Extra")
            return [*super().get_inputs(), extra]

        def apply_embeddings(self, inputs):
            x = super().apply_embeddings(inputs[:2])
            extra = self.apply(
                inputs=inputs[2],
                layer=models.Embedding,
                input_dim=3,
                output_dim=self.hidden_size,
                embeddings_initializer=self.initializer,
                name="Embedding-Extra",
            )
            return self.apply(inputs=[x, extra], layer=models.Add, name="Embedding-Sum")

        def compute_attention_bias(self, inputs=None):
            if self.attention_bias is None:
                self.attention_bias = self.apply(
                    inputs=self.inputs[1],
                    layer=keras.layers.Lambda,
                    function=lambda s: s[:, None, :] <= s[:, :, None],
                    output_shape=(None, None),
                    name="Attention-Mask",
                )
            return self.attention_bias

        def apply_main_layers(self, inputs, index):
            x = super().apply_main_layers(inputs, index)
            return self.apply(inputs=x, layer=keras.layers.Dense, units=8, name=f"Adapter-{index}")

        def apply_final_layers(self, inputs):
            x = super().apply_final_layers(inputs)
            x = self.apply(inputs=x, layer=models.GlobalMaxPooling1D, name="Pooling")
            return self.apply(inputs=x, layer=keras.layers.Dense, units=self.width, name="Last")

    return OwnBERT


#: Further arguments of `build_transformer_model` by case; `own` uses a subclass of BERT.
BERTS = {
    "plain": {},
    "own": {"width": 3},
    "sizes": {"embedding_size": 4, "attention_head_size": 3, "attention_key_size": 5},
    "residual": {"residual_attention_scores": True},
    "shared": {"shared_segment_embeddings": True, "hierarchical_position": True},
    "tokens alone": {"segment_vocab_size": 0, "prefix": "P-"},
    "custom positions": {"custom_position_ids": True},
}


def run_bert(name, models, keras):
    """Return the layer names of a BERT with known weights, and its outputs for two texts."""
    own = {"model": own_bert(models, keras)} if name == "own" else {}
    bert = models.build_transformer_model(
        **SMALL_BERT, **BERTS[name], **own, return_keras_model=False
    )
    weights = bert.model.get_weights()
    bert.model.set_weights(list(map(speaking_weights(seed=4), weights)))
    ids = np.array([[2, 5, 9, 7, 3], [2, 8, 3, 0, 0]])
    third = np.array([[1, 0, 2, 1, 0], [0, 1, 2, 0, 0]])
    inputs = [ids, np.array([[0, 0, 0, 1, 1], [0, 0, 1, 0, 0]]), third][: len(bert.inputs)]
    return [layer.name for layer in bert.model.layers], bert.model.predict(
        inputs if len(inputs) > 1 else ids, verbose=0
    )


#: Arguments of `sequence_masking` after `x`, which has the shape `[2, 5, 5]`.
MASKING = [
    {"mask": np.array(MASK)},
    {"mask": np.array(MASK), "value": -np.inf, "axis": 2},
    {"mask": np.array(MASK, "int32"), "value": -5.0, "axis": [1, -1], "return_mask": True},
    {"mask": np.array(MASK), "value": 1, "axis": -1, "bias": _vectors(2, 5, 5, seed=3)},
    {"mask": np.array(MASK), "value": 1, "bias": _vectors(2, 5, 5) > 0, "return_mask": True},
    {"bias": _vectors(1, 5, 5, seed=3)},
    {"value": 2.0, "bias": _vectors(2, 5, 5) > 0, "return_mask": True},
]


def run_masking(arguments, sequence_masking, tf):
    """Return the outputs of `sequence_masking`, as a list."""
    arguments = {name: _tensor(tf)(value) for name, value in arguments.items()}
    found = sequence_masking(tf.constant(_vectors(2, 5, 5)), **arguments)
    return [part.numpy() for part in (found if isinstance(found, tuple) else [found])]
