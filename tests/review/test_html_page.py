"""The review page at work, in a real browser: decide, download, apply, compare; hostile articles; accessibility.

Needs Chromium and its driver (Debian: ``apt-get install chromium chromium-driver``) and Selenium.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import TEXT, document, edit, small

import normalizer as package
from normalizer import Normalizer
from normalizer.edits import Alternative, Edit, apply_edits
from normalizer.review.decisions import Decisions, NeverAgain, ReviewedDocument, dump_decisions, parse_decisions
from normalizer.review.document import Document
from normalizer.review.html import write_report

pytest.importorskip("selenium", reason="needs Selenium, which the test extra installs")

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1440,900",
]


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def driver(downloads: Path) -> Iterator[webdriver.Chrome]:
    binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    chromedriver = shutil.which("chromedriver")
    if not binary or not chromedriver:
        pytest.skip("needs a browser: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.unhandled_prompt_behavior = "accept"  # "leave the page with decisions that were not downloaded?"
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    yield browser
    browser.quit()


class Page:
    """A review page that is open in the browser."""

    def __init__(self, driver: webdriver.Chrome, downloads: Path, file: Path) -> None:
        self.driver, self.downloads, self.file = driver, downloads, file

    def open(self, *documents: Document, threshold: float = 0.5) -> Page:
        write_report(self.file, documents, threshold=threshold)
        self.driver.get("about:blank")
        self.messages()  # those of earlier pages
        self.driver.get(self.file.as_uri())
        assert self.run("return document.documentElement.dataset.ready") == "true"
        return self

    def messages(self) -> list[dict[str, Any]]:
        """What came up in the browser's console since the last call."""
        found: list[dict[str, Any]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return found

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).textContent", selector))

    def press(self, *keys: str) -> None:
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def focused(self) -> str:
        """The id of what has the focus, or else its text."""
        return str(self.run("const e = document.activeElement; return e.id || e.textContent"))

    def set(self, selector: str, value: str) -> None:
        self.run(
            "const e = document.querySelector(arguments[0]); e.value = arguments[1];"
            "for (const type of ['input', 'change']) e.dispatchEvent(new Event(type, {bubbles: true}))",
            selector,
            value,
        )

    def shown(self) -> str:
        """The text as it reads: what is not displayed is left out."""
        return str(self.find("#text").text)

    def decisions(self) -> tuple[str, Decisions]:
        """Download the decisions file: its text, and what the library reads in it."""
        target = self.downloads / "normalizer-decisions.json"
        target.unlink(missing_ok=True)
        self.find("#download").click()
        limit = time.monotonic() + 20
        while not target.exists() or not target.stat().st_size or list(self.downloads.glob("*.crdownload")):
            assert time.monotonic() < limit, "nothing was downloaded"
            time.sleep(0.05)
        content = target.read_bytes().decode()
        return content, parse_decisions(content, target.name)

    def outcome(self) -> list[tuple[str, str]]:
        """What was decided, as original and result."""
        [reviewed] = self.decisions()[1].documents
        return [(r.edit.original, r.chosen.replacement if r.chosen else r.edit.original) for r in reviewed.edits]


@pytest.fixture
def page(driver: webdriver.Chrome, downloads: Path, tmp_path: Path) -> Iterator[Page]:
    opened = Page(driver, downloads, tmp_path / "report.html")
    yield opened
    problems = [entry for entry in opened.messages() if entry["level"] == "SEVERE"]
    assert not problems, problems


# Decide, download, apply, compare


def test_without_decisions_the_file_is_the_one_that_the_library_writes(page: Page) -> None:
    documents = [small(), document("b.txt", "", ())]
    page.open(*documents)
    expected = dump_decisions(Decisions(tuple(ReviewedDocument.of(d) for d in documents)))
    assert page.decisions()[0] == expected


