"""The notebooks match their sources, and run from top to bottom."""

import nbformat
import pytest
from make_notebooks import FOLDER, notebook_of, run

from gplinker_tf.backend import KERAS_3

SOURCES = sorted(FOLDER.glob("*.py"))

#: The slow part of a notebook, and its replacement in the test. After three epochs there are
#: triples to show, which not every notebook needs.
SHORTER = {
    "1_quickstart": ("epochs=8", "epochs=3"),
    "3_losses": ("(32, 64, 96, 128)", "(16, 32)"),
    "4_your_own_data": ("epochs=8", "epochs=1, limit=800"),
    "5_from_bert4keras": ("epochs=30", "epochs=1"),
    "6_why_was_it_missed": ("epochs=3", "epochs=3, limit=2000"),
    "7_models": ("epochs=3, limit=1500", "epochs=1, limit=64"),
}


def stored(source):
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)


def outputs(notebook):
    """Return everything that the cells of a notebook print or show, as text."""
    return "\n".join(
        output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )


def test_each_notebook_has_a_source():
    assert [path.with_suffix(".py") for path in sorted(FOLDER.glob("*.ipynb"))] == SOURCES


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_is_that_of_its_source(source):
    notebook, made = stored(source), notebook_of(source)
    cells = [(cell.cell_type, cell.id, cell.source) for cell in made.cells]
    command = f"make notebooks NOTEBOOKS={source.name.split('_')[0]}"
    assert [(cell.cell_type, cell.id, cell.source) for cell in notebook.cells] == cells, command
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [*range(1, len(code) + 1)], command


@pytest.mark.slow
@pytest.mark.skipif(not KERAS_3, reason="needed only once: each has its own process")
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_runs(source, tmp_path):
    whole, shorter = SHORTER.get(source.stem, ("", ""))
    assert whole in source.read_text("utf-8")
    notebook = notebook_of(source)
    for cell in notebook.cells:
        cell.source = cell.source.replace(whole, shorter)
    run(notebook, tmp_path)


@pytest.mark.parametrize(
    "triple", ["候鸟的月台 导演 韩帆言", "候鸟的月台 主演 傅桐远", "渔火的海岸 歌手 叶嘉宁"]
)
def test_the_quickstart_finds_triples(triple):
    assert triple in outputs(stored(FOLDER / "1_quickstart.py"))
