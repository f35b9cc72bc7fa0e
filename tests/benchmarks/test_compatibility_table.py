"""The table of published scripts: the page shows the outcomes, and a script finds its files."""

from pathlib import Path

import pytest

from benchmarks.compatibility.cases import CASES, COMMITS, Case
from benchmarks.compatibility.table import END, START, markdown, read

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[2] / "docs"

SCRIPT = """
import glob
steps = 1000
config_path = '/root/kg/bert/chinese_L-12/bert_config.json'
checkpoint_path = '/root/kg/bert/chinese_L-12/bert_model.ckpt'
dict_path = '/root/kg/bert/chinese_L-12/vocab.txt'
lines = open('/root/CLUE/iflytek/train.json', encoding='utf-8').readlines()
titles = glob.glob('/root/thuctc/THUCNews/*/*.txt')
schema = open('../datasets/all_50_schemas').read()
from modules import y
"""


def test_the_page_shows_what_was_found():
    known = read(DOCS / "compatibility.csv")
    assert {case.repository for case in CASES} == set(COMMITS)
    assert set(known) <= {case.name for case in CASES}, "make compatibility"
    page = (DOCS / "compatibility.md").read_text("utf-8")
    table = page.partition(f"{START}\n")[2].partition(END)[0]
    assert table == markdown(known), "make compatibility"


def test_a_script_finds_what_it_names(tmp_path):
    from benchmarks.compatibility.encoders import Encoders, vocabulary
    from benchmarks.compatibility.sandbox import lay_out
    from gplinker_tf.bert4keras.models import build_transformer_model

    repository = tmp_path / "owner" / "name"
    repository.mkdir(parents=True)
    repository.joinpath("script.py").write_text(SCRIPT)
    repository.joinpath("modules.py").write_text("x = 1\n")
    case = Case("owner/name", "script.py", edits=(("^x = ", "y = "),), shortened=(("1000", "2"),))
    encoders = Encoders(tmp_path / "encoders", vocabulary(SCRIPT))
    script = lay_out(case, repository, encoders, tmp_path / "sandbox")
    values = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(script.parent)
        patch.syspath_prepend(script.parent)
        exec(script.read_text(), values)
    assert (values["steps"], values["y"]) == (2, 1)
    assert len(values["lines"]) > 5 and len(values["titles"]) == 1 and values["schema"]
    assert values["config_path"].startswith(str(tmp_path))
    encoder = build_transformer_model(values["config_path"], values["checkpoint_path"])
    assert encoder.output_shape == (None, None, 16)