def test_decisions_by_keyboard_apply_as_by_hand(page: Page) -> None:
    source = small()
    page.open(source)
    page.press("j", "a", "r", "2")  # accept signal, reject the first doc, the second doc has no second wording
    page.press("a")
    [reviewed] = page.decisions()[1].documents
    signal, _, second, _ = source.restoration.edits
    assert apply_edits(source.text, reviewed.chosen()) == apply_edits(source.text, [signal, second])
    assert [r.decision for r in reviewed.edits] == ["accepted", "rejected", "accepted", "undecided"]
    assert all(r.decided.endswith("Z") for r in reviewed.edits if r.decision != "undecided")


def test_decisions_by_mouse_with_other_wordings(page: Page) -> None:
    page.open(small())
    page.find('.edit[data-id="1"]').click()
    page.find("#inspector .wordings li:nth-child(2) button").click()
    page.find('.edit[data-id="5"]').click()
    page.find("#own").send_keys("lands" + Keys.ENTER)
    page.find('.edit[data-id="2"]').click()
    page.find("#reject").click()
    page.find('.edit[data-id="4"]').click()  # held back by the slider, which binds nobody
    page.find("#accept").click()
    page.find("#reviewer").send_keys("Ada")
    page.find('.edit[data-id="0"]').click()
    page.find("#accept").click()
    _, decisions = page.decisions()
    [reviewed] = decisions.documents
    assert apply_edits(TEXT, reviewed.chosen()) == (
        "The sign of a modest paper 🙂 was clear.\r\nA second doc came.\r\nNo five lands signed.\r\n"
    )
    assert [r.decision for r in reviewed.edits] == (
        ["accepted", "corrected", "rejected", "undecided", "accepted", "corrected"]
    )
    assert [r.reviewer for r in reviewed.edits] == ["Ada", "", "", "", "", ""]


def test_apply_command_takes_the_downloaded_file(page: Page, tmp_path: Path, spun_normalizer: Normalizer) -> None:
    text = "Austrian International Minister Matthias Lindauer described the result as a modest doc.\r\n🙂 A doc.\n"
    (tmp_path / "news.txt").write_bytes(text.encode())
    restoration = spun_normalizer.analyze(text)
    page.open(Document.of("news.txt", text.encode(), text, restoration))
    page.press("j", "r")
    page.find("#accept-passing").click()
    content, _ = page.decisions()
    (tmp_path / "decisions.json").write_text(content, encoding="utf-8", newline="")
    command = [sys.executable, "-m", "normalizer", "apply", "decisions.json", "-w"]
    environment = {**os.environ, "PYTHONPATH": str(Path(package.__file__).parents[1])}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "news.txt").read_bytes().decode() == apply_edits(text, restoration.edits[1:])


def test_pair_and_undo(page: Page) -> None:
    page.open(small())
    page.find('.edit[data-id="1"]').click()
    page.press("A")
    assert page.outcome()[1:3] == [("doc", "document"), ("doc", "document")]
    page.press("u")
    assert page.outcome()[1:3] == [("doc", "doc"), ("doc", "doc")]
    assert not page.find("#undo").is_enabled()


def test_a_downloaded_file_can_be_loaded_again(page: Page, tmp_path: Path) -> None:
    page.open(small())
    page.press("j", "a", "r")
    content, before = page.decisions()
    (tmp_path / "before.json").write_text(content, encoding="utf-8", newline="")
    page.open(small())
    page.run("document.getElementById('file').hidden = false")
    page.find("#file").send_keys(str(tmp_path / "before.json"))
    page.driver.execute_async_script("const done = arguments[0]; setTimeout(done, 200)")
    assert page.text("#progress") == "2 decided, 2 to go"
    assert page.decisions() == (content, before)


