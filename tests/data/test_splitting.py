"""The split: no text is in both parts, no byte is changed, nothing is lost or half written."""

import gzip
import json
import os

import pytest

from gplinker_tf import InputError
from gplinker_tf.data import DataFolder, read_examples, split_file


def split(*arguments, **options):
    told = []
    train, dev = split_file(*arguments, report=told.append, **options)
    return train, dev, told


def json_lines(folder, count=200, name="all.jsonl"):
    """Write lines with odd spacing, in which each text occurs three times with small changes."""
    lines = []
    for number in range(count):
        text = f"Text {number // 3}, Ｓalt"
        text = [text, f" {text.upper()}\u3000", text.replace("Ｓ", "S")][number % 3]
        spo = [{"subject": "Text", "predicate": f"p{number % 7}", "object": "salt"}]
        lines.append(json.dumps({"spo_list": spo, "text": text}, separators=(" ,", ":  ")))
    path = folder / name
    path.write_bytes(b"\n".join(line.encode() for line in lines))
    return path


def keys(path):
    return {e.text.strip().lower().replace("ｓ", "s") for e in read_examples(path)}


def test_lines_stay_as_they_are_and_no_text_is_on_both_sides(tmp_path):
    path = json_lines(tmp_path)
    train, dev, told = split(path, tmp_path / "new" / "data", dev_share=0.2)
    assert (train.name, dev.name) == ("train.jsonl", "dev.jsonl")
    assert len(keys(dev)) == round(0.2 * 67) and not keys(dev) & keys(train)
    written = [file.read_bytes().splitlines() for file in (train, dev)]
    original = path.read_bytes().splitlines()
    assert sorted(written[0] + written[1]) == sorted(original)
    for side in written:
        places = [original.index(line) for line in side]
        assert places == sorted(places)
    assert told[:2] == [
        f"{train}: 54 texts, {len(written[0])} lines, {len(written[0])} triples",
        f"{dev}: 13 texts, {len(written[1])} lines, {len(written[1])} triples",
    ]


@pytest.mark.parametrize("name", ["all.json", "all.json.gz", "all"])
def test_one_seed_gives_one_result(tmp_path, name):
    path = json_lines(tmp_path, name=name)
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(path.read_bytes()))
    results = []
    for number, seed in enumerate((1, 1, 2)):
        train, dev, _ = split(path, tmp_path / str(number), seed=seed)
        results.append((train.read_bytes(), dev.read_bytes()))
    assert results[0] == results[1] != results[2]
    assert train.name == {"all": "train.jsonl"}.get(name, name.replace("all", "train"))
    assert len(read_examples(train)) + len(read_examples(dev)) == 200


def test_a_tables_rows_stay_whole_and_both_sides_have_the_header(tmp_path):
    header = b'\xef\xbb\xbftext,"subject",predicate,object,note\r\n'
    rows = [
        b'"Ada was\nborn in Oak, once","Ada",born in,Oak,x\r\n',
        b"Bo knows Cy,Bo,knows,Cy,\r\n",
        b"\r\n",
        b'"Ada was\nborn in Oak, once",,,,again\r\n',
        b"Di met Ed,Di,met,Ed,\r\n",
        b'"bo knows cy ",Cy,knows,Bo,',
    ]
    path = tmp_path / "all.csv"
    path.write_bytes(header + b"".join(rows))
    train, dev, _ = split(path, tmp_path / "data", dev_share=0.34, seed=3)
    parts = [file.read_bytes() for file in (train, dev)]
    assert all(part.startswith(header) for part in parts)
    bodies = [part.removeprefix(header) for part in parts]
    assert sorted(map(len, bodies)) != [0, 0] and all(bodies)
    assert sum(map(len, bodies)) == sum(map(len, rows)) - 2, "all but the blank line"
    for row in rows[:2] + rows[3:]:
        assert sum(row in body for body in bodies) == 1
    assert (rows[1] in bodies[0]) == (rows[5] in bodies[0])
    assert (rows[0] in bodies[0]) == (rows[3] in bodies[0])


