"""Readers: files that were damaged on the way, and numbers that are none."""

import gzip
import json

import pytest

from gplinker_tf import InputError
from gplinker_tf.data import read_examples

TEXTS = [json.dumps({"text": str(number * 7919), "spo_list": []}) for number in range(300)]


def test_a_gzip_file_damaged_inside(tmp_path):
    damaged = bytearray(gzip.compress("\n".join(TEXTS).encode()))
    # The first byte after the header: a last block, of the type that RFC 1951 reserves.
    damaged[10] = 0b111
    path = tmp_path / "train_data.json.gz"
    path.write_bytes(damaged)
    with pytest.raises(InputError, match=r"train_data\.json\.gz:1: expected a whole gzip file"):
        read_examples(path)


@pytest.mark.parametrize("score", ["NaN", "-Infinity", "1" + "0" * 400, "true", '"high"', "[1]"])
def test_a_score_that_is_no_finite_number(tmp_path, score):
    path = tmp_path / "found.jsonl"
    triple = f'{{"subject": "a", "predicate": "p", "object": "b", "score": {score}}}'
    path.write_text(f'{TEXTS[0]}\n{{"text": "a b", "spo_list": [{triple}]}}\n')
    with pytest.raises(InputError, match=r"found\.jsonl:2: expected a finite number"):
        read_examples(path)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_leaves_nothing(tmp_path, limit):
    path = tmp_path / "data.json"
    path.write_text(TEXTS[0])
    with pytest.raises(InputError, match=f"limit={limit}"):
        read_examples(path, limit=limit)
