"""Copies of an extractor find the same: saved, copied, compiled, in half precision, elsewhere."""

import copy
import json
import multiprocessing
import pickle

import numpy as np
import pytest
from extracted import as_rows, as_triples, assert_same

from gplinker_tf import RelationExtractor
from gplinker_tf.backend import tf
from gplinker_tf.batching import pad_batch

pytestmark = pytest.mark.slow


def test_save_and_load_again(extractor, texts, tmp_path, low_threshold):
    extractor.save(tmp_path / "copy")
    assert as_rows(RelationExtractor.load(tmp_path / "copy")(texts, low_threshold)) == as_rows(
        extractor(texts, low_threshold)
    )
    names = sorted(path.name for path in (tmp_path / "copy").iterdir())
    assert names == ["config.json", "model.safetensors", "vocab.txt"]


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
    other_generation, extractor, run_folder, texts, tmp_path, low_threshold
):
    source, target = tmp_path / "texts.json", tmp_path / "rows.json"
    source.write_text(json.dumps(texts), "utf-8")
    other_generation.run(OTHER_GENERATION, run_folder, source, low_threshold, target)
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
            # A score close to the threshold may be rounded to either side of it.
            if key in other:
                assert other[key] == pytest.approx(triple.score, abs=1e-3)
                count += 1
        assert abs(len(theirs) - len(ours.triples)) <= 1
    assert count > 50


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
    few = texts[:6]  # float16 is slow on a CPU
    expected, found = (as_triples(each(few, low_threshold)) for each in (extractor, half))
    shared = expected.keys() & found.keys()
    assert len(shared) > 0.9 * max(len(expected), len(found))
    assert np.mean([abs(expected[key] - found[key]) for key in shared]) < 0.2


def test_copies_compute_as_the_original_does(run_folder):
    original = RelationExtractor.load(run_folder, "mixed_bfloat16", jit=True)
    copied = copy.deepcopy(original)
    assert copied.model.jit and copied.model.entity.compute_dtype == "bfloat16"
    inputs = half_inputs(copied, ["一句话"])
    ours, theirs = (each.model.factors(inputs).head.query for each in (original, copied))
    assert ours.dtype == tf.bfloat16 and (ours == theirs).numpy().all()


def half_inputs(extractor, texts):
    return pad_batch(extractor.tokenizer.encode_batch(texts))
