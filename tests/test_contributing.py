"""The recipes of CONTRIBUTING.md, run unchanged in a third-party package."""

import json
import re
from pathlib import Path

import pytest
from forks import COMMAND_LINE

ROOT = Path(__file__).parents[1]
RECIPES = re.findall(
    r"```python\n# (\w+\.py)\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL
)


@pytest.fixture
def outside(tmp_path, sample):
    """A folder with data, an encoder, and the recipes installed as plugins."""
    for name, code in RECIPES:
        (tmp_path / name).write_text(code, "utf-8")
    installed = tmp_path / "toys-0.1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: toys\nVersion: 0.1\n")
    modules = [Path(name).stem for name, _ in RECIPES]
    lines = "\n".join(f"{module} = {module}" for module in modules)
    (installed / "entry_points.txt").write_text(f"[gplinker_tf.plugins]\n{lines}\n")
    encoder = tmp_path / "encoder"
    encoder.mkdir()
    vocabulary = (sample / "vocab.txt").read_text("utf-8")
    (encoder / "vocab.txt").write_text(vocabulary, "utf-8")
    sizes = {"model_type": "bag", "vocab_size": len(vocabulary.splitlines()), "hidden_size": 16}
    (encoder / "config.json").write_text(json.dumps(sizes))
    _as_bars(sample / "train_data.json", tmp_path / "data" / "train.bars", 40)
    _as_bars(sample / "dev_data.json", tmp_path / "data" / "dev.bars", 8)
    return tmp_path


def _as_bars(source, target, texts):
    target.parent.mkdir(exist_ok=True)
    lines = []
    for line in source.read_text("utf-8").splitlines()[:texts]:
        row = json.loads(line)
        triples = (
            "|".join(t[k] for k in ("subject", "predicate", "object")) for t in row["spo_list"]
        )
        lines.append("\t".join([row["text"], *triples]))
    target.write_text("\n".join(lines), "utf-8")


def test_there_is_a_recipe_for_each():
    assert [name for name, _ in RECIPES] == ["bilinear.py", "bag.py", "bars.py"]


@pytest.mark.slow
def test_a_model_an_encoder_and_a_format_from_outside(outside, forks):
    def run(code, *arguments):
        start = f"import sys; sys.path.insert(0, {str(outside)!r})\n"
        return forks.run(start + code, *arguments, cwd=outside)

    def gplinker(*arguments):
        return run(COMMAND_LINE, *arguments)

    folders = ("--data", "data", "--schema-from-data", "--encoder", "encoder")
    weights = outside / "encoder" / "model.safetensors"
    code = (
        "import bag; from safetensors.numpy import save_file\n"
        "encoder = bag.Bag(bag.BagConfig.from_json('encoder/config.json'))\n"
        "save_file({n: w.numpy() if 'kernel' not in n else w.numpy().T for l, names in "
        "encoder.tensor_names().items() for n, w in zip(names, encoder.layers[l].weights)}, "
        f"{str(weights)!r})"
    )
    run(code)
    said = gplinker(
        *("train", *folders, "--model", "bilinear", "--rank", "8", "--epochs", "2"),
        *("--batch-size", "8", "--output", "run"),
    )
    assert "40 texts to train on, 8 to evaluate on" in said and "epoch 2:" in said
    config = json.loads((outside / "run" / "config.json").read_text("utf-8"))
    assert config["model"] == "bilinear" and config["rank"] == 8
    assert config["encoder"]["family"] == "bag" and config["encoder"]["hidden_size"] == 16
    assert "triples" in gplinker("audit", *folders, "--model", "bilinear")
    gplinker("extract", "run", "data/dev.bars")
    gplinker("split", "data/train.bars", "--output", "split")
    assert (outside / "split" / "dev.bars").is_file()
    assert "bars" in gplinker("extract", "--help")
