"""`gplinker migrate`: import lines change, and code that can't work is listed."""

import pytest

from gplinker_tf.errors import InputError
from gplinker_tf.migration import Note, migrate

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
        ("from tensorflow import keras", "from gplinker_tf.bert4keras import keras"),
        (
            "from tensorflow import data, keras as k",
            "from tensorflow import data\nfrom gplinker_tf.bert4keras import keras as k",
        ),
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
    text, notes = migrate("import keras, json\nimport bert4keras.layers\nimport keras.layers as L")
    names = {}
    exec(text, names)
    assert not notes
    assert names["L"].Dense is names["keras"].layers.Dense is names["bert4keras"].layers.Dense


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        ("from bert4keras.models import BERT, T5", 1, "T5"),
        ("from bert4keras.backend import K\n\nK.placeholder_of", 3, "placeholder_of"),
        ("import keras\nx = keras.layers.Nothing(3)", 2, "Nothing"),
        ("from keras.engine import base_layer", 1, "does not exist: import Layer and InputSpec"),
        ("import tensorflow as tf\ntf.Session()", 2, "sessions no longer exist"),
        ("import tensorflow as tf\ntf.compat.v1.Session()", None, ""),
        ("build_transformer_model(c,\n  model='t5')", 2, "model='t5'"),
        ("m.build_transformer_model(c, application='seq2seq')", 1, "application='seq2seq'"),
        ("build_transformer_model(c, with_mml=True)", 1, "does not take with_mml"),
        ("import tensorflow as tf\ntf.keras.models.Model(a, b)", 2, "Keras 2.3's conventions"),
        ("import tensorflow as tf\ntf.keras.backend.gradients(a, b)", 2, "tf.GradientTape"),
        ("import tensorflow as tf\ntf.keras.layers.Nothing()", 2, "Nothing"),
        ("from keras.backend import set_session", 1, "sessions no longer exist"),
        ("from keras.optimizers import Adam\nAdam(lr=1e-5, decay=0.1)", None, ""),
        ("import tensorflow as tf\ntf.optimizers.Adam(lr=1)", 2, "it is called learning_rate"),
        ("from keras.utils import multi_gpu_model", 1, "MirroredStrategy"),
        ("import tensorflow.python.keras", 1, "import it from gplinker_tf.bert4keras"),
        ("from tensorflow.python.keras.engine import base_layer", 1, "keras.engine does not exist"),
        ("from tensorflow.contrib import rnn", 1, "tensorflow.contrib does not exist"),
        ("import tensorflow.contrib as c", 1, "tensorflow.contrib does not exist"),
        ("import keras.engine.topology", 1, "does not exist: import Layer and InputSpec"),
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
        ("from bert4keras.layers import *\nlayer = Loss(1)\nlayer(layer)", None, ""),
        ("from bert4keras.optimizers import Adam\nAdam(1e-4, lr=1e-5, clipnorm=1)", None, ""),
    ],
)
def test_what_cannot_work_is_listed_by_line(source, line, text):
    _, notes = migrate(source)
    if line is None:
        assert not notes
    else:
        [note] = notes
        assert isinstance(note, Note) and note.line == line and text in note.text


def test_python_2_says_so():
    with pytest.raises(InputError, match=r"old.py:2: expected Python 3.*2to3"):
        migrate("import keras\nprint 'x'\n", "old.py")


def test_names_that_came_with_a_star():
    source = (
        "from bert4keras.snippets import *\nimport sys as s\n"
        "def f(a, *b, c=1, **d):\n    try:\n        return [z for z in b if (w := s)]\n"
        "    except OSError as e:\n        print(e, __file__, sequence_padding)\n"
        "    match a:\n        case {'x': y, **rest}: return y, rest\n"
        "        case [*p] | (1 as p): return p, w, c, d\n"
        "    return np.array(a)\nx = np\n"
    )
    _, [note] = migrate(source)
    text = "np is not part of * from bert4keras.snippets: import it by name; move your own"
    assert note.line == 11 and note.text.startswith(text)
    # If the names in a module are unknown, there is no note.
    for other in ("os.path", ".mine", "keras.engine.topology"):
        _, notes = migrate(f"from {other} import *\n{source}")
        assert not [note for note in notes if note.text.startswith("np ")]
