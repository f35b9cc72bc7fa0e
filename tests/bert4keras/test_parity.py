"""The compatibility layer, compared with golden files of bert4keras 0.11.5."""

from pathlib import Path

import numpy as np
import pytest
from face_cases import PADDING, hard_strings, optimizers, run_optimizer
from reference import load_bert4keras, requires_legacy
from tokenizer_cases import VOCABULARY

from gplinker_tf.alignment import TripleAligner
from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import backend, layers, snippets
from gplinker_tf.bert4keras import optimizers as our_optimizers
from gplinker_tf.bert4keras.names import NAMES
from gplinker_tf.bert4keras.tokenizers import Tokenizer, load_vocab
from gplinker_tf.data import read_examples, read_schema
from gplinker_tf.tokenizers import BertTokenizer

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "face.npz")
LOSSES = np.load(Path(__file__).parents[1] / "golden" / "losses.npz")
OPTIMIZERS = sorted({key.split("/")[1] for key in GOLDEN if key.startswith("optimizer/")})


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_fifty_steps_of_an_optimizer(name):
    results = run_optimizer(optimizers(our_optimizers)[name], tf)
    expected = [GOLDEN[f"optimizer/{name}/{number}"] for number in range(len(results))]
    assert f"optimizer/{name}/{len(results)}" not in GOLDEN
    for got, want in zip(results, expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("lowercase", [True, False])
def test_tokens_and_characters_of_two_thousand_hard_strings(lowercase):
    tokenizer = Tokenizer({token: i for i, token in enumerate(VOCABULARY)}, lowercase)
    ids = iter(np.split(ids := GOLDEN[f"tokenizer/{lowercase}/ids"], np.where(ids == -1)[0] + 1))
    counts = iter(GOLDEN[f"tokenizer/{lowercase}/counts"])
    characters = iter(GOLDEN[f"tokenizer/{lowercase}/characters"].tolist())
    differing = []
    for text in hard_strings():
        tokens = tokenizer.tokenize(text)
        assert tokenizer.encode(text) == (next(ids)[:-1].tolist(), [0] * len(tokens)), text
        expected = [[next(characters) for _ in range(next(counts))] for _ in tokens]
        if tokenizer.rematch(text, tokens) != expected:
            differing.append(text)
    # After 'İ', whose lower case is two characters, bert4keras is off by one.
    assert bool(differing) == lowercase and all("İ" in text for text in differing)


@pytest.mark.parametrize("lowercase", [True, False])
def test_text_of_four_hundred_hard_strings(lowercase):
    tokenizer = Tokenizer({token: i for i, token in enumerate(VOCABULARY)}, lowercase)
    expected = GOLDEN[f"tokenizer/{lowercase}/texts"].tolist()
    for text, want in zip(hard_strings(), expected, strict=False):
        assert tokenizer.decode(tokenizer.encode(text)[0]) == want
    assert len(set(expected)) > 100


def test_decode_and_stem():
    tokenizer = Tokenizer({"[UNK]": 0, "[CLS]": 1, "it": 2, "'": 3, "s": 4, "##ing": 5, "，": 6})
    assert tokenizer.decode([1, 2, 3, 4, 6, 2, 5]) == tokenizer.decode(
        [], tokenizer.ids_to_tokens([2, 3, 4, 6, 2, 5])
    )
    assert tokenizer.decode([1, 2, 5, 6, 2]) == "iting，it"
    assert Tokenizer.stem("##ing") == tokenizer.stem("ing") == "ing"


def test_a_simplified_vocabulary(tmp_path):
    tokens = [
        "[PAD]",
        "[unused1]",
        "the",
        "##ing",
        "京",
        "##京",
        "京城",
        ",",
        "##,",
        "a.b",
        "[UNK]",
    ]
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join(tokens), "utf-8")
    vocabulary, kept = load_vocab(path, simplified=True, startswith=["[PAD]", "[UNK]"])
    expected = ["[PAD]", "[UNK]", "the", "##ing", "京", ","]
    assert list(vocabulary) == [tokens[number] for number in kept] == expected
    assert list(vocabulary.values()) == list(range(6))
    with pytest.raises(KeyError, match="none"):
        load_vocab(path, simplified=True, startswith=["none"])
    assert load_vocab(path) == {token: number for number, token in enumerate(tokens)}