def test_a_file_that_holds_no_decisions_is_refused_with_a_sentence(page: Page, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[1]", encoding="utf-8")
    page.open(small())
    page.run("document.getElementById('file').hidden = false")
    page.find("#file").send_keys(str(tmp_path / "other.json"))
    page.driver.execute_async_script("const done = arguments[0]; setTimeout(done, 200)")
    assert page.text("#notice") == "The file is not a decisions file: it has no documents."


def test_never_again_rejects_everywhere_and_writes_a_rule(page: Page) -> None:
    page.open(small())
    page.find('.edit[data-id="1"]').click()
    page.press("i")
    assert [item.text for item in page.all("#rules li > span")] == ["doc → document"]
    assert page.text("#progress") == "2 decided, 2 to go"
    content, decisions = page.decisions()
    [rule] = decisions.never_again
    assert rule == NeverAgain("doc", "document", "news/a b.txt", "", rule.decided)
    assert dump_decisions(decisions) == content
    page.press("u")
    assert not page.all("#rules")
    assert page.text("#progress") == "0 decided, 4 to go"


def test_a_rule_can_be_taken_back_and_comes_again_with_a_loaded_file(page: Page, tmp_path: Path) -> None:
    page.open(small())
    page.press("j", "i", "i")
    assert [rule.original for rule in page.decisions()[1].never_again] == ["signal", "doc"]
    (tmp_path / "before.json").write_text(page.decisions()[0], encoding="utf-8", newline="")
    button = page.find("#forget-0")
    assert button.accessible_name == "Take back: signal"
    button.click()
    assert [rule.original for rule in page.decisions()[1].never_again] == ["doc"]
    page.run("document.getElementById('file').hidden = false")
    page.find("#file").send_keys(str(tmp_path / "before.json"))
    page.driver.execute_async_script("const done = arguments[0]; setTimeout(done, 200)")
    assert [rule.original for rule in page.decisions()[1].never_again] == ["doc", "signal"]
    page.press("u")
    assert [rule.original for rule in page.decisions()[1].never_again] == ["doc"]


def test_what_is_never_wanted_again_reaches_the_configuration(
    page: Page, tmp_path: Path, spun_normalizer: Normalizer
) -> None:
    text = "Austrian International Minister Matthias Lindauer described the result as a modest doc.\n"
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(text, encoding="utf-8", newline="")
    page.open(Document.of("news/a.txt", text.encode(), text, spun_normalizer.analyze(text)))
    page.press("j", "i")
    [rule] = page.decisions()[1].never_again
    (tmp_path / "decisions.json").write_text(page.decisions()[0], encoding="utf-8", newline="")
    environment = {**os.environ, "PYTHONPATH": str(Path(package.__file__).parents[1])}

    def normalizer(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "normalizer", *args]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=120, encoding="utf-8"
        )

    before = json.loads(normalizer("check", "--assume", "spun", "--format", "json", "news").stdout)
    done = normalizer("apply", "decisions.json", "-w")
    assert done.returncode == 0, done.stderr
    assert f"never again {rule}" in done.stderr
    assert (tmp_path / "news" / "normalizer.toml").exists()
    after = json.loads(normalizer("check", "--assume", "spun", "--format", "json", "news").stdout)
    was, now = ({edit["original"] for edit in found["files"][0]["edits"]} for found in (before, after))
    assert rule.original in was
    assert rule.original not in now


# Views and filters


def test_inline_view_reads_as_the_text_with_changes(page: Page) -> None:
    page.open(small())
    page.press("j", "a")
    lines = page.shown().split("\n")
    assert [line for line in lines if line.strip()] == [
        "The sign of a modest doc document 🙂 was clear.",
        "A second doc document came.",
        "No 5 nations countries signed.",
    ]


def test_side_by_side_shows_the_original_and_the_restored_text(page: Page) -> None:
    page.open(small())
    page.press("v", "j", "r")
    assert page.find('input[value="side"]').is_selected()
    cells = [cell.text for cell in page.all("#text .pair:not(.titles) > p")]
    assert cells[0::2] == TEXT.splitlines()
    assert cells[1::2] == [
        "The signal of a modest document 🙂 was clear.",
        "A second document came.",
        "No 5 countries signed.",
    ]


def test_slider_shows_live_how_many_edits_pass(page: Page) -> None:
    page.open(small())
    assert page.text("#passing") == "4 of 6 edits at 0.50 or more"
    page.set("#threshold", "0.9")
    assert page.text("#passing") == "2 of 6 edits at 0.90 or more"
    assert page.text("#accept-passing") == "Accept 2"
    states = {e.get_attribute("data-id"): e.get_attribute("data-state") for e in page.all("#text .edit")}
    assert states == {"0": "held", "1": "open", "2": "held", "3": "open", "4": "held", "5": "held"}
    page.find("#accept-passing").click()
    assert page.outcome() == [("signal", "signal"), ("doc", "document"), ("doc", "document"), ("nations", "nations")]


