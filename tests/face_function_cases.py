"""Cases and inputs for functions of bert4keras and of `gplinker_tf.bert4keras`."""

import numpy as np


def _numbers(*shape, seed=0, scale=1.0):
    return np.random.default_rng(seed).normal(size=shape, scale=scale).astype("float32")


MASK = np.array([[True] * 5, [True, True, True, False, False]])
NORMALIZED = ("softmax", "squared_relu", "softmax_plus", "none")


def backend_cases(backend, tf):
    """Return the results of the backend functions by case, for bert4keras's module or ours."""
    scores, x = tf.constant(_numbers(2, 3, 5, 5, scale=3)), tf.constant(_numbers(2, 5, 6))
    mask, lower = tf.constant(MASK), tf.constant(np.tril(np.ones([5, 5], bool)))
    angles = backend.sinusoidal_embeddings(tf.range(5.0)[None], 6)
    cases = {
        "align": backend.align(x, [0, 1, -1], 5),
        "align swapped": backend.align(tf.constant(_numbers(2, 3)), [0, 2]),
        "angles": angles,
        "angles of another base": backend.sinusoidal_embeddings(tf.constant([[3.0, 0.5]]), 4, 50),
        "initializer": backend.Sinusoidal()([7, 4]),
        "rotated": backend.apply_rotary_position_embeddings(angles, x),
        "rotated heads": backend.apply_rotary_position_embeddings(
            angles, x[:, :, None] * 2, x[:, :, None]
        ),
        "padded": backend.divisible_temporal_padding(x, 4),
        "not padded": backend.divisible_temporal_padding(x, 5),
        "root mean square": backend.root_mean_square(x),
        "root mean square of rows": backend.root_mean_square(x, axis=-1, keepdims=True),
        "swish": backend.swish(x),
        "leaky": backend.leaky_relu(x),
        "leaky with alpha": backend.leaky_relu(x, alpha=0.5),
        "max pool": backend.pool1d(x, 3, strides=2),
        "mean pool": backend.pool1d(x, 2, padding="same", pool_mode="avg"),
    }
    for method in NORMALIZED:
        ways = {"": {}, " masked": {"mask": mask}, " biased": {"mask": mask, "bias": scores / 2}}
        ways[" lower"] = {"mask": mask, "bias": lower[None, None]}
        for name, arguments in ways.items():
            cases[f"{method}{name}"] = backend.attention_normalize(
                scores, method=method, **arguments
            )
    return {name: [np.array(part) for part in _several(found)] for name, found in cases.items()}


def _several(found):
    return found if isinstance(found, list) else [found]


def label_layers(layers):
    """Return cases of the two layers for token labels, with their weights."""
    return {
        "crf": (layers.ConditionalRandomField(), [_numbers(4, 4, seed=1)]),
        "crf with multiplier": (
            layers.ConditionalRandomField(lr_multiplier=100),
            [_numbers(4, 4, seed=1, scale=0.01)],
        ),
        "crf that forbids": (
            layers.ConditionalRandomField(),
            [np.where(np.tri(4), _numbers(4, 4, seed=1), np.float32(-1e4))],
        ),
        "memm": (layers.MaximumEntropyMarkovModel(), [_numbers(4, 4, seed=1)]),
        "memm of factors": (
            layers.MaximumEntropyMarkovModel(lr_multiplier=10, hidden_dim=3),
            [_numbers(4, 3, seed=1, scale=0.1), _numbers(4, 3, seed=2, scale=0.1)],
        ),
    }


#: Tokens per text, for batches of each length.
LENGTHS = {6: [6, 4, 1], 7: [5, 7, 3], 2: [2, 1, 2]}


