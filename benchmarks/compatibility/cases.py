"""The scripts of the table."""

from __future__ import annotations

from dataclasses import dataclass

ENCODERS_ONLY = "outside this package: it has encoders, not {}"

THESEUS_CALL = "def call(self, inputs, training=None):\n        source"
TENSORFLOW = "from tqdm import tqdm\nfrom gplinker_tf.backend import resource_of, tf"
PENALIZED = "resource_of(search_layer(model.output, 'Embedding-Token').embeddings)"
PENALTY = "tf.convert_to_tensor(tf.gradients(loss, [embeddings])[0])"
CALL_WITHOUT_RATE = "def __call__(self, inputs):\n        return self.layer(inputs)"
OPTIMIZERS = (
    "from gplinker_tf.bert4keras.optimizers import Adam, extend_with_exponential_moving_average, "
    "extend_with_parameter_wise_lr"
)
AVERAGE_WITH_RATES = (
    "= extend_with_parameter_wise_lr(extend_with_exponential_moving_average(Adam), name='AdamEMA')"
)
RATES = "AdamEMA(lr=2e-5, paramwise_lr_schedule={'global_pointer': 10})"


@dataclass(frozen=True)
class Case:
    """A script that is migrated and run.

    Args:
        repository: owner and name on GitHub, and the folder of the checkout.
        script: the path of the script in the repository.
        edits: lines changed by hand, as pairs of a regular expression and its replacement.
        shortened: further replacements for the short run, such as fewer steps.
        folders: folders that the script writes to and that the repository lacks.
        reason: why it does not run, or why lines must be changed.
    """

    repository: str
    script: str
    edits: tuple[tuple[str, str], ...] = ()
    shortened: tuple[tuple[str, str], ...] = ()
    folders: tuple[str, ...] = ()
    reason: str = ""

    @property
    def name(self) -> str:
        """The repository and the path."""
        return f"{self.repository}/{self.script}"


#: The commit of each repository that was tested.
COMMITS = {
    "bojone/bert4keras": "c1ae0dc",
    "bojone/GPLinker": "461fb1f",
    "bojone/GlobalPointer": "1e66ba3",
    "Bureaux-Tao/chip2020_relation_extraction": "74ac35d",
    "season1blue/gplinker": "df0f51d",
    "Xuanfang1121/bert4keras_relation": "cc05c7a",
    "qq1065507891/bert4keras_classifier": "a91ca5d",
    "nishiwen1214/GLUE-bert4keras": "4ac2477",
}


def _examples() -> list[Case]:
    def example(name: str, **settings: object) -> Case:
        return Case("bojone/bert4keras", f"examples/{name}.py", **settings)

    gpt = ENCODERS_ONLY.format("GPT")
    return [
        example("basic_extract_features"),
        example(
            "basic_gibbs_sampling_via_mlm",
            shortened=(("^steps = .*", "steps = 20"), ("^converged_.*", "converged_steps = 5")),
        ),
        example("basic_language_model_cpm_lm", reason=gpt),
        example("basic_language_model_gpt2_ml", reason=gpt),
        example("basic_language_model_nezha_gen_gpt"),
        example("basic_make_uncased_model_cased"),
        example("basic_masked_language_model"),
        example(
            "basic_simple_web_serving_simbert",
            shortened=((r"web\.start\(\)", "print(gen_synonyms('苹果多少钱一斤', 3, 2))"),),
        ),
        example("task_conditional_language_model"),
        example("task_iflytek_adversarial_training"),
        example(
            "task_iflytek_bert_of_theseus",
            edits=(
                (r"def call\(self, inputs\):\n +source", THESEUS_CALL),
                (r"K\.random_binomial\(shape=\[1\], p=0\.5\)", "K.round(K.random_uniform([1]))"),
                (r"K\.in_train_phase\(output, target\)", "output if training else target"),
            ),
            shortened=((r"self\.best_val_acc = 0\.", "self.best_val_acc = -1."),),
            reason="a layer uses the learning phase, now the `training` argument of `call`",
        ),
        example(
            "task_iflytek_gradient_penalty",
            edits=(
                ("^from tqdm import tqdm", TENSORFLOW),
                (r"search_layer\(y_pred, 'Embedding-Token'\)\.embeddings", PENALIZED),
                (r"K\.gradients\(loss, \[embeddings\]\)\[0\]\.values", PENALTY),
            ),
            reason="takes gradients in its loss, which now needs TensorFlow functions",
        ),
        example("task_iflytek_multigpu"),
        example("task_image_caption", reason="needs images and OpenCV"),
        example("task_language_model"),
        example("task_language_model_chinese_chess", reason="needs the package cchess"),
        example("task_question_answer_generation_by_seq2seq"),
        example("task_reading_comprehension_by_mlm"),
        example("task_reading_comprehension_by_seq2seq"),
        example("task_relation_extraction"),
        example("task_relation_extraction_gplinker"),
        example("task_sentence_similarity_lcqmc"),
        example("task_sentiment_albert"),
        example(
            "task_sentiment_integrated_gradients",
            reason="a layer takes gradients of symbolic tensors; rewrite it with `tf.GradientTape`",
        ),
        example(
            "task_sentiment_virtual_adversarial_training",
            shortened=(("^train_frac = .*", "train_frac = 0.5"),),
        ),
        example("task_seq2seq_ape210k_math_word_problem"),
        example("task_seq2seq_autotitle"),
        example("task_seq2seq_autotitle_csl"),
        example("task_seq2seq_autotitle_csl_mt5", reason=ENCODERS_ONLY.format("T5")),
        example("task_seq2seq_autotitle_multigpu"),
        example("task_sequence_labeling_cws_crf"),
        example("task_sequence_labeling_ner_crf"),
    ]


