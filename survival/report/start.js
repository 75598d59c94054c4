// What is shown follows from the address alone, so that links, the back button and bookmarks agree.

const places = {}; // view -> how far it was scrolled when it was left
const holders = {}; // view -> what had the focus when it was left
let before = { view: null };

function show() {
  const state = readAddress();
  const from = before.view;
  const moved = from !== null && from !== state.view;
  if (moved) [places[from], holders[from]] = [window.scrollY, document.activeElement];
  for (const view of ["report", "browser"]) byId(view).hidden = view !== state.view;
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (state.view === "browser") showBrowser(state);
  else showReport(state);
  if (moved) moveFocus(state);
  before = state;
}

// The focus follows into the view that opens, and comes back to where it was.
function moveFocus(state) {
  const target = state.view === "report" ? byId(state.place) || holders.report : state.subject ? byId("subject") : byId("q");
  if (!target || target === document.body) return;
  if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}

function showBrowser(state) {
  showList(state);
  const same = before.view === "browser" && before.subject === state.subject
    && before.evaluator === state.evaluator && before.criteria === state.criteria;
  if (same) return;
  showSubject(state);
  byId("announced").textContent = state.subject ? `Subject ${state.subject} is shown` : "";
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
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address says which view is open
  byId(readAddress().view === "browser" ? "subject" : "main").focus();
});
byId("browser").addEventListener("keydown", (event) => { // Escape goes back a step: subject, list, search
  if (event.key !== "Escape" || event.target.tagName === "SELECT") return;
  const entry = byId("rows").querySelector('a[tabindex="0"]');
  if (byId("subject").contains(event.target) && entry) entry.focus();
  else if (byId("rows").contains(event.target)) byId("q").focus();
});
window.addEventListener("hashchange", show);
fillFilters();
addSaveButtons();
show();
followContents();
