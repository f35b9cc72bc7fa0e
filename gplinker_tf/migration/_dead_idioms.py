"""Idioms from the time of Keras's graphs and sessions, and what to write instead."""

from __future__ import annotations

TRAIN_STEP = "write a train_step in a subclass of keras.models.Model, with tf.GradientTape"
NO_PLACEHOLDERS = f"models no longer have placeholders: {TRAIN_STEP}"
EAGER = "nothing here runs without eager execution: remove the line"
NO_SESSION = "sessions no longer exist: remove the lines that make and use one"
MEMORY = "use tf.config.experimental.set_memory_growth, or remove the lines"
STRATEGY = "build the model in tf.distribute.MirroredStrategy().scope()"
TRAINING = "use the training argument of the layer's call"

#: Attributes of models and layers.
OF_MODELS = {
    "_collected_trainable_weights": "models no longer have it: read model.trainable_weights",
    "_feed_inputs": NO_PLACEHOLDERS,
    "_feed_sample_weights": NO_PLACEHOLDERS,
    "_feed_targets": NO_PLACEHOLDERS,
    "_initial_weights": (
        "layers no longer have it: build the layer, then call set_weights; to train a layer with "
        "its own learning rate, use extend_with_parameter_wise_lr from bert4keras.optimizers"
    ),
    "_make_predict_function": "models do this themselves: remove the call",
    "_make_test_function": "models do this themselves: remove the call",
    "_make_train_function": f"models no longer make such a function: {TRAIN_STEP}",
    "total_loss": f"models no longer have a symbolic loss: {TRAIN_STEP}",
}
#: Functions of the Keras backend that need a graph, or that one generation lacks.
OF_BACKEND = {
    "function": f"functions of placeholders no longer exist: call the model, or {TRAIN_STEP}",
    "get_session": NO_SESSION,
    "gradients": "gradients of symbolic tensors no longer exist: use tf.GradientTape",
    "in_test_phase": TRAINING,
    "in_train_phase": TRAINING,
    "learning_phase": TRAINING,
    "placeholder": "placeholders no longer exist: use keras.layers.Input",
    "set_learning_phase": "call the model with training=True or training=False",
    "set_session": NO_SESSION,
}
OF_TENSORFLOW = {
    "disable_eager_execution": EAGER,
    "disable_v2_behavior": EAGER,
    "gradients": OF_BACKEND["gradients"],
    "placeholder": OF_BACKEND["placeholder"],
}
#: Names that modules of Keras and TensorFlow once had; under tf.compat.v1 some are harmless.
OF_OTHER_MODULES = {
    "ConfigProto": MEMORY,
    "GPUOptions": MEMORY,
    "Session": NO_SESSION,
    "get_default_graph": "there is no default graph: remove the lines that use it",
    "global_variables_initializer": "variables are initialized when they are made: remove the line",
    "multi_gpu_model": STRATEGY,
    "set_random_seed": "use tf.random.set_seed",
}
OF_TENSORFLOW_1_OPTIMIZERS = (
    "Keras does not accept a TensorFlow 1 optimizer: use Adam from bert4keras.optimizers"
)
#: Classes that follow the conventions of Keras 2.3 here, but not in `tf.keras`.
OF_TF_KERAS = ("Model", "Sequential")

#: Modules that no longer exist, by the prefix of their names.
MODULES = {
    "keras.engine": "import Layer and InputSpec from keras.layers, Model from keras.models",
    "keras.layers.merge": "import its layers from keras.layers",
    "keras.legacy": "remove the import",
    "keras.preprocessing.text": "use a tokenizer of bert4keras.tokenizers",
    "keras.utils.generic_utils": "import its functions from keras.utils",
    "keras.utils.multi_gpu_utils": STRATEGY,
    "keras.utils.np_utils": "import to_categorical from keras.utils",
    "tensorflow.contrib": "TensorFlow 2 does not have it",
}


def way_out_of(module: str) -> str:
    """Return advice on a module that does not exist, after a colon; empty if there is none."""
    name = module.removeprefix("gplinker_tf.bert4keras.")
    fitting = [old for old in MODULES if name == old or name.startswith(f"{old}.")]
    return f": {MODULES[max(fitting, key=len)]}" if fitting else ""
