"""Shared fixtures, the choice of tests under legacy Keras, and settings for a fast test suite."""

import gc
import os
import sys
from pathlib import Path

import pytest
from filelock import FileLock

sys.path.insert(0, str(Path(__file__).parent))

from forks import Forks
from quick_graphs import trace_quickly
from reference import LEGACY

# Tests run in parallel processes, so several threads in each would only compete for the cores.
os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
# Garbage collection over all of TensorFlow's objects would take a sixth of the suite's time.
gc.set_threshold(50_000, 50, 100)

#: Tests that also run under legacy Keras: of code built on Keras or compared with bert4keras, which
#: needs legacy Keras. Everything else is covered there by one end-to-end test.
MADE_OF_KERAS = (
    *(f"tests/{room}" for room in ("bert4keras", "encoders", "layers", "models", "training")),
    *(f"gplinker_tf/{room}" for room in ("bert4keras", "encoders", "layers", "models", "training")),
    *("tests/losses/test_losses.py", "tests/tokenizers/test_bert_tokenizer.py"),
    *("tests/extraction/test_saved_encoders.py", "tests/test_contributing.py"),
    "tests/test_end_to_end.py",
)

ROOT = Path(__file__).parents[1]
SHARED = ROOT.resolve().parent / "shared"


def pytest_ignore_collect(collection_path):
    """Under legacy Keras, skip all other files without importing them."""
    paths = [ROOT / name for name in MADE_OF_KERAS]
    needed = collection_path.is_dir() or any(map(collection_path.is_relative_to, paths))
    return True if LEGACY and not needed else None


def pytest_collection_finish():
    """Trace quickly; notebooks and commands in new processes still optimize their graphs."""
    if "tensorflow" in sys.modules:
        trace_quickly()


def real_folder(variable: str, default: Path) -> Path:
    """Return the folder that an environment variable names, or the default; skip if missing."""
    folder = Path(os.environ.get(variable, default))
    if not folder.is_dir():
        pytest.skip(f"{variable} is not set to a folder, and there is none next to the repository")
    return folder


@pytest.fixture(scope="session", autouse=True)
def cache_of_its_own(tmp_path_factory):
    """Use a temporary cache instead of the user's."""
    os.environ["GPLINKER_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def lic2019() -> Path:
    """The folder of LIC2019: train_data.json, dev_data.json and all_50_schemas."""
    return real_folder("GPLINKER_LIC2019", SHARED / "lic2019")


@pytest.fixture(scope="session")
def zh_encoder() -> Path:
    """A pretrained Chinese encoder in Hugging Face's layout."""
    return real_folder("GPLINKER_ENCODER", SHARED / "encoders" / "zh-e5-small")


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample corpus, with the configuration of its encoder."""
    return ROOT / "gplinker_tf" / "data" / "sample"


@pytest.fixture(scope="session")
def forks(tmp_path_factory):
    """A `Forks`, which runs code in new processes that need not import TensorFlow."""
    with Forks(tmp_path_factory.mktemp("forks")) as opened:
        yield opened


@pytest.fixture(scope="session")
def other_generation(tmp_path_factory):
    """Like `forks`, under the other Keras generation."""
    with Forks(tmp_path_factory.mktemp("other"), legacy=not LEGACY) as opened:
        yield opened


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """A function that returns a folder, filled once for all processes of pytest-xdist."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made_once(name: str, fill) -> Path:
        folder, unfinished = shared / name, shared / f"{name}.unfinished"
        with FileLock(shared / f"{name}.lock"):
            if not folder.exists():
                fill(unfinished)
                unfinished.rename(folder)
        return folder

    return made_once


@pytest.fixture(scope="session")
def run_folder(sample, made_once) -> Path:
    """A run folder after two short epochs: the model finds some triples, few of them correct."""
    from gplinker_tf.data import DataFolder
    from gplinker_tf.encoders import EncoderFolder
    from gplinker_tf.training import TrainingOptions, train

    settings = {"epochs": 2, "batch_size": 8, "learning_rate": 3e-3, "averaging": None, "seed": 3}
    options = TrainingOptions(**settings, limit=96, dev_limit=24, recipe="blog")
    encoder = EncoderFolder.open(sample, weights_required=False)
    quiet = {"progress": False, "report": lambda _: None}
    return made_once(
        "run", lambda folder: train(DataFolder.open(sample), encoder, folder, options, **quiet)
    )


@pytest.fixture(scope="session")
def low_threshold(run_folder, sample) -> float:
    """A threshold at which the barely trained model finds enough triples to test with."""
    from gplinker_tf import RelationExtractor
    from gplinker_tf.data import read_examples

    extractor = RelationExtractor.load(run_folder)
    texts = [example.text for example in read_examples(sample / "dev_data.json", limit=6)]

    def found(threshold: float) -> int:
        return sum(len(extraction.triples) for extraction in extractor(texts, threshold))

    return next(float(threshold) for threshold in range(0, -50, -1) if found(threshold) > 40)
