"use strict";
// Building elements. Text that comes from documents enters the page here and only as text nodes and attribute values.

const byId = (id) => document.getElementById(id);

/** An element with properties or attributes, and children that are elements or strings. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

/** An SVG element; the name space is taken from the page's own plot. */
function makeSvg(tag, attributes = {}) {
  return set(document.createElementNS(byId("chart").namespaceURI, tag), attributes);
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  return element;
}

// Characters that show nothing or reorder what is around them. A joiner counts only where it joins nothing.
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\p{M}[\p{L}--\p{Script=Latin}]])[\u200c\u200d]|[\ud800-\udfff]/gv;

/** The name of a character that cannot be seen, such as "U+202E". */
function codeName(character) {
  return `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Text for labels and other places where no element can stand: invisible characters by name, cut to a length. */
function plain(text, limit = 80) {
  const cut = text.length > limit ? `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, "")}…` : text;
  return cut.replace(INVISIBLE, (character) => `[${codeName(character)}]`);
}

/** Append text to an element, with a small tag in the place of every character that cannot be seen. */
function write(element, text) {
  let done = 0;
  for (const found of text.matchAll(INVISIBLE)) {
    if (found.index > done) element.append(text.slice(done, found.index));
    element.append(make("span", { class: "invisible" }, codeName(found[0])));
    done = found.index + found[0].length;
  }
  element.append(text.slice(done));
  return element;
}

/** A stretch of article text by itself, kept apart from the writing direction around it. */
function quoted(tag, text, limit = 200) {
  const element = make(tag, { dir: "auto", class: "quoted" });
  if (!text) return set(element, { class: "quoted nothing", role: "img", "aria-label": "nothing" });
  return write(element, text.length > limit ? `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, "")}…` : text);
}

/** "1 edit", "1,234 edits". */
function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** A probability for people. */
function percent(confidence) {
  if (confidence >= 0.9995) return "> 99.9 %";
  return confidence >= 0.99 || confidence < 0.01 ? `${(confidence * 100).toFixed(1)} %` : `${Math.round(confidence * 100)} %`;
}
