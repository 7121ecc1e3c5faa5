"""How fast the review page of a corpus is: its size, the time to make it, and the time until a browser is ready.

    python benchmarks/html_report.py [--documents 200] [--edits 20000] [--runs 5]

Needs Chromium with its driver and the ``test`` extra. The corpus is made up, with edits that have as much to tell as
real ones. The browser is started once; every run opens the page anew. Ready means: the load event is over, the page
has set up all of its controls, and two frames are drawn.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from normalizer.edits import KINDS, Alternative, Edit
from normalizer.restoration import Detection, Restoration
from normalizer.review.document import Document
from normalizer.review.html import write_report

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
LIMIT_SECONDS = 2.0
LIMIT_BYTES = 15_000_000

FRAMES = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));"
ACTIONS = {
    "move the slider": """
        const slider = document.getElementById("threshold");
        slider.value = slider.value === "0.8" ? "0.6" : "0.8";
        slider.dispatchEvent(new Event("input"));""",
    "search": """
        const search = document.getElementById("search");
        search.value = "ba";
        search.dispatchEvent(new Event("input"));""",
    "clear the search": """
        const search = document.getElementById("search");
        search.value = "";
        search.dispatchEvent(new Event("input"));""",
    "next document": 'document.getElementById("next-document").click();',
    "next edit": 'document.dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true}));',
    "accept": 'document.dispatchEvent(new KeyboardEvent("keydown", {key: "a", bubbles: true}));',
    "side by side": """document.querySelector('input[value="side"]').click();""",
    "pairs": """document.querySelector('input[value="pairs"]').click();""",
    "accept all": 'document.getElementById("accept-passing").click();',
}


def corpus(documents: int, edits: int) -> list[Document]:
    """Made-up articles with about ``edits`` edits in all, one word in six."""
    chance = random.Random(1)
    syllables = [a + b for a in "bdfgklmnprst" for b in ("a", "e", "i", "o", "u", "al", "en", "ir", "ost")]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(6000)]
    made = []
    for number in range(documents):
        parts: list[str] = []
        found: list[Edit] = []
        at = 0
        for place in range(6 * edits // documents):
            word = words[min(int(chance.expovariate(1 / 700)), len(words) - 1)]
            if place % 6 == 3:
                new = words[(words.index(word) * 7 + chance.randint(0, 2)) % len(words)]
                share = chance.random() ** 0.3
                found.append(
                    Edit(
                        at,
                        at + len(word),
                        word,
                        new,
                        chance.choices(KINDS[:5], [1, 1, 20, 60, 8])[0],
                        share,
                        tuple(Alternative(words[(at + i) % len(words)], (1 - share) / 3) for i in range(2)),
                        (f"table: {new}→{word}", f"lattice: {share:.3f}", "document: spun 1.0000"),
                        share > 0.9,
                    )
                )
            word += "\n" if place % 90 == 89 else " "
            parts.append(word)
            at += len(word)
        text = "".join(parts)
        restoration = Restoration(
            text,
            tuple(e for e in found if e.confidence >= 0.5),
            tuple(e for e in found if e.confidence < 0.5),
            Detection(0.9999, "replaces-all"),
        )
        made.append(Document.of(f"news/article-{number:03}.txt", text.encode(), text, restoration))
    return made


def browser() -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not driver:
        sys.exit("needs chromium and chromedriver: apt-get install chromium chromium-driver")
    options.binary_location = binary
    for flag in FLAGS:
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(driver))


def ready(driver: webdriver.Chrome, address: str) -> float:
    driver.get("about:blank")
    start = time.perf_counter()
    driver.get(address)
    driver.execute_async_script(FRAMES)
    seconds = time.perf_counter() - start
    if driver.execute_script("return document.documentElement.dataset.ready") != "true":
        sys.exit("the page did not get ready")
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--edits", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    documents = corpus(arguments.documents, arguments.edits)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        start = time.perf_counter()
        write_report(page, documents)
        written, size = time.perf_counter() - start, page.stat().st_size
        count = sum(1 for document in documents for _ in document.proposals())
        print(f"{len(documents)} documents, {count} edits: {size / 1e6:.1f} MB, made in {written:.2f} s")
        driver = browser()
        try:
            times = [ready(driver, page.as_uri()) for _ in range(arguments.runs)]
            print(f"ready after {statistics.median(times):.2f} s (median of {len(times)}; slowest {max(times):.2f} s)")
            for name, script in ACTIONS.items():
                start = time.perf_counter()
                driver.execute_async_script(f"{script}\n{FRAMES}")
                print(f"  {name}: {1000 * (time.perf_counter() - start):.0f} ms")
        finally:
            driver.quit()
    if max(times) > LIMIT_SECONDS or size > LIMIT_BYTES:
        sys.exit(f"over the limit of {LIMIT_SECONDS} s or {LIMIT_BYTES / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