def run_label_layer(layer, weights, length, tf):
    """Return the losses, accuracies and gradients of a layer, as a list."""
    scores = tf.constant(_numbers(3, length, 4, seed=length, scale=3))
    labels = np.random.default_rng(length).integers(0, 4, [3, length])
    mask = tf.constant(np.arange(length) < np.array(LENGTHS[length])[:, None])
    layer(scores)
    layer.set_weights(weights)
    dense = tf.one_hot(labels, 4)
    with tf.GradientTape() as tape:
        tape.watch(scores)
        outputs = layer(scores, mask=mask)
        loss = layer.sparse_loss(tf.constant(labels[..., None], tf.float32), outputs)
        total = tf.reduce_sum(loss)
    gradients = tape.gradient(total, [scores, *layer.trainable_weights])
    values = [outputs, loss, layer.dense_loss(dense, outputs), layer(scores)]
    values += [layer.sparse_loss(labels, layer(scores))]
    values += [layer.sparse_accuracy(labels, outputs), layer.dense_accuracy(dense, outputs)]
    return [np.array(part) for part in (*values, *map(tf.convert_to_tensor, gradients))]


def viterbi_paths(snippets):
    """Return the Viterbi paths of a few texts, some with ties."""
    paths = []
    for seed in range(6):
        for length in (1, 2, 9):
            nodes = _numbers(length, 5, seed=seed).round(seed % 2)
            ends = {"starts": [0, 2], "ends": [1, 3]} if seed > 2 else {}
            decoder = snippets.ViterbiDecoder(
                _numbers(5, 5, seed=seed + 50).round(seed % 2), **ends
            )
            paths.append(decoder.decode(nodes))
    return paths


def decoder_of(snippets, kind="probas", **options):
    """Return a decoder whose next token depends on the last two, its input and its states."""
    table = _numbers(9, 9, 9, seed=4, scale=2)

    class Decoder(snippets.AutoRegressiveDecoder):
        @snippets.AutoRegressiveDecoder.wraps(default_rtype=kind, use_states="states" in kind)
        def predict(self, inputs, output_ids, states):
            first = output_ids[:, -1] if output_ids.shape[1] else np.zeros(len(output_ids), int)
            logits = table[first, output_ids.sum(axis=1) % 9] + inputs[0]
            return logits if kind == "logits" else snippets.softmax(logits)

    class WithStates(Decoder):
        @snippets.AutoRegressiveDecoder.wraps(default_rtype="logits", use_states=True)
        def predict(self, inputs, output_ids, states):
            step = 0 if states is None else states
            return table[step % 9, output_ids[:, -1] % 9] + inputs[0], step + 1

    return (WithStates if kind == "states" else Decoder)(**options)


def generated(snippets):
    """Return the output of beam search and sampling, by case."""
    inputs = [_numbers(9, seed=8)]
    started = {"start_id": 1, "end_id": 3, "maxlen": 12}
    found = {}
    for kind in ("probas", "logits", "states"):
        for name, options in {"plain": {}, "longer": {"minlen": 5}}.items():
            decoder = decoder_of(snippets, kind, **started, **options)
            for topk in (1, 4):
                found[f"beam {kind} {name} {topk}"] = [decoder.beam_search(inputs, topk)]
            hot = {"temperature": 2.5, "min_ends": 2}
            found[f"beam {kind} {name} hot"] = [decoder.beam_search(inputs, 3, **hot)]
            ways = {"all": {}, "topk": {"topk": 3}, "topp": {"topp": 0.7}, "hot": hot}
            ways["both"] = {"topk": 5, "topp": 0.6}
            for way, arguments in ways.items():
                np.random.seed(6)
                sampled = decoder.random_sample(inputs, 5, **arguments)
                found[f"sample {kind} {name} {way}"] = sampled
    decoder = decoder_of(snippets, start_id=None, end_id=3, maxlen=6)
    found["beam without start"] = [decoder.beam_search(inputs, 2)]
    return found


TEXTS = [
    "",
    "北京是首都。上海，很大；广州呢？深圳!",
    "  第一段\n第二段很长很长，真的。\n\n尾",
    "abc,def。gh,ijklmnop,q。。r",
]
WORDS = ["", "abcbdab", "bdcaba", "北京大学在北京", "在北京的大学", "aab"]


