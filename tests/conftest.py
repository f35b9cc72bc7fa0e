"""Where the real data and the real encoder are found, for the whole suite."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

SHARED = Path(__file__).resolve().parents[2] / "shared"


def real_folder(variable: str, default: Path) -> Path:
    """The folder that an environment variable names, else the default; skips where neither is."""
    folder = Path(os.environ.get(variable, default))
    if not folder.is_dir():
        pytest.skip(f"{variable} names no folder and there is none beside the repository")
    return folder


@pytest.fixture(scope="session")
def lic2019() -> Path:
    """LIC2019's train_data.json, dev_data.json and all_50_schemas."""
    return real_folder("GPLINKER_LIC2019", SHARED / "lic2019")


@pytest.fixture(scope="session")
def zh_encoder() -> Path:
    """A pretrained Chinese encoder in Hugging Face's layout."""
    return real_folder("GPLINKER_ENCODER", SHARED / "encoders" / "zh-e5-small")
