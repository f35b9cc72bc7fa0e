"""RelationExtractor: texts in, triples with spans out, the same from a folder in either Keras."""

import copy
import json
import multiprocessing
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from encoders.tiny_bert import write_huggingface
from reference import LEGACY
from tiny import tiny_model

from gplinker_tf import Example, Extraction, InputError, RelationExtractor, Schema, Span, Triple
from gplinker_tf.backend import keras, tf
from gplinker_tf.batching import pad_batch
from gplinker_tf.data import read_examples
from gplinker_tf.encoders import EncoderFolder, bert_from_config
from gplinker_tf.metrics import ScoreCounts, evaluate_triples
from gplinker_tf.metrics.matching import exact_key
from gplinker_tf.metrics.text_counts import text_counts
from gplinker_tf.models import GPLinker
from gplinker_tf.runs import read_predictions, write_predictions
from gplinker_tf.tokenizers import BertTokenizer

pytestmark = pytest.mark.slow

BORDERS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


@pytest.fixture(scope="module")
def extractor(run_folder):
    return RelationExtractor.load(run_folder)


@pytest.fixture(scope="module")
def texts(sample):
    return [example.text for example in read_examples(sample / "dev_data.json", limit=40)]


def as_rows(extractions):
    return [
        [(t.subject, t.predicate, t.object, round(t.score, 3)) for t in extraction.triples]
        for extraction in extractions
    ]


def assert_same(found, expected):
    """The same triples, best first; scores that are nearly equal may change places."""
    for got, want in zip(found, expected, strict=True):
        scores, wanted = (
            {(t.subject, t.predicate, t.object): t.score for t in e.triples} for e in (got, want)
        )
        assert scores == pytest.approx(wanted, abs=1e-3)
        assert list(scores.values()) == sorted(scores.values(), reverse=True)


def test_triples_name_their_text(extractor, texts, low_threshold):
    found = extractor(texts, threshold=low_threshold)
    triples = [(e.text, triple) for e in found for triple in e.triples]
    assert len(triples) > 50
    for text, triple in triples:
        assert text[triple.subject.start : triple.subject.end] == triple.subject.text != ""
        assert text[triple.object.start : triple.object.end] == triple.object.text != ""
        assert triple.predicate in extractor.schema.index
        assert triple.score > 4 * low_threshold
    for extraction in found:
        scores = [triple.score for triple in extraction.triples]
        assert scores == sorted(scores, reverse=True)


def test_results_do_not_depend_on_the_batch(extractor, texts, low_threshold):
    expected = extractor(texts, low_threshold)
    assert_same(extractor(texts, low_threshold, batch_size=3), expected)
    assert_same(extractor(texts[::-1], low_threshold)[::-1], expected)
    assert_same([extractor([text], low_threshold)[0] for text in texts[:5]], expected[:5])


def test_the_stream_gives_the_same_in_order(extractor, texts, monkeypatch, low_threshold):
    monkeypatch.setattr("gplinker_tf.extraction.portions.TEXTS_TOGETHER", 7)
    found = list(extractor.stream(iter(texts), low_threshold))
    assert [extraction.text for extraction in found] == texts
    assert as_rows(found) == as_rows(extractor(iter(texts), low_threshold))


@pytest.mark.parametrize("window", [4, 5, 4096])
def test_texts_before_an_error_are_extracted(extractor, texts, monkeypatch, window):
    monkeypatch.setattr("gplinker_tf.extraction.portions.TEXTS_TOGETHER", window)

    def breaking_off():
        yield from texts[:8]
        raise OSError("the connection is gone")

    found = []
    with pytest.raises(OSError, match="the connection is gone"):
        found.extend(extractor.stream(breaking_off()))
    assert [extraction.text for extraction in found] == texts[:8]


