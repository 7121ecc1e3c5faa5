"use strict";
// What is reviewed: the documents and their proposed edits, read from the page's data block. Never changes.

const report = JSON.parse(document.getElementById("data").textContent);

/**
 * The edits of all documents, in order. `start` and `end` count Unicode code points, as everywhere outside of this
 * page; `from` and `to` are the same places in JavaScript's UTF-16 units.
 */
const edits = [];

const documents = report.documents.map((source, index) => {
  const places = unitOffsets(source.text, source.edits);
  const first = edits.length;
  for (const [start, end, replacement, kind, confidence, flags, alternatives, evidence] of source.edits) {
    const from = places(start);
    const to = places(end);
    edits.push({
      id: edits.length, document: index, start, end, from, to, replacement, confidence, evidence,
      original: source.text.slice(from, to),
      kind: report.kinds[kind],
      safe: Boolean(flags & 1),
      applied: Boolean(flags & 2),
      alternatives: alternatives.map(([text, share]) => ({ text, confidence: share })),
    });
  }
  return { ...source, index, edits: edits.slice(first) };
});

/** A function from code points to UTF-16 units in `text`. */
function unitOffsets(text, tuples) {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return (offset) => offset;
  const wanted = [...new Set(tuples.flatMap(([start, end]) => [start, end]))].sort((a, b) => a - b);
  const found = new Map();
  let point = 0;
  let unit = 0;
  for (const offset of wanted) {
    for (; point < offset; point++) unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
    found.set(offset, unit);
  }
  return (offset) => found.get(offset);
}

/** Line and column of an edit, both from 1; only line feeds end lines, and columns count code points. */
function linePosition(edit) {
  const before = documents[edit.document].text.slice(0, edit.from);
  const lines = before.split("\n");
  return [lines.length, Array.from(lines.at(-1)).length + 1];
}

/** What edits of one pair have in common. */
function pairKey(edit) {
  return `${edit.original}\u0000${edit.replacement}`;
}

let byPair;

/** All edits with the original and the replacement of this one. */
function samePair(edit) {
  byPair ??= Map.groupBy(edits, pairKey);
  return byPair.get(pairKey(edit));
}
