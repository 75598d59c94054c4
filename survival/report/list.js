// The list of subjects: search, filters, order, and the keys that move through it.

const MOST = 2000; // rows shown at once
const FILTERS = ["q", "arm", "best", "seen", "finding", "readers"];
const SEVERITIES = ["error", "warning", "note"];
const FIRST_TIME = Object.keys(DATA.outcomes)[0];
const COLUMNS = [
  { name: "id", head: "Subject" },
  { name: "arm", head: "Arm", when: () => SUMMARY.some((one) => one.arm) },
  { name: "best", head: "Best response" },
  { name: "change", head: "Best change, %", number: true, when: () => SUMMARY.some((one) => one.change !== undefined) },
  { name: "time", head: FIRST_TIME ? FIRST_TIME + ", " + DATA.unit : "", number: true, when: () => FIRST_TIME !== undefined },
  { name: "findings", head: "Findings", number: true, when: () => has("findings") },
];

// What the list shows of each subject, worked out once.
const SUMMARY = DATA.subjects.map((subject) => {
  const found = rowsOf(subject, "findings");
  const time = rowsOf(subject, "times").find((row) => row.endpoint === FIRST_TIME);
  return {
    id: subject.id,
    arm: subject.arm || "",
    best: subject.response || "",
    change: subject.change,
    time: time ? time.shown : undefined,
    timeText: time ? timeOf(time) : "",
    findings: found.length,
    ...courseOf(subject),
    marks: new Set([...found.map((row) => row.severity), ...found.map((row) => "is:" + row.finding)]),
    lower: subject.id.toLowerCase(),
  };
});

function matches(one, state) {
  if (state.q && !one.lower.includes(state.q.toLowerCase())) return false;
  if (state.arm && one.arm !== state.arm) return false;
  if (state.best && one.best !== state.best) return false;
  if (state.seen && !one.seen.has(state.seen)) return false;
  if (state.readers && one.readers !== state.readers) return false;
  if (state.finding === "any") return one.findings > 0;
  if (state.finding === "none") return one.findings === 0;
  return !state.finding || one.marks.has(state.finding);
}

function compare(a, b, name) {
  if (name === "best") {
    return DATA.terms.indexOf(a.best) - DATA.terms.indexOf(b.best);
  }
  const [left, right] = [a[name], b[name]];
  if (typeof left === "string") return left.localeCompare(right, "en", { numeric: true });
  if (left === undefined || right === undefined) return (left === undefined) - (right === undefined);
  return left - right;
}

// The subjects that the filters leave, in the order that is asked for; those without a value come last.
function chosen(state) {
  const sort = state.sort || "";
  const name = sort.replace(/^-/, "");
  const found = SUMMARY.filter((one) => matches(one, state));
  if (!COLUMNS.some((column) => column.name === name)) return found;
  const sign = sort.startsWith("-") ? -1 : 1;
  const empty = (one) => (one[name] === undefined || one[name] === "" ? 1 : 0);
  return found.sort((a, b) => empty(a) - empty(b) || sign * compare(a, b, name) || compare(a, b, "id"));
}

function fillFilters() {
  const count = (name, value) => SUMMARY.filter((one) => one[name] === value).length;
  const options = (name, values) => values.map((value) => make("option", { value }, `${value} (${count(name, value)})`));
  const arms = [...new Set(SUMMARY.map((one) => one.arm))].filter(Boolean);
  const terms = DATA.terms.filter((term) => SUMMARY.some((one) => one.best === term));
  byId("arm").replaceChildren(make("option", { value: "" }, "All"), ...options("arm", arms));
  byId("best").replaceChildren(make("option", { value: "" }, "All"), ...options("best", terms));
  const seen = Object.keys(DATA.colours).filter((term) => SUMMARY.some((one) => one.seen.has(term)));
  byId("seen").replaceChildren(make("option", { value: "" }, "All"), ...seen.map((value) => make("option", { value }, `${value} (${SUMMARY.filter((one) => one.seen.has(value)).length})`)));
  byId("readers").replaceChildren(make("option", { value: "" }, "All"), ...options("readers", ["differ", "agree"]));
  const marked = (value) => SUMMARY.filter((one) => one.marks.has(value)).length;
  const names = [...new Set(SUMMARY.flatMap((one) => [...one.marks]))].filter((mark) => mark.startsWith("is:")).sort();
  const severities = SEVERITIES.filter((value) => marked(value));
  byId("finding").replaceChildren(
    make("option", { value: "" }, "All"),
    make("option", { value: "any" }, "With a finding"),
    make("option", { value: "none" }, "Without a finding"),
    make("optgroup", { label: "Severity" }, ...severities.map((value) => make("option", { value }, `${value} (${marked(value)})`))),
    make("optgroup", { label: "Finding" }, ...names.map((value) => make("option", { value }, `${value.slice(3)} (${marked(value)})`))),
  );
  document.querySelector('[data-of="arm"]').hidden = arms.length < 2;
  document.querySelector('[data-of="finding"]').hidden = !has("findings");
  document.querySelector('[data-of="readers"]').hidden = !SUMMARY.some((one) => one.readers === "differ");
}

