/* The tree of recordings. A branch gets its rows when it is opened; a recording its contents when it is near the screen. */

const FOLDED = new Set(["members", "added", "removed", "minor", "noise"]);
const SIGNS = { meaningful: "●", minor: "○", noise: "○", added: "+", removed: "−", unreadable: "!" };
const FEW_MEMBERS = 6;
const files = new WeakMap();
const near = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => fill(entry.target)),
  { rootMargin: "800px" },
);

function draw() {
  near.disconnect();
  state.here = null;
  unmark();
  const found = rows(data.trees[state.by], 2);
  main.replaceChildren(...(found.length ? found : [nothing()]));
  mark(main);
  tell();
}

function nothing() {
  const clear = make("button", "", "All filters off");
  clear.addEventListener("click", clearFilters);
  return make("p", "nothing", "No recording is like that. ", clear);
}

function rows(nodes, level, areOpen = true) {
  return nodes.map((node) => (Array.isArray(node) ? recording(node, areOpen) : branch(node, level))).filter(Boolean);
}

function fill(body) {
  near.unobserve(body);
  if (body.firstChild) return;
  body.append(...contents(files.get(body)));
  mark(body);
}

function refill() {
  for (const body of main.querySelectorAll(".body:not(:empty)")) {
    body.replaceChildren();
    fill(body);
  }
}

function isOpenNow(node, byItself) {
  const isOpen = state.opened.get(node) ?? byItself;
  return isOpen || (state.printing && byItself);
}

/* What opens and closes, as a heading that knows its place */
function disclosure(className, node, isOpen, title, inside) {
  const element = make("details", className, title, inside);
  element.open = isOpen;
  title.addEventListener("click", () => state.opened.set(node, !element.open));
  title.addEventListener("focus", () => (state.here = title));
  return element;
}

function recording(leaf, mayOpen) {
  const [at, title] = leaf;
  if (!state.passing.has(at)) return null;
  const file = data.files[at];
  const sign = make("span", "sign", SIGNS[file.status]);
  sign.ariaHidden = "true";
  const marks = (file.marks || []).map((word) => make("span", "chip mark recorded", word));
  const summary = make("summary", "", sign, make("span", "unseen", `${file.status}: `), make("h4", "recorded", title),
    make("span", "chips", ...chips(file.chips || []), ...marks), said(file, title));
  const body = make("div", "body");
  files.set(body, file);
  const isOpen = isOpenNow(leaf, mayOpen && Boolean(file.isOpen));
  const element = disclosure(`recording is-${file.status}`, leaf, isOpen, summary, body);
  summary.addEventListener("click", () => fill(body));
  if (state.printing && element.open) fill(body);
  else near.observe(body);
  return element;
}

function chips(counts) {
  return counts.map(([index, count]) => {
    const name = data.classes[index];
    return make("span", `chip of-${name}`, count > 1 ? `${name} ${number(count)}` : name);
  });
}

function said(file, title) {
  if (file.error) return recorded(file.error, "said problem");
  if (!file.outcome) return "";
  const asked = file.asked && !title.includes("“") ? `“${file.asked}” ` : "";
  return recorded(`${asked}⇒ ${file.outcome}`, "said faint");
}

function branch(node, level) {
  const there = filesOf(node);
  if (!there.size) return null;
  const group = data.groups[node.group];
  const isFiltered = state.passing.size < data.files.length;
  const byItself = node.isOpen ?? (!FOLDED.has(node.kind) || (isFiltered && !state.printing));
  const inside = make("div", "inside");
  const open = () => inside.firstChild || inside.append(...insides(node, group, there.size, level));
  const element = disclosure(`branch kind-${node.kind}`, node, isOpenNow(node, byItself),
    branchTitle(node, group, there, level), inside);
  element.firstChild.addEventListener("click", open); // a key pressed right after finds its rows
  element.addEventListener("toggle", open); // a browser's search in the page opens without a click
  if (element.open) open();
  return element;
}

function branchTitle(node, group, there, level) {
  const isCounted = node.title.endsWith(` ${number(there.size)}`);
  const kind = group ? make("span", `chip of-${data.classes[group.class]}`, data.classes[group.class]) : "";
  const counts = FOLDED.has(node.kind) && node.kind !== "members" ? chips(classesOf(there)) : [];
  return make("summary", "", kind, make(`h${Math.min(level, 3)}`, "recorded", node.title),
    !isCounted && faint(plural(there.size, "recording")), make("span", "chips", ...counts));
}

function insides(node, group, count, level) {
  if (!group) return rows(node.inside, level + 1, node.kind !== "members"); // a group told what they share
  node.members ??= { kind: "members", title: "Where", inside: node.inside };
  node.members.isOpen = state.by === "group" && count <= FEW_MEMBERS;
  return [samplesOf(group), ...rows([node.members], level + 1)];
}

function filesOf(node, into = new Set()) {
  for (const child of node.inside) {
    if (!Array.isArray(child)) filesOf(child, into);
    else if (state.passing.has(child[0])) into.add(child[0]);
  }
  return into;
}

function classesOf(there) {
  const counts = new Map();
  for (const at of there) {
    for (const [index] of data.files[at].chips || []) counts.set(index, (counts.get(index) || 0) + 1);
  }
  return [...counts].sort(([left], [right]) => left - right);
}

function samplesOf(group) {
  const found = group.samples.flatMap(([name, at]) =>
    group.texts > 1 ? [make("p", "faint recorded", `in ${name}`), block(at)] : [block(at)]);
  const more = group.texts - group.samples.length;
  if (more > 0) found.push(make("p", "faint", `and ${plural(more, "more text")} with the same rewrite`));
  return make("div", "sample", ...found);
}
