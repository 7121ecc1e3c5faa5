"use strict";
// The page at work: what the controls and keys do, and which views follow.

const FILE_NAME = "normalizer-decisions.json";

const page = { document: null, edit: null, view: "inline", reviewer: "", shortcuts: true };

const act = {
  reviewer: () => page.reviewer,
  signed: (name) => { page.reviewer = name.trim(); },

  accept: (chosen) => decide(chosen, "accepted"),
  reject: (chosen) => decide(chosen, "rejected"),
  reset: (chosen) => decide(chosen, "undecided"),
  correct: (edit, text) => decide([edit], text === edit.replacement ? "accepted" : "corrected", text),

  /** Reject this pair everywhere, and note that it is not wanted. */
  never(edit) {
    const changed = decisions.never(edit, page.reviewer);
    changedDecisions(changed);
    announce(`Never again: ${plain(edit.original, 40)}. Rejected: ${count(changed.length, "edit")}.`);
    act.step(1, true);
  },

  /** Take back a rule; what was rejected stays so. */
  forget(rule) {
    decisions.forget(rule);
    refresh();
    announce(`No rule any more: ${plain(rule.original, 40)}.`);
  },

  /**
   * Choose the next (1) or previous (-1) edit, in any document: one that the filter shows, and that is proposed or
   * decided; with `open`, one that is proposed.
   */
  step(direction, open = false) {
    const first = edits.findIndex((edit) => edit.document >= (page.document?.index ?? 0));
    const start = page.edit ? page.edit.id : (first < 0 ? edits.length : first) - (direction > 0 ? 1 : 0);
    for (let id = start + direction; id >= 0 && id < edits.length; id += direction) {
      const edit = edits[id];
      const state = shownState(edit);
      if (!matches(edit) || state === "held" || (open && state !== "open")) continue;
      return select(edit, { focus: true });
    }
    return announce(direction > 0 ? "That was the last edit." : "That was the first edit.");
  },

  show(edit) {
    if (page.view === "pairs") setView("inline");
    select(edit, { focus: true });
  },

  undo() {
    if (!decisions.history.length) return;
    const changed = decisions.undo();
    changedDecisions(changed);
    if (changed.length && page.view !== "pairs") select(changed[0], { focus: true });
    announce(changed.length ? `Undone: ${count(changed.length, "decision")}.` : "Undone.");
  },
};

function decide(chosen, decision, text) {
  const changed = decisions.decide(chosen, decision, page.reviewer, decision === "corrected" ? text : undefined);
  changedDecisions(changed);
  const words = { accepted: "Accepted", rejected: "Rejected", corrected: "Accepted with other wording", undecided: "Undecided" };
  if (chosen.length === 1) announce(`${words[decision]}: ${plain(chosen[0].original, 40)}.`);
  else announce(`${words[decision]}: ${count(changed.length, "edit")}.`);
  if (chosen.length === 1 && decision !== "undecided" && page.edit === chosen[0] && page.view !== "pairs") act.step(1, true);
}

/** Bring everything up to date after decisions about `changed`. */
function changedDecisions(changed) {
  reading.update(changed.filter((edit) => edit.document === page.document?.index));
  refresh();
}

/** Bring counts, lists and the panel up to date; marks in the text are the caller's matter. */
function refresh() {
  progress();
  passing();
  documentList.update(page.document);
  const found = edits.reduce((sum, edit) => sum + (matches(edit) ? 1 : 0), 0);
  byId("found").textContent = filtering() ? `${found.toLocaleString("en")} of ${count(edits.length, "edit")}` : "";
  byId("clear").hidden = !filtering();
  byId("undo").disabled = !decisions.history.length;
  if (page.view === "pairs") keepFocus(() => pairTable.draw(act));
  keepFocus(() => inspector.render(page.edit, act));
}

/** Run something that builds elements anew, and give the focus back to the one in the same place. */
function keepFocus(build) {
  const { activeElement } = document;
  const id = activeElement?.id;
  const label = activeElement?.getAttribute("aria-label");
  const value = id === "own" ? activeElement.value : null;
  build();
  if (document.activeElement === activeElement || activeElement === document.body) return;
  const again = id ? byId(id) : label && document.querySelector(`#pairs [aria-label="${CSS.escape(label)}"]`);
  if (value !== null && again && !again.value) again.value = value;
  (again || reading.control(page.edit ?? {}) || byId("reading")).focus({ preventScroll: true });
}

/** How far the review is: what is decided, of that and all that the slider proposes. */
function progress() {
  const states = { accepted: 0, corrected: 0, rejected: 0, open: 0, held: 0 };
  for (const edit of edits) states[shownState(edit)]++;
  const accepted = states.accepted + states.corrected;
  const made = accepted + states.rejected;
  const share = (number) => `${made + states.open ? (100 * number) / (made + states.open) : 0}%`;
  byId("track-accepted").style.setProperty("inline-size", share(accepted));
  byId("track-rejected").style.setProperty("inline-size", share(states.rejected));
  set(byId("track"), { "aria-valuemax": Math.max(1, made + states.open), "aria-valuenow": made });
  byId("progress").textContent = `${made.toLocaleString("en")} decided, ${states.open.toLocaleString("en")} to go`;
  byId("progress").title = `${accepted.toLocaleString("en")} accepted, ${states.rejected.toLocaleString("en")} rejected`;
}