let listed = []; // the subjects of the list as it stands
let listedFor = null; // the filters it was made for

function showList(state) {
  for (const name of FILTERS) {
    if (byId(name).value !== (state[name] || "")) byId(name).value = state[name] || "";
  }
  const key = JSON.stringify([...FILTERS, "sort", "evaluator", "criteria"].map((name) => state[name] || ""));
  if (key !== listedFor) {
    listed = chosen(state);
    listedFor = key;
    byId("rows").replaceChildren(listTable(state));
    const all = SUMMARY.length.toLocaleString("en");
    const more = listed.length > MOST ? `; the first ${MOST.toLocaleString("en")} are listed` : "";
    byId("count").textContent = `${listed.length.toLocaleString("en")} of ${all} subjects${more}`;
  }
  markCurrent(state);
}

function listTable(state) {
  const columns = COLUMNS.filter((column) => !column.when || column.when());
  const heads = columns.map((column) => {
    const direction = { [column.name]: "ascending", ["-" + column.name]: "descending" }[state.sort || ""];
    const button = make("button", { type: "button", "data-sort": column.name }, column.head);
    return make("th", { scope: "col", class: column.number ? "num" : null, "aria-sort": direction }, button);
  });
  const body = make("tbody");
  for (const one of listed.slice(0, MOST)) {
    const link = make("a", { href: address({ ...state, subject: one.id }), "data-id": one.id, tabindex: "-1" }, one.id);
    const row = make("tr", {}, make("th", { scope: "row", class: lengthOf(one.id) }, link));
    for (const column of columns.slice(1)) {
      row.append(make("td", { class: column.number ? "num" : lengthOf(listCell(one, column)) }, listCell(one, column)));
    }
    body.append(row);
  }
  if (!listed.length) body.append(make("tr", {}, make("td", { colspan: columns.length }, "No subject fits the filters.")));
  return make("table", { class: "people-table", "aria-labelledby": "people-title" }, make("thead", {}, make("tr", {}, ...heads)), body);
}

function listCell(one, column) {
  if (column.name === "change") return one.change === undefined ? "" : signed(one.change.toFixed(1));
  if (column.name === "time") return one.timeText;
  if (column.name === "findings") {
    const worst = SEVERITIES.find((name) => one.marks.has(name));
    return one.findings ? make("span", { class: "mark " + (worst || ""), title: "worst: " + worst }, String(one.findings)) : "";
  }
  return column.name === "best" ? termMark(one.best) : one[column.name];
}

function markCurrent(state) {
  const links = [...byId("rows").querySelectorAll("a[data-id]")];
  let current = null;
  for (const link of links) {
    const mine = link.dataset.id === state.subject;
    if (mine) current = link;
    link.closest("tr").classList.toggle("current", mine);
    if (mine) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    link.tabIndex = -1;
  }
  const entry = current || links[0];
  if (entry) entry.tabIndex = 0;
  if (current) bringIntoList(current);
}

// Scrolls the list, and never the page, so that a row is seen.
function bringIntoList(link) {
  const box = byId("rows").getBoundingClientRect();
  const row = link.closest("tr").getBoundingClientRect();
  const head = byId("rows").querySelector("thead").offsetHeight;
  if (row.top < box.top + head) byId("rows").scrollTop += row.top - box.top - head;
  if (row.bottom > box.bottom) byId("rows").scrollTop += row.bottom - box.bottom;
}

function moveInList(event) {
  const links = [...byId("rows").querySelectorAll("a[data-id]")];
  const place = links.indexOf(document.activeElement);
  const from = document.activeElement === byId("q");
  if (!links.length || (place < 0 && !from)) return;
  const page = 10;
  const targets = from
    ? { ArrowDown: 0 }
    : { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: links.length - 1, PageDown: place + page, PageUp: place - page };
  if (!(event.key in targets)) return;
  event.preventDefault();
  const target = links[Math.max(0, Math.min(links.length - 1, targets[event.key]))];
  links.forEach((link) => { link.tabIndex = -1; });
  target.tabIndex = 0;
  target.focus({ preventScroll: true });
  bringIntoList(target);
}