def test_a_higher_threshold_finds_a_part(extractor, texts, low_threshold):
    uncut = {"max_pairs": 1_000_000, "max_triples": 1_000_000}
    low = extractor(texts, low_threshold, **uncut)
    high = extractor(texts, low_threshold + 1, **uncut)
    for more, fewer in zip(as_rows(low), as_rows(high), strict=True):
        assert set(fewer) <= set(more)
    assert sum(len(e.triples) for e in high) < sum(len(e.triples) for e in low)


def test_texts_of_no_and_of_very_many_characters(extractor, texts, low_threshold):
    truncating = copy.copy(extractor)
    truncating.windows = replace(extractor.windows, long="truncate")
    empty, long, plain = truncating(["", texts[0] * 4000, texts[0]], low_threshold)
    assert (empty.text, empty.triples, empty.truncated) == ("", (), False)
    assert long.truncated and len(long.text) > 60_000 and not plain.truncated
    assert all(triple.object.end <= 126 for triple in long.triples)
    assert truncating([]) == []


def test_a_cap_that_cut_is_told(extractor, texts, low_threshold):
    found = extractor(texts, low_threshold, max_pairs=3)
    assert any(extraction.capped for extraction in found)
    assert not any(extraction.capped for extraction in extractor(texts, threshold=50))


def test_it_is_saved_through_links_with_their_modes(extractor, texts, tmp_path):
    folder, real = tmp_path / "run", tmp_path / "real"
    extractor.save(real)
    folder.mkdir()
    for path in real.iterdir():
        path.write_bytes(b"old")
        path.chmod(0o640)
        (folder / path.name).symlink_to(path)
    extractor.save(folder)
    assert all(path.is_symlink() for path in folder.iterdir())
    assert {path.stat().st_mode & 0o777 for path in real.iterdir()} == {0o640}
    assert as_rows(RelationExtractor.load(real)(texts[:3])) == as_rows(extractor(texts[:3]))


def test_one_text_gives_its_own_extraction(extractor, texts, low_threshold):
    found = extractor(texts[0], low_threshold)
    assert found == extractor([texts[0]], low_threshold)[0] and found.triples


def test_the_best_triples_are_listed_and_the_others_counted(extractor, texts, low_threshold):
    everything = extractor(texts, low_threshold, max_triples=10_000)
    extractor._warned = False
    with pytest.warns(UserWarning, match="marks nearly everything") as told:
        found = extractor(texts, low_threshold, max_triples=2)
        extractor(texts, low_threshold, max_triples=2)
    assert len(told) == 1 and told[0].filename == __file__
    for cut, whole in zip(found, everything, strict=True):
        # The two best may be the same triple at two places.
        assert cut.triples == whole.triples[: len(cut.triples)] and len(cut.triples) <= 2
        assert cut.left_out >= len(whole.triples) - 2 and not whole.left_out
        assert cut.triples or not whole.triples
    assert any(cut.left_out for cut in found)
    assert list(extractor.stream(texts, low_threshold, max_triples=2)) == found


def test_an_untrained_model_lists_no_more_than_a_person_reads():
    extractor = tiny_extractor()
    with pytest.warns(UserWarning, match=r"finds 630 triples in one text.*best 300"):
        found = extractor("甲乙丙丁甲", threshold=-100, max_pairs=210)
    assert found.left_out == 330
    # 300 are listed, some of which are one triple at several places.
    assert 250 < len(found.triples) < 300
    assert len({triple.words for triple in found.triples}) == len(found.triples)


def test_what_was_left_out_counts_as_wrong(tmp_path):
    gold = Triple(Span("甲"), "x", Span("乙"))
    examples = [Example("甲乙", (gold,)), Example("丙", ())]
    found = [Extraction("甲乙", (gold,), left_out=5), Extraction("丙", (), left_out=2)]
    evaluation = evaluate_triples(examples, found, list)
    assert evaluation.tokenized == evaluation.exact == ScoreCounts(1, 8, 1)
    assert text_counts(examples, found, exact_key).sum(axis=0).tolist() == [1, 8, 1]
    write_predictions(tmp_path / "dev_pred.json", examples, found, list)
    assert read_predictions(tmp_path / "dev_pred.json")[1] == found


