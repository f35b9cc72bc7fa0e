"""Two replicas, and two workers, end with the same weights as one device."""

import json
import socket

import numpy as np
import pytest
from safetensors.numpy import load_file
from test_trainer import RUN_FILES

from gplinker_tf import InputError
from gplinker_tf.alignment import LabeledTexts
from gplinker_tf.backend import KERAS_3
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.models import GPLinkerTargets
from gplinker_tf.structures import Encoding
from gplinker_tf.training import TrainingOptions, train
from gplinker_tf.training._strategy import EXAMPLE, new_strategy

pytestmark = pytest.mark.slow

several_workers = pytest.mark.skipif(KERAS_3, reason="Keras 3 does not support several workers")

#: A batch of four texts and one of a single text, which leaves nothing for the other replica.
OPTIONS = {
    "epochs": 1,
    "batch_size": 4,
    "learning_rate": 1e-3,
    "averaging": 0.9,
    "recipe": "blog",
    "tune": "dev",
    "limit": 5,
    "dev_limit": 2,
    "head_size": 8,
    "encoder_layers": 1,
    "clip_norm": 1.0,
    "seed": 3,
}

#: A run in a separate process. Arguments: data, run folder, strategy, options, CPU devices.
RUN = """
import json, os, sys
import tensorflow as tf

data, folder, strategy, options, devices = sys.argv[1:]
cpu = tf.config.list_physical_devices("CPU")[0]
one = tf.config.LogicalDeviceConfiguration()
tf.config.set_logical_device_configuration(cpu, [one] * int(devices))

from gplinker_tf import InputError
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.training import TrainingOptions, train


def run(resume=False, **changes):
    settings = TrainingOptions.of(json.loads(options) | changes)
    encoder = EncoderFolder.open(data, weights_required=False)
    return train(DataFolder.open(data), encoder, folder, settings, progress=False,
                 checkpoint_minutes=0.0, resume=resume, strategy=strategy)
"""

MIRRORED = """
try:
    run(batch_size=1)
except InputError as error:
    assert "one text for each of the 2 replicas. Received: batch_size=1" in str(error)
else:
    sys.exit("a batch of one text for two replicas")
run()
os.remove(os.path.join(folder, "history.jsonl"))  # as if it had ended within the evaluation
run(resume=True)
"""


@pytest.fixture(scope="module")
def data(sample, tmp_path_factory):
    """The sample corpus with an encoder without dropout, because replicas drop different values."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("train_data.json", "dev_data.json", "all_50_schemas", "vocab.txt"):
        (folder / name).write_bytes((sample / name).read_bytes())
    config = json.loads((sample / "bert_config.json").read_text("utf-8"))
    config |= dict.fromkeys(("hidden_dropout_prob", "attention_probs_dropout_prob"), 0.0)
    (folder / "bert_config.json").write_text(json.dumps(config))
    return folder


@pytest.fixture(scope="module")
def alone(data, tmp_path_factory):
    """The run folder of a run on one device."""
    folder = tmp_path_factory.mktemp("runs") / "alone"
    encoder = EncoderFolder.open(data, weights_required=False)
    options = TrainingOptions.of(OPTIONS)
    train(DataFolder.open(data), encoder, folder, options, progress=False, report=lambda _: None)
    return folder


def assert_as_alone(folder, alone):
    """Check weights, moments and averages of the last step, the loss, and the saved model."""
    for place in ("checkpoints/step-00000002.safetensors", "model.safetensors"):
        ours, theirs = (load_file(run / place) for run in (folder, alone))
        assert ours.keys() == theirs.keys()
        for name, array in theirs.items():
            tolerance = 1e-4 if name.startswith("metrics") else 1e-5
            np.testing.assert_allclose(ours[name], array, atol=tolerance, err_msg=name)
    ours, theirs = (json.loads((run / "history.jsonl").read_text()) for run in (folder, alone))
    assert ours["loss"] == pytest.approx(theirs["loss"], rel=1e-5)


def test_two_replicas_train_as_one(forks, data, alone, tmp_path):
    """A run resumed from a checkpoint before the evaluation also has the same results."""
    folder = tmp_path / "run"
    output = forks.run(RUN + MIRRORED, data, folder, "mirrored", json.dumps(OPTIONS), 2)
    assert "on 2 CPU devices" in output and "Resumed at step 2" in output
    assert output.count("epoch 1: loss") == 2
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    assert_as_alone(folder, alone)


@several_workers
def test_two_workers_train_as_one(forks, data, alone, tmp_path):
    workers = [f"localhost:{port}" for port in free_ports(2)]
    folder, processes = tmp_path / "run", []
    for index in range(2):
        task = {"type": "worker", "index": index}
        config = json.dumps({"cluster": {"worker": workers}, "task": task})
        script = RUN + "print('best', run().best is not None)"
        arguments = data, folder, "multiworker", json.dumps(OPTIONS), 1
        processes.append(forks.start(script, *arguments, TF_CONFIG=config))
    assert [process.wait() for process in processes] == [0, 0], processes[0].stderr[-3000:]
    chief, other = (process.stdout for process in processes)
    assert "on 2 CPU devices" in chief and "best True" in chief
    assert other.splitlines() == [
        f"Another worker reports progress and writes {folder}.",
        "best False",
    ]
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    assert_as_alone(folder, alone)


def free_ports(count):
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def test_without_several_workers(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(InputError, match=r"one of single.*Received: strategy='many'"):
        new_strategy("many")
    expected = "Keras 3 does not support several workers" if KERAS_3 else "Received: TF_CONFIG=None"
    with pytest.raises(InputError, match=expected):
        new_strategy("multiworker")


@several_workers
@pytest.mark.parametrize(
    "text",
    [
        "two machines",
        "[]",
        '{"cluster": {"worker": ["a:1"]}}',
        '{"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": 2}}',
        '{"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": "0"}}',
        '{"cluster": {"worker": ["a"]}, "task": {"type": "worker", "index": 0}}',
        '{"cluster": {"worker": ["a:1"], "ps": ["b:1"]}, "task": {"type": "ps", "index": 0}}',
    ],
)
def test_a_cluster_that_is_none(monkeypatch, text):
    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(InputError) as caught:
        new_strategy("multiworker")
    assert EXAMPLE in str(caught.value) and f"Received: TF_CONFIG={text!r}" in str(caught.value)


@pytest.mark.parametrize("texts", [1, 2, 5])
@pytest.mark.parametrize("replicas", [2, 3, 8])
def test_the_shares_of_a_batch_have_its_mean(texts, replicas):
    encodings = [Encoding(np.array([2, 7 + n, 3]), np.zeros(3), np.zeros([3, 2])) for n in range(5)]
    read = LabeledTexts(encodings[:texts], [np.array([[1, 1, 0, 1, 1]])] * texts, [1] * texts)
    batches = TrainingBatches(read, GPLinkerTargets(2), batch_size=5, seed=1)
    shares = [batches._share(0, replica, replicas) for replica in range(replicas)]
    sizes = [len(share[0]) for share in shares]
    assert min(sizes) >= 1 and max(sizes) - min(sizes) <= 1
    values = np.concatenate([share[0][:, 1] * share[-1] for share in shares])
    assert values.mean() == pytest.approx(np.mean([7 + n for n in range(texts)]))
    counted = np.concatenate([share[0][share[-1] > 0] for share in shares])
    np.testing.assert_array_equal(counted, batches._batch(0)[0])
