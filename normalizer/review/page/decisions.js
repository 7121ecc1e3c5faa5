"use strict";
// What the reviewer decided, with undo, and the decisions file that keeps it.

const CONTEXT = 60; // code points on each side of an edit

const decisions = {
  /** One per edit: null while undecided, else `{decision, text, reviewer, decided}`. */
  made: new Array(edits.length).fill(null),
  history: [],
  /** What is never to be proposed again, as the decisions file has it; `normalizer apply` makes ignore rules of it. */
  rules: [],
  saved: true,

  /** The state of an edit, as the decisions file names it. */
  of(edit) {
    return this.made[edit.id]?.decision ?? "undecided";
  },

  /**
   * Decide about several edits in one step. `decision` is "accepted", "rejected", "corrected" (with `text`), or
   * "undecided". Returns the edits whose decision is another one than before.
   */
  decide(chosen, decision, reviewer, text, rules = this.rules) {
    const made = decision === "undecided" ? null : { decision, text, reviewer, decided: now() };
    const changed = chosen.filter((edit) => this.of(edit) !== decision || this.made[edit.id]?.text !== text);
    this.set(changed.map((edit) => [edit, made]), rules);
    return changed;
  },

  /** Put decisions in place, as `[edit, decision or null]`, in one step that can be undone. */
  set(changes, rules = this.rules) {
    if (!changes.length && rules === this.rules) return;
    this.history.push({ changes: changes.map(([edit]) => [edit, this.made[edit.id]]), rules: this.rules });
    for (const [edit, made] of changes) this.made[edit.id] = made;
    this.rules = rules;
    this.saved = false;
  },

  /** Take the last step back. Returns the edits that it was about. */
  undo() {
    const { changes, rules } = this.history.pop() ?? { changes: [], rules: this.rules };
    for (const [edit, made] of changes) this.made[edit.id] = made;
    this.rules = rules;
    this.saved = false;
    return changes.map(([edit]) => edit);
  },

  /** Reject a pair everywhere and note the rule, in one step. Returns the edits that were not rejected before. */
  never(edit, reviewer) {
    const { original, replacement } = edit;
    const rule = { original, replacement, path: documents[edit.document].path, reviewer, decided: now() };
    return this.decide(samePair(edit), "rejected", reviewer, undefined, original ? this.rulesWith([rule]) : this.rules);
  },

  /** Take a rule back, and leave what was rejected with it. */
  forget(rule) {
    this.set([], this.rules.filter((other) => other !== rule));
  },

  /** The rules and those of some others that are not among them; the same list if there are none. */
  rulesWith(others) {
    const known = new Set(this.rules.map(pairKey));
    const fresh = others.filter((rule) => !known.has(pairKey(rule)) && known.add(pairKey(rule)));
    return fresh.length ? [...this.rules, ...fresh] : this.rules;
  },

  /** The text of the decisions file: one edit to a line. Held-back edits are left out until they are decided. */
  dump() {
    const parts = documents.map((source) => {
      const head = line({ path: source.path, sha256: source.sha256, encoding: source.encoding });
      return `${head.slice(0, -1)}, "edits": [\n${source.edits.filter((edit) => edit.applied || this.made[edit.id]).map((edit) => line(this.record(edit))).join(",\n")}\n]}`;
    });
    const rules = this.rules.length ? `], "never_again": [\n${this.rules.map(ruleLine).join(",\n")}\n` : "";
    return `{"version": 1, "documents": [\n${parts.map((part, i) => part + (i < parts.length - 1 ? ",\n" : "\n")).join("")}${rules}]}\n`;
  },

  record(edit) {
    const made = this.made[edit.id];
    const { text } = documents[edit.document];
    const before = Array.from(text.slice(Math.max(0, edit.from - 2 * CONTEXT - 2), edit.from)).slice(-CONTEXT).join("");
    const after = Array.from(text.slice(edit.to, edit.to + 2 * CONTEXT + 2)).slice(0, CONTEXT).join("");
    const record = {
      start: edit.start, end: edit.end, original: edit.original, replacement: edit.replacement, kind: edit.kind,
      confidence: probability(edit.confidence),
      alternatives: edit.alternatives.map((a) => ({ text: a.text, confidence: probability(a.confidence) })),
      evidence: edit.evidence.map((index) => report.evidence[index]),
      safe: edit.safe,
      decision: this.of(edit),
    };
    if (made?.decision === "corrected") record.text = made.text;
    if (made?.reviewer) record.reviewer = made.reviewer;
    if (made?.decided) record.decided = made.decided;
    if (before) record.before = before;
    if (after) record.after = after;
    return record;
  },

  /**
   * Take over what a decisions file says about the edits of this page, and its rules. Returns how many decisions were
   * taken and how many belong to other inputs or edits. Throws an Error with a sentence for the reader if it is no such file.
   */
  load(content) {
    let file;
    try {
      file = JSON.parse(content.replace(/^\ufeff/, ""));
    } catch (error) {
      throw new Error(`The file is not JSON: ${error.message}`);
    }
    if (!Array.isArray(file?.documents)) throw new Error("The file is not a decisions file: it has no documents.");
    if (file.version !== 1) throw new Error("The file has another version than this page knows.");
    const known = new Map(edits.map((edit) => [place(documents[edit.document], edit), edit]));
    const changes = [];
    let foreign = 0;
    for (const source of file.documents) {
      for (const record of Array.isArray(source?.edits) ? source.edits : []) {
        const { decision, text, reviewer, decided } = record ?? {};
        if (!["accepted", "rejected", "corrected"].includes(decision)) continue;
        const edit = known.get(place(source, record));
        if (!edit || (decision === "corrected") !== (typeof text === "string")) foreign++;
        else changes.push([edit, { decision, text, reviewer: String(reviewer ?? ""), decided: String(decided ?? "") }]);
      }
    }
    const rules = (Array.isArray(file.never_again) ? file.never_again : []).filter((rule) => rule?.original && typeof rule.original === "string");
    this.set(changes, this.rulesWith(rules));
    return { edits: changes.map(([edit]) => edit), foreign };
  },
};

/** The time as in RFC 3339, to the second. */
function now() {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

/** A rule as the file has it: fields that are not strings, or empty, are left out. */
function ruleLine(rule) {
  const { original, replacement, path, reviewer, decided } = rule;
  const fields = { original, replacement, path: path || null, reviewer: reviewer || null, decided: decided || null };
  return line(Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === "string")));
}

function place(source, edit) {
  return JSON.stringify([source.path, source.sha256, edit.start, edit.end, edit.original, edit.replacement]);
}

/** A number that JSON shows with a decimal point, as Python does. */
function probability(value) {
  return Number.isInteger(value) ? { literal: value.toFixed(1) } : value;
}

/** JSON on one line, with blanks after commas and colons. */
function line(value) {
  if (Array.isArray(value)) return `[${value.map(line).join(", ")}]`;
  if (value?.literal) return value.literal;
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${line(item)}`).join(", ")}}`;
}