def test_copies_find_the_same(extractor, texts, low_threshold):
    expected = extractor(texts[:8], low_threshold)
    assert sum(len(extraction.triples) for extraction in expected) > 10
    for copied in (copy.deepcopy(extractor), pickle.loads(pickle.dumps(extractor))):
        assert copied.model is not extractor.model
        assert copied(texts[:8], low_threshold) == expected
        assert copied.encoder_config == extractor.encoder_config


def test_another_process_finds_the_same(extractor, texts, low_threshold):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(extractor, (texts[:8], low_threshold))
    assert_same(found, extractor(texts[:8], low_threshold))


def test_copies_compute_as_the_original_does(run_folder):
    original = RelationExtractor.load(run_folder, "mixed_bfloat16", jit=True)
    copied = copy.deepcopy(original)
    assert copied.model.jit and copied.model.entity.compute_dtype == "bfloat16"
    inputs = half_inputs(copied, ["一句话"])
    ours, theirs = (each.model.factors(inputs).head.query for each in (original, copied))
    assert ours.dtype == tf.bfloat16 and (ours == theirs).numpy().all()


def test_save_and_load_again(extractor, texts, tmp_path, low_threshold):
    extractor.save(tmp_path / "copy")
    assert as_rows(RelationExtractor.load(tmp_path / "copy")(texts, low_threshold)) == as_rows(
        extractor(texts, low_threshold)
    )
    names = sorted(path.name for path in (tmp_path / "copy").iterdir())
    assert names == ["config.json", "model.safetensors", "vocab.txt"]


OTHER_GENERATION = """
import json, sys
from gplinker_tf import RelationExtractor
texts = json.load(open(sys.argv[2], encoding="utf-8"))
found = RelationExtractor.load(sys.argv[1])(texts, float(sys.argv[3]))
rows = [[[t.subject.start, t.subject.end, t.predicate, t.object.start, t.object.end, t.score]
         for t in e.triples] for e in found]
json.dump(rows, open(sys.argv[4], "w", encoding="utf-8"))
"""


def test_it_loads_in_the_other_keras_generation(
    extractor, run_folder, texts, tmp_path, monkeypatch, request, low_threshold
):
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "0" if LEGACY else "1")
    source, target = tmp_path / "texts.json", tmp_path / "rows.json"
    source.write_text(json.dumps(texts), "utf-8")
    command = [
        sys.executable,
        "-c",
        OTHER_GENERATION,
        run_folder,
        source,
        str(low_threshold),
        target,
    ]
    subprocess.run(command, check=True, cwd=request.config.rootpath)
    count = 0
    for theirs, ours in zip(
        json.loads(target.read_text("utf-8")), extractor(texts, low_threshold), strict=True
    ):
        other = {tuple(row[:5]): row[5] for row in theirs}
        for triple in ours.triples:
            key = (
                triple.subject.start,
                triple.subject.end,
                triple.predicate,
                triple.object.start,
                triple.object.end,
            )
            # A score within rounding of the threshold may fall on either side of it.
            if key in other:
                assert other[key] == pytest.approx(triple.score, abs=1e-3)
                count += 1
        assert abs(len(theirs) - len(ours.triples)) <= 1
    assert count > 50


def tiny_extractor(model=None):
    vocabulary = [*BORDERS, *"甲乙丙丁"]
    schema = Schema(tuple(("", name, "") for name in "xyz"))
    return RelationExtractor(model or tiny_model(), BertTokenizer(vocabulary), schema)


@keras.utils.register_keras_serializable(package="test_extraction")
class Doubled(keras.layers.Layer):
    """A layer of one's own."""

    def call(self, inputs):
        return 2 * inputs