def test_slider_starts_at_the_threshold_it_was_given(page: Page) -> None:
    page.open(small(), threshold=0.25)
    assert page.text("#passing") == "5 of 6 edits at 0.25 or more"


def test_search_and_filters_narrow_down_edits_and_documents(page: Page) -> None:
    page.open(small(), document("zebra.txt", "a doc", (edit("a doc", "doc", "document", 0.8),)))
    page.set("#search", "SIGN→sig")
    assert page.text("#found") == "1 of 7 edits"
    assert [item.is_displayed() for item in page.all("#documents li")] == [True, False]
    page.set("#search", "zebra")
    assert [item.is_displayed() for item in page.all("#documents li")] == [False, True]
    page.find("#clear").click()
    page.find('#kinds input[data-kind="word"]').click()
    assert page.text("#found") == "1 of 7 edits"
    page.find("#clear").click()
    page.find("#safe-only").click()
    assert page.text("#found") == "1 of 7 edits"
    page.find("#clear").click()
    page.find("#reading").click()
    page.press("j", "a")
    page.set("#status", "accepted")
    assert page.text("#found") == "1 of 7 edits"


def test_table_of_pairs_counts_and_decides(page: Page) -> None:
    page.open(small(), document("b.txt", "a doc", (edit("a doc", "doc", "document", 0.8),)))
    page.find('input[value="pairs"]').find_element(By.XPATH, "..").click()
    rows = [[cell.text for cell in row.find_elements(By.XPATH, "./*")] for row in page.all("#pairs tbody tr")]
    assert rows[0][:7] == ["doc", "document", "word", "3", "88 %", "–", "–"]
    assert len(rows) == 5
    page.find("#pairs tbody tr button").click()
    assert page.all("#pairs tbody tr")[0].find_elements(By.TAG_NAME, "td")[4].text == "3"
    decided = page.decisions()[1]
    assert decided.count()["accepted"] == 3
    page.find("#pairs thead button").click()
    assert page.find('#pairs th[aria-sort="ascending"]').text == "Original"
    assert [row.text for row in page.all("#pairs tbody th")] == ["5", "clear", "doc", "nations", "signal"]


def test_in_the_table_no_key_decides_about_an_edit_that_is_out_of_sight(page: Page) -> None:
    page.open(small())
    page.press("j", "v", "v", "a", "R", "j")
    assert page.text("#progress") == "0 decided, 4 to go"
    page.press("v", "a")
    assert page.text("#progress") == "1 decided, 3 to go"


def test_marks_of_edits_below_the_slider_can_be_hidden(page: Page) -> None:
    page.open(small())
    line = "return getComputedStyle(document.querySelector('#text [data-state=held] del')).textDecorationLine"
    assert page.run(line) == "underline"
    page.find("#held-back").click()
    assert page.run(line) == "none"
    page.press("v", "v", "v")
    assert page.run(line) == "none"


def test_documents_without_edits_are_passed_over(page: Page) -> None:
    page.open(document("empty.txt", "", ()), small(), document("clean.txt", "fine", ()))
    page.press("j", "a")
    assert page.text("#path") == "news/a b.txt"
    assert page.text("#progress") == "1 decided, 3 to go"
    page.press("]", "k", "a")
    assert [r.decision for r in page.decisions()[1].documents[1].edits][-1] == "accepted"


def test_plot_tells_its_numbers(page: Page) -> None:
    page.open(small())
    assert page.find("#chart").get_attribute("aria-label") == (
        "Number of edits by confidence: 6 in all, 4 at 0.5 or more, 2 at 0.9 or more, 0 at 0.99 or more"
    )
    assert len(page.all("#chart .bin")) == 6


# Untrusted text

ATTACKS = (
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<!--<script>",
    "]]><svg onload='window.hacked = 1'>",
    "javascript:window.hacked=1",
    "{{policy}} ${window.hacked = 1} $& \\u003cscript>",
    "\u202egnp.exe\u2066 \u200b\ufeff \x00\x1b[31m \u2028 x",
)


