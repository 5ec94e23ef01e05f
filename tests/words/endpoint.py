"""A server that speaks OpenAI's chat protocol and behaves as badly as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select
from typing import Any

Reply = Callable[[dict[str, Any]], str]
"""The request's document in, the text of the answer out."""


class Endpoint:
    """What was asked of it, and where it listens."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[dict[str, Any]] = []
        self.left = threading.Event()
        """Set as soon as a client closes the connection before it was answered."""


@contextmanager
def endpoint(
    reply: Reply,
    *,
    statuses: tuple[int, ...] = (),
    refuses_schema: int = 0,
    knows: str = "",
    pause: float = 0.0,
    thinks: float = 0.0,
    breaks_off: bool = False,
) -> Iterator[Endpoint]:
    """Serve on 127.0.0.1 and a free port; `statuses` are given first, one a request; it
    `thinks` before it says anything, and pauses before each piece, in seconds. With
    `refuses_schema` a schema is refused with that status, but for the kind that it `knows`."""
    served = Endpoint("")
    failing = list(statuses)
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.asked.append(asked)
            kind = asked.get("response_format", {}).get("type", knows)
            if refuses_schema and kind != knows:
                self._fail(refuses_schema, "response_format")
            elif failing:
                self._fail(failing.pop(0))
            else:
                self._answer(asked)

        def _wait(self, seconds: float) -> None:
            end = time.monotonic() + seconds
            while not ended.is_set() and time.monotonic() < end:
                # What can be read of a client that has asked is only its end.
                if select([self.connection], [], [], min(0.02, seconds))[0]:
                    served.left.set()
                    raise ConnectionError

        def _answer(self, asked: dict[str, Any]) -> None:
            with suppress(OSError):
                self._wait(thinks)
                self._begin(asked)

        def _begin(self, asked: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self._stream(reply(asked), asked.get("stream_options", {}))

        def _fail(self, status: int, message: str = "no") -> None:
            body = json.dumps({"error": {"message": message}}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self, text: str, options: dict[str, Any]) -> None:
            for i in range(0, len(text), 16):
                self._wait(pause)
                self._event({"choices": [{"index": 0, "delta": {"content": text[i : i + 16]}}]})
                if breaks_off and i:
                    return
            if options.get("include_usage"):
                usage = {"prompt_tokens": 400, "completion_tokens": 60, "total_tokens": 460}
                self._event({"choices": [], "usage": usage})
            self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, content: dict[str, Any]) -> None:
            head = {"id": "1", "object": "chat.completion.chunk", "created": int(time.time())}
            self.wfile.write(f"data: {json.dumps(head | {'model': 'm'} | content)}\n\n".encode())
            self.wfile.flush()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def sentences_asked(asked: dict[str, Any]) -> list[Any]:
    """The sentences in a request: the claims that each names, and its words with slots."""
    return json.loads(asked["messages"][1]["content"])["sentences"]


def as_json(sentences: list[Any]) -> str:
    return json.dumps({"sentences": sentences}, ensure_ascii=False)
