"""Firefox without a driver: it speaks WebDriver BiDi itself, over a socket on this machine."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

PREFERENCES = {
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.download.always_ask_before_handling_new_types": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.update.enabled": False,
    "dom.disable_beforeunload": True,
}


class Firefox:
    """A headless Firefox with one page. ``errors`` are what its console complained about."""

    def __init__(self, binary: str, downloads: Path) -> None:
        from websocket import create_connection

        self._folder = tempfile.TemporaryDirectory(prefix="firefox", ignore_cleanup_errors=True)
        profile = Path(self._folder.name)
        wanted = {**PREFERENCES, "browser.download.dir": str(downloads)}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wanted.items()]
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        self._process = subprocess.Popen(
            [binary, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.errors: list[str] = []
        self._number = 0
        self._socket = create_connection(f"{self._address()}/session", timeout=60, suppress_origin=True)
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self._context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, url: str) -> None:
        self.ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def run(self, script: str, *arguments: str) -> Any:
        """The JSON value that a function body returns."""
        return json.loads(
            self.ask(
                "script.callFunction",
                functionDeclaration=f"(...arguments) => JSON.stringify((() => {{ {script} }})() ?? null)",
                arguments=[{"type": "string", "value": argument} for argument in arguments],
                awaitPromise=True,
                target={"context": self._context},
            )["result"]["value"]
        )

    def press(self, *keys: str) -> None:
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.ask("input.performActions", context=self._context, actions=[source])

    def click(self, selector: str) -> None:
        """Click the middle of an element with the mouse."""
        x, y = self.run(
            "const e = document.querySelector(arguments[0]); e.scrollIntoView({block: 'center'});"
            "const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]",
            selector,
        )
        move = {"type": "pointerMove", "x": int(x), "y": int(y)}
        actions = [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        source = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self.ask("input.performActions", context=self._context, actions=[source])

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] == "error":
                self.errors.append(str(answer["params"]["text"]))
            if answer.get("id") == self._number:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result

    def quit(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=30)
        self._folder.cleanup()

    def _address(self) -> str:
        """What Firefox says that it listens to."""
        assert self._process.stderr is not None
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            line = self._process.stderr.readline()
            found = re.search(r"WebDriver BiDi listening on (ws://\S+)", line)
            if found:
                return found[1]
            assert line or self._process.poll() is None, "Firefox ended"
        raise AssertionError("Firefox does not listen")
