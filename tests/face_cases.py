"""What the parity tests of `gplinker_tf.bert4keras` and their goldens have in common."""

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
    """Strings of up to 30 characters from all pools, some of whole words."""
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
    """The gradients of each step, for the two weights."""
    rng = np.random.default_rng(seed)
    return [
        [rng.normal(size=np.shape(value)).astype("float32") for value in START.values()]
        for _ in range(STEPS)
    ]


def optimizers(module):
    """Optimizers by name, made from bert4keras's module or from ours."""
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
    """The two weights behind 50 steps, and their averages if there are any."""
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
    """What the script's generator labels: rows of line, kind (0 to 2), label, start, end.

    `examples` are texts with their triples, `predicates` the number of each by name.
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
    """What the script finds in one sentence's logits: subject, object and predicate by tokens."""
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
    """Token ids of a few sentences, [CLS] and [SEP] as 2 and 3."""
    rng = np.random.default_rng(seed)
    return [[2, *rng.integers(4, 30, size).tolist(), 3] for size in (3, 6, 9, 12)]


def speaking_weights(seed):
    """Makes the weights of a model that finds some triples from its first ones."""
    rng = np.random.default_rng(seed)

    def random(weight):
        noise = rng.normal(size=weight.shape)
        return weight + 0.1 * noise if weight.ndim == 1 else 0.5 * noise

    return random
