"use strict";
// Which edits are looked at: the slider, the filter, and the counts that follow from them.

const filter = { threshold: report.threshold, kinds: new Set(report.kinds), search: "", status: "", safeOnly: false };

/** Whether the edit is sure enough for the slider. */
function passes(edit) {
  return edit.confidence >= filter.threshold;
}

/** How the edit shows in the text: "accepted", "corrected", "rejected", "open" (proposed) or "held" (too unsure). */
function shownState(edit) {
  const decision = decisions.of(edit);
  if (decision !== "undecided") return decision;
  return passes(edit) ? "open" : "held";
}

/** Whether the filter shows the edit. The slider is not part of the filter. */
function matches(edit) {
  if (!filter.kinds.has(edit.kind)) return false;
  if (filter.safeOnly && !edit.safe) return false;
  if (filter.status) {
    const decision = decisions.of(edit);
    if ((decision === "corrected" ? "accepted" : decision) !== filter.status) return false;
  }
  return !filter.search || haystack(edit).includes(filter.search);
}

/** Set the text that edits must contain: in original, replacement, evidence or path; case does not matter. */
function searchFor(words) {
  filter.search = words.trim().toLowerCase();
}

function filtering() {
  return Boolean(filter.search || filter.status || filter.safeOnly || filter.kinds.size < report.kinds.length);
}

function haystack(edit) {
  edit.haystack ??= [
    edit.original, edit.replacement, ...edit.alternatives.map((a) => a.text),
    ...edit.evidence.map((index) => report.evidence[index]), documents[edit.document].path,
  ].join("\n").toLowerCase();
  return edit.haystack;
}

/** How many of the edits fall into each of `bins` equal steps of confidence. */
function histogram(chosen, bins) {
  const counts = new Array(bins).fill(0);
  for (const edit of chosen) counts[Math.min(bins - 1, Math.floor(edit.confidence * bins + 1e-9))]++;
  return counts;
}

/** The edits by pair of original and replacement, with counts. */
function pairsOf(chosen) {
  const pairs = new Map();
  for (const edit of chosen) {
    const key = pairKey(edit);
    let pair = pairs.get(key);
    if (!pair) {
      pair = {
        original: edit.original, replacement: edit.replacement, kind: edit.kind, edits: [], sum: 0,
        accepted: 0, rejected: 0, undecided: 0,
      };
      pairs.set(key, pair);
    }
    const decision = decisions.of(edit);
    pair.edits.push(edit);
    pair.sum += edit.confidence;
    pair[decision === "corrected" ? "accepted" : decision]++;
  }
  const list = [...pairs.values()];
  for (const pair of list) {
    pair.count = pair.edits.length;
    pair.confidence = pair.sum / pair.count;
  }
  return list;
}
