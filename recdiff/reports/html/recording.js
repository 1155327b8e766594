/* What one recording says once it is opened. */

const TITLES = {
  error: "Error", tool: "Tool calls", finish: "Finish", request: "Request", model: "Model", text: "Reply",
  data: "Data", usage: "Usage", provenance: "Provenance",
};
const MINOR = new Set(["usage", "provenance"]);

function contents(file) {
  const own = file.own || [];
  const isMinor = ([index]) => MINOR.has(data.classes[index]);
  const major = own.filter((part) => !isMinor(part));
  return [
    facts(file),
    file.error && make("p", "problem recorded", file.error),
    (file.asked || file.outcome) && alone(file),
    file.status === "noise" && !file.hidden && make("p", "faint", nothingHidden(file)),
    ...major.map(section),
    file.shared && sharing(file.shared, !major.length),
    file.left && make("p", "faint", `and ${plural(file.left, "more change")} that this page leaves out`),
    ...own.filter(isMinor).map(section),
    file.hidden && hidden(file),
  ].filter(Boolean);
}

function facts(file) {
  const isMoved = file.old && file.new && file.old !== file.new;
  const paths = isMoved ? [make("del", "path recorded", file.old), " → "] : [];
  paths.push(path(file.new || file.old, file.href, isMoved ? "ins" : "span"));
  const why = file.pairing && recorded(`paired: ${file.pairing}`);
  return make("p", "facts", recorded(file.test, "test"), recorded(file.about), make("span", "", ...paths), why);
}

function path(text, href, tag) {
  if (!href) return make(tag, "path recorded", text);
  const anchor = make("a", "path recorded", text);
  anchor.href = href;
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function nothingHidden(file) {
  return file.old === file.new ? "Only the order of keys or white space differs." : "Only the file's name differs.";
}

function section([index, blocks]) {
  const name = data.classes[index];
  const found = blocks.map(block);
  if (MINOR.has(name)) {
    return folded(`part of-${name}`, TITLES[name], faint(plural(blocks.length, "change")), false, ...found);
  }
  return make("section", `part of-${name}`, make("h5", "", TITLES[name]), ...found);
}

function sharing(parts, isOpen) {
  const count = parts.reduce((sum, [, blocks]) => sum + blocks.length, 0);
  const note = faint(`${plural(count, "change")}, told once by group`);
  return folded("part sharing", "As in other recordings", note, isOpen, ...parts.map(section));
}

function alone(file) {
  const row = (term, ...told) => make("div", "", make("dt", "", term), make("dd", "recorded", ...told));
  const marks = (file.marks || []).map((word) => make("span", "chip mark", word));
  return make("dl", "alone", file.asked && row("asked", file.asked), file.outcome && row("outcome", file.outcome),
    marks.length && row("marks", ...marks));
}

function hidden(file) {
  const total = file.hidden.reduce((sum, [, count]) => sum + count, 0);
  const title = `Hidden: ${plural(total, "difference")} by ${plural(file.hidden.length, "rule")}`;
  return folded("part hidden", title, "", file.status === "noise", ...file.hidden.map(rule));
}

function rule([index, count, samples]) {
  const title = make("span", "", recorded(data.rules[index], "name"), " ", make("b", "", number(count)));
  if (!samples.length) return make("p", "rule", title);
  const lines = samples.map(([place, old, now]) =>
    make("li", "", recorded(place, "faint"), " ", recorded(old), " → ", recorded(now)));
  return folded("rule", title, "", false, make("ul", "samples", ...lines));
}
