"""The terminal review in a real pseudo-terminal: decide, quit, resume, apply."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import normalizer
from normalizer.edits import Alternative, Edit
from normalizer.restoration import Restoration
from normalizer.review.decisions import Decisions, ReviewedDocument, read_decisions, write_decisions
from normalizer.review.document import Document

pexpect = pytest.importorskip("pexpect")
pyte = pytest.importorskip("pyte")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are a POSIX matter")

FILE = "normalizer-decisions.json"
TEXT = "A modest doc, said Ann.\r\nOne doc more; the Doc said.\r\n"
EDITS = (
    Edit(9, 12, "doc", "document", "word", 0.9, (Alternative("paper", 0.04), Alternative("file", 0.01))),
    Edit(14, 18, "said", "told", "phrase", 0.8),
    Edit(29, 32, "doc", "document", "word", 0.7),
    Edit(43, 46, "Doc", "Document", "word", 0.6),
)
SENTENCES = "A modest doc, said the minister. One doc more here. The end."
SENTENCE_EDITS = (
    Edit(9, 12, "doc", "document", "word", 0.9),
    Edit(19, 31, "the minister", "Ann", "entity", 0.8),
    Edit(37, 40, "doc", "document", "word", 0.7),
    Edit(46, 50, "here", "there", "word", 0.6),
    Edit(56, 59, "end", "finish", "word", 0.6),
)
SPUN = (
    "\ufeffAustrian International Minister Matthias Lindauer described the result as a modest doc.\r\n"
    "The settlement commits each side to upgrading greater than 1,900km of railway."
)


def environment() -> dict[str, str]:
    """That of a plain ssh session: no UTF-8 locale, no colours."""
    package = str(Path(normalizer.__file__).parents[1])
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TERM": "vt100", "NO_COLOR": "1"}
    return {**os.environ, "PYTHONPATH": package, **plain}


class Screen:
    """A process in a terminal of 80 columns, and what its screen shows."""

    def __init__(self, folder: Path, *args: str, command: list[str] | None = None) -> None:
        self.raw = b""
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        program, *rest = command or [sys.executable, "-m", "normalizer", "review", *args]
        self.process = pexpect.spawn(program, rest, dimensions=(24, 80), cwd=str(folder), env=environment())

    def until(self, *shown: str) -> str:
        """Wait until the screen shows all of ``shown``, wherever lines are broken; returns the screen's text."""
        return self._until(lambda text: all(part in " ".join(text.split()) for part in shown), f"waiting for {shown}")

    def press(self, keys: str, *shown: str) -> str:
        self.process.send(keys)
        return self.until(*shown)

    def end(self, keys: str = "") -> int:
        """Press ``keys`` and wait for the end; returns the exit code."""
        self.process.send(keys)
        self._until(lambda text: not self._read(), "waiting for the end")
        self.process.close()
        code: int = self.process.exitstatus
        return code

    def _until(self, done: Callable[[str], bool], what: str) -> str:
        limit = time.monotonic() + 30
        while True:
            text = "\n".join(line.rstrip() for line in self._screen.display)
            if done(text):
                return text
            assert time.monotonic() < limit, f"{what}; the screen shows:\n{text}"
            self._read()

    def _read(self) -> bool:
        try:
            data = self.process.read_nonblocking(65536, 0.1)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self._stream.feed(data)
        return True


Review = Callable[..., Screen]


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    """Starts reviews in ``tmp_path``, where a review of a.txt is waiting to go on, and ends them."""
    screens: list[Screen] = []
    prepare(tmp_path, TEXT, EDITS)

    def start(*args: str, command: list[str] | None = None) -> Screen:
        screens.append(Screen(tmp_path, *args, command=command))
        return screens[-1]

    yield start
    for screen in screens:
        screen.process.close(force=True)


def prepare(folder: Path, text: str, edits: tuple[Edit, ...]) -> None:
    (folder / "a.txt").write_bytes(text.encode())
    document = Document.of("a.txt", text.encode(), text, Restoration(text, edits))
    write_decisions(folder / FILE, Decisions((ReviewedDocument.of(document),)))


def decided(folder: Path) -> str:
    """The decisions in order, by their first letters."""
    return "".join(r.decision[0] for d in read_decisions(folder / FILE).documents for r in d.edits)


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "normalizer", *args]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, check=False, timeout=120)