def lstm_encoder(*layers):
    """An encoder that is no BERT, its weights drawn by chance."""
    token_ids = keras.Input([None], dtype="int32", name="token_ids")
    segment_ids = keras.Input([None], dtype="int32", name="segment_ids")
    hidden = keras.layers.Embedding(20, 12, name="tokens")(token_ids)
    lstm = keras.layers.LSTM(6, return_sequences=True)
    hidden = keras.layers.Bidirectional(lstm, name="both_ways")(hidden)
    for layer in layers:
        hidden = layer(hidden)
    return keras.Model([token_ids, segment_ids], hidden, name="lstm_encoder")


def test_it_saves_whatever_built_the_encoder(tmp_path):
    folder = EncoderFolder.open(write_huggingface(tmp_path))
    encoders = {
        "folder": folder.build(num_layers=2),
        "config": bert_from_config(folder.config()),
        "lstm": lstm_encoder(),
        "own layer": lstm_encoder(Doubled(name="doubled")),
    }
    for name, encoder in encoders.items():
        extractor = tiny_extractor(GPLinker(encoder, 3))
        extractor.save(tmp_path / name)
        loaded = RelationExtractor.load(tmp_path / name)
        assert loaded("甲乙丙丁", -100) == extractor("甲乙丙丁", -100)


def test_many_extractors_raise_no_alarm_about_tracing(caplog):
    for _ in range(8):
        extractor = tiny_extractor()
        for texts in (["甲乙丙丁"], ["甲", "乙丙"]):
            extractor(texts, threshold=50)
    assert not [record for record in caplog.records if "retracing" in record.message]


def test_an_encoder_that_cannot_be_built_anew(tmp_path):
    class Unknown(keras.layers.Layer):
        def call(self, inputs):
            return inputs

        def get_config(self):
            raise NotImplementedError("no configuration")

    extractor = tiny_extractor(GPLinker(lstm_encoder(Unknown()), 3))
    with pytest.raises(ValueError, match=r"'lstm_encoder' \(no configuration\).*get_config"):
        extractor.save(tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_run_whose_encoder_has_a_layer_that_is_not_registered(tmp_path):
    extractor = tiny_extractor(GPLinker(lstm_encoder(Doubled(name="doubled")), 3))
    extractor.save(tmp_path)
    path = tmp_path / "config.json"
    path.write_text(path.read_text("utf-8").replace("Doubled", "Tripled"), "utf-8")
    with pytest.raises(
        InputError, match="First import the module that registers its custom layers"
    ):
        RelationExtractor.load(tmp_path)


def test_any_keras_model_can_be_the_encoder():
    extractor = tiny_extractor()
    [found] = extractor(["甲乙丙丁"], threshold=-100)
    # 10 spans a role, 3 predicates, everything passes
    assert len(found.triples) == 10 * 10 * 3 and not found.capped


def test_a_triple_is_listed_once_where_it_scores_highest():
    extractor, text = tiny_extractor(), "甲乙甲乙"
    encodings = extractor.tokenizer.encode_batch([text])
    triples, _ = extractor.model.decode(pad_batch(encodings), -100.0, 10_000)
    best = {}
    rows = zip(*(part.numpy().tolist() for part in triples[1:5]), strict=True)
    for (first, last), predicate, (other_first, other_last), score in rows:
        words = text[first - 1 : last], "xyz"[predicate], text[other_first - 1 : other_last]
        best[words] = max(best.get(words, -np.inf), score)
    found = extractor(text, -100.0).triples
    assert len(triples.score) > len(best) == len(found)
    assert {triple.words: triple.score for triple in found} == pytest.approx(best, abs=1e-4)


def test_a_schema_of_another_model():
    with pytest.raises(ValueError, match=r"3 predicates.*Received: 1"):
        RelationExtractor(tiny_model(), BertTokenizer(BORDERS), Schema((("", "x", ""),)))


def broken(run_folder, tmp_path, name, change):
    folder = tmp_path / "broken"
    shutil.copytree(run_folder, folder)
    change(folder / name)
    return folder


def add_lines(path, count):
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"more{number}\n" for number in range(count))


