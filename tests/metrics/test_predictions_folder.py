"""The predictions file: a folder that is not there is named, not made."""

import pytest

from gplinker_tf import InputError
from gplinker_tf.metrics import write_predictions


def test_no_folder_to_write_to(tmp_path):
    path = tmp_path / "missing" / "dev_pred.json"
    with pytest.raises(InputError, match="folder that exists"):
        write_predictions(path, [], [], str.split)
    assert not path.parent.exists()