/** What the slider says, and the buttons that follow it: they decide what the filter shows and nobody decided yet. */
function passing() {
  const [above, below] = aboveAndBelow();
  const [open, rest] = [above, below].map((list) => list.filter((edit) => decisions.of(edit) === "undecided"));
  byId("passing").replaceChildren(
    make("strong", {}, above.length.toLocaleString("en")),
    ` of ${count(above.length + below.length, "edit")} at `, make("strong", {}, filter.threshold.toFixed(2)), " or more",
  );
  byId("threshold").setAttribute("aria-valuetext", `${filter.threshold.toFixed(2)}: ${above.length} of ${above.length + below.length} edits`);
  byId("accept-passing").textContent = `Accept ${open.length.toLocaleString("en")}`;
  byId("reject-rest").textContent = `Reject the other ${rest.length.toLocaleString("en")}`;
  byId("accept-passing").disabled = !open.length;
  byId("reject-rest").disabled = !rest.length;
}

function aboveAndBelow() {
  const above = [];
  const below = [];
  for (const edit of edits) {
    if (matches(edit)) (passes(edit) ? above : below).push(edit);
  }
  return [above, below];
}

function select(edit, { focus = false } = {}) {
  if (documents[edit.document] !== page.document) openDocument(documents[edit.document]);
  for (const mark of reading.marks.get(page.edit?.id) ?? []) {
    mark.removeAttribute("aria-current");
    mark.tabIndex = -1;
  }
  page.edit = edit;
  for (const mark of reading.marks.get(edit.id) ?? []) mark.setAttribute("aria-current", "true");
  const control = reading.control(edit);
  if (control) {
    control.tabIndex = 0;
    if (focus && !byId("inspector").contains(document.activeElement)) control.focus({ preventScroll: true });
    if (focus) control.scrollIntoView({ block: "nearest" });
  }
  keepFocus(() => inspector.render(edit, act));
}

function openDocument(source) {
  page.document = source;
  page.edit = null;
  reading.render(source, page.view === "side");
  byId("reading").scrollTop = 0;
  const first = source.edits.find((edit) => matches(edit) && passes(edit)) ?? source.edits[0];
  const control = first && reading.control(first);
  if (control) control.tabIndex = 0;
  documentList.update(source);
  keepFocus(() => inspector.render(null, act));
}

function turn(direction) {
  const items = [...byId("documents").children];
  for (let index = page.document.index + direction; index >= 0 && index < items.length; index += direction) {
    if (items[index].hidden) continue;
    openDocument(documents[index]);
    items[index].scrollIntoView({ block: "nearest" });
    return;
  }
}

function setView(view) {
  page.view = view;
  document.querySelector(`input[name="view"][value="${view}"]`).checked = true;
  byId("document-view").hidden = view === "pairs";
  byId("pairs-view").hidden = view !== "pairs";
  document.body.dataset.view = view;
  if (view === "pairs") {
    pairTable.draw(act);
    byId("reading").scrollTop = 0;
  } else if (reading.side !== (view === "side")) {
    const { edit } = page;
    reading.render(page.document, view === "side");
    if (edit) select(edit, { focus: true });
  }
}

function changedFilter() {
  pairTable.most = PAIRS_AT_ONCE;
  reading.update(page.document?.edits ?? []);
  plot.draw(edits.filter((edit) => matches(edit)));
  refresh();
}

function changedThreshold() {
  filter.threshold = Number(byId("threshold").value);
  reading.update(page.document?.edits ?? []);
  plot.place();
  kindList.update();
  refresh();
}

function announce(sentence) {
  byId("announcement").textContent = sentence;
}

function notice(sentence) {
  byId("notice").hidden = !sentence;
  byId("notice").textContent = sentence;
}

function download() {
  const url = URL.createObjectURL(new Blob([decisions.dump()], { type: "application/json" }));
  const link = make("a", { href: url, download: FILE_NAME });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  decisions.saved = true;
  announce("The decisions file was handed to the browser.");
}

async function load(file) {
  try {
    const { edits: changed, foreign } = decisions.load(await file.text());
    changedDecisions(changed);
    announce(`${count(changed.length, "decision")} taken from the file.`);
    notice(foreign ? `${count(changed.length, "decision")} taken from the file; ${foreign.toLocaleString("en")} belong to other inputs or edits and were left out.` : "");
  } catch (error) {
    notice(error.message);
  }
}

const THEMES = ["system", "light", "dark"];

function setTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId("theme").textContent = `Theme: ${theme}`;
  byId("theme").value = theme;
}

