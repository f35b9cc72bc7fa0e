"""The tokenizer for SentencePiece models, and a custom tokenizer."""

import sys

import pytest
from reference import load_bert4keras, requires_legacy

from gplinker_tf.bert4keras.tokenizers import SpTokenizer, Tokenizer, TokenizerBase

LINES = ["北京的电影由周星驰主演", "喜剧之王是电影", "King Nova plays in Beijing"] * 20


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    trainer = pytest.importorskip("sentencepiece").SentencePieceTrainer
    folder = tmp_path_factory.mktemp("sentencepiece")
    trainer.train(
        sentence_iterator=iter(LINES),
        model_prefix=str(folder / "tiny"),
        vocab_size=40,
        pad_id=0,
        unk_id=1,
        bos_id=2,
        eos_id=3,
        minloglevel=2,
    )
    return folder / "tiny.model"


def results(tokenizer):
    """Return the results of the methods for a text and for a pair."""
    text = "喜剧在北京 King?"
    first, second = tokenizer.encode(text), tokenizer.encode(text, "电影", maxlen=9)
    ids = range(tokenizer._vocab_size + 1)
    kinds = [(tokenizer._is_decodable(i), tokenizer.id_to_token(i)) for i in ids]
    special = [getattr(tokenizer, f"_token_{part}_id") for part in ("pad", "unk", "end")]
    return tokenizer.tokenize(text), first, second, tokenizer.decode(first[0]), kinds, special


OPTIONS = [
    {"token_start": None, "token_end": "</s>"},
    {"token_start": "<s>", "token_end": "</s>", "token_translate": {"▁King": "电影"}},
    {"token_start": None, "token_end": "</s>", "pre_tokenize": list},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_pieces_and_text(model, options):
    tokenizer = SpTokenizer(model, **options)
    tokens, (ids, segments), (pair, _), text, kinds, special = results(tokenizer)
    assert tokens[-1] == "</s>" and ids[-1] == 3 and len(ids) == len(segments) == len(tokens)
    # As in bert4keras, one more if there is no start token.
    assert len(pair) <= 9 + (options["token_start"] is None) and special == [0, 1, 3]
    assert kinds[-1] == (False, "") and not kinds[1][0] and kinds[-2][0]
    if "token_translate" not in options and "pre_tokenize" not in options:
        assert text.startswith("喜剧")


@requires_legacy
@pytest.mark.parametrize("options", OPTIONS)
def test_pieces_of_the_real_tokenizer(model, options):
    real = load_bert4keras().tokenizers.SpTokenizer(str(model), **options)
    assert results(SpTokenizer(model, **options)) == results(real)


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    with pytest.raises(ImportError, match=r"SpTokenizer needs sentencepiece.*gplinker_tf\[sent"):
        SpTokenizer("any.model")


def test_a_tokenizer_of_ones_own():
    """As in scripts: a subclass that splits texts in another way."""

    class Characters(Tokenizer):
        def _tokenize(self, text):
            return list(text)

    vocabulary = {token: number for number, token in enumerate(["[UNK]", "[CLS]", "[SEP]", "a"])}
    tokenizer = Characters(vocabulary)
    assert isinstance(tokenizer, TokenizerBase)
    assert tokenizer.encode("ab") == ([1, 3, 0, 2], [0, 0, 0, 0])
    assert Tokenizer._is_punctuation("，") and not Tokenizer._is_punctuation("京")
    assert Tokenizer._is_cjk_character("京") and Tokenizer._is_special("[CLS]")
