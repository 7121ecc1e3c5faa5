"""The review page in a second browser: decide, download, apply, compare; a hostile article; no script but its own.

Needs Firefox (Debian: ``apt-get install firefox-esr``), but no driver. What is not about the browser is tested in
Chromium only.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from firefox import Firefox
from pages import TEXT, document, small

from normalizer.edits import Edit
from normalizer.review.application import apply_decisions
from normalizer.review.decisions import Decisions, NeverAgain, parse_decisions
from normalizer.review.document import Document
from normalizer.review.html import write_report

pytest.importorskip("websocket", reason="needs websocket-client, which comes with Selenium")

ENTER = "\ue007"


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def browser(downloads: Path) -> Iterator[Firefox]:
    binary = shutil.which("firefox-esr") or shutil.which("firefox")
    if not binary:
        pytest.skip("needs Firefox: apt-get install firefox-esr")
    firefox = Firefox(binary, downloads)
    yield firefox
    firefox.quit()


class Page:
    """A review page that is open in Firefox."""

    def __init__(self, browser: Firefox, downloads: Path, file: Path) -> None:
        self.browser, self.downloads, self.file = browser, downloads, file

    def open(self, *documents: Document) -> None:
        write_report(self.file, documents)
        self.browser.open(self.file.as_uri())
        assert self.browser.run("return document.documentElement.dataset.ready") == "true"

    def text(self, selector: str) -> Any:
        return self.browser.run("return document.querySelector(arguments[0]).textContent", selector)

    def decisions(self) -> Decisions:
        target = self.downloads / "normalizer-decisions.json"
        target.unlink(missing_ok=True)
        self.browser.click("#download")
        limit = time.monotonic() + 20
        while not target.exists() or not target.stat().st_size or list(self.downloads.glob("*.part")):
            assert time.monotonic() < limit, "nothing was downloaded"
            time.sleep(0.05)
        return parse_decisions(target.read_text(encoding="utf-8"), target.name)


@pytest.fixture
def page(browser: Firefox, downloads: Path, tmp_path: Path) -> Iterator[Page]:
    browser.errors.clear()
    yield Page(browser, downloads, tmp_path / "report.html")
    assert not browser.errors


def test_decide_by_keyboard_and_mouse_download_apply(page: Page) -> None:
    page.open(small())
    page.browser.press("j", "a", "2")  # accept signal, take the second wording for doc
    page.browser.click('.edit[data-id="5"]')
    page.browser.click("#own")
    page.browser.press(*"lands", ENTER)
    page.browser.click('.edit[data-id="2"]')
    page.browser.click("#reject")
    assert page.text("#progress") == "4 decided, 1 to go"
    [reviewed] = page.decisions().documents
    assert apply_decisions(reviewed, TEXT).text == (
        "The sign of a modest paper 🙂 was clear.\r\nA second doc came.\r\nNo 5 lands signed.\r\n"
    )
    assert [(r.edit.original, r.decision) for r in reviewed.edits if r.decision != "undecided"] == [
        ("signal", "accepted"),
        ("doc", "corrected"),
        ("clear", "rejected"),
        ("nations", "corrected"),
    ]


def test_never_again_undo_views_and_filters(page: Page) -> None:
    page.open(small())
    page.browser.press("j", "j", "i")
    [rule] = page.decisions().never_again
    assert rule == NeverAgain("doc", "document", "news/a b.txt", "", rule.decided)
    page.browser.press("u", "v")
    assert page.decisions().never_again == ()
    assert page.browser.run("return document.querySelectorAll('#text .pair').length") > 1
    page.browser.press("v", "/")
    page.browser.press(*"nations")
    assert page.text("#found") == "1 of 6 edits"


def test_a_hostile_article_stays_text(page: Page) -> None:
    hostile = "</script><script>window.hit = 1</script><img src=x onerror='window.hit = 1'>]]>\u202e\x00 doc"
    start = hostile.index(" doc") + 1
    edits = (Edit(start, start + 3, "doc", "<b onclick=alert(1)>", "word", 0.9, (), ("<i>",)),)
    page.open(document("</title><script>window.hit = 1</script>.txt", hostile, edits))
    page.browser.press("j", "a")
    strange = "document.querySelectorAll('#text img, #text b, #text script').length"
    assert page.browser.run(f"return [window.hit ?? null, {strange}]") == [None, 0]
    [reviewed] = page.decisions().documents
    assert reviewed.edits[0].edit == edits[0]


def test_the_policy_stops_what_is_smuggled_in(page: Page) -> None:
    page.open(small())
    page.browser.run(
        """
        window.violated = [];
        document.addEventListener("securitypolicyviolation", (event) => window.violated.push(event.effectiveDirective));
        const script = document.createElement("script");
        try { script.textContent = "window.hit = 1"; document.body.append(script); } catch { /* trusted types */ }
        document.body.setAttribute("style", "color: red");
        const image = new Image();
        image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
        document.body.append(image);
        """
    )
    time.sleep(0.2)
    hit, violated = page.browser.run("return [window.hit ?? null, window.violated]")
    assert hit is None
    assert {"style-src-attr", "img-src"} <= set(violated)
    page.browser.errors.clear()  # the browser complained, as it should


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes(page: Page, theme: str) -> None:
    page.open(small())
    page.browser.run("document.documentElement.dataset.theme = arguments[0]", theme)
    background = page.browser.run("return getComputedStyle(document.body).backgroundColor")
    light = sum(int(part) for part in background.removeprefix("rgb(").removesuffix(")").split(",")) > 3 * 128
    assert light == (theme == "light")
