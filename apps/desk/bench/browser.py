"""A browser for stopwatches: one connection kept open, and next to no work of its own."""

import socket
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    """What the server sent, and how long it took from the first byte sent to the last read."""

    status: int
    headers: dict
    body: bytes
    seconds: float

    @property
    def queries(self):
        """How many queries the page took, by the server's own count."""
        return int(self.headers.get("x-queries", 0))


class Browser:
    """Talks HTTP/1.1 over one connection and keeps cookies.

    Args:
        port: of a server on this machine.
    """

    HOST = "127.0.0.1"

    def __init__(self, port):
        self.port = port
        self.cookies = {}
        self._socket = None

    def get(self, path, **headers):
        """Fetch a page; names of headers are written with underscores."""
        return self._ask("GET", path, headers, b"")

    def post(self, path, data):
        """Send a form with the proof of origin that the cookie holds."""
        form = {"csrfmiddlewaretoken": self.cookies.get("csrf", ""), **data}
        headers = {"Content_Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, headers, urlencode(form).encode())

    def close(self):
        """End the connection."""
        if self._socket:
            self._socket.close()
            self._socket = None

    def _ask(self, method, path, headers, body):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.HOST}:{self.port}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if self.cookies:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            lines.append(f"Cookie: {cookies}")
        lines.append(f"Content-Length: {len(body)}")
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        try:
            answer = self._exchange(request)
        except ConnectionError:  # the server ends connections that were silent for a while
            self.close()
            answer = self._exchange(request)
        self._remember(answer)
        return answer

    def _exchange(self, request):
        if self._socket is None:
            self._socket = socket.create_connection((self.HOST, self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        self._socket.sendall(request)
        head, _, body = self._read_until(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            # Several cookies come as several lines.
            headers[name.lower()] = ", ".join(filter(None, [headers.get(name.lower()), value]))
        if "content-length" not in headers:  # an error so early that nobody counted
            self.close()
        size = int(headers.get("content-length", 0))
        while len(body) < size:
            body += self._receive()
        return Answer(int(status.split()[1]), headers, body, time.perf_counter() - began)

    def _read_until(self, mark):
        text = b""
        while mark not in text:
            text += self._receive()
        return text.partition(mark)

    def _receive(self):
        received = self._socket.recv(262_144)
        if not received:
            raise ConnectionResetError
        return received

    def _remember(self, answer):
        for cookie in SimpleCookie(answer.headers.get("set-cookie", "")).values():
            self.cookies[cookie.key] = cookie.value