def test_decide_quit_resume_apply_revert(tmp_path: Path, review: Review) -> None:
    (tmp_path / FILE).unlink()
    (tmp_path / "a.txt").write_bytes(SPUN.encode())
    screen = review("--assume", "spun", "--min-confidence", "0.5", "--reviewer", "Ann", "a.txt")
    screen.until("a.txt:1:11", "[-International-]", "{+Foreign+}", "because table:")
    screen.press("y", "[-doc-]", "1 decided")
    screen.press("e", "Write what should stand there instead")
    screen.press("\x15white paper\r", "[-settlement-]", "2 decided")
    assert screen.end("q") == 0
    assert decided(tmp_path).startswith("acuu")

    screen = review()
    screen.until("[-settlement-]", "modest white paper")
    screen.press("A", "f file")
    screen.press("f", "End of the review")
    assert screen.end("q") == 0
    [document] = read_decisions(tmp_path / FILE).documents
    assert {r.reviewer for r in document.edits[:2]} == {"Ann"}

    expected = SPUN
    for reviewed in reversed(document.edits):
        new = reviewed.text if reviewed.decision == "corrected" else reviewed.edit.replacement
        expected = expected[: reviewed.edit.start] + (new or "") + expected[reviewed.edit.end :]
    assert "Foreign Minister" in expected
    assert "modest white paper" in expected
    done = run(tmp_path, "apply", FILE, "-w")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.txt").read_bytes() == expected.encode()
    assert run(tmp_path, "apply", FILE, "--revert", "-w").returncode == 0
    assert (tmp_path / "a.txt").read_bytes() == SPUN.encode()


def test_every_key_of_a_decision(tmp_path: Path, review: Review) -> None:
    screen = review()
    screen.until("edit 1 of 4, 0 decided", "1 0.04 paper")
    screen.press("2", "edit 2 of 4, 1 decided")
    screen.press("b", "edit 1 of 4, 1 decided", "corrected to file")
    screen.press("u", "0 decided", "taken back: 1 edit")
    screen.press("3", "there is no alternative 3")
    screen.press("s", "edit 2 of 4, 0 decided")
    screen.press("n", "edit 3 of 4, 1 decided")
    screen.press(" ", "edit 4 of 4")
    screen.press("\x1b[C", "End of the review", "3 skipped")
    screen.press("s", "edit 1 of 4")
    screen.press("\x1b[B", "edit 3 of 4")
    screen.press("\x1b[D", "edit 2 of 4", "rejected")
    assert screen.end("q") == 0
    assert decided(tmp_path) == "uruu"


def test_all_of_this_pair_or_kind(tmp_path: Path, review: Review) -> None:
    screen = review()
    screen.until("edit 1 of 4")
    screen.press("A", "Accept all of this", "p pair (3)", "k kind (3)", "s sentence (2)", "l line (2)", "f file (4)")
    screen.press("x", "y accept")
    screen.press("R", "Reject all of this")
    screen.press("p", "edit 2 of 4, 3 decided", "rejected: 3 edits")
    screen.press("u", "edit 1 of 4, 0 decided", "taken back: 3 edits")
    screen.press("Al", "edit 3 of 4, 2 decided")
    assert screen.end("q") == 0
    assert decided(tmp_path) == "aauu"


def test_a_sentence_at_a_time(tmp_path: Path, review: Review) -> None:
    prepare(tmp_path, SENTENCES, SENTENCE_EDITS)
    screen = review("--by", "sentence")
    screen.until(
        "a.txt:1:10",
        "edits 1-2 of 5, 0 decided",
        "- A modest [-doc-], said [-the minister-].",
        "+ A modest {+document+}, said {+Ann+}.",
        "1 undecided doc -> document [word] 0.90",
        "y accept all",
    )
    screen.press("y", "edits 3-4 of 5, 2 decided", "accepted: 2 edits", "One [-doc-] more [-here-].")
    screen.press("u", "edits 1-2 of 5, 0 decided")
    screen.press("s", "edits 3-4 of 5")
    screen.press("e", "that is about one edit")
    screen.press("3", "there is no edit 3 in this sentence")
    screen.press("2", "[-here-]", "{+there+}", "edit 4 of 5")
    screen.press("n", "edit 5 of 5, 1 decided", "- The [-end-].")
    screen.press("b", "edits 3-4 of 5", "+ One {+document+} more here.", "2 rejected here -> there")
    screen.press("\r", "edit 3 of 5", "e write")
    screen.press("\x1b", "edits 3-4 of 5", "y accept all")
    screen.press("y", "edit 5 of 5, 2 decided", "accepted: 1 edit")
    screen.press("t", "edit 5 of 5", "e write")
    screen.press("t", "y accept all")
    screen.press("R", "s sentence (1)", "l line (3)", "f file (3)")
    screen.press("f", "End of the review")
    screen.press("b", "- The end.", "1 rejected")
    screen.press("y", "End of the review")
    assert screen.end("q") == 0
    assert decided(tmp_path) == "rrara"


def test_escape_leaves_the_field_for_free_text(tmp_path: Path, review: Review) -> None:
    screen = review()
    screen.until("edit 1 of 4")
    screen.press("e", "Enter takes it")
    screen.press("q!", "documentq!")
    screen.press("\x1b", "y accept", "edit 1 of 4, 0 decided")
    screen.press("?", "never again: reject this pair")
    screen.press("x", "edit 1 of 4")
    assert screen.end("q") == 0
    assert decided(tmp_path) == "uuuu"


def test_never_again_writes_a_rule(tmp_path: Path, review: Review) -> None:
    screen = review()
    screen.until("edit 1 of 4")
    screen.press("i", "rule written to", "rejected: 3 edits", "edit 2 of 4")
    assert screen.end("q") == 0
    assert decided(tmp_path) == "rurr"
    assert (tmp_path / "normalizer.toml").read_text(encoding="utf-8") == 'ignore = ["doc -> document"]\n'


