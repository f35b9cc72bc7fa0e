"""`gplinker migrate` on files and projects: copies of bert4keras, encodings, written files."""

import pytest
from typer.testing import CliRunner

from gplinker_tf.cli.app import app
from gplinker_tf.migration import project as project_module

pytestmark = pytest.mark.slow

#: A project that contains copies of bert4keras's layers and snippets, and its own modules.
FILES = {
    "utils/__init__.py": "",
    "utils/layers.py": (
        "import keras\nclass FeedForward: pass\nclass MultiHeadAttention: pass\n"
        "class PositionEmbedding: pass\nclass Mine: pass\n"
    ),
    "utils/snippets.py": (
        "class AutoRegressiveDecoder: pass\nclass DataGenerator: pass\ndef sequence_padding(): pass"
    ),
    "utils/own.py": "from .snippets import sequence_padding\nfrom . import layers, own\nx = 1\n",
    "train.py": (
        "from utils.layers import FeedForward, Mine\nfrom utils.own import x\n"
        "from utils import snippets as s\nimport utils.layers as L\n"
    ),
    "deep/inside.py": (
        "from utils.snippets import (\n    DataGenerator,\n)\nimport utils.snippets\n"
    ),
    "old.py": "import keras\nprint 'x'\n",
    "tried.ipynb": '{"source": ["import keras"]}',
    "data/notes.ipynb": "{}",
    "data/train.json": "{}",
    "data/large.json": "{" + " " * 100 + "}",
    ".git/config.py": "import keras",
    "venv/pyvenv.cfg": "",
    "venv/lib.py": "import keras",
}
HERE = "from gplinker_tf.bert4keras"
NEW = {
    "utils/own.py": (
        f"{HERE}.snippets import sequence_padding\nfrom . import own\n{HERE} import layers\nx = 1\n"
    ),
    "train.py": (
        f"{HERE}.layers import FeedForward, Mine\nfrom utils.own import x\n"
        f"{HERE} import snippets as s\nimport gplinker_tf.bert4keras.layers as L\n"
    ),
    "deep/inside.py": f"{HERE}.snippets import (\n    DataGenerator,\n)\nimport utils.snippets\n",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project_module, "LARGEST_COPY", 50)
    for name, text in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    path = tmp_path / "project" / "chinese.py"
    path.write_text("# coding: gbk\nimport keras  # 模型\n", encoding="gbk")
    path.with_name("wrong.py").write_bytes("# 模型\n".encode("gbk"))
    return tmp_path / "project"