CASES = [
    *_examples(),
    Case(
        "bojone/GPLinker",
        "duie_v1.py",
        edits=((r"d\['spo_list'\]", "d['spoes']"),),
        reason="evaluation uses a key that its own `load_data` does not write",
    ),
    # An untrained model tags everything, and searching all of that for events would take too long.
    Case("bojone/GPLinker", "duee_v1.py", shortened=(("threshold=0", "threshold=1"),)),
    Case("bojone/GPLinker", "duee_fin.py", shortened=(("threshold=0", "threshold=1"),)),
    *(
        Case("bojone/GlobalPointer", f"{data}_GlobalPointer.py")
        for data in ("PeopleDaily", "CLUENER", "CMeEE")
    ),
    Case(
        "Bureaux-Tao/chip2020_relation_extraction",
        "train.py",
        edits=(
            (r"def __call__\(self, inputs\):", CALL_WITHOUT_RATE),
            ("^(from gplinker_tf.bert4keras.optimizers.*)", OPTIMIZERS),
            (r"= extend_with_exponential_moving_average\(Adam,.*", AVERAGE_WITH_RATES),
            (r"AdamEMA\(lr = 2e-5\)", RATES),
        ),
        folders=("weights", "images", "report", "log"),
        reason="sets learning rates per layer by a trick that needs Keras graphs",
    ),
    Case(
        "season1blue/gplinker",
        "baseline.py",
        edits=(
            ("^import json, pipetool", "import json"),
            (r"^( +)opt = tf\.compat\.v1\.train.*", "        opt = Adam(1e-5)"),
            (r"^ +opt = tf\.train\.experimental.*\n", ""),
        ),
        reason="imports a missing module, and uses an optimizer of TensorFlow 1",
    ),
    Case("Xuanfang1121/bert4keras_relation", "bert4keras_relation/train.py"),
    Case(
        "qq1065507891/bert4keras_classifier",
        "main.py",
        edits=(
            (
                "'num_classes': 10",
                "'num_classes': 10, 'epochs': 1, 'model_type': 'albert', "
                "'model_file': 'a.weights.h5', 'model_file2': 'b.h5'",
            ),
            ("def process_sing_text", "def process_single_text"),
        ),
        shortened=(("'batch_size': 32", "'batch_size': 3"),),
        reason="its modules do not match: names and entries of `config.py` are missing",
    ),
    Case(
        "nishiwen1214/GLUE-bert4keras",
        "CoLA.py",
        shortened=((r"self\.best_val_mcc = 0\.", "self.best_val_mcc = -2."),),
    ),
]