def test_undo_takes_the_rule_back_too(tmp_path: Path, review: Review) -> None:
    screen = review()
    screen.until("edit 1 of 4")
    screen.press("i", "rule written to normalizer.toml", "edit 2 of 4")
    screen.press("u", "taken back: 3 edits; rule taken out of normalizer.toml", "edit 1 of 4, 0 decided")
    assert not (tmp_path / "normalizer.toml").exists()
    (tmp_path / "normalizer.toml").write_bytes(b"safe = false  # ours\r\n")
    screen.press("i", "rule written to")
    assert b"doc -> document" in (tmp_path / "normalizer.toml").read_bytes()
    screen.press("u", "rule taken out of")
    assert (tmp_path / "normalizer.toml").read_bytes() == b"safe = false  # ours\r\n"
    screen.press("i", "rule written to")
    (tmp_path / "normalizer.toml").write_text("ignore = ['doc -> document']", encoding="utf-8")
    screen.press("u", "the rule stays in normalizer.toml, which has changed since")
    screen.press("i", "the rule is in normalizer.toml already")
    assert screen.end("q") == 0


def test_control_c_keeps_what_was_decided(tmp_path: Path, review: Review) -> None:
    screen = review()
    screen.until("edit 1 of 4")
    screen.press("y", "edit 2 of 4")
    assert screen.end("\x03") == 130
    assert decided(tmp_path) == "auuu"


def test_a_killed_review_goes_on(tmp_path: Path, review: Review) -> None:
    screen = review()
    screen.until("edit 1 of 4")
    screen.press("y", "edit 2 of 4")
    screen.process.kill(signal.SIGKILL)
    review().until("edit 2 of 4, 1 decided")
    assert decided(tmp_path) == "auuu"


def test_it_needs_no_colours(tmp_path: Path, review: Review) -> None:
    screen = review()
    screen.until("edit 1 of 4")
    screen.press("y", "edit 2 of 4")
    screen.end("q")
    codes = {code for found in re.findall(rb"\x1b\[([0-9;]*)m", screen.raw) for code in found.split(b";")}
    assert not {code for code in codes if len(code) == 2 and code[:1] in b"349"}


def test_text_cannot_act_on_the_terminal(tmp_path: Path, review: Review) -> None:
    hostile = "\x1b]0;owned\x07 doc \x1b[2J\u202e\x9b5m"
    prepare(tmp_path, hostile, (Edit(11, 14, "doc", "\x1b[31mred", "word", 0.9, (), ("\x1b[41m",)),))
    screen = review()
    screen.until("[-doc-]", "\\x1b]0;owned\\x07", "\\x1b[31mred")
    screen.press("e", "?[31mred")
    screen.press("\x1b", "y accept")
    screen.end("q")
    for code in (b"\x1b]0;owned", b"\x1b[31mred", b"\x1b[41m", "\u202e".encode(), b"\x9b5m"):
        assert code not in screen.raw


def test_a_second_review_loses_nothing(tmp_path: Path, review: Review) -> None:
    first, second = review(), review()
    first.until("edit 1 of 4")
    second.until("edit 1 of 4")
    first.press("y", "edit 2 of 4")
    second.press("n", "not saved:", "is a second review open?")
    assert second.end("q") == 3
    assert decided(tmp_path) == "auuu"
    assert read_decisions(tmp_path / "normalizer-decisions-2.json").documents[0].edits[0].decision == "rejected"


def test_a_changed_file_is_not_shown(tmp_path: Path, review: Review) -> None:
    (tmp_path / "a.txt").write_bytes(b"something else")
    screen = review()
    screen.until("has changed since it was reviewed", "nothing to review")
    assert screen.end() == 3
    assert decided(tmp_path) == "uuuu"


def test_what_was_applied_is_not_reviewed_again(tmp_path: Path, review: Review) -> None:
    screen = review()
    screen.until("edit 1 of 4")
    screen.press("y", "edit 2 of 4")
    assert screen.end("q") == 0
    assert run(tmp_path, "apply", FILE, "-w").returncode == 0
    screen = review()
    screen.until("a.txt: its decisions have been applied; -d FILE begins a new review")
    assert screen.end() == 3


def test_standard_input_can_be_reviewed(tmp_path: Path, review: Review) -> None:
    (tmp_path / FILE).unlink()
    (tmp_path / "a.txt").write_bytes(SPUN.encode())
    program = f"cat a.txt | '{sys.executable}' -m normalizer review --assume spun -"
    screen = review(command=["/bin/sh", "-c", program])
    screen.until("-:1:11", "[-International-]")
    screen.press("y", "1 decided")
    assert screen.end("q") == 0
    command = [sys.executable, "-m", "normalizer", "apply", FILE, "-"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), input=SPUN.encode(), capture_output=True, check=False, timeout=60
    )
    assert done.stdout.decode() == SPUN.replace("International", "Foreign")
