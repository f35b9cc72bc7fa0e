"""A small web service for functions."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class WebServing:
    """A server that answers HTTP requests with functions' results as JSON, for experiments.

    An answer is `{"code": 0, "desc": "succeeded", "data": result}`; the code is 1 if an argument is
    missing and 2 if the function failed, and `desc` says why. Requests are answered one at a time.
    To serve a trained run, use `gplinker serve`.

    Args:
        host: address to listen on; 0.0.0.0 for all addresses of the machine.
        port: port number.
        server: bert4keras's choice of a server; has no effect, as Python's own server is used.

    Example:

    >>> web = WebServing(port=8864)
    >>> web.route("/repeat", lambda text, n=2: text * n, {"text": (None, True), "n": (int, False)})
    >>> web.start()    # doctest: +SKIP
    >>> # http://127.0.0.1:8864/repeat?text=你好 answers {"code": 0, ..., "data": "你好你好"}

    Source: bert4keras 0.11.5, `snippets.WebServing`.
    """

    def __init__(self, host: str = "0.0.0.0", port: int = 8000, server: str = "paste") -> None:
        self.host, self.port, self.server = host, port, server
        self._routes: dict[tuple[str, str], Callable[[dict[str, str]], str]] = {}

    def wraps(
        self, func: Callable[..., Any], arguments: dict[str, tuple], method: str = "GET"
    ) -> Callable[[dict[str, str]], str]:
        """Return a function from a request's texts to the text of the answer.

        Args:
            func: the function, whose result `json.dumps` must accept.
            arguments: by name, a function from text to value or `None`, and whether the argument is
                required.
            method: has no effect on the answer.
        """

        def answer(texts: dict[str, str]) -> str:
            lacking = [name for name, (_, required) in arguments.items() if required]
            lacking = [name for name in lacking if name not in texts]
            if lacking:
                return _json(1, f'lack of "{lacking[0]}" argument', {})
            try:
                values = {
                    name: convert(texts[name]) if convert else texts[name]
                    for name, (convert, _) in arguments.items()
                    if name in texts
                }
                return _json(0, "succeeded", func(**values))
            except Exception as error:
                return _json(2, str(error), {})

        return answer

    def route(
        self, path: str, func: Callable[..., Any], arguments: dict[str, tuple], method: str = "GET"
    ) -> None:
        """Answer the requests of a path with a function.

        Args:
            path: the path, which begins with `/`.
            func: as for `wraps`.
            arguments: as for `wraps`.
            method: `"GET"` or `"POST"`.
        """
        self._routes[method, path] = self.wraps(func, arguments, method)

    def start(self) -> None:
        """Serve until the process is interrupted."""
        with HTTPServer((self.host, self.port), self._handler()) as server:
            print(f"Listening on http://{self.host}:{server.server_port}/ - press Ctrl-C to stop.")
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                print()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        routes = self._routes

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(urlsplit(self.path).query)

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                self._answer(self.rfile.read(size).decode("utf-8", "replace"))

            def _answer(self, parameters: str) -> None:
                answer = routes.get((self.command, urlsplit(self.path).path))
                if answer is None:
                    self.send_error(404)
                    return
                body = answer(dict(parse_qsl(parameters, keep_blank_values=True))).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler


def _json(code: int, description: str, data: Any) -> str:
    return json.dumps({"code": code, "desc": description, "data": data}, ensure_ascii=False)