def test_hostile_article_is_shown_and_does_nothing(page: Page) -> None:
    text = "\n".join(f"{attack} END{number}" for number, attack in enumerate(ATTACKS))
    edits = tuple(
        edit(text, f"END{n}", attack, 0.9, alternatives=(Alternative(attack + "!", 0.05),), evidence=(attack,))
        for n, attack in enumerate(ATTACKS)
    )
    source = document("".join(ATTACKS).replace("\x00", ""), text, edits)
    page.open(source)
    count = "return document.querySelectorAll('script, img, svg, iframe, object, [onload], [onerror]').length"
    elements = page.run(count)
    for view in ("inline", "side", "pairs"):
        page.run("document.querySelector(`input[value=${arguments[0]}]`).click()", view)
        for key in ("j", "a"):
            page.press(key)
    assert page.run("return window.hacked") is None
    assert page.run(count) == elements
    page.run("document.querySelector('input[value=inline]').click()")
    assert "<img src=x onerror='window.hacked = 1'>" in page.text("#text")
    shown = page.text("#text") + page.text("#path") + page.text("#documents") + page.text("#inspector")
    labels = page.run("return [...document.querySelectorAll('[aria-label]')].map(e => e.ariaLabel).join()")
    for invisible in "\u202e\u2066\u200b\ufeff\x1b":
        assert invisible not in shown + labels
    assert "U+202E" in shown
    _, decisions = page.decisions()
    assert [r.edit for r in decisions.documents[0].edits] == list(edits)


def test_policy_stops_scripts_styles_and_requests_that_are_smuggled_in(page: Page) -> None:
    page.open(small())
    blocked = page.driver.execute_async_script(
        """
        const done = arguments[0];
        const violated = [];
        document.addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
        try { document.body.innerHTML += "<b>markup</b>"; } catch (error) { violated.push(error.name); }
        const image = new Image();
        image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
        document.body.append(image);
        document.body.append(Object.assign(document.createElement("style"), {textContent: "body {color: red}"}));
        document.body.setAttribute("style", "color: red");
        fetch("data:,x").catch(() => setTimeout(() => done(violated), 100));
        """
    )
    assert {"TypeError", "img-src", "style-src-elem", "style-src-attr", "connect-src"} <= set(blocked)
    page.messages()  # the browser complained, as it should


def test_page_loads_nothing(page: Page) -> None:
    page.open(small())
    assert page.run("return performance.getEntriesByType('resource').length") == 0


def test_a_word_of_a_megabyte_and_ten_thousand_edits_in_a_line(page: Page) -> None:
    line = "doc " * 10_000
    many = tuple(Edit(4 * i, 4 * i + 3, "doc", "document", "word", 0.9) for i in range(10_000))
    word = "x" * 1_000_000
    page.open(
        document("line.txt", line, many),
        document("word.txt", f"{word} doc", (Edit(0, len(word), word, word[:-1], "word", 0.9),)),
    )
    page.press("j", "a")
    assert page.text("#progress") == "1 decided, 10,000 to go"
    page.press("]", "j", "a")
    assert page.text("#progress") == "2 decided, 9,999 to go"
    assert page.run("const t = document.getElementById('reading'); return t.scrollWidth <= t.clientWidth")
    decisions = page.decisions()[1]
    assert decisions.documents[1].edits[0].edit.original == word


# Accessibility and themes


def test_everything_works_from_the_keyboard_in_a_sensible_order(page: Page) -> None:
    page.open(small())
    order = []
    for _ in range(40):
        page.press(Keys.TAB)
        order.append(page.focused())
    places = ["theme", "help", "download", "search", "status", "threshold", "accept-passing", "reviewer", "load"]
    assert [place for place in order if place in places][: len(places)] == places
    assert order[0] == "Skip to the text"
    assert any("signal" in place for place in order)  # the text's first edit is a tab stop; J and K go on from there
    page.run("document.querySelector('.edit[data-id=\"0\"]').focus()")
    page.press(Keys.ENTER)
    assert page.find('.edit[data-id="0"]').get_attribute("aria-current") == "true"
    page.press("j")
    assert page.run("return document.activeElement.dataset.id") == "1"


