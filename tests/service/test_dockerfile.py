"""The Docker image of the service: its sources exist, and its process is not root."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "service"
DOCKERFILE = (FOLDER / "Dockerfile").read_text("utf-8")


def test_all_that_is_copied_exists_and_is_sent_to_the_builder():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = {source for sources in copied for source in sources.split()}
    assert sources and all((ROOT / source).exists() for source in sources)
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == sources
    extra = re.search(r"/source\[(\w+)\]", DOCKERFILE).group(1)
    assert f"\n{extra} = [" in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_process_is_not_root_and_listens_inside_the_container():
    *_, user = re.findall(r"^USER (\d+)", DOCKERFILE, re.MULTILINE)
    assert int(user) > 0
    assert re.search(r'^ENTRYPOINT \["gplinker", "serve", "--host", "0.0.0.0"\]$', DOCKERFILE, re.M)