def rewrite_config(**changes):
    def change(path):
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")

    return change


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("config.json", lambda path: path.unlink(), "contains no config.json"),
        ("config.json", lambda path: path.write_text("{"), "expected JSON"),
        ("config.json", lambda path: path.write_text("[]"), "expected a JSON object"),
        ("config.json", lambda path: path.write_text("{}"), "KeyError: 'schema'"),
        ("config.json", rewrite_config(pointer="standard"), "entity/0 of shape"),
        ("config.json", rewrite_config(schema=[["", "x", ""]]), "head/2 of shape"),
        ("config.json", rewrite_config(encoder={"vocab_size": 9}), "Missing: hidden_size"),
        ("vocab.txt", lambda path: path.unlink(), r"vocab\.txt"),
        ("vocab.txt", lambda path: add_lines(path, 50), "belongs to another"),
        ("model.safetensors", lambda path: path.unlink(), "No such file"),
        ("model.safetensors", lambda path: path.write_bytes(path.read_bytes()[:999]), "broken"),
    ],
)
def test_a_broken_run_folder(run_folder, tmp_path, name, change, message):
    with pytest.raises(InputError, match=message):
        RelationExtractor.load(broken(run_folder, tmp_path, name, change))


def test_xla_finds_the_same(extractor, run_folder, texts, low_threshold):
    compiled = RelationExtractor.load(run_folder, jit=True)
    assert compiled.model.jit
    few, low = texts[:8], low_threshold
    expected, found = as_triples(extractor(few, low)), as_triples(compiled(few, low))
    assert found.keys() == expected.keys() and len(found) > 10
    assert all(found[key] == pytest.approx(expected[key], abs=1e-3) for key in found)


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision_finds_nearly_the_same(
    extractor, run_folder, texts, low_threshold, precision
):
    half = RelationExtractor.load(run_folder, precision)
    assert half.model.factors(half_inputs(half, texts[:1])).head.query.dtype.name in precision
    expected, found = (as_triples(each(texts, low_threshold)) for each in (extractor, half))
    shared = expected.keys() & found.keys()
    assert len(shared) > 0.9 * max(len(expected), len(found))
    assert np.mean([abs(expected[key] - found[key]) for key in shared]) < 0.2


def as_triples(extractions):
    return {
        (extraction.text, triple.subject, triple.predicate, triple.object): triple.score
        for extraction in extractions
        for triple in extraction.triples
    }


def half_inputs(extractor, texts):
    return pad_batch(extractor.tokenizer.encode_batch(texts))


def test_scores_that_are_no_numbers_are_an_error(run_folder, texts):
    extractor = RelationExtractor.load(run_folder)
    norm = extractor.model.encoder.get_layer("Embedding-Norm")
    norm.set_weights([np.full_like(weight, np.inf) for weight in norm.get_weights()])
    with pytest.raises(InputError, match=r"Expected finite scores.*mixed_bfloat16"):
        extractor(texts)


@pytest.mark.parametrize("name", ["batch_size", "max_pairs", "max_triples"])
def test_a_number_below_1(name):
    with pytest.raises(ValueError, match=f"Expected at least 1. Received: {name}=0"):
        tiny_extractor()("", **{name: 0})


def test_an_unknown_precision(run_folder):
    with pytest.raises(ValueError, match="precision='float8'"):
        RelationExtractor.load(run_folder, "float8")


def test_no_run_folder(tmp_path):
    with pytest.raises(InputError, match="is not a folder"):
        RelationExtractor.load(tmp_path / "nothing")


def test_the_saved_schema_keeps_the_order_of_labels(extractor, sample):
    from gplinker_tf.data import read_schema

    assert extractor.schema == read_schema(sample / "all_50_schemas")
    assert np.isfinite(extractor.model.get_weights()[0]).all()
