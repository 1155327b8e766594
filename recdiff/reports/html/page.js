/* The page's start: buttons, keys, theme and printing. */

const help = document.getElementById("help");
const theme = document.getElementById("theme");
const ARRANGEMENTS = ["test", "folder", "group"];

function arrangeBy(by) {
  state.by = by;
  draw();
}

function show(view) {
  const row = here();
  const before = row?.getBoundingClientRect().top;
  state.view = view;
  remember("view", view);
  drawTexts();
  if (row) scrollBy(0, row.getBoundingClientRect().top - before);
}

function drawTexts() {
  unmark();
  refill();
  mark(main);
  tell();
}

function openAll(isOpen) {
  const every = (node) => {
    if (Array.isArray(node)) state.opened.set(node, isOpen);
    else {
      if (isOpen) state.opened.set(node, true);
      [...node.inside, ...(node.members ? [node.members] : [])].forEach(every);
    }
  };
  data.trees[state.by].forEach(every);
  draw();
}

function toggleAll() {
  openAll(Boolean(main.querySelector(":is(.recording, .branch):not([open])")));
}

function toggleHelp() {
  if (help.open) help.close();
  else help.showModal();
}

function paint(name) {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  theme.value = name;
  remember("theme", name);
}

/* Moving: from recording to recording, and over branches that are closed */

function rowsShown() {
  return [...main.querySelectorAll(".recording > summary, .branch:not([open]) > summary")].filter(
    (row) => !row.parentElement.parentElement.closest("details:not([open])"),
  );
}

function top() {
  return getComputedStyle(bar).position === "sticky" ? bar.getBoundingClientRect().bottom : 0;
}

function isSeen(row) {
  const place = row.getBoundingClientRect();
  return place.bottom > top() && place.top < innerHeight;
}

function here() {
  if (state.here?.isConnected && isSeen(state.here)) return state.here;
  return rowsShown().find((row) => row.getBoundingClientRect().top >= top() - 1);
}

function step(by) {
  const every = rowsShown();
  const row = here();
  const isAfter = (other) => row && row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  const isThere = row === state.here && every.includes(row);
  const at = every.findIndex((other) => other === row || isAfter(other));
  const from = at < 0 ? every.length : at;
  const target = every[Math.min(Math.max(by < 0 || isThere ? from + by : from, 0), every.length - 1)];
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "start" });
}

function openHere() {
  const row = here();
  row?.click();
  row?.focus({ preventScroll: true });
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: openHere,
  O: toggleAll,
  t: () => arrangeBy(ARRANGEMENTS[(ARRANGEMENTS.indexOf(state.by) + 1) % ARRANGEMENTS.length]),
  v: () => show(isBeside() ? "flow" : "side"),
  F: clearFilters,
  "/": () => words.focus(),
  "?": toggleHelp,
};

const DEEDS = { open: () => openAll(true), close: () => openAll(false), clear: clearFilters, help: toggleHelp };

function pressed(event) {
  const isTyping = event.target.matches("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || (help.open && event.key !== "?")) return;
  if (event.target === words && (event.key === "Escape" || event.key === "Enter")) {
    event.preventDefault(); // Escape would empty it
    words.blur();
    if (event.key === "Enter") step(1);
  } else if (!isTyping && Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    KEYS[event.key]();
  }
}

function clicked(event) {
  const button = event.target.closest("button");
  const { by, view, status, class: name, do: deed } = button?.dataset ?? {};
  if (by) arrangeBy(by);
  else if (view) show(view);
  else if (status) toggleFilter(state.statuses, status);
  else if (name) toggleFilter(state.classes, name);
  else if (deed) DEEDS[deed]();
}

function printed(isPrinting) {
  const at = scrollY;
  state.printing = isPrinting;
  draw();
  if (!isPrinting) scrollTo(0, at);
}

function start() {
  bar.hidden = false;
  paint(remembered("theme"));
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
  words.addEventListener("input", sift);
  theme.addEventListener("change", () => paint(theme.value));
  wide.addEventListener("change", () => state.view || drawTexts());
  addEventListener("beforeprint", () => printed(true));
  addEventListener("afterprint", () => printed(false));
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingTop = `${getComputedStyle(bar).position === "sticky" ? bar.offsetHeight + 8 : 8}px`;
  }).observe(bar);
  draw();
  performance.mark("recdiff.ready");
}

if (bar) start();