@requires_legacy
def test_a_simplified_vocabulary_live(tmp_path):
    real = load_bert4keras().tokenizers
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join(dict.fromkeys(VOCABULARY)), "utf-8")
    for arguments in ({}, {"startswith": ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]}):
        assert load_vocab(str(path), simplified=True, **arguments) == real.load_vocab(
            str(path), simplified=True, **arguments
        )


def test_characters_behind_a_capital_dotted_i():
    tokenizer = Tokenizer({token: i for i, token in enumerate(VOCABULARY)}, do_lower_case=True)
    assert tokenizer.rematch("İa是", tokenizer.tokenize("İa是")) == [[], [0], [1], [2], []]


@pytest.mark.parametrize("number", range(len(PADDING)))
def test_padding(number):
    inputs, arguments = PADDING[number]
    padded = snippets.sequence_padding([np.array(part) for part in inputs], **arguments)
    np.testing.assert_array_equal(padded, GOLDEN[f"padding/{number}"])
    assert padded.dtype == GOLDEN[f"padding/{number}"].dtype


def test_labels_of_the_sample_corpus(sample):
    examples = read_examples(sample / "train_data.json")[:100]
    tokenizer = BertTokenizer.from_vocab_file(sample / "vocab.txt", lowercase=True)
    aligner = TripleAligner(
        tokenizer, read_schema(sample / "all_50_schemas"), max_length=64, search="tokens"
    )
    rows = set()
    for line, (_, quintuples) in enumerate(aligner.label(examples)):
        for sh, st, p, oh, ot in quintuples.tolist():
            rows |= {(line, 0, 0, sh, st), (line, 0, 1, oh, ot)}
            rows |= {(line, 1, p, sh, oh), (line, 2, p, st, ot)}
    assert sorted(rows) == list(map(tuple, GOLDEN["labels"].tolist()))


@requires_legacy
def test_losses_live():
    real = load_bert4keras().backend
    random = np.random.default_rng(2)
    scores = tf.constant(random.normal(size=[4, 3, 20], scale=3).astype("float32"))
    chosen = tf.constant(random.integers(1, 20, [4, 3, 3]).astype("float32"))
    for mask_zero in (False, True):
        np.testing.assert_allclose(
            backend.sparse_multilabel_categorical_crossentropy(chosen, scores, mask_zero),
            real.sparse_multilabel_categorical_crossentropy(chosen, scores, mask_zero),
            rtol=1e-5,
        )
    several = tf.constant((random.random([4, 3, 20]) < 0.2).astype("float32"))
    masked = tf.where(random.random([4, 3, 20]) < 0.8, scores, -np.inf)
    several = tf.where(masked > -np.inf, several, 0)
    np.testing.assert_allclose(
        backend.multilabel_categorical_crossentropy(several, masked),
        real.multilabel_categorical_crossentropy(several, masked),
        rtol=1e-5,
    )
    for t in (0, 3, 10, 15, 40):
        schedule = {10: 1.0, 30: 0.1}
        assert float(backend.piecewise_linear(t, schedule)) == pytest.approx(
            float(real.piecewise_linear(t, schedule))
        )


@requires_legacy
@pytest.mark.parametrize("arguments", [{}, {"hidden_units": 5}, {"offset": False}, {"scale": 2.0}])
def test_conditional_layer_normalization_live(arguments):
    random = np.random.default_rng(4)
    inputs = [random.normal(size=shape).astype("float32") for shape in ([2, 5, 8], [2, 3])]
    ours, theirs = (
        module.LayerNormalization(conditional=True, **arguments)
        for module in (layers, load_bert4keras().layers)
    )
    for layer in (ours, theirs):
        layer([tf.constant(part) for part in inputs])
    weights = [random.normal(size=w.shape) for w in theirs.weights]
    ours.set_weights(weights), theirs.set_weights(weights)
    np.testing.assert_allclose(ours(inputs), theirs(list(map(tf.constant, inputs))), atol=2e-6)


@requires_legacy
def test_the_names_are_bert4keras_own():
    import inspect
    import types

    real = load_bert4keras()
    for module, names in NAMES.items():
        actual = {
            name
            for name, value in vars(getattr(real, module)).items()
            if not name.startswith("_")
            and not isinstance(value, types.ModuleType)
            and getattr(value, "__module__", f"bert4keras.{module}") == f"bert4keras.{module}"
            and (inspect.isclass(value) or inspect.isfunction(value))
        }
        assert actual <= set(names.split()), actual - set(names.split())
        missing = [name for name in names.split() if not hasattr(getattr(real, module), name)]
        assert not missing
