/* Which recordings are shown: by status, by class, by words; and where those words stand. */

const words = document.getElementById("words");
const texts = new Map();
const found = globalThis.Highlight ? new Highlight() : null; // a browser without it finds, and marks nothing
if (found) CSS.highlights.set("found", found);

function sift() {
  state.words = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  state.passing = new Set([...data.files.keys()].filter(passes));
  draw();
}

function passes(at) {
  const file = data.files[at];
  if (state.statuses.size && !state.statuses.has(file.status)) return false;
  const isOf = ([index]) => state.classes.has(data.classes[index]);
  if (state.classes.size && !(file.chips || []).some(isOf)) return false;
  return state.words.every((word) => textOf(at).includes(word));
}

function toggleFilter(chosen, value) {
  if (!chosen.delete(value)) chosen.add(value);
  sift();
}

function clearFilters() {
  state.statuses.clear();
  state.classes.clear();
  words.value = "";
  sift();
}

/* All that can be searched of a file; both sides of a text, so that words of either are found whole. */
function textOf(at) {
  if (!texts.has(at)) {
    const file = data.files[at];
    const told = [file.old, file.new, file.test, file.about, file.error, file.asked, file.question, file.outcome, ...(file.marks || [])];
    for (const [, blocks] of [...(file.own || []), ...(file.shared || [])]) {
      for (const one of blocks) {
        const [place, , lines] = data.blocks[one];
        told.push(place, sideOf(lines, [ADDED, NOTE_NEW]), sideOf(lines, [REMOVED, NOTE_OLD]));
      }
    }
    texts.set(at, told.filter(Boolean).join("\n").toLowerCase());
  }
  return texts.get(at);
}

function sideOf(lines, without) {
  return lines.map((row) => row.filter((_, at) => at % 2 && !without.includes(row[at - 1])).join("")).join("\n");
}

function tell() {
  const isFiltered = Boolean(state.statuses.size || state.classes.size || state.words.length);
  const told = isFiltered ? `${number(state.passing.size)} of ${plural(data.files.length, "recording")}` : "";
  bar.querySelector(".shown").textContent = told;
  bar.querySelector("[data-do=clear]").hidden = !isFiltered;
  for (const button of bar.querySelectorAll("[aria-pressed]")) button.ariaPressed = String(isOn(button.dataset));
}

function isOn({ by, view, status, class: name }) {
  if (by) return by === state.by;
  if (view) return (view === "side") === isBeside();
  return status ? state.statuses.has(status) : state.classes.has(name);
}

/* Words that were searched for, where they stand */

function unmark() {
  found?.clear();
}

function mark(root) {
  if (!found || !state.words.length) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.toLowerCase();
    if (text.length === node.length) state.words.forEach((word) => markWord(node, text, word));
  }
}

function markWord(node, text, word) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    const range = new Range();
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    found.add(range);
  }
}
