"""`gplinker serve` in a process of its own: the same triples, reloads and a clean stop."""

import shutil
import signal
import threading

import pytest
from service.served import ask, serving_process, until
from typer.testing import CliRunner

from gplinker_tf import RelationExtractor
from gplinker_tf.cli.app import app


def found(result):
    names = ("subject", "predicate", "object", "subject_span", "object_span")
    return {tuple(map(str, map(triple.get, names))) for triple in result["spo_list"]}


def of_extraction(extraction):
    return {
        tuple(
            map(
                str,
                (
                    *one.words,
                    [one.subject.start, one.subject.end],
                    [one.object.start, one.object.end],
                ),
            )
        )
        for one in extraction.triples
    }


def threshold_with_triples(extractor, texts):
    """Return a threshold at which an untrained model finds a few triples."""
    scores = [t.lowest_score for one in extractor(texts, -50.0) for t in one.triples]
    return sorted(scores)[-40]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The model finds")
def test_many_clients_get_what_extraction_finds_each_its_own(service, tiny_runs, texts):
    names = {"first": tiny_runs[0], "other": tiny_runs[1]}
    expected, answers, threshold = {}, {}, {}
    for name, folder in names.items():
        extractor = RelationExtractor.load(folder)
        threshold[name] = threshold_with_triples(extractor, texts)
        for text, one in zip(texts, extractor(texts, threshold[name]), strict=True):
            expected[name, text] = of_extraction(one)

    def client(name, share):
        for text in share:
            body = {"text": text, "run": name, "threshold": threshold[name]}
            answers[name, text] = ask(service.port, body)

    clients = [
        threading.Thread(target=client, args=[name, texts[start::4]])
        for name in names
        for start in range(4)
    ]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    assert any(expected.values()) and len(answers) == len(expected)
    for (name, text), (status, answer, _) in answers.items():
        assert (status, answer["text"]) == (200, text)
        assert found(answer) == expected[name, text]


@pytest.mark.slow
def test_reloads_lose_no_request_and_a_clean_stop_answers_what_was_accepted(tiny_runs, tmp_path):
    folder, answers, stop = tmp_path / "run", [], threading.Event()
    shutil.copytree(tiny_runs[0], folder)

    def client():
        while not stop.is_set():
            answers.append(ask(service.port, {"text": "《喜剧之王》由周星驰主演"})[0])

    with serving_process(folder, "--gather-ms", "300") as service:
        log = lambda words: sum(words in line for line in service.log)  # noqa: E731
        clients = [threading.Thread(target=client) for _ in range(3)]
        for thread in clients:
            thread.start()
        shutil.copy(tiny_runs[1] / "model.safetensors", folder)
        service.process.send_signal(signal.SIGHUP)
        until(lambda: log("Reloaded run run"))
        (folder / "model.safetensors").write_bytes(b"broken")
        service.process.send_signal(signal.SIGHUP)
        until(lambda: log("was not reloaded"))
        stop.set()
        for thread in clients:
            thread.join()
        assert set(answers) == {200}

        late = []
        waiting = threading.Thread(target=lambda: late.append(ask(service.port, {"text": "长"})))
        waiting.start()
        until(lambda: b'unanswered_texts{run="run"} 1' in ask(service.port, None, "/metrics")[1])
        service.process.send_signal(signal.SIGTERM)
        waiting.join()
        assert [status for status, _, _ in late] == [200]
        assert service.process.wait(20) == 0


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["no/such/run"], "Expected a folder that `gplinker train` wrote"),
        (["a/run", "b/run"], "Expected runs with different names. Received: 'run' twice."),
        (["run", "--max-texts", "9", "--max-queue", "8"], "Expected a queue"),
    ],
)
def test_what_can_not_be_served_is_said(arguments, words):
    result = CliRunner().invoke(app, ["serve", *arguments])
    assert result.exit_code == 2 and words in result.output


def test_a_missing_extra_is_said(monkeypatch):
    monkeypatch.setattr("gplinker_tf.extras.is_there", lambda module: module != "uvicorn")
    result = CliRunner().invoke(app, ["serve", "run"])
    assert result.exit_code == 2 and "pip install 'gplinker_tf[serve]'" in result.output
