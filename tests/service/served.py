"""Services for tests, and functions to send them requests."""

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

import uvicorn

from gplinker_tf import Extraction, Schema, Span, Triple
from gplinker_tf.service import ServedRun, ServiceOptions, create_app

SCHEMA = Schema((("影视作品", "主演", "人物"), ("影视作品", "导演", "人物")))

#: A text on which the model fails.
BROKEN = "the model fails here"


class Reader:
    """An extractor without a model: its triples link the first character to the last."""

    schema, calibration = SCHEMA, None
    predictor = SimpleNamespace(kind="reader")

    def __init__(self):
        self.batches = []
        self.goes_on = threading.Event()
        self.goes_on.set()

    def __call__(self, texts, threshold=None, batch_size=32):
        self.goes_on.wait(20)
        self.batches.append((list(texts), threshold))
        if BROKEN in texts:
            raise ValueError(f"/secret/path: no finite scores for {texts}")
        return [Extraction(text, tuple(self.triples(text))) for text in texts]

    def triples(self, text):
        for predicate in SCHEMA.predicates if text else ():
            ends = Span(text[0], 0, 1), Span(text[-1], len(text) - 1, len(text))
            yield Triple(ends[0], predicate, ends[1], 8.0, lowest_score=2.0)


@contextmanager
def serving(*readers, token=None, **options):
    """Run a service in a thread, with readers named by their index; yield its port."""
    runs = [
        ServedRun(str(place), lambda reader=reader: reader) for place, reader in enumerate(readers)
    ]
    app = create_app(runs, ServiceOptions(**options), token)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def serving_process(*arguments):
    """Run `gplinker serve` in a second process; yield the process, its port and its log."""
    command = [sys.executable, "-m", "gplinker_tf", "serve", "--port", "0", *map(str, arguments)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    log = []
    try:
        for line in process.stderr:
            log.append(line)
            if found := re.search(r"http://127.0.0.1:(\d+)", line):
                break
        assert found, "".join(log)
        reading = threading.Thread(target=lambda: log.extend(process.stderr))
        reading.start()
        yield SimpleNamespace(process=process, port=int(found.group(1)), log=log)
    finally:
        process.terminate()
        process.wait(20)
        reading.join()


def ask(port, body, path="/extract", headers=None):
    """Send a request, and return the status, the content (parsed if JSON) and the headers."""
    if not isinstance(body, bytes | None):
        body = json.dumps(body).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json", **(headers or {})}
    connection.request("GET" if body is None else "POST", path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if "json" in answer.headers.get("Content-Type", ""):
        content = json.loads(content)
    return answer.status, content, answer.headers


def until(holds, seconds=20):
    """Wait until `holds` returns true."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.01)
