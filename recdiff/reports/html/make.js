/* What the page knows, and how a changed text becomes elements. Recorded text is only ever a text node: the page's
   policy forbids markup from strings altogether. */

const data = JSON.parse(document.getElementById("data").textContent);
const main = document.getElementById("recordings");
const bar = document.querySelector(".bar");
const wide = matchMedia("(min-width: 60rem)");

const state = {
  by: data.by,
  view: remembered("view"),
  words: [],
  statuses: new Set(),
  classes: new Set(),
  passing: new Set(data.files.keys()),
  opened: new Map(), // what the reader opened or closed, by its place in a tree
  printing: false,
  here: null,
};

const KEPT = 0, REMOVED = 1, ADDED = 2, NOTE_OLD = 4, NOTE_NEW = 5;
const TAGS = ["", "del", "ins", "span", "span", "span"];
const LINE = 0, WORDS = 1, REWRITTEN = 3;

function remembered(name) {
  try {
    return localStorage.getItem(`recdiff.${name}`) || "";
  } catch {
    return ""; // a page that was opened from a file may have no storage
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(`recdiff.${name}`, value);
  } catch {
    /* then it is chosen again next time */
  }
}

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter(Boolean));
  return element;
}

function number(count) {
  return count.toLocaleString("en");
}

function plural(count, noun) {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function faint(text) {
  return make("span", "faint", text);
}

function recorded(text, className = "") {
  return text ? make("span", `recorded ${className}`.trim(), text) : "";
}

function folded(className, title, note, isOpen, ...children) {
  const element = make("details", className, make("summary", "", title, note && " ", note), ...children);
  element.open = isOpen;
  return element;
}

/* Texts */

function isBeside() {
  return state.view ? state.view === "side" : wide.matches;
}

function pieces(row, without = []) {
  const found = [];
  for (let at = 0; at < row.length; at += 2) {
    const kind = row[at];
    if (without.includes(kind)) continue;
    found.push(kind === KEPT ? row[at + 1] : make(TAGS[kind], kind > ADDED ? "note" : "", row[at + 1]));
  }
  return found;
}

function hasKept(row) {
  return row.some((kind, at) => at % 2 === 0 && kind === KEPT);
}

function flow(rows) {
  const lines = rows.map((row) => make("div", hasKept(row) ? "row" : "row whole", ...pieces(row)));
  return make("div", "text recorded", ...lines);
}

/* All of the old side, then all of the new one */
function oneAfterTheOther(rows) {
  const side = (tag, without) => make(tag, "", ...rows.flatMap((row, at) =>
    [at ? "\n" : "", ...pieces(row, without).map((piece) => (piece.className === "note" ? piece : piece.textContent ?? piece))]));
  const old = side("del", [ADDED, NOTE_NEW]);
  return make("div", "text recorded", make("div", "row whole", old, side("ins", [REMOVED, NOTE_OLD])));
}

function beside(rows) {
  const head = make("tr", "", make("th", "", "old"), make("th", "", "new"));
  for (const cell of head.children) cell.scope = "col";
  const lines = rows.map((row) => {
    const old = make("td", "recorded", ...pieces(row, [ADDED, NOTE_NEW]));
    return make("tr", "", old, make("td", "recorded", ...pieces(row, [REMOVED, NOTE_OLD])));
  });
  return make("table", "text sides", make("thead", "", head), make("tbody", "", ...lines));
}

function text(kind, rows) {
  if (isBeside() && (kind === WORDS || kind === REWRITTEN)) return beside(rows);
  return kind === REWRITTEN ? oneAfterTheOther(rows) : flow(rows);
}

function block(at) {
  const [place, kind, rows, group] = data.blocks[at];
  const shared = group === undefined ? "" : faint(`in ${plural(data.groups[group].files, "recording")}`);
  const name = recorded(place, "place");
  if (kind === LINE) {
    const className = hasKept(rows[0]) ? "value recorded" : "value whole recorded";
    return make("div", "change line", name, make("span", className, ...pieces(rows[0])), shared);
  }
  const head = name || shared ? make("p", "head", name, shared) : "";
  return make("div", "change", head, text(kind, rows));
}
