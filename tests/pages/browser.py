"""A headless Chromium driven through its own pipe: no driver, no port, nothing to install beside the browser itself."""

import fcntl
import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)
_KEYS = {
    "Enter": 13,
    "Escape": 27,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
    "Tab": 9,
    " ": 32,
}
_PATIENCE_MS = 5_000

Message = dict[str, Any]


def find_chromium() -> str:
    """The browser's path; without one the error says what to install."""
    for name in _NAMES:
        path = os.environ.get("CHROMIUM") or shutil.which(name)
        if path:
            return path
    raise FileNotFoundError("These tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM.")


@dataclass
class Browser:
    """One running browser. Messages are JSON, each ended by a NUL, over the file descriptors 3 and 4 of its process."""

    pid: int
    to_browser: int
    from_browser: int
    events: list[Message] = field(default_factory=list)
    _last_id: int = 0
    _buffer: bytes = b""

    def call(self, method: str, session: str | None = None, **parameters: Any) -> Message:
        """Sends a command and gives its result; events that arrive meanwhile are kept."""
        self._last_id += 1
        message: Message = {"id": self._last_id, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self._last_id:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: Message = answer["result"]
                return result
            self.events.append(answer)

    def read(self) -> Message:
        """The next message of the browser."""
        while b"\0" not in self._buffer:
            chunk = os.read(self.from_browser, 65536)
            if not chunk:
                raise RuntimeError("The browser has gone away.")
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\0")
        message: Message = json.loads(line)
        return message

    @contextmanager
    def open_page(
        self, *, width: int = 1280, height: int = 900, dark: bool = False, script: bool = True
    ) -> "Iterator[Tab]":
        """A page in a fresh profile of its own: nothing is stored in it yet."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            tab.call(f"{domain}.enable")
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        tab.call("Emulation.setEmulatedMedia", features=[scheme, {"name": "prefers-reduced-motion", "value": "reduce"}])
        tab.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        tab.call("Emulation.setScriptExecutionDisabled", value=not script)
        try:
            yield tab
        finally:
            self.call("Target.disposeBrowserContext", browserContextId=context)


@dataclass
class Tab:
    """One page."""

    browser: Browser
    session: str

    def call(self, method: str, **parameters: Any) -> Message:
        """A command to this page."""
        return self.browser.call(method, self.session, **parameters)

    def go(self, url: str) -> None:
        """Opens an address and waits until it is loaded."""
        self.browser.events.clear()
        self.call("Page.navigate", url=url)
        self.wait_for_load()

    def wait_for_load(self) -> None:
        """Waits for the load event of a navigation that has begun."""
        while not self.events("Page.loadEventFired"):
            self.browser.events.append(self.browser.read())

    def events(self, method: str) -> list[Message]:
        """The messages this page has reported since its last navigation."""
        return [
            event["params"]
            for event in self.browser.events
            if event.get("method") == method and event.get("sessionId") == self.session
        ]

    def faults(self) -> list[str]:
        """Script errors, refusals of the content policy and failed loads, in words."""
        thrown = [event["exceptionDetails"]["text"] for event in self.events("Runtime.exceptionThrown")]
        logged = [event["entry"]["text"] for event in self.events("Log.entryAdded")]
        return thrown + logged + [event["errorText"] for event in self.events("Network.loadingFailed")]

    def requested(self) -> list[str]:
        """Every address the page asked for."""
        return [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_until(self, condition: str) -> None:
        """Waits until a JavaScript condition holds; an assertion says which one never did."""
        waiting = f"""new Promise((resolve) => {{
            const end = performance.now() + {_PATIENCE_MS};
            const look = () => {{
                if ({condition}) resolve(true);
                else if (performance.now() > end) resolve(false);
                else requestAnimationFrame(look);
            }};
            look();
        }})"""
        assert self.evaluate(waiting), f"never true: {condition}"

    def text(self, selector: str) -> str:
        """The text a reader sees of an element."""
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    def is_shown(self, selector: str) -> bool:
        """Whether an element is there and takes up room."""
        return bool(
            self.evaluate(f"(document.querySelector({json.dumps(selector)})?.getClientRects().length ?? 0) > 0")
        )

    def click(self, selector: str) -> None:
        """A real click in the middle of an element, which is first brought into view."""
        box = self.evaluate(
            f"""(() => {{
                const node = document.querySelector({json.dumps(selector)});
                node.scrollIntoView({{block: "center", behavior: "instant"}});
                const box = node.getClientRects()[0];
                return [box.left + box.width / 2, box.top + box.height / 2];
            }})()"""
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def press(self, key: str, *, ctrl: bool = False) -> None:
        """One key, down and up: a character or a name such as "Escape"."""
        code = _KEYS.get(key, ord(key.upper()) if len(key) == 1 else 0)
        text = "" if ctrl else {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        kind = "keyDown" if text else "rawKeyDown"
        held = {"modifiers": 2 if ctrl else 0, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type=kind, key=key, text=text, **held)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, **held)

    def type(self, text: str) -> None:
        """Text into the element that has the focus."""
        self.call("Input.insertText", text=text)


@contextmanager
def run_browser(profile: Path) -> Iterator[Browser]:
    """Starts Chromium with an empty profile and ends it afterwards."""
    program = find_chromium()
    read_commands, to_browser = os.pipe()
    from_browser, write_answers = os.pipe()
    # Out of the way of 3 and 4, which the browser reads and writes: a pipe may have got one of these numbers.
    commands = fcntl.fcntl(read_commands, fcntl.F_DUPFD_CLOEXEC, 10)
    answers = fcntl.fcntl(write_answers, fcntl.F_DUPFD_CLOEXEC, 10)
    pid = os.posix_spawn(
        program,
        [program, *_ARGUMENTS, f"--user-data-dir={profile}", "about:blank"],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0o600),
            (os.POSIX_SPAWN_DUP2, commands, 3),
            (os.POSIX_SPAWN_DUP2, answers, 4),
        ],
        setpgroup=0,
    )
    for descriptor in (read_commands, write_answers, commands, answers):
        os.close(descriptor)
    try:
        yield Browser(pid, to_browser, from_browser)
    finally:
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(to_browser)
        os.close(from_browser)