def test_letters_typed_into_fields_are_not_commands_and_commands_can_be_switched_off(page: Page) -> None:
    page.open(small())
    page.press("j")
    page.find("#search").send_keys("aar")
    assert page.text("#progress") == "0 decided, 4 to go"
    page.press(Keys.ESCAPE, "?")
    page.find("#shortcuts").click()
    page.find("#close-keys").click()
    page.find("#clear").click()
    page.find('.edit[data-id="0"]').click()
    page.press("a")
    assert page.text("#progress") == "0 decided, 4 to go"


def test_marks_and_controls_have_names(page: Page) -> None:
    page.open(small())
    page.press("j", "a")
    marks = [mark.accessible_name for mark in page.all("#text .edit")]
    assert marks[0] == "signal → sign, accepted, word, 88 %"
    assert marks[4] == "5 → five, held back, word, 30 %"
    assert {mark.aria_role for mark in page.all("#text .edit")} == {"button"}
    for control in page.all("button, input:not([type=file]), select"):
        if control.is_displayed():
            assert control.accessible_name, control.get_attribute("outerHTML")
    assert page.text("#announcement") == "Accepted: signal."


@pytest.mark.parametrize("view", ["inline", "side", "pairs"])
def test_names_hold_what_is_written_on_a_control(page: Page, view: str) -> None:
    """Who controls the page by voice says what is written there (WCAG 2.5.3)."""
    page.open(small())
    page.press("j", "a", "r", "i")
    page.run("document.querySelector(`input[value=${arguments[0]}]`).click()", view)
    checked = 0
    for control in page.all("button, [role=button]"):
        written = re.findall(r"\w+", control.text)
        if control.is_displayed() and written:
            checked += 1
            named = re.findall(r"\w+", control.accessible_name)
            assert any(named[i : i + len(written)] == written for i in range(len(named))), (written, named)
    assert checked > 10


CONTRAST = """
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const rgba = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => c * a + under[i] * (1 - a));
    const background = (element) => {
      const own = rgba(getComputedStyle(element).backgroundColor);
      return own[3] === 1 || !element.parentElement ? own.slice(0, 3) : over(own, background(element.parentElement));
    };
    const light = (color) => {
      const [r, g, b] = color.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const poor = [];
    let checked = 0;
    for (const element of document.querySelectorAll("body *")) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!own || !element.checkVisibility() || element.closest(":disabled, svg")) continue;
      const behind = background(element);
      const front = over(rgba(getComputedStyle(element).color), behind);
      const [low, high] = [light(front), light(behind)].sort((a, b) => a - b);
      checked++;
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < 4.5) poor.push([ratio.toFixed(2), element.outerHTML.slice(0, 120)]);
    }
    return [checked, poor];
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_contrast_is_at_least_4_5_to_1(page: Page, theme: str) -> None:
    kinds = ("word", "phrase", "entity", "agreement", "encoding", "spintax", "markup")
    text = " ".join(f"old{kind}" for kind in kinds)
    edits = tuple(edit(text, f"old{kind}", "new", 0.999, kind=kind) for kind in kinds)
    page.open(document("kinds.txt", text, edits), small())
    page.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    )
    for keys in (("j",), ("a", "r", "i"), ("]", "j"), ("v",), ("v",)):
        page.press(*keys)
        checked, poor = page.run(CONTRAST)
        assert checked > 40
        assert poor == []
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_theme_follows_the_system_unless_it_is_chosen(page: Page) -> None:
    page.open(small())
    background = "return getComputedStyle(document.body).backgroundColor"
    seen = {}
    for system in ("light", "dark"):
        page.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": system}]}
        )
        seen[system] = page.run(background)
    assert seen["light"] != seen["dark"]
    page.find("#theme").click()
    assert page.run(background) == seen["light"]
    page.find("#theme").click()
    assert page.run(background) == seen["dark"]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_page_without_documents_says_so(page: Page) -> None:
    page.open()
    assert page.text("#passing") == "0 of 0 edits at 0.50 or more"
    assert json.loads(page.decisions()[0]) == {"version": 1, "documents": []}
