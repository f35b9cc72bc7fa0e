"""Training in a real Jupyter kernel: interrupted by the user, then run again."""

import time
from queue import Empty

import pytest
from jupyter_client.manager import KernelManager
from reference import in_one_generation

pytestmark = [pytest.mark.slow, in_one_generation]

PREPARE = """
from importlib.resources import files
from gplinker_tf import TrainingOptions, prepare
from gplinker_tf.encoders import EncoderFolder
sample = files("gplinker_tf.data") / "sample"
sizes = {"batch_size": 4, "limit": 16, "dev_limit": 4, "encoder_layers": 1}
settings = {"model": "casrel", "epochs": 30, "recipe": "blog", **sizes}
encoder = EncoderFolder.open(sample, weights_required=False)
plan = prepare(sample, encoder, "run", TrainingOptions(**settings))
plan"""


class Notebook:
    """A Jupyter kernel that runs cells and returns their output."""

    def __init__(self, folder):
        self.kernel = KernelManager(kernel_name="python3")
        self.kernel.start_kernel(cwd=str(folder))
        self.client = self.kernel.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)

    def run(self, cell, interrupt_after=None, seconds=500):
        """Run a cell; return the printed text, and the value of its last line by type."""
        asked, printed, shown = self.client.execute(cell), "", {}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except Empty:
                continue
            kind, content = message["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != asked:
                continue
            assert kind != "error", content
            printed += content["text"] if kind == "stream" else ""
            shown = content["data"] if kind == "execute_result" else shown
            if interrupt_after is not None and interrupt_after in printed:
                self.kernel.interrupt_kernel()
                interrupt_after = None
            if kind == "status" and content["execution_state"] == "idle":
                return printed, shown
        raise TimeoutError(printed)

    def close(self):
        self.client.stop_channels()
        self.kernel.shutdown_kernel(now=True)


@pytest.fixture
def notebook(tmp_path):
    opened = Notebook(tmp_path)
    yield opened
    opened.close()


def test_interrupt_and_run_the_cell_again(notebook):
    _, shown = notebook.run(PREPARE)
    assert "120 steps" in shown["text/html"]
    _, shown = notebook.run("plan.fit()", interrupt_after="epoch 1: loss")
    assert "interrupted" in shown["text/plain"] and "<table" in shown["text/html"]
    notebook.run("plan.extractor('周星驰主演《喜剧之王》')")
    cell = "plan.fit(callbacks=[keras.callbacks.EarlyStopping('val_f1', patience=1)])"
    printed, shown = notebook.run(f"from gplinker_tf.backend import keras\n{cell}")
    assert "Resumed at step" in printed and "interrupted" not in shown["text/plain"]
    _, shown = notebook.run(
        "from gplinker_tf import evaluate\nevaluate('run', sample / 'dev_data.json')"
    )
    assert shown["text/plain"].startswith("Evaluation(") and "<table" in shown["text/html"]
