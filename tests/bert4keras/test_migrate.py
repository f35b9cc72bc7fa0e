"""`gplinker migrate`: import lines change, and what can't work is listed."""

import subprocess
import sys

import pytest

from gplinker_tf.bert4keras.migrate import migrate
from gplinker_tf.bert4keras.script_checks import LabelNote
from gplinker_tf.errors import InputError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from bert4keras.layers import Loss", "from gplinker_tf.bert4keras.layers import Loss"),
        ("from keras.layers import Dense", "from gplinker_tf.bert4keras.keras.layers import Dense"),
        ("import keras", "from gplinker_tf.bert4keras import keras"),
        ("import keras.backend as K", "import gplinker_tf.bert4keras.keras.backend as K"),
        ("import bert4keras", "from gplinker_tf import bert4keras"),
        ("import bert4keras.layers", "from gplinker_tf import bert4keras"),
        ("import json, keras", "import json\nfrom gplinker_tf.bert4keras import keras"),
        ("from tensorflow.keras import layers", "from gplinker_tf.bert4keras.keras import layers"),
        (
            "from tensorflow.python.keras.layers import Dense",
            "from gplinker_tf.bert4keras.keras.layers import Dense",
        ),
        (
            "import tensorflow.python.keras.backend as K",
            "import gplinker_tf.bert4keras.keras.backend as K",
        ),
        ("import tf_keras", "from gplinker_tf.bert4keras import keras as tf_keras"),
        ("if True:\n    import keras", "if True:\n    from gplinker_tf.bert4keras import keras"),
        ("import json  # from keras", "import json  # from keras"),
        ("import keras  # 'keras'", "from gplinker_tf.bert4keras import keras  # 'keras'"),
        (
            "if True: import keras, os",
            "if True: from gplinker_tf.bert4keras import keras; import os",
        ),
        (
            "'犬'; import keras; from keras.layers import Dense; x = 1",
            "'犬'; from gplinker_tf.bert4keras import keras; "
            "from gplinker_tf.bert4keras.keras.layers import Dense; x = 1",
        ),
        (
            "import json, \\\n    keras; x = 1",
            "import json\nfrom gplinker_tf.bert4keras import keras; x = 1",
        ),
        ("x = 1\x0c\r\nimport keras\r", "x = 1\x0c\r\nfrom gplinker_tf.bert4keras import keras\r"),
        ("from keras_bert import x", "from keras_bert import x"),
        ("x = 'from keras.layers import y'", "x = 'from keras.layers import y'"),
        (
            "from bert4keras.snippets import (\n    open,\n    to_array,\n)",
            "from gplinker_tf.bert4keras.snippets import (\n    open,\n    to_array,\n)",
        ),
    ],
)
def test_lines(old, new):
    assert migrate(old + "\n") == (new + "\n", [])


