"""Make examples/notebooks/*.ipynb from the .py files next to them, and run them.

python tests/docs/make_notebooks.py            # all
python tests/docs/make_notebooks.py 1 3        # the first and the third
"""

import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "examples" / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook_of(source: Path) -> nbformat.NotebookNode:
    """Return the notebook of a file in percent format, reproducibly and without running it."""
    notebook = jupytext.read(source, fmt="py:percent")
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{number}", nbformat.NotebookNode()
    return notebook


def run(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Run the notebook in a fresh kernel, and return it with its outputs, except stderr."""
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources=resources, record_timing=False
    ).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
    return notebook


if __name__ == "__main__":
    for source in sorted(FOLDER.glob("*.py")):
        if not sys.argv[1:] or source.name.split("_")[0] in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                made = run(notebook_of(source), Path(folder))
            nbformat.write(made, source.with_suffix(".ipynb"))
            print(source.with_suffix(".ipynb"))