def migrate(*arguments):
    result = CliRunner().invoke(app, ["migrate", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_project_with_bert4keras_inside(project, tmp_path):
    before = contents(project)
    code, out, err = migrate("project", "--output", "new")
    assert (code, out, contents(project)) == (1, "", before)
    new = contents(tmp_path / "new")
    expected = {
        name: text
        for name, text in before.items()
        if name.partition("/")[0] not in (".git", "venv")
    }
    del expected["data/large.json"]
    chinese = f"# coding: gbk\n{HERE} import keras  # 模型\n"
    changed = {name: text.encode() for name, text in NEW.items()}
    assert new == expected | changed | {"chinese.py": chinese.encode("gbk")}
    lines = err.splitlines()
    assert lines[:2] == [
        "project/data/large.json: not copied, because it is large",
        "Written to new",
    ]
    assert (
        lines[-1]
        == "4 changed files, 3 unchanged files, 3 unreadable files, 2 places left to change by hand"
    )
    assert (
        "project/utils: copied from bert4keras, no longer imported: layers.py, snippets.py" in lines
    )
    for start in (
        "project/train.py:1: Mine is not part of bert4keras: move it from utils.layers into",
        "project/deep/inside.py:4: imports a copy of bert4keras: write import utils.snippets as",
        "project/old.py:2: expected Python 3. Received: Missing parentheses",
        "project/tried.ipynb: expected Python 3. Received: a notebook",
        "project/wrong.py: expected text in the encoding that its coding line declares, or UTF-8",
    ):
        assert [line for line in lines if line.startswith(start)], start
    # A second run overwrites nothing unless asked to.
    code, _, err = migrate("project", "--output", "new")
    assert code == 2 and "--overwrite" in err
    assert migrate("project", "--output", "new", "--overwrite")[0] == 1
    assert contents(tmp_path / "new") == new


def test_in_place_check_and_diff(project):
    for name in ("old.py", "tried.ipynb", "wrong.py", "train.py", "deep/inside.py"):
        (project / name).unlink()
    before = contents(project)
    code, out, err = migrate("project", "--check")
    assert (code, out, contents(project)) == (1, "", before)
    assert "project/chinese.py: would change" in err and "utils/layers.py: would" not in err
    code, out, err = migrate("project", "--diff")
    assert contents(project) == before and code == 0
    assert "\n+from gplinker_tf.bert4keras import layers\n" in out
    assert migrate("project", "--in-place")[0] == 0
    assert (project / "utils/own.py").read_text() == NEW["utils/own.py"]
    code, out, err = migrate("project", "--check")
    assert (code, out) == (0, "") and "0 changed files" in err


def test_a_diff_has_the_encoding_of_its_file(project):
    path = project / "chinese.py"
    result = CliRunner().invoke(app, ["migrate", str(path), "--diff"])
    [line] = [line for line in result.stdout_bytes.splitlines() if line.startswith(b"+from")]
    assert line == f"+{HERE} import keras  # 模型".encode("gbk")


def test_what_a_project_requires(project):
    for path in project.rglob("*.*"):
        if path.is_file():
            path.unlink()
    files = {
        "requirements.txt": "numpy\nbert4keras>=0.10\n# keras==2\nkeras==2.3.1\ntensorflow>=2\n",
        "setup.py": "setup(\n  install_requires=['bert4keras', 'keras<=2.3.1'],\n  name='keras')\n",
        "pyproject.toml": 'dependencies = [\n  "tensorflow-gpu==1.14",\n]\nkeras = "2.3.1"\n',
        "environment.yml": "  - tensorflow=1.15\n",
        "load.py": "import importlib\nlayers = importlib.import_module('bert4keras.layers')\n",
    }
    for name, text in files.items():
        (project / name).write_text(text)
    code, out, err = migrate("project", "--check")
    assert (code, out) == (1, "")
    bert4keras = "requires bert4keras, which is no longer imported: write gplinker_tf"
    old = "requires a specific version of {}: drop it, gplinker_tf requires its own"
    assert err.splitlines() == [
        f"project/environment.yml:1: {old.format('tensorflow')}",
        "project/load.py:2: import_module('bert4keras.layers'): write "
        "'gplinker_tf.bert4keras.layers'",
        "project/pyproject.toml:2: requires tensorflow-gpu, which no longer exists: write "
        "tensorflow",
        f"project/pyproject.toml:4: {old.format('keras')}",
        f"project/requirements.txt:2: {bert4keras}",
        f"project/requirements.txt:4: {old.format('keras')}",
        f"project/setup.py:2: {bert4keras}",
        f"project/setup.py:2: {old.format('keras')}",
        "0 changed files, 5 unchanged files, 8 places left to change by hand",
    ]


def test_a_link_out_of_the_project(project, tmp_path, monkeypatch):
    shared = tmp_path / "shared.py"
    shared.write_text("import keras\n")
    (project / "linked.py").symlink_to(shared)
    before = contents(project)
    code, _, err = migrate("project", "--in-place")
    assert code == 2 and f"project/linked.py, a link to {shared}" in err
    assert contents(project) == before and shared.read_text() == "import keras\n"
    # Relative imports are also followed from a folder inside the project.
    monkeypatch.chdir(project / "deep")
    (project / "deep" / "near.py").write_text("from ..utils.layers import FeedForward\n")
    assert migrate("near.py")[1] == f"{HERE}.layers import FeedForward\n"


def test_line_ends_stay(project):
    path = project / "windows.py"
    path.write_bytes(b"import keras, os\r\nx = 1\x0c\r\n")
    assert migrate(path, "--diff")[1].endswith(f"+{HERE} import keras\n+import os\n x = 1\x0c\n")
    migrate(path, "--in-place")
    assert path.read_bytes() == f"{HERE} import keras\r\nimport os\r\nx = 1\x0c\r\n".encode()


def test_one_script(project):
    code, out, err = migrate("project/chinese.py")
    assert code == 0 and out.startswith("# coding: gbk") and f"{HERE} import keras" in out
    assert err == "1 changed file, 0 unchanged files, 0 places left to change by hand\n"
    assert migrate("project/train.py")[1] == NEW["train.py"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["nothing.py"], "No such file or folder: nothing.py"),
        (["project/old.py"], "gplinker: project/old.py:2: expected Python 3"),
        (["project/tried.ipynb"], "Received: a notebook. Convert it with `jupyter nbconvert"),
        (
            ["project"],
            "Expected one of --output, --in-place, --check or --diff. Received: a folder",
        ),
        (["project", "--check", "--in-place"], "Received: --in-place and --check or --diff"),
        (["project", "--output", "project/new"], "Expected a folder outside the project"),
        (["project", "--output", "project/train.py"], "which is a file"),
        (["project/train.py", "--output", "project/old.py"], "Replace it with --overwrite"),
    ],
)
def test_bad_calls_say_what_to_do(project, arguments, text):
    code, out, err = migrate(*arguments)
    assert (code, out) == (2, "") and text in err


def test_adversarial_training_of_the_examples_is_replaced(monkeypatch):
    """Its definition in a script is replaced by an import of the version that needs no graph."""
    from gplinker_tf.bert4keras import snippets
    from gplinker_tf.migration import Note, migrate

    monkeypatch.setattr(snippets, "adversarial_training", len, raising=False)
    source = (
        "x = 1\ndef adversarial_training(model, embedding_name, epsilon=1):\n"
        "    inputs = model._feed_inputs\n    model.train_function = model.total_loss\n\n"
        "adversarial_training(model, 'Embedding-Token')\n"
    )
    text, [note] = migrate(source)
    assert isinstance(note, Note) and (note.line, note.done) == (2, True)
    assert text == (
        f"x = 1\n{HERE}.snippets import adversarial_training\n\n"
        "adversarial_training(model, 'Embedding-Token')\n"
    )
    _, notes = migrate(source.replace("epsilon", "size"))
    assert [note.line for note in notes] == [3, 4]