def test_changed_lines_run():
    text, remarks = migrate(
        "import keras, json\nimport bert4keras.layers\nimport keras.layers as L"
    )
    names = {}
    exec(text, names)
    assert not remarks
    assert names["L"].Dense is names["keras"].layers.Dense is names["bert4keras"].layers.Dense


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        ("from bert4keras.models import BERT, GPT2_ML", 1, "GPT2_ML"),
        ("from bert4keras.backend import K\n\nK.placeholder_of", 3, "placeholder_of"),
        ("import keras\nx = keras.layers.Nothing(3)", 2, "Nothing"),
        ("from keras.engine import base_layer", 1, "no gplinker_tf.bert4keras.keras.engine"),
        ("import tensorflow as tf\ntf.Session()", 2, "Session"),
        ("build_transformer_model(c,\n  model='nezha')", 2, "model='nezha'"),
        ("m.build_transformer_model(c, application='lm')", 1, "application='lm'"),
        ("build_transformer_model(c, with_mlm=True)", 1, "does not take with_mlm"),
        ("from tensorflow import keras", 1, "import it from gplinker_tf.bert4keras"),
        ("from tensorflow.python import keras", 1, "import it from gplinker_tf.bert4keras"),
        ("import tensorflow.python.keras", 1, "import it from gplinker_tf.bert4keras"),
        ("from tensorflow.python.keras.engine import base_layer", 1, "no gplinker_tf.bert4keras"),
        ("from tensorflow.contrib import rnn", 1, "no tensorflow.contrib"),
        ("import tensorflow.contrib as c", 1, "no tensorflow.contrib"),
        ("import keras.engine.topology", 1, "no gplinker_tf.bert4keras.keras.engine"),
        ("model._make_train_function()", 1, "train_step"),
        ("g = f(model.total_loss)", 1, "tf.GradientTape"),
        ("x = model._feed_inputs", 1, "placeholders"),
        ("layer._initial_weights = [w]; layer._initial_weights", None, ""),
        ("layer(x)._initial_weights", 1, "set_weights"),
        ("import keras.backend as K\nK.gradients(a, b)", 2, "tf.GradientTape"),
        ("from bert4keras.backend import K\nK.learning_phase()", 2, "training"),
        ("from bert4keras.backend import K\nK.infinity = f\nK.infinity()", None, ""),
        ("import tensorflow as tf\ntf.gradients(a, b)", 2, "tf.GradientTape"),
        ("import tensorflow as tf\ntf.compat.v1.train.AdamOptimizer()", 2, "Adam from bert4keras"),
        ("import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()", 2, "remove the line"),
        (
            "from bert4keras.backend import sequence_masking as m\nm(x, mask=k, mode=1)",
            2,
            "m does not take mode: it takes axis, bias, mask, return_mask, value, x",
        ),
        (
            "from bert4keras import snippets\nsnippets.open(a, 'r', 'gbk', 'strict', 1, 2)",
            2,
            "open takes 5 positional arguments, but 6 are given: they are name, mode",
        ),
        (
            "from bert4keras.tokenizers import Tokenizer\nt = Tokenizer(v)\n"
            "def f(x):\n  return t.encode(x, max_length=9)",
            4,
            "encode does not take max_length: it takes first_text, maxlen",
        ),
        (
            "from bert4keras.layers import *\nMultiHeadAttention(2, 4, num_heads=3)",
            2,
            "MultiHeadAttention does not take num_heads",
        ),
        ("from bert4keras.layers import *\nEmbedding(2, 4, mask_zero=1, name='a', lr=1)", 2, "lr"),
        ("from bert4keras.layers import *\nDense(2, name='a', lr_multiplier=2)", None, ""),
        (
            "from bert4keras.snippets import open\ndef open(a): pass\nopen(1, 2, 3, 4, 5, 6)",
            None,
            "",
        ),
        (
            "from bert4keras.optimizers import *\n"
            "A = extend_with_exponential_moving_average(Adam, name='A')\n"
            "A(ema_momentum=0.9)",
            None,
            "",
        ),
        ("from bert4keras.optimizers import Adam\nAdam(1e-4, lr=1e-5, clipnorm=1)", None, ""),
        ("from bert4keras.models import T5", 1, "T5"),
    ],
)
def test_what_cannot_work_is_listed_by_line(source, line, text):
    _, remarks = migrate(source)
    if line is None:
        assert not remarks
    else:
        [remark] = remarks
        assert isinstance(remark, LabelNote) and remark.line == line and text in remark.text


def test_python_2_says_so():
    with pytest.raises(InputError, match=r"old.py:2: expected Python 3.*2to3"):
        migrate("import keras\nprint 'x'\n", "old.py")


def test_the_command(tmp_path):
    script = tmp_path / "old.py"
    script.write_text(
        "# -*- coding: gbk -*-\nimport keras  # 模型\nkeras.Nothing\n", encoding="gbk"
    )
    command = [sys.executable, "-m", "gplinker_tf", "migrate"]
    ran = subprocess.run([*command, script], capture_output=True)
    assert "from gplinker_tf.bert4keras import keras" in ran.stdout.decode("gbk")
    assert "模型" in ran.stdout.decode("gbk")
    assert ran.stderr.decode().startswith(f"{script}:3: ") and b"Nothing" in ran.stderr
    assert ran.returncode == 1 and b"\n1 place is left to change by hand" in ran.stderr
    ran = subprocess.run([*command, tmp_path / "none.py"], capture_output=True, text=True)
    assert ran.returncode == 2 and "none.py" in ran.stderr
