"""Responses of the service to good and bad requests."""

import json
import socket
import threading

import pytest
from service.served import BROKEN, Reader, ask, serving, until

TEXT = "《喜剧之王》由周星驰主演"


@pytest.fixture(scope="module")
def port():
    with serving(Reader(), Reader(), max_body=20_000, max_texts=4, max_characters=50) as port:
        yield port


def test_one_text_gives_the_line_that_extract_writes(port):
    status, answer, _ = ask(port, {"text": TEXT, "predicates": ["导演"]})
    [triple] = answer["spo_list"]
    assert (status, answer["text"]) == (200, TEXT)
    assert triple["predicate"] == "导演" and triple["object_span"] == [11, 12]


def test_several_texts_give_a_result_each_in_their_order(port):
    status, answer, _ = ask(port, {"texts": ["abc", "", "de"]})
    assert status == 200
    assert [result["text"] for result in answer["results"]] == ["abc", "", "de"]
    assert ask(port, {"texts": []})[1] == {"results": []}


BAD_TEXTS = {
    "text_not_a_string": 7,
    "text_too_long": "长" * 51,
    "invalid_unicode": "a\ud800b",
    "control_character": "a\x00b",
    "not_scored": BROKEN,
}


@pytest.mark.parametrize("code", BAD_TEXTS)
def test_a_bad_text_has_an_error_and_the_others_are_served(port, code):
    status, answer, _ = ask(port, {"texts": ["first", BAD_TEXTS[code], "last"]})
    first, bad, last = answer["results"]
    assert status == 200 and bad["error"]["code"] == code
    assert (first["text"], last["text"]) == ("first", "last")


