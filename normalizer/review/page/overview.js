"use strict";
// All edits at once: the plot of confidence, the kinds, the list of documents, and the table of pairs.

const BINS = 40;
const PAIRS_AT_ONCE = 200;

const plot = {
  /**
   * Draw the plot for `chosen`: a line for how many edits reach each confidence, and bars for how many are there. The
   * line's scale is the number of edits, the bars' is the tallest bar.
   */
  draw(chosen) {
    const chart = byId("chart");
    const [width, height] = [256, 88];
    const bars = histogram(chosen, BINS);
    const total = chosen.length;
    const scale = (number) => (total ? (number / total) * (height - 4) : 0);
    const tallest = Math.max(...bars);
    const parts = [];
    const step = width / BINS;
    bars.forEach((number, bin) => {
      if (!number) return;
      const tall = Math.max(2, (number / tallest) * (height - 4));
      const bar = makeSvg("rect", { class: "bin", "data-from": bin / BINS, x: bin * step + 0.5, y: height - tall, width: step - 1, height: tall });
      bar.append(makeSvg("title"));
      bar.firstChild.textContent = `${count(number, "edit")} from ${(bin / BINS).toFixed(3)}`;
      parts.push(bar);
    });
    let reached = total;
    let path = `M0 ${height - scale(total)}`;
    bars.forEach((number, bin) => {
      reached -= number;
      path += `L${(bin + 1) * step} ${height - scale(reached)}`;
    });
    parts.push(makeSvg("path", { class: "reach", d: path }), makeSvg("line", { class: "here", id: "here", y1: 0, y2: height }));
    chart.replaceChildren(...parts);
    byId("chart-most").textContent = total.toLocaleString("en");
    const share = (least) => chosen.filter((edit) => edit.confidence >= least).length.toLocaleString("en");
    chart.setAttribute("aria-label", `Number of edits by confidence: ${share(0)} in all, ${share(0.5)} at 0.5 or more, ${share(0.9)} at 0.9 or more, ${share(0.99)} at 0.99 or more`);
    this.place();
  },

  /** Move the slider's line. */
  place() {
    const x = filter.threshold * 256;
    set(byId("here"), { x1: x, x2: x });
    for (const bar of byId("chart").querySelectorAll(".bin")) bar.classList.toggle("below", Number(bar.dataset.from) < filter.threshold - 1e-9);
  },
};

const kindList = {
  build(changed) {
    const rows = report.kinds.filter((kind) => edits.some((edit) => edit.kind === kind)).map((kind) =>
      make("li", {}, make("label", {},
        make("input", { type: "checkbox", checked: true, "data-kind": kind, change: (event) => changed(kind, event.target.checked) }),
        make("span", { class: "kind", "data-kind": kind }, kind), make("span", { class: "number", id: `kind-${kind}` }))));
    byId("kinds").replaceChildren(...rows);
  },

  update() {
    const total = {};
    const passing = {};
    for (const edit of edits) {
      total[edit.kind] = (total[edit.kind] ?? 0) + 1;
      if (passes(edit)) passing[edit.kind] = (passing[edit.kind] ?? 0) + 1;
    }
    for (const kind of Object.keys(total)) {
      byId(`kind-${kind}`).textContent = (passing[kind] ?? 0).toLocaleString("en");
      byId(`kind-${kind}`).title = `${(passing[kind] ?? 0).toLocaleString("en")} of ${count(total[kind], "edit")} reach the slider`;
    }
  },
};

