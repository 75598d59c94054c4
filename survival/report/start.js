// What is shown follows from the address alone, so that links, the back button and bookmarks agree.

const places = {}; // view -> how far it was scrolled when it was left
let before = { view: null };

function show() {
  const state = readAddress();
  if (before.view && before.view !== state.view) places[before.view] = window.scrollY;
  for (const view of ["report", "browser"]) byId(view).hidden = view !== state.view;
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (state.view === "browser") showBrowser(state);
  else showReport(state);
  before = state;
}

function showBrowser(state) {
  showList(state);
  const same = before.view === "browser" && before.subject === state.subject
    && before.evaluator === state.evaluator && before.criteria === state.criteria;
  if (same) return;
  showSubject(state);
  const stacked = getComputedStyle(byId("browser")).display !== "grid";
  if (before.subject !== state.subject || before.view !== "browser") {
    if (stacked && state.subject && before.view !== null) byId("subject").scrollIntoView();
    else window.scrollTo(0, 0);
  }
  document.title = (state.subject ? state.subject + " - " : "") + TITLE;
}

function showReport(state) {
  document.title = TITLE;
  const target = state.place ? byId(state.place) : null;
  if (before.view === "browser") {
    window.scrollTo(0, places.report || 0);
    if (target && state.place !== lastPlace) target.scrollIntoView();
  }
  lastPlace = state.place;
}

const TITLE = document.title;
let lastPlace = "";

function openWith(changes) {
  const state = { ...readAddress(), ...changes };
  history.replaceState(null, "", address(state));
  show();
}

byId("filters").addEventListener("input", (event) => openWith({ [event.target.name]: event.target.value }));
byId("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  if (listed.length) location.hash = address({ ...readAddress(), subject: listed[0].id });
});
byId("rows").addEventListener("click", (event) => {
  const button = event.target.closest("button[data-sort]");
  if (button) {
    const now = readAddress().sort;
    openWith({ sort: now === button.dataset.sort ? "-" + now : button.dataset.sort });
    byId("rows").querySelector(`button[data-sort="${button.dataset.sort}"]`).focus();
    return;
  }
  const row = event.target.closest("tr");
  if (row && !event.target.closest("a") && row.querySelector("a")) location.hash = row.querySelector("a").hash;
});
byId("browser").addEventListener("keydown", moveInList);
window.addEventListener("hashchange", show);
fillFilters();
show();
