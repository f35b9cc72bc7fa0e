"""The service under load: speed compared with the same batches offline, and bad requests.

    python -m benchmarks.service RUN --data lic2019/dev_data.json --clients 32 --requests 10000

The clients share one process on the same machine, so they compete with the service for its cores.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.command import (
    RunArgument,
    Runtime,
    RuntimeOption,
    TextsOption,
    TurnsOption,
    run_command,
)
from benchmarks.stream import resident_mebibytes
from gplinker_tf import RelationExtractor
from gplinker_tf.data import read_examples

#: Of every 100 requests, the one that is not JSON and the one cut off in the middle of its body.
MALFORMED, CUT_OFF = 7, 57


def main(
    run: RunArgument,
    data: TextsOption,
    clients: Annotated[int, typer.Option(help="Clients, each with one request at a time.")] = 32,
    requests: Annotated[int, typer.Option(help="Requests, some of them bad.")] = 10_000,
    texts: Annotated[int, typer.Option(help="Texts per turn of the speed test.")] = 1_000,
    turns: TurnsOption = 3,
    runtime: RuntimeOption = Runtime.keras,
) -> None:
    """Compare the speed with offline extraction, in turns, then send good and bad requests."""
    known = [example.text for example in read_examples(data, limit=texts)]
    sent = list(islice(cycle(known), texts))
    extractor = RelationExtractor.load(run, runtime=runtime.value)
    with served(run, runtime.value) as (port, pid):
        compare_speed(extractor, port, clients, sent, turns)
        send_bad_requests(
            port, pid, clients, [f"{text}{n}" for n, text in numbered(known, requests)]
        )


def numbered(texts: list[str], number: int) -> Iterator[tuple[int, str]]:
    return enumerate(islice(cycle(texts), number))


def compare_speed(
    extractor: RelationExtractor, port: int, clients: int, texts: list[str], turns: int
) -> None:
    """Print the speed in each turn, and the response times of the service."""
    typer.echo(
        f"{'offline/s':>12}{'service/s':>12}{'ratio':>8}{'batch':>8}{'p50 ms':>9}{'p99 ms':>9}"
    )
    in_parallel(clients, texts, lambda client, text, place: client.ask(text), port)
    extractor(texts)  # warm up
    ratios = []
    for _ in range(turns):
        before = batches(port)
        times: list[float] = []

        def timed(client: Client, text: str, place: int, times: list[float] = times) -> None:
            began = time.perf_counter()
            client.ask(text)
            times.append(1000 * (time.perf_counter() - began))

        online = in_parallel(clients, texts, timed, port)
        number, of_texts = (after - old for after, old in zip(batches(port), before, strict=True))
        size = round(of_texts / number)
        began = time.perf_counter()
        for start in range(0, len(texts), size):
            extractor(texts[start : start + size])
        offline = time.perf_counter() - began
        ratios.append(offline / online)
        p50, *_, p99 = statistics.quantiles(times, n=100)[49:]
        typer.echo(
            f"{len(texts) / offline:>12,.0f}{len(texts) / online:>12,.0f}{ratios[-1]:>8.0%}"
            f"{size:>8}{p50:>9.0f}{p99:>9.0f}"
        )
    typer.echo(f"Median: {statistics.median(ratios):.0%} of the offline speed")


def send_bad_requests(port: int, pid: int, clients: int, texts: list[str]) -> None:
    """Print the statuses, whether each good text got its own response, and memory use."""
    answers: Counter[str] = Counter()
    before, memory = extracted(port), {}

    def send(client: Client, text: str, place: int) -> None:
        if place in (len(texts) // 10, len(texts) - 1):
            memory[place] = resident_mebibytes(pid)
        if place % 100 == MALFORMED:
            answers[f"malformed: {client.post(b'{' + text.encode())[0]}"] += 1
        elif place % 100 == CUT_OFF:
            client.cut_off(text)
            answers["cut off"] += 1
        else:
            status, answer = client.ask(text)
            own = json.loads(answer).get("text") == text
            answers[f"good: {status}{'' if own or status != 200 else ' WRONG TEXT'}"] += 1

    seconds = in_parallel(clients, texts, send, port)
    for outcome, number in sorted(answers.items()):
        typer.echo(f"{outcome:<24}{number:>8,}")
    served, good = extracted(port) - before, answers["good: 200"]
    typer.echo(f"Texts read by the model: {served:,.0f}, answered: {good:,}, in {seconds:,.0f} s")
    first, last = (memory[place] for place in sorted(memory))
    typer.echo(f"Memory: {first:,.0f} MiB after 10 % of the requests, {last:,.0f} MiB at the end")


@contextmanager
def served(run: Path, runtime: str) -> Iterator[tuple[int, int]]:
    """Run a service in a process of its own; yield its port and its process id."""
    options = ["--port", "0", "--runtime", runtime]
    command = [sys.executable, "-m", "gplinker_tf", "serve", f"run={run}", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        found = (re.search(r"http://[\d.]+:(\d+)", line) for line in process.stderr)
        yield int(next(match for match in found if match).group(1)), process.pid
    finally:
        process.terminate()
        process.communicate()


class Client:
    """A client that keeps one connection open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(self, text: str) -> tuple[int, bytes]:
        return self.post(json.dumps({"text": text}).encode())

    def post(self, body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        self._connection.request("POST", "/extract", body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def cut_off(self, text: str) -> None:
        body = json.dumps({"text": text}).encode()
        head = (
            "POST /extract HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self._port)) as connection:
            connection.sendall(head.encode() + body[: len(body) // 2])


def in_parallel(
    clients: int, texts: list[str], send: Callable[[Client, str, int], None], port: int
) -> float:
    """Send all texts from parallel clients; return the seconds that it took."""
    places = iter(range(len(texts)))

    def work() -> None:
        client = Client(port)
        for place in places:  # `next` on a range iterator is atomic under the GIL
            send(client, texts[place], place)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def batches(port: int) -> tuple[float, float]:
    """Return the number of batches so far, and the number of their texts."""
    page = metrics(port)
    return value(page, "gplinker_batch_texts_count"), value(page, "gplinker_batch_texts_sum")


def extracted(port: int) -> float:
    return value(metrics(port), 'gplinker_texts_total{outcome="extracted"')


def metrics(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/metrics")
    return connection.getresponse().read().decode()


def value(page: str, name: str) -> float:
    lines = (line for line in page.splitlines() if line.startswith(name))
    return float(next(lines).rpartition(" ")[2])


if __name__ == "__main__":
    run_command(main)
