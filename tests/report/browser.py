"""Chromium over its DevTools protocol, by sockets of the standard library: what a reader of the page would see."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import threading
import urllib.request
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 60.0


def chromium() -> str:
    """The browser of this machine; the test is skipped where there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    pytest.skip(f"no browser found ({', '.join(NAMES)}): the page is not opened")


class Browser:
    """A headless browser with one page."""

    def __init__(self, folder: Path, width: int = 1400, height: int = 1000) -> None:
        command = [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
        command += [f"--user-data-dir={folder}", f"--window-size={width},{height}", "about:blank"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        line = next((line for line in self.process.stderr if "DevTools listening on" in line), "")
        if not line:
            pytest.skip("the browser does not start here: the page is not opened")
        port = line.rsplit(":", 1)[1].split("/")[0]
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=SECONDS) as answer:
            pages = json.load(answer)
        address = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
        self._open(int(port), address.split(port, 1)[1])
        self.count, self.events = 0, list[Any]()
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def _open(self, port: int, path: str) -> None:
        """A web socket (RFC 6455)."""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.socket.recv(1)

    def _bytes(self, n: int) -> bytes:
        found = b""
        while len(found) < n:
            found += self.socket.recv(n - len(found))
        return found

    def _message(self) -> Any:
        data, last = b"", 0
        while not last:
            first, second = self._bytes(2)
            n, last = second & 127, first & 128
            if n == 126:
                n = struct.unpack(">H", self._bytes(2))[0]
            elif n == 127:
                n = struct.unpack(">Q", self._bytes(8))[0]
            data += self._bytes(n)
        return json.loads(data)

    def call(self, method: str, **params: Any) -> Any:
        """The answer to one command; what happens meanwhile is kept in `events`."""
        self.count += 1
        data = json.dumps({"id": self.count, "method": method, "params": params}).encode()
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        self.socket.sendall(b"\x81" + size + b"\0\0\0\0" + data)
        while (answer := self._message()).get("id") != self.count:
            self.events.append(answer)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def open(self, page: Path, place: str = "") -> None:
        """Load a file and wait until it has run."""
        loaded = "Page.loadEventFired"
        self.events = [event for event in self.events if event.get("method") != loaded]  # of the page before
        self.call("Page.navigate", url=page.as_uri() + place)
        while not any(event.get("method") == loaded for event in self.events):
            self.events.append(self._message())

    def run(self, program: str) -> Any:
        """The value of an expression of the page."""
        answer = self.call("Runtime.evaluate", expression=program, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def go(self, place: str) -> None:
        """Follow an address inside the page."""
        self.run(f"location.hash = {json.dumps(place)}")
        self.rest()

    def rest(self) -> None:
        """Let the page answer what was done to it."""
        self.run("new Promise(done => setTimeout(() => requestAnimationFrame(done), 60))")

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        text = {"text": "\r"} if key == "Enter" else {}
        code = {"Enter": 13, "ArrowDown": 40, "ArrowUp": 38, "End": 35, "Escape": 27, "Tab": 9}[key]
        for kind in ("keyDown", "keyUp"):
            more = text if kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more)
        self.rest()

    def problems(self) -> list[Any]:
        """Errors and words on the console."""
        kinds = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
        return [event for event in self.events if event.get("method") in kinds]

    def requests(self) -> list[str]:
        """Every address that was asked for."""
        kind = "Network.requestWillBeSent"
        return [event["params"]["request"]["url"] for event in self.events if event.get("method") == kind]

    def close(self) -> None:
        """End the browser."""
        self.socket.close()
        self.process.kill()
        self.process.wait()