def snippet_cases(snippets):
    """Return the results of functions on strings, sequences and arrays, as text."""
    found = []
    for text in TEXTS:
        for maxlen in (1, 4, 8, 100):
            for arguments in ({}, {"seps": "\n。，"}, {"seps": "。,", "strips": "。,"}):
                found.append(snippets.text_segmentate(text, maxlen, **arguments))
    for source in WORDS:
        for target in WORDS:
            found.append(snippets.longest_common_substring(source, target))
            found.append(snippets.longest_common_subsequence(source, target))
    found += [snippets.lowercase_and_normalize(text) for text in ("ÉÀ Ab", "Ǆİ", "ΟΔΣ", "한글")]
    found += [snippets.convert_to_unicode("一".encode()), snippets.convert_to_str("一".encode())]
    found += [snippets.softmax(_numbers(2, 3) * 50, axis).tolist() for axis in (0, 1)]
    matrix = _numbers(4, 6)
    for shape, window in (([4, 6], 2), ([9, 6], 2), ([2, 13], 3), ([8, 5], 4)):
        resized = snippets.orthogonally_resize(matrix, shape, window)
        found.append(resized.astype("float64").round(4).tolist())
    found += [snippets.is_one_of(1.0, [0, 1.0]), snippets.is_one_of([], [[]])]
    return [repr(part) for part in found]


EXTENSIONS = {
    "weight_decay": {"weight_decay_rate": 0.1, "exclude_from_weight_decay": ["bias"]},
    "layer_adaptation": {"exclude_from_layer_adaptation": ["bias"]},
    "piecewise_linear_lr": {"lr_schedule": {3: 1, 8: 0.1}},
    "gradient_accumulation": {"grad_accum_steps": 3},
    "lookahead": {"steps_per_slow_update": 4, "slow_step_size": 0.4},
    "lazy_optimization": {"include_in_lazy_optimization": ["kernel"]},
    "exponential_moving_average": {"ema_momentum": 0.9},
    "parameter_wise_lr": {"paramwise_lr_schedule": {"kernel": 0.5, "dense": 3.0}},
}


def _extended(module, base, names):
    arguments = {"learning_rate": 0.02}
    for name in names:
        base = getattr(module, f"extend_with_{name}")(base)
        arguments |= EXTENSIONS[name]
    return base(**arguments)


def extended_optimizers(module):
    """Return optimizers by name, each with its number of steps, for bert4keras's module or ours."""
    every = list(EXTENSIONS)
    chains = {name: [name] for name in every}
    chains |= {f"{outer} of {inner}": [inner, outer] for inner in every for outer in every}
    chains |= {"all": every, "all turned": every[::-1]}
    found = {
        name: (_extended(module, module.Adam, chain), {1: 50, 2: 6}.get(len(chain), 20))
        for name, chain in chains.items()
        if len({*chain}) == len(chain)
    }
    for name in ("Lion", "AdaFactor"):
        base = getattr(module, name)
        found[f"{name} extended"] = (_extended(module, base, every), 20)
        found[name] = (base(), 50)
    small, factored = {"multiply_by_parameter_scale": False}, {"min_dim_size_to_factor": 3}
    ways = {
        "by steps": {"learning_rate": None},
        "by steps, unscaled": {"learning_rate": None, **small},
        "averaged": {"beta1": 0.9, "clipping_threshold": None},
        "factored": factored,
        "factored, some unscaled": {
            **factored,
            "beta2": 0.9,
            "exclude_from_parameter_scale": ["bias"],
            "clipping_threshold": 0.5,
        },
    }
    found |= {f"AdaFactor {way}": (module.AdaFactor(**given), 20) for way, given in ways.items()}
    return found


def run_extended_optimizer(optimizer, steps, tf, prepare=None):
    """Return the three weights after some steps, as one vector."""
    shapes = {"dense/kernel": [3, 4], "dense/bias": [4], "other/kernel": [2, 4, 3]}
    values = {name: _numbers(*shape, seed=5) for name, shape in shapes.items()}
    weights = [tf.Variable(value, name=name) for name, value in values.items()]
    if prepare is not None:
        prepare(optimizer, weights)
    rng = np.random.default_rng(3)
    for _ in range(steps):
        gradients = [rng.normal(size=shape).astype("float32") for shape in shapes.values()]
        gradients[0][rng.integers(3)] = 0
        optimizer.apply_gradients(list(zip(map(tf.constant, gradients), weights, strict=True)))
    return np.concatenate([weight.numpy().ravel() for weight in weights])
