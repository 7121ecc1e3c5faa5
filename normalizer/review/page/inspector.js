"use strict";
// The panel about the selected edit: what it is, why, what else it could be, and the buttons that decide.

const inspector = {
  edit: null,

  /** Show an edit, or a hint when there is none. `act` has the functions that the buttons call. */
  render(edit, act) {
    this.edit = edit;
    const panel = byId("inspector");
    if (!edit) {
      panel.replaceChildren(make("p", { class: "hint" }, "Choose a marked word, or press J for the first one."), this.file(act));
      return;
    }
    panel.replaceChildren(this.change(edit), this.choice(edit, act), this.wider(edit, act), this.reasons(edit), this.file(act));
  },

  change(edit) {
    const section = make("section", { "aria-label": "Change" });
    const state = shownState(edit);
    section.append(
      make("p", { class: "tags" },
        make("span", { class: "kind", "data-kind": edit.kind }, edit.kind),
        edit.safe ? make("span", { class: "tag" }, "safe") : "",
        make("span", { class: "tag", "data-state": state }, STATES[state])),
      make("p", { class: "change" }, quoted("del", edit.original), make("span", { class: "arrow", role: "img", "aria-label": "to" }, "→"), quoted("ins", edit.replacement)),
    );
    const meter = make("span", { class: "meter", "aria-hidden": "true" }, make("span"));
    meter.firstChild.style.setProperty("--confidence", edit.confidence);
    section.append(make("p", { class: "sure" }, meter, `${percent(edit.confidence)} sure`));
    return section;
  },

  choice(edit, act) {
    const section = make("section", { "aria-label": "Decision" });
    const made = decisions.made[edit.id];
    const wordings = [{ text: edit.replacement, confidence: edit.confidence }, ...edit.alternatives];
    const chosen = made?.decision === "corrected" ? wordings.findIndex((w, i) => i && w.text === made.text) : 0;
    const own = make("input", {
      type: "text", id: "own", placeholder: "Other wording", "aria-label": "Other wording", autocomplete: "off", maxlength: 2000,
      keydown: (event) => { if (event.key === "Enter" && !event.isComposing) act.correct(edit, own.value); },
    });
    if (chosen < 0) own.value = made.text;
    if (wordings.length > 1) {
      const list = make("ol", { class: "wordings" });
      wordings.forEach((wording, index) => {
        const button = make("button", {
          type: "button", "aria-pressed": String(Boolean(made) && made.decision !== "rejected" && index === chosen),
          click: () => (index ? act.correct(edit, wording.text) : act.accept([edit])),
        }, make("kbd", {}, String(index + 1)), quoted("span", wording.text), make("span", { class: "share" }, percent(wording.confidence)));
        list.append(make("li", {}, button));
      });
      section.append(list);
    }
    section.append(
      make("div", { class: "row main" },
        make("button", { type: "button", id: "accept", class: "accept", "aria-pressed": String(decisions.of(edit) === "accepted"), click: () => act.accept([edit]) }, "Accept ", make("kbd", {}, "A")),
        make("button", { type: "button", id: "reject", class: "reject", "aria-pressed": String(decisions.of(edit) === "rejected"), click: () => act.reject([edit]) }, "Reject ", make("kbd", {}, "R"))),
      make("div", { class: "row own" }, own, make("button", { type: "button", id: "use-own", click: () => act.correct(edit, own.value) }, "Use")),
      make("div", { class: "row quiet" },
        make("button", { type: "button", id: "back", class: "plain", click: () => act.step(-1) }, "← Back ", make("kbd", {}, "K")),
        made ? make("button", { type: "button", id: "reset", class: "plain", click: () => act.reset([edit]) }, "Undecide ", make("kbd", {}, "X")) : "",
        make("button", { type: "button", id: "skip", class: "plain", click: () => act.step(1) }, "Skip → ", make("kbd", {}, "J"))),
    );
    return section;
  },

  wider(edit, act) {
    const same = samePair(edit);
    const places = new Set(same.map((other) => other.document)).size;
    const kind = documents[edit.document].edits.filter((other) => other.kind === edit.kind && passes(other) && matches(other) && decisions.of(other) === "undecided");
    const section = make("section", { "aria-labelledby": "wider-heading" }, make("h3", { id: "wider-heading" }, "More of the same"));
    const group = (label, about, name) => make("div", { class: "group" }, make("p", {}, label), make("div", { class: "row" },
      make("button", { type: "button", id: `accept-${name}`, click: () => act.accept(about) }, "Accept all"),
      make("button", { type: "button", id: `reject-${name}`, click: () => act.reject(about) }, "Reject all")));
    if (same.length > 1) {
      section.append(group(`This pair: ${count(same.length, "place")}${places > 1 ? ` in ${count(places, "document")}` : ""}`, same, "pair"));
    }
    if (kind.length) section.append(group(`Kind “${edit.kind}” in this document: ${kind.length.toLocaleString("en")} proposed and undecided`, kind, "kind"));
    section.append(make("div", { class: "row" }, make("button", {
      type: "button", id: "never", title: "Rejects this pair everywhere; normalizer apply writes an ignore rule into the configuration", click: () => act.never(edit),
    }, "Never again ", make("kbd", {}, "I"))));
    return section;
  },

  reasons(edit) {
    const [row, column] = linePosition(edit);
    const list = make("ul", { class: "evidence" });
    for (const index of edit.evidence) list.append(quoted("li", report.evidence[index], 400));
    return make("section", { "aria-labelledby": "reasons-heading" },
      make("h3", { id: "reasons-heading" }, "Evidence"), list,
      make("p", { class: "place" }, `Line ${row.toLocaleString("en")}, column ${column.toLocaleString("en")}`));
  },

  file(act) {
    return make("section", { class: "file", "aria-labelledby": "file-heading" },
      make("h3", { id: "file-heading" }, "Decisions file"),
      make("p", {}, "Kept in this tab until you download it. Then: ", make("code", {}, `normalizer apply ${FILE_NAME}`)),
      make("div", { class: "row" },
        make("input", { type: "text", id: "reviewer", value: act.reviewer(), placeholder: "Your name (optional)", "aria-label": "Your name, for the decisions file", autocomplete: "off", input: (event) => act.signed(event.target.value) }),
        make("button", { type: "button", id: "load", title: "Go on from a decisions file", click: () => byId("file").click() }, "Load…")),
      ...this.rules(act));
  },

  rules(act) {
    if (!decisions.rules.length) return [];
    const list = make("ul", { id: "rules", class: "rules", "aria-labelledby": "rules-heading" });
    decisions.rules.forEach((rule, index) => {
      const label = `Take back: ${plain(rule.original, 40)}`;
      list.append(make("li", {},
        make("span", {}, quoted("del", rule.original, 80), ...(typeof rule.replacement === "string" ? [" → ", quoted("ins", rule.replacement, 80)] : [])),
        make("button", { type: "button", id: `forget-${index}`, class: "plain", "aria-label": label, title: "Write no rule for this", click: () => act.forget(rule) }, "✕")));
    });
    return [make("p", { id: "rules-heading" }, "Never again: ", make("code", {}, "normalizer apply"), " writes these into your configuration"), list];
  },
};