@pytest.mark.parametrize("seed", range(8))
def test_predicates_keep_a_text_to_train_on(tmp_path, seed):
    path = tmp_path / "all.csv"
    rows = [
        f"text {n},a,{'rare' if n < 2 else 'single' if n == 2 else 'often'},b" for n in range(9)
    ]
    path.write_text("\n".join(["text,subject,predicate,object", *rows]))
    train, dev, told = split(path, tmp_path / "data", dev_share=0.5, seed=seed)
    learned = {t.predicate for e in read_examples(train) for t in e.triples}
    held_out = {t.predicate for e in read_examples(dev) for t in e.triples}
    assert learned == {"rare", "single", "often"} and len(read_examples(dev)) == 4
    lacking = [name for name in ("rare", "single", "often") if name not in held_out]
    assert told[2].startswith(f"dev lacks {len(lacking)} of the 3 predicates: ")
    assert set(told[2].split(": ")[1].split(", ")) == set(lacking)


def test_the_share_comes_first_where_no_text_can_be_spared(tmp_path):
    path = tmp_path / "all.csv"
    rows = [f"text {n},a,p{n},b" for n in range(4)]
    path.write_text("\n".join(["text,subject,predicate,object", *rows]))
    train, dev, told = split(path, tmp_path / "data", dev_share=0.5)
    assert (len(read_examples(train)), len(read_examples(dev))) == (2, 2)
    assert told[2].startswith("train lacks 2 of the 4") and told[3].startswith("dev lacks 2 of")


def test_nothing_is_overwritten_unless_it_is_meant(tmp_path):
    path, data = json_lines(tmp_path), tmp_path / "data"
    train, dev, _ = split(path, data, seed=1)
    before = train.read_bytes(), dev.read_bytes()
    with pytest.raises(InputError, match=r"train\.jsonl, dev\.jsonl.*--overwrite"):
        split(path, data, seed=2)
    assert (train.read_bytes(), dev.read_bytes()) == before
    split(path, data, seed=2, overwrite=True)
    assert (train.read_bytes(), dev.read_bytes()) != before
    with pytest.raises(InputError, match="other than the one of the file to split"):
        split(train, data, overwrite=True)
    (data / "dev_data.json.gz").write_bytes(b"")
    with pytest.raises(InputError, match=r"contains dev_data\.json\.gz\. Name another folder\.$"):
        split(path, data, overwrite=True)
    with pytest.raises(InputError, match="which is a file"):
        split(path, path)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
@pytest.mark.parametrize("moment", [0, 1])
def test_an_interruption_leaves_nothing_half_written(tmp_path, monkeypatch, error, moment):
    path, data = json_lines(tmp_path), tmp_path / "data"
    split(path, data, seed=1)
    replace, calls = os.replace, []

    def interrupted(*paths):
        calls.append(paths)
        if len(calls) > moment:
            raise error
        replace(*paths)

    monkeypatch.setattr(os, "replace", interrupted)
    expected = KeyboardInterrupt if error is KeyboardInterrupt else InputError
    with pytest.raises(expected):
        split(path, data, seed=2, overwrite=True)
    assert [file.name for file in data.iterdir()] == ["train.jsonl"], (
        "no train beside another's dev"
    )
    read_examples(data / "train.jsonl")


def test_a_bad_line_is_named_before_anything_is_written(tmp_path):
    path = json_lines(tmp_path)
    with path.open("a") as file:
        file.write('\n{"text": 7}\n')
    with pytest.raises(InputError, match=r"all\.jsonl:201: "):
        split(path, tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5, float("nan")])
def test_a_share_that_is_none(tmp_path, share):
    with pytest.raises(InputError, match="dev_share="):
        split(json_lines(tmp_path), tmp_path / "data", dev_share=share)


def test_one_text_cannot_be_split(tmp_path):
    with pytest.raises(InputError, match="two different texts"):
        split(json_lines(tmp_path, count=3), tmp_path / "data")


def test_the_folder_it_makes_is_a_data_folder(tmp_path):
    train, dev, _ = split(json_lines(tmp_path), tmp_path / "data")
    data = DataFolder.open(tmp_path / "data", schema_from_data=True)
    assert (data.train, data.dev) == (train, dev)
