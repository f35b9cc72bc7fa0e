"""The recipe with little or unusual data: a clear message, a run folder, and no lost work."""

import json

import pytest
import yaml
from reference import in_one_generation
from test_trainer import RUN_FILES

from gplinker_tf import InputError, RelationExtractor
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.training import TrainingOptions, train
from gplinker_tf.training.recipes import AUTO, BLOG

pytestmark = [pytest.mark.slow, in_one_generation]

#: Small values for quick tests; everything else is chosen by the recipe.
QUICK = {"epochs": 1, "encoder_layers": 1}


def annotated(text, *triples):
    names = ("subject", "predicate", "object")
    spo_list = [dict(zip(names, words, strict=True)) for words in triples]
    return {"text": text, "spo_list": spo_list}


LINES = [
    annotated("韩帆言主演候鸟", ("候鸟", "主演", "韩帆言")),
    annotated("傅桐远主演月台", ("月台", "主演", "傅桐远")),
    annotated("这里没有三元组"),
]


@pytest.fixture
def learn(sample, tmp_path):
    """A function that trains on lines with the recipe; it returns the result and the report."""

    def learn(lines, dev, dry_run=False, **options):
        for name, rows in (("train.json", lines), ("dev.json", dev)):
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (tmp_path / name).write_text(text, "utf-8")
        said = []
        data = DataFolder.open(tmp_path, schema_from_data=True)
        encoder = EncoderFolder.open(sample, weights_required=False)
        options = TrainingOptions(**QUICK | options)
        quiet = {"progress": False, "report": said.append}
        quiet |= {"overwrite": dry_run, "dry_run": dry_run}
        return train(data, encoder, tmp_path / "run", options, **quiet), "\n".join(said)

    return learn


def test_one_predicate_and_fewer_texts_than_a_batch(learn):
    result, said = learn(LINES, LINES[:1], model="casrel")
    assert "3 texts to train on, 1 to evaluate on, 1 predicate" in said
    assert "batches of 8" in said and "A new model learns hardly anything in 1 step" in said
    assert "Dev texts that also occur in train: 1 of 1" in said
    assert {path.name for path in result.folder.iterdir()} == RUN_FILES
    assert RelationExtractor.load(result.folder)("韩帆言主演候鸟") is not None
    # The run reports and records what the recipe chose.
    chosen = TrainingOptions(model="casrel", **QUICK).for_data(3, hidden_size=128, pretrained=False)
    assert chosen.in_words() in said
    config = yaml.safe_load((result.folder / "run.yaml").read_text("utf-8"))
    assert {name: config[name] for name in BLOG} == {name: getattr(chosen, name) for name in BLOG}
    assert config["recipe"] == AUTO


def test_texts_without_any_triple(learn, tmp_path):
    with pytest.raises(InputError, match=r"train\.json: expected triples.*nothing to learn"):
        learn(LINES[2:], LINES[:1])
    with pytest.raises(InputError, match=r"dev\.json: expected triples.*F1 would be 0"):
        learn(LINES, LINES[2:])
    assert not (tmp_path / "run").exists()


def test_long_texts_are_learned_from_and_evaluated_in_windows(learn):
    far = annotated("没有。" * 60 + "韩帆言主演候鸟", ("候鸟", "主演", "韩帆言"))
    result, said = learn([far] * 3 + LINES, [far], model="casrel")
    assert "6 texts in 24 windows to train on" in said and "long texts read by sentences" in said
    assert "0 of 5 training triples can't be learned; with perfect scores" in said
    assert "would find 100.00% of the dev triples" in said
    assert RelationExtractor.load(result.folder).windows.long == "sentences"
    _, said = learn([far] * 3 + LINES, [far], long="truncate", recipe="blog", dry_run=True)
    assert (
        "6 texts to train on" in said
        and "3 of 5 training triples can't be learned: 3 out of" in said
    )


def test_a_rate_that_diverges_names_the_option_and_keeps_the_model(learn, tmp_path):
    with pytest.raises(InputError, match=r"Lower --learning-rate \(learning_rate\)") as error:
        learn(LINES * 8, LINES[:1], model="casrel", learning_rate=1e30, epochs=3)
    assert f"The best model so far is in {tmp_path / 'run'}" in str(error.value)
    assert RelationExtractor.load(tmp_path / "run").max_length == 128
