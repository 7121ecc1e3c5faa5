"use strict";
// The document that is read: its text with the edits marked, inline or as two columns. Only one is rendered at a time.

const STATES = {
  open: "proposed", held: "held back", accepted: "accepted", corrected: "accepted with other wording", rejected: "rejected",
};

const reading = {
  document: null,
  side: false,
  /** The elements that stand for an edit of this document, by the edit's id. */
  marks: new Map(),

  /** Show a document; `side` for two columns. */
  render(source, side) {
    this.document = source;
    this.side = side;
    this.marks.clear();
    const text = byId("text");
    text.classList.toggle("side", side);
    const rows = paragraphs(source).map((pieces) => {
      if (!side) return paragraph(pieces, (edit) => this.mark(edit));
      const row = make("div", { class: "pair" });
      row.append(paragraph(pieces, (edit) => this.source(edit)), paragraph(pieces, (edit) => this.mark(edit)));
      return row;
    });
    if (side) {
      rows.unshift(make("div", { class: "pair titles", "aria-hidden": "true" }, make("p", {}, "Original"), make("p", {}, "Restored")));
    }
    text.replaceChildren(...rows);
    byId("path").replaceChildren();
    write(byId("path"), documentName(source));
    this.update(source.edits);
  },

  /** A mark that can be chosen and decided. */
  mark(edit) {
    const mark = make("span", { class: "edit", role: "button", tabindex: -1, "data-id": edit.id, "data-kind": edit.kind });
    mark.append(quoted("del", edit.original, Infinity), make("span", { class: "gap" }, " "), quoted("ins", edit.replacement, Infinity));
    mark.style.setProperty("--confidence", edit.confidence);
    this.keep(edit, mark);
    return mark;
  },

  /** The counterpart of a mark in the column of the original: for the mouse and the eye only. */
  source(edit) {
    const mark = make("span", { class: "edit original", "data-id": edit.id, "data-kind": edit.kind });
    mark.append(quoted("del", edit.original, Infinity));
    mark.style.setProperty("--confidence", edit.confidence);
    this.keep(edit, mark);
    return mark;
  },

  keep(edit, mark) {
    const marks = this.marks.get(edit.id);
    if (marks) marks.push(mark);
    else this.marks.set(edit.id, [mark]);
  },

  /** The mark of an edit that takes the keyboard focus, if its document is shown. */
  control(edit) {
    return this.marks.get(edit.id)?.at(-1);
  },

  /** Show the present state of edits. */
  update(changed) {
    for (const edit of changed) {
      const marks = this.marks.get(edit.id);
      if (!marks) continue;
      const state = shownState(edit);
      const shown = matches(edit);
      for (const mark of marks) {
        if (mark.dataset.state !== state) mark.dataset.state = state;
        mark.classList.toggle("out", !shown);
      }
      const control = marks.at(-1);
      const wording = state === "corrected" ? decisions.made[edit.id].text : edit.replacement;
      if (state === "corrected" || control.dataset.corrected) {
        control.lastChild.replaceWith(quoted("ins", wording, Infinity));
        control.dataset.corrected = "true";
      }
      control.setAttribute(
        "aria-label",
        `${plain(edit.original) || "nothing"} → ${plain(wording) || "nothing"}, ${STATES[state]}, ${edit.kind}, ${percent(edit.confidence)}`,
      );
    }
    this.summarise();
  },

  summarise() {
    const { edits: own, spun, engine } = this.document;
    const left = own.filter((edit) => decisions.of(edit) === "undecided" && passes(edit)).length;
    const engines = { "replaces-all": "replaces every word it knows", "keeps-some": "keeps some words", thesaurus: "plain thesaurus" };
    const verdict = spun >= 0.5 ? `spun (${percent(spun)}${engines[engine] ? `, ${engines[engine]}` : ""})` : `not spun (${percent(1 - spun)})`;
    byId("state").textContent = own.length
      ? `${count(own.length, "edit")}, ${left ? `${left.toLocaleString("en")} to decide` : "all above the slider decided"} · ${verdict}`
      : `nothing found · ${verdict}`;
  },
};

function documentName(source) {
  return source.path === "-" ? "standard input" : source.path;
}

/** The text of a document as paragraphs, each a list of strings and edits. Line ends inside of an edit do not part. */
function paragraphs(source) {
  const rows = [[]];
  const add = (text) => {
    const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
    lines.forEach((part, index) => {
      if (index) rows.push([]);
      if (part) rows.at(-1).push(part);
    });
  };
  let done = 0;
  for (const edit of source.edits) {
    if (edit.from < done) continue;
    add(source.text.slice(done, edit.from));
    rows.at(-1).push(edit);
    done = edit.to;
  }
  add(source.text.slice(done));
  if (rows.length > 1 && !rows.at(-1).length) rows.pop();
  return rows;
}

function paragraph(pieces, mark) {
  const element = make("p");
  for (const piece of pieces) {
    if (typeof piece === "string") write(element, piece);
    else element.append(mark(piece));
  }
  return set(element, { dir: "auto" }); // last, or the browser looks for the direction after every piece
}