const KEYS = [
  ["j", "next edit", () => act.step(1)],
  ["k", "previous edit", () => act.step(-1)],
  ["a", "accept, go to the next undecided", () => page.edit && act.accept([page.edit])],
  ["r", "reject, go to the next undecided", () => page.edit && act.reject([page.edit])],
  ["x", "take the decision back", () => page.edit && act.reset([page.edit])],
  ["A", "accept this pair everywhere", () => page.edit && act.accept(samePair(page.edit))],
  ["R", "reject this pair everywhere", () => page.edit && act.reject(samePair(page.edit))],
  ["i", "never again: reject everywhere, write an ignore rule when applied", () => page.edit && act.never(page.edit)],
  ["e", "write another wording", () => byId("own")?.focus()],
  ["u", "undo", () => act.undo()],
  ["[", "previous document", () => turn(-1)],
  ["]", "next document", () => turn(1)],
  ["v", "next view", () => setView({ inline: "side", side: "pairs", pairs: "inline" }[page.view])],
  ["/", "find", () => byId("search").focus()],
  ["?", "these keys", () => byId("keys").showModal()],
];

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || byId("keys").open) return;
  const typing = event.target.matches?.("input:not([type=checkbox], [type=radio]), select");
  if (event.key === "Escape" && typing) return byId("reading").focus();
  if (typing) return undefined;
  if (event.target.matches?.(".text .edit") && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    return select(edits[event.target.dataset.id]);
  }
  if (!page.shortcuts || (page.view === "pairs" && !"vu/?".includes(event.key))) return undefined;
  const wording = /^[1-9]$/.test(event.key) && page.edit ? [page.edit.replacement, ...page.edit.alternatives.map((a) => a.text)][event.key - 1] : undefined;
  const [, , action] = KEYS.find(([key]) => key === event.key) ?? [];
  if (wording === undefined && !action) return undefined;
  event.preventDefault();
  return wording === undefined ? action() : act.correct(page.edit, wording);
}

function start() {
  document.title = `Review of ${count(documents.length, "document")}`;
  byId("threshold").value = filter.threshold;
  filter.threshold = Number(byId("threshold").value);
  kindList.build((kind, wanted) => {
    filter.kinds[wanted ? "add" : "delete"](kind);
    changedFilter();
  });
  kindList.update();
  documentList.build((source) => {
    if (page.view === "pairs") setView("inline");
    openDocument(source);
  });
  pairTable.build(() => keepFocus(() => pairTable.draw(act)));
  byId("key-list").replaceChildren(...KEYS.map(([key, meaning]) => make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, key)), make("td", {}, meaning))),
    make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, "1"), "–", make("kbd", {}, "9")), make("td", {}, "choose a wording")));

  byId("threshold").addEventListener("input", changedThreshold);
  byId("held-back").addEventListener("change", (event) => byId("text").classList.toggle("quiet", !event.target.checked));
  byId("safe-only").addEventListener("change", (event) => { filter.safeOnly = event.target.checked; changedFilter(); });
  byId("search").addEventListener("input", (event) => { searchFor(event.target.value); changedFilter(); });
  byId("status").addEventListener("change", (event) => { filter.status = event.target.value; changedFilter(); });
  byId("clear").addEventListener("click", clearFilter);
  byId("accept-passing").addEventListener("click", () => act.accept(aboveAndBelow()[0].filter((edit) => decisions.of(edit) === "undecided")));
  byId("reject-rest").addEventListener("click", () => act.reject(aboveAndBelow()[1].filter((edit) => decisions.of(edit) === "undecided")));
  byId("undo").addEventListener("click", () => act.undo());
  byId("download").addEventListener("click", download);
  byId("file").addEventListener("change", (event) => { const [file] = event.target.files; if (file) load(file); event.target.value = ""; });
  byId("theme").addEventListener("click", (event) => setTheme(THEMES[(THEMES.indexOf(event.target.value || "system") + 1) % THEMES.length]));
  byId("help").addEventListener("click", () => byId("keys").showModal());
  byId("shortcuts").addEventListener("change", (event) => { page.shortcuts = event.target.checked; });
  byId("previous-document").addEventListener("click", () => turn(-1));
  byId("next-document").addEventListener("click", () => turn(1));
  for (const choice of document.querySelectorAll('input[name="view"]')) choice.addEventListener("change", () => setView(choice.value));
  byId("text").addEventListener("click", (event) => {
    const mark = event.target.closest(".edit");
    if (mark && !String(getSelection())) select(edits[mark.dataset.id], { focus: true });
  });
  byId("text").addEventListener("focusin", (event) => {
    const mark = event.target.closest(".edit");
    if (mark && edits[mark.dataset.id] !== page.edit) select(edits[mark.dataset.id]);
  });
  document.addEventListener("keydown", pressed);
  addEventListener("beforeunload", (event) => { if (!decisions.saved) event.preventDefault(); });

  plot.draw(edits);
  if (documents.length) openDocument(documents[0]);
  refresh();
  document.documentElement.dataset.ready = "true";
}

function clearFilter() {
  Object.assign(filter, { kinds: new Set(report.kinds), search: "", status: "", safeOnly: false });
  byId("search").value = "";
  byId("status").value = "";
  byId("safe-only").checked = false;
  for (const box of byId("kinds").querySelectorAll("input")) box.checked = true;
  byId("search").focus();
  changedFilter();
}

start();