REFUSED = {
    "no JSON": (b'{"text": ', 400, "not_json"),
    "no UTF-8": (b'{"text": "\xff\xfe"}', 400, "not_json"),
    "deep JSON": (b'{"text": ' + b"[" * 9000 + b"]" * 9000 + b"}", 400, "not_json"),
    "a long number": (b'{"text": ' + b"9" * 9000 + b"}", 400, "not_json"),
    "an array": ([], 422, "not_an_object"),
    "nothing": (b"", 422, "not_an_object"),
    "no text": ({}, 422, "one_of_text_texts"),
    "both": ({"text": "a", "texts": []}, 422, "one_of_text_texts"),
    "unknown field": ({"text": "a", "treshold": 1}, 422, "unknown_field"),
    "wrong type": ({"text": ["a"]}, 422, "invalid_field"),
    "deep value": (b'{"text": ' + b"[" * 400 + b"]" * 400 + b"}", 422, "invalid_field"),
    "infinity": (b'{"text": "a", "threshold": 1e999}', 422, "invalid_field"),
    "not a number": (b'{"text": "a", "threshold": NaN}', 422, "invalid_field"),
    "a low threshold": ({"text": "a", "threshold": -5.5}, 422, "threshold_too_low"),
    "unknown predicate": ({"text": "a", "predicates": ["?"]}, 422, "unknown_predicate"),
    "unknown run": ({"text": "a", "run": "2"}, 404, "unknown_run"),
    "surrogate": ({"text": "\ud800"}, 422, "invalid_unicode"),
    "too long": ({"text": "长" * 51}, 413, "text_too_long"),
    "too many": ({"texts": ["a"] * 5}, 413, "too_many_texts"),
    "too large": (b" " * 20_001, 413, "body_too_large"),
    "failing": ({"text": BROKEN}, 500, "not_scored"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_request_has_an_error_of_its_own(port, name):
    body, status, code = REFUSED[name]
    received, answer, _ = ask(port, body)
    assert (received, answer["error"]["code"]) == (status, code)
    assert answer["error"]["message"].startswith("Expected ")
    assert "secret" not in str(answer) and "Traceback" not in str(answer)
    assert ask(port, {"text": "a"})[0] == 200


def test_a_body_without_its_length_is_limited_too(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(
            b"POST /extract HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n" + b"1000\r\n" + b" " * 4096 + b"\r\n"
        )
        for _ in range(4):
            connection.sendall(b"1000\r\n" + b" " * 4096 + b"\r\n")
        assert b" 413 " in connection.recv(4096)


def test_a_request_that_ends_midway_harms_no_other(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(
            b"POST /extract HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b'Content-Length: 99\r\n\r\n{"text": "a'
        )
    assert ask(port, {"text": "a"})[0] == 200


def test_a_failure_of_the_service_shows_no_trace():
    class Failing(Reader):
        @property
        def calibration(self):
            raise RuntimeError("/secret/path")

    with serving(Failing()) as port:
        status, answer, _ = ask(port, None, "/runs")
        assert (status, answer["error"]["code"]) == (500, "internal_error")
        assert "secret" not in str(answer)
        counted = b'gplinker_requests_total{path="/runs",status="500"} 1.0'
        assert counted in ask(port, None, "/metrics")[1]


def test_unknown_addresses_and_methods(port):
    assert ask(port, None, "/none")[0] == 404
    status, answer, headers = ask(port, None)
    assert (status, answer["error"]["code"], headers["Allow"]) == (
        405,
        "method_not_allowed",
        "POST",
    )


def test_a_full_queue_is_said_and_nothing_accepted_is_lost():
    reader, answers = Reader(), []
    with serving(reader, max_texts=4, max_queue=4) as port:
        reader.goes_on.clear()
        body = {"texts": ["a", "b", "c", "d"]}
        waiting = threading.Thread(target=lambda: answers.append(ask(port, body)))
        waiting.start()
        until(lambda: b'unanswered_texts{run="0"} 4' in ask(port, None, "/metrics")[1])
        status, answer, headers = ask(port, {"text": "e"})
        assert (status, answer["error"]["code"]) == (503, "queue_full")
        assert int(headers["Retry-After"]) >= 1
        reader.goes_on.set()
        waiting.join()
        assert answers[0][0] == 200 and len(answers[0][1]["results"]) == 4
        assert ask(port, {"text": "e"})[0] == 200


def test_with_a_token_only_the_page_and_the_state_are_open():
    with serving(Reader(), token="secret") as port:
        for path in ("/", "/page.js", "/health", "/ready", "/openapi.json"):
            assert ask(port, None, path)[0] == 200
        for body, path in (({"text": "a"}, "/extract"), (None, "/runs"), (None, "/metrics")):
            for headers in ({}, {"Authorization": "Bearer other"}):
                status, answer, given = ask(port, body, path, headers)
                assert (status, answer["error"]["code"]) == (401, "unauthorized")
                assert given["WWW-Authenticate"] == "Bearer"
            assert ask(port, body, path, {"Authorization": "Bearer secret"})[0] == 200


def test_the_runs_the_state_and_the_description(port):
    runs = ask(port, None, "/runs")[1]["runs"]
    assert [run["name"] for run in runs] == ["0", "1"]
    assert runs[0]["predicates"] == ["主演", "导演"]
    assert ask(port, None, "/health")[1] == {"status": "ok"}
    assert ask(port, None, "/ready")[1] == {"status": "ready"}
    description = ask(port, None, "/openapi.json")[1]
    extract = description["paths"]["/extract"]["post"]
    assert set(extract["responses"]) >= {"200", "400", "401", "404", "413", "422", "503"}
    schemas = description["components"]["schemas"]
    for body in schemas["ExtractRequest"]["examples"]:
        assert ask(port, body)[0] == 200
    assert "HTTPValidationError" not in json.dumps(extract)


def test_metrics_count_requests_texts_and_batches():
    with serving(Reader()) as port:
        ask(port, {"texts": ["a", "b", 7]})
        ask(port, None, "/no/such/address")
        page = ask(port, None, "/metrics")[1].decode()
    for line in (
        'gplinker_requests_total{path="/extract",status="200"} 1.0',
        'gplinker_requests_total{path="other",status="404"} 1.0',
        'gplinker_texts_total{outcome="extracted",run="0"} 2.0',
        'gplinker_texts_total{outcome="text_not_a_string",run="0"} 1.0',
        'gplinker_batch_texts_sum{run="0"} 2.0',
        'gplinker_request_seconds_count{path="/extract"} 1.0',
    ):
        assert line in page
