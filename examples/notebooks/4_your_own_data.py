# %% [markdown]
# # 4. A schema and data of your own
#
# From a spreadsheet to a model: import, audit, train, extract.
# [Using your own data](../../docs/data.md) lists all formats.

# %%
from importlib.resources import files
from pathlib import Path

from openpyxl import Workbook

from gplinker_tf import RelationExtractor, TrainingOptions, train
from gplinker_tf.alignment import LabelStatus, TripleAligner
from gplinker_tf.audit import audit_labels
from gplinker_tf.data import DataFolder, ImportedTexts, read_examples, read_numbered_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.tokenizers import BertTokenizer

# %% [markdown]
# ## A spreadsheet
#
# One row per triple: the text, the subject, the predicate, the object, and their types if you know them. As an
# example, this cell writes the sample corpus's sentences about films to an Excel file, with Chinese column names. The
# last row has a typing error.

# %%
sample = Path(str(files("gplinker_tf.data") / "sample"))
workbook = Workbook()
sheet = workbook.active
sheet.append(["句子", "主语", "关系", "宾语", "subject_type", "object_type"])
for example in read_examples(sample / "train_data.json"):
    for triple in example.triples:
        if triple.predicate in ("导演", "主演"):
            sheet.append([example.text, *triple.words, "影视作品", "人物"])
sheet.append(
    ["《麦田的邮差》由克莉·布伦主演。", "麦田的邮差", "主演", "克丽·布伦", "影视作品", "人物"]
)
workbook.save("annotated.xlsx")

# %% [markdown]
# ## Import
#
# Column names are understood in English and in Chinese; `columns={"text": "my column"}` names any others. Check how
# the file was understood before you go on.

# %%
texts = ImportedTexts.read("annotated.xlsx")
for line in texts.summary():
    print(line)

# %% [markdown]
# `write` makes a data folder: texts to train on, texts to evaluate on (a tenth), and the schema.

# %%
texts.write("data", overwrite=True)
data = DataFolder.open("data")
schema = data.read_schema()
schema.predicates

# %% [markdown]
# The schema has one line per predicate and pair of types. You can edit the file before you train.

# %%
print(Path("data/schema.jsonl").read_text("utf-8"))

# %% [markdown]
# ## Audit
#
# Which triples can be learned at all? The audit labels the texts as training does and counts what is lost, and why.

# %%
tokenizer = BertTokenizer.from_folder(sample)
both = [numbered for path in (data.train, data.dev) for numbered in read_numbered_examples(path)]
audit = audit_labels(both, TripleAligner(tokenizer, schema))
audit.statuses

# %%
for finding in audit.findings[LabelStatus.MISSING]:
    print(f"{finding.word} is not in: {finding.text}")

# %% [markdown]
# Here is the typing error, 丽 for 莉. Correct such rows, or leave them out.
#
# ## Train
#
# The encoder of the sample corpus starts from random weights. With real texts, use a pretrained one for your
# language, and leave the options out.

# %%
encoder = EncoderFolder.open(sample, weights_required=False)
options = TrainingOptions(epochs=8, batch_size=32, learning_rate=2e-3, seed=1)
lines = []
result = train(data, encoder, "run", options, overwrite=True, progress=False, report=lines.append)
result

# %% [markdown]
# ## Extract
#
# The run folder is all that extraction needs. Its results have offsets, and can be written as JSON, CSV, RDF and more
# ([Extraction](../../docs/extraction.md)).

# %%
extractor = RelationExtractor.load("run")
for extraction in extractor(
    ["电影《候鸟的月台》由韩帆言执导，傅桐远主演。", "主演过《渔火的海岸》的叶嘉宁来到现场。"]
):
    print(extraction.text)
    for triple in extraction.triples:
        subject, object_ = triple.subject, triple.object
        print(f"    {subject.text} [{subject.start}:{subject.end}]", triple.predicate, object_.text)
