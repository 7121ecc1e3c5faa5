"""Damaged characters are repaired, clean text in any language is left alone."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.edits import apply_edits
from normalizer.text.encoding import WINDOW, is_html, repair_encoding

CLEAN = {
    "english": "“Don’t,” she said – it’s 50% off… and ‘fine’ — at £5, ½ cup, 20 °C, © 2024 ACME®™.",
    "french": "« L’été à Noël », dit-il, où l’œuvre coûte 5 € ; ça va ? Ã la mode est un exemple à part.".replace(
        "Ã", "À"
    ),
    "german": "„Größe“ heißt Übermaß, sagt Jürgen; Straße, Äpfel, Öl. »So«, meint er – wirklich.",
    "spanish": "¿Qué? ¡Adiós, señor! El niño pagó 3 000 € en Ávila.",
    "portuguese": "Às vezes, à tarde, a ação é não fácil: São João, pão, coração.",
    "polish": "Zażółć gęślą jaźń. „Łódź” – to miasto.",
    "czech": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "turkish": "Şişli’de ığdır çağrısı: İstanbul’a gidiyoruz.",
    "russian": "Привет, мир! «Ёлки-палки» — сказал он, и её друг: IT-компания, SMSки, IТ.",
    "ukrainian": "Її звати Єва; ґанок і їжак.",
    "greek": "Καλημέρα κόσμε! Η Ελλάδα είναι όμορφη — «ναι».",
    "arabic": "السلام عليكم، كيف حالك؟",
    "persian": "می‌خواهم کتاب‌ها را ببینم",
    "hindi": "क्‍या आप हिन्दी बोलते हैं? क्षत्रिय र्‍य",
    "thai": "สวัสดี\u200bครับ",
    "chinese": "你好，世界！“引号”——破折号……",
    "japanese": "こんにちは、世界。「カギ」ｱｲｳ　ＡＢＣ",
    "korean": "안녕하세요 세계! ‘인용’",
    "vietnamese": "Tiếng Việt có dấu: Đà Nẵng, phở, được.",
    "hebrew": "שלום עולם \u200f(א)\u200e",
    "emoji": "👩‍💻 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 👍🏽 1️⃣",
    "science": "µm, Ω, α-helix, β-carotene, Δx ≈ 3 × 10⁻³, kΩ, 5′ end, H₂O, ±2 σ, hν",
    "decomposed": unicodedata.normalize("NFD", "café Ångström Việt"),
    "ligatures": "ﬁnd the ﬂow, ĳs, Ǆ",
    "line endings": "one\r\ntwo\rthree\u2028four\u2029five\x0bsix\x0cseven\n",
    "byte order mark": "\ufeffHello",
    "ampersands": "AT&T & R&D; a && b; Q&A; &c; 5 &times 3",
    "html": "<p>R&amp;D &lt;caf&eacute;&gt;</p>",
    "code": "if (a < b && c > d) { x = '&'; }",
    "kaomoji": "¯\\_(ツ)_/¯ ( ͡° ͜ʖ ͡°) (ಠ_ಠ)",
    "soft hyphens": "Donau\u00addampf\u00adschiff",
    "empty": "",
}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN.keys())
def test_clean_text_is_left_alone(text: str) -> None:
    assert repair_encoding(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A cafÃ© bar", [("cafÃ©", "café")]),
        ("donâ€™t say â€œnoâ€\x9d", [("donâ€™t", "don’t"), ("â€œ", "“"), ("â€\x9d", "”")]),
        ("CourtÃ¢â‚¬â„¢s", [("CourtÃ¢â‚¬â„¢s", "Court’s")]),
        ("voilÃ le travail", [("voilÃ", "voilà")]),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", [("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет")]),
        ("nice ðŸ˜€", [("ðŸ˜€", "😀")]),
        ("R&amp;D", [("&amp;", "&")]),
        ("caf&eacute; &hellip;", [("caf&eacute;", "café"), ("&hellip;", "…")]),
        ("x &amp;lt; y", [("&amp;lt;", "<")]),
        ("quot&#8217;d", [("quot&#8217;d", "quot’d")]),
        ("be\x07ep \x00", [("be\x07ep", "beep"), ("\x00", "")]),
        ("\x1b[31mred\x1b[0m", [("\x1b[31m", ""), ("\x1b[0m", "")]),
        ("se\u200bcurity", [("se\u200bcurity", "security")]),
        ("\u200bWe agreed\u200b.", [("\u200b", ""), ("\u200b", "")]),
        ("\ufeffkeep\ufeffing", [("keep\ufeffing", "keeping")]),
        ("sеcurity of Мoscow", [("sеcurity", "security"), ("Мoscow", "Moscow")]),
        ("Αthens", [("Αthens", "Athens")]),
        ("\ud83d\ude00", [("\ud83d\ude00", "😀")]),
        ("smart \x93quotes\x94", [("\x93", "“"), ("\x94", "”")]),
    ],
)
def test_damage_is_repaired_word_by_word(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(e.original, e.replacement) for e in repair_encoding(text)] == expected


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("cafÃ©", "mojibake"),
        ("R&amp;D", "HTML entity"),
        ("be\x07ep", "control character"),
        ("se\u200bcurity", "zero-width character"),
        ("sеcurity", "homoglyph"),
    ],
)
def test_the_evidence_names_the_cause(text: str, cause: str) -> None:
    (edit,) = repair_encoding(text)
    assert edit.evidence == (f"encoding: {cause}",)
    assert edit.kind == "encoding"
    assert edit.safe


PIECES = st.sampled_from(
    [
        "cafÃ©",
        "donâ€™t",
        "&amp;",
        "&#39;",
        "plain",
        "\u200b",
        "пaypal",
        "x\x07y",
        "été",
        "“q”",
        "\n",
        " ",
        "\r\n",
        "Ã ",
        "é",
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
def test_edits_fit_and_nothing_is_left_to_repair(text: str) -> None:
    repaired = apply_edits(text, repair_encoding(text))
    assert repair_encoding(repaired) == []


@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"], exclude_characters="ÂÃ"), max_size=40))
def test_double_encoding_is_undone(text: str) -> None:
    garbled = text.encode().decode("latin-1")
    if text.isascii() or "&" in text or repair_encoding(text):
        return
    repaired = apply_edits(garbled, repair_encoding(garbled))
    assert repaired in {text, garbled}  # ftfy may find the evidence too thin, but never invents a third text


def test_html_is_recognised_by_its_tags() -> None:
    assert is_html("a<br/>b &amp; c")
    assert not is_html("a < b &amp; c > d")


def test_damage_in_a_long_line_is_found_wherever_it_is() -> None:
    filler = "word " * WINDOW
    text = f"cafÃ© {filler}donâ€™t {filler}R&amp;D"
    assert [e.replacement for e in repair_encoding(text)] == ["café", "don’t", "&"]


def test_a_line_without_blanks_is_repaired() -> None:
    text = "x" * (3 * WINDOW) + "Ã©" + "y" * (3 * WINDOW)
    assert apply_edits(text, repair_encoding(text)) == text.replace("Ã©", "é")


@pytest.mark.parametrize("unit", ["clean “curly” text, isn’t it? ", "cafÃ© and donâ€™t "])
def test_huge_lines_take_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.perf_counter()
        repair_encoding(text)
        return time.perf_counter() - start

    seconds(1000)
    assert seconds(400_000) < 4 * 4 * max(seconds(100_000), 0.01)