const documentList = {
  build(chosen) {
    byId("documents").replaceChildren(...documents.map((source) => make("li", {},
      make("button", { type: "button", "data-document": source.index, click: () => chosen(source) },
        write(make("span", { class: "name", dir: "auto" }), documentName(source)), " ",
        make("span", { class: "number" }), make("span", { class: "bar", "aria-hidden": "true" }, make("span"))))));
  },

  /** Counts of what the filter shows; documents without any are left out while there is a filter. */
  update(current) {
    const shown = new Array(documents.length).fill(0);
    const open = new Array(documents.length).fill(0);
    for (const edit of edits) {
      if (!matches(edit)) continue;
      shown[edit.document]++;
      if (decisions.of(edit) === "undecided" && passes(edit)) open[edit.document]++;
    }
    const narrow = filtering();
    [...byId("documents").children].forEach((item, index) => {
      item.hidden = narrow && !shown[index];
      const [button] = item.children;
      const [, number, bar] = button.children;
      const label = narrow ? shown[index].toLocaleString("en") : open[index].toLocaleString("en");
      if (number.textContent !== label) number.textContent = label;
      const wanted = `${plain(documentName(documents[index]), 200)} ${narrow ? count(shown[index], "match", "matches") : `${open[index].toLocaleString("en")} to decide`}`;
      if (button.getAttribute("aria-label") !== wanted) button.setAttribute("aria-label", wanted);
      const total = documents[index].edits.length;
      const made = documents[index].edits.reduce((sum, edit) => sum + (decisions.made[edit.id] ? 1 : 0), 0);
      bar.firstChild.style.setProperty("inline-size", `${total ? (100 * made) / total : 0}%`);
      if (source(index) === current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
    function source(index) { return documents[index]; }
  },
};

const pairTable = {
  columns: [
    ["Original", (pair) => pair.original.toLowerCase()],
    ["Replacement", (pair) => pair.replacement.toLowerCase()],
    ["Kind", (pair) => pair.kind],
    ["Places", (pair) => pair.count],
    ["Confidence", (pair) => pair.confidence],
    ["Accepted", (pair) => pair.accepted],
    ["Rejected", (pair) => pair.rejected],
    ["Decide", null],
  ],
  sorted: 3,
  descending: true,
  most: PAIRS_AT_ONCE,

  build(changed) {
    const head = byId("pairs").tHead.rows[0];
    head.replaceChildren(...this.columns.map(([name, key], index) => {
      const cell = make("th", { scope: "col", class: index >= 3 && index <= 6 ? "numeric" : "" });
      if (!key) return make("th", { scope: "col" }, name);
      cell.append(make("button", { type: "button", click: () => {
        this.descending = this.sorted === index ? !this.descending : index >= 3;
        this.sorted = index;
        changed();
      } }, name));
      return cell;
    }));
    byId("more-pairs").addEventListener("click", () => {
      this.most += 1000;
      changed();
    });
  },

  draw(act) {
    const pairs = pairsOf(edits.filter((edit) => matches(edit)));
    const [, key] = this.columns[this.sorted];
    const sign = this.descending ? -1 : 1;
    const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    pairs.sort((a, b) => sign * order(key(a), key(b)) || b.count - a.count || order(a.original, b.original));
    [...byId("pairs").tHead.rows[0].cells].forEach((cell, index) => {
      if (index === this.sorted) cell.setAttribute("aria-sort", this.descending ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    byId("pairs").tBodies[0].replaceChildren(...pairs.slice(0, this.most).map((pair) => this.row(pair, act)));
    byId("pairs-count").textContent = `${count(pairs.length, "pair")} for ${count(pairs.reduce((sum, pair) => sum + pair.count, 0), "edit")}`;
    const rest = pairs.length - this.most;
    byId("more-pairs").hidden = rest <= 0;
    byId("more-pairs").textContent = `Show ${Math.min(rest, 1000).toLocaleString("en")} more of ${count(rest, "pair")}`;
  },

  row(pair, act) {
    const name = `${plain(pair.original, 40) || "nothing"} to ${plain(pair.replacement, 40) || "nothing"}`;
    const meter = make("span", { class: "meter", "aria-hidden": "true" }, make("span"));
    meter.firstChild.style.setProperty("--confidence", pair.confidence);
    const button = (label, action, extra = {}) => make("button", { type: "button", "aria-label": `${label}: ${name}`, click: action, ...extra }, label);
    return make("tr", { class: pair.undecided ? "" : "done" },
      make("th", { scope: "row" }, quoted("del", pair.original, 80)),
      make("td", {}, quoted("ins", pair.replacement, 80)),
      make("td", {}, make("span", { class: "kind", "data-kind": pair.kind }, pair.kind)),
      make("td", { class: "numeric" }, pair.count.toLocaleString("en")),
      make("td", { class: "numeric sure" }, meter, percent(pair.confidence)),
      make("td", { class: "numeric" }, pair.accepted ? pair.accepted.toLocaleString("en") : "–"),
      make("td", { class: "numeric" }, pair.rejected ? pair.rejected.toLocaleString("en") : "–"),
      make("td", { class: "acts" },
        button("Accept", () => act.accept(pair.edits), { "aria-pressed": String(pair.accepted === pair.count) }),
        button("Reject", () => act.reject(pair.edits), { "aria-pressed": String(pair.rejected === pair.count) }),
        button("Show", () => act.show(pair.edits[0]), { class: "plain" })));
  },
};
