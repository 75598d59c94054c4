// One subject: profile, visits with their reasons, best responses, lesions, outcomes, findings, adverse events.

const NEW_WORDS = { N: "no", E: "equivocal", Y: "yes" };

function titleOf(criteria) {
  return (DATA.criteria[criteria] || { title: criteria }).title;
}

function termMark(word) {
  if (!word) return "";
  const colour = DATA.colours[word];
  const one = make("span", { class: "term" }, word);
  if (colour) one.style.setProperty("--term", colour);
  return one;
}

function chosenSeries(all, state) {
  const evaluator = state.evaluator || DATA.main[0];
  const criteria = state.criteria || DATA.main[1];
  return all.find((one) => one.evaluator === evaluator && one.criteria === criteria)
    || all.find((one) => one.evaluator === evaluator) || all.find((one) => one.criteria === criteria) || all[0];
}

// The lesions of a reader, each with its size at every visit; a viable part is followed when it was at baseline.
function lesionsOf(rows, series) {
  const facts = DATA.criteria[series.criteria] || {};
  const found = new Map();
  for (const row of rows.filter((one) => one.evaluator === series.reader)) {
    const key = row.lesion;
    if (!found.has(key)) found.set(key, { name: row.lesion, role: row.role || "", organ: row.organ || "", node: row.node, points: [] });
    const one = found.get(key);
    one.organ = one.organ || row.organ || "";
    one.viable = one.viable || (facts.measure === "viable_mm" && row.baseline && !row.node && typeof row.viable_mm === "number");
    one.points.push(row);
  }
  for (const one of found.values()) {
    one.label = `${one.name} ${one.organ.toLowerCase()}`.trim();
    for (const point of one.points) {
      const size = one.viable ? point.viable_mm : point.diameter_mm;
      const of = { absent: 0, "too small": facts.small };
      point.size = typeof size === "number" ? size : /target$/.test(one.role) && one.role !== "non-target" && point.state in of ? of[point.state] : null;
    }
  }
  const order = (one) => ["target", "new target", "non-target"].indexOf(one.role);
  return [...found.values()].sort((a, b) => (order(a) < 0) - (order(b) < 0) || order(a) - order(b));
}

function showSubject(state) {
  const place = byId("subject");
  if (!state.subject) {
    place.replaceChildren(make("div", { class: "nothing" }, make("h2", { id: "subject-title" }, "No subject is open"),
      make("p", {}, "Choose one from the list: by a click, or with the arrow keys and Enter. Escape leads back to the list and to the search."),
      make("p", {}, "A subject shows its lesion profile, every visit with the reason of its response, all readings side by side, and each outcome with its dates and reason.")));
    return;
  }
  const subject = PEOPLE.get(state.subject);
  if (!subject) {
    place.replaceChildren(make("h2", { id: "subject-title" }, "Not in this study"), make("p", {}, `There is no subject ${state.subject}.`));
    return;
  }
  const rows = rowsOf(subject, "lesions");
  const all = seriesOf(subject, rows);
  const series = chosenSeries(all, state);
  const facts = rowsOf(subject, "facts")[0] || {};
  const parts = [subjectHead(subject, state, all, series)];
  if (series) {
    const lesions = lesionsOf(rows, series);
    const others = all.filter((one) => one.evaluator === series.evaluator && one !== series);
    parts.push(profilePart(subject, series, others, lesions, facts), visitsPart(series));
    if (all.length > 1) parts.push(readingsPart(all, series));
    if (lesions.length) parts.push(lesionsPart(series, lesions));
  } else {
    parts.push(section("Visits", make("p", {}, "No response after baseline.")));
    const readers = [...new Set(rows.map((row) => row.evaluator))];
    const first = { reader: readers.includes(DATA.main[0]) ? DATA.main[0] : readers[0], criteria: DATA.main[1] };
    if (rows.length) parts.push(lesionsPart(first, lesionsOf(rows, first)));
  }
  parts.push(bestPart(subject), timesPart(subject), listPart(subject, "findings", "Findings", "No finding."));
  parts.push(listPart(subject, "events", "Adverse events", "No adverse event."), factsPart(facts));
  const held = place.contains(document.activeElement) ? document.activeElement.dataset.keep : null;
  place.replaceChildren(...parts.filter(Boolean));
  const again = held && (place.querySelector(`[data-keep="${held}"]`) || place.querySelector("[data-keep]"));
  if (again) again.focus({ preventScroll: true });
}

function section(title, ...children) {
  return make("section", {}, make("h3", {}, title), ...children);
}

function subjectHead(subject, state, all, series) {
  const step = (by, words) => {
    const next = listed[listed.findIndex((one) => one.id === subject.id) + by];
    const there = next && listed.some((one) => one.id === subject.id);
    return there ? make("a", { href: address({ ...state, subject: next.id }), class: "button", "data-keep": by < 0 ? "previous" : "next" }, words) : null;
  };
  const about = [subject.arm, subject.response ? `best response ${subject.response}` : ""].filter(Boolean).join(" \u00b7 ");
  const head = make("div", { class: "subject-head" },
    make("div", {}, make("h2", { id: "subject-title" }, subject.id), make("p", {}, about)),
    make("p", { class: "steps" }, step(-1, "\u2190 Previous"), step(1, "Next \u2192"), copyButton(), printButton()));
  if (all.length < 2) return head;
  const pick = (name, words, values, label) => {
    const select = make("select", { "data-pick": name, "data-keep": name }, ...values.map((value) => make("option", { value, selected: value === series[name] }, label(value))));
    select.addEventListener("change", () => openWith({ [name]: select.value }));
    return values.length > 1 ? make("label", {}, words + " ", select) : null;
  };
  head.append(make("p", { class: "picks" },
    pick("criteria", "Criteria", [...new Set(all.map((one) => one.criteria))], titleOf),
    pick("evaluator", "Evaluator", [...new Set(all.map((one) => one.evaluator))], (value) => value)));
  return head;
}

function copyButton() {
  const button = make("button", { type: "button", class: "button", "data-keep": "copy" }, "Copy link");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      button.replaceWith(make("input", { class: "link", readonly: true, value: location.href, "aria-label": "Link to this subject" }));
    }
  });
  return button;
}

function printButton() {
  const button = make("button", { type: "button", class: "button", "data-keep": "print" }, "Print");
  button.addEventListener("click", () => window.print());
  return button;
}

function profilePart(subject, series, others, lesions, facts) {
  const svg = profile(series, others, lesions, facts);
  if (!svg) return null;
  const sums = series.rows.map((row) => row.sum_mm).filter((value) => typeof value === "number");
  const said = series.rows.map((row) => `${row.visit} ${overallOf(row) || MISSING}`).join(", ");
  const words = `Profile of subject ${subject.id}, ${titleOf(series.criteria)}, ${series.evaluator}. `
    + (sums.length ? `Sum ${series.rows[0].baseline_mm} mm at baseline, lowest ${Math.min(...sums)} mm, last ${sums[sums.length - 1]} mm. ` : "")
    + `Responses: ${said}.`;
  svg.setAttribute("aria-label", words);
  const read = lesions.length && series.reader !== series.evaluator ? make("p", { class: "remark" }, `Lesions as read by ${series.reader}.`) : null;
  return section("Lesion profile".replace("Lesion", lesions.length ? "Lesion" : "Response"), make("figure", { class: "wide" }, svg), read);
}

// A table; cells are elements or texts.
function grid(heads, rows, name) {
  const head = heads.map((one) => make("th", { scope: "col", class: one.number ? "num" : null }, one.head));
  const body = rows.map((cells) => make("tr", {}, ...cells.map((cell, n) =>
    make(n ? "td" : "th", { scope: n ? null : "row", class: heads[n].number ? "num" : lengthOf(cell) }, cell))));
  return scrolled(name, make("table", { class: "data" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body)));
}

// A table that may be wider than the page; the keys can scroll it.
function scrolled(name, table) {
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name }, table);
}

// Short texts stay on one line; long ones are broken, within a word if there is no other place.
function lengthOf(cell) {
  const words = typeof cell === "string" ? cell : cell.textContent;
  return words.length > 26 ? "long" : "short";
}

function isNumber(kind) {
  return kind === "number" || kind === "percent";
}

function visitsPart(series) {
  const fields = DATA.shown.map((name) => fieldOf("responses", name)).filter(([name]) => series.rows.some((row) => row[name] !== null && row[name] !== ""));
  const heads = [...fields.map(([name, head, kind]) => ({ name, head, number: isNumber(kind) })), { head: "Reason", act: true }];
  const bodies = series.rows.map((row, n) => {
    const reason = make("tr", { class: "reason", id: `reason-${n}`, hidden: true }, make("td", { colspan: heads.length }, ...reasonLines(row)));
    const button = whyButton(`Why ${overallOf(row) || ""} at ${row.visit}?`, reason);
    const cells = fields.map(([name, , kind], place) => make(place ? "td" : "th", { scope: place ? null : "row", class: isNumber(kind) ? "num" : lengthOf(shown(row[name], kind)) }, visitCell(row, name, kind)));
    return [make("tr", {}, ...cells, make("td", { class: "act" }, button)), reason];
  });
  const table = make("table", { class: "data visits" },
    make("thead", {}, make("tr", {}, ...heads.map((one) => make("th", { scope: "col", class: one.number ? "num" : one.act ? "act" : null }, one.head)))),
    make("tbody", {}, baselineRow(series, heads), ...bodies.flat()));
  const every = make("button", { type: "button", class: "button all" }, "Open all reasons");
  every.addEventListener("click", () => {
    const open = bodies.some(([, reason]) => reason.hidden);
    bodies.forEach(([row, reason]) => unfold(row.querySelector("button"), reason, open));
    every.textContent = open ? "Close all reasons" : "Open all reasons";
  });
  return section(`Visits: ${titleOf(series.criteria)}, ${series.evaluator}`, scrolled("Visits", table), every);
}

// The visit before treatment, which has a sum and no response.
function baselineRow(series, heads) {
  const sum = series.rows[0].baseline_mm;
  if (series.baseline === null || typeof sum !== "number") return null;
  const known = { visit: series.baselineVisit, date: day(series.baseline), day: minus(String(series.baseline - series.rows[0].start_date)), sum_mm: shown(sum, "number") };
  return make("tr", { class: "baseline" }, ...heads.map((one, n) => make(n ? "td" : "th", { scope: n ? null : "row", class: one.number ? "num" : one.act ? "act" : "short" }, known[one.name] || "")));
}

function reasonLines(row) {
  return explanation(row.explanation).map((line) => make("p", { class: /^ /.test(line) ? "inset" : null }, line.trim() || "\u00a0"));
}

function whyButton(words, reason) {
  const button = make("button", { type: "button", class: "why", "aria-expanded": "false", "aria-controls": reason.id, "aria-label": words }, "Why?");
  button.addEventListener("click", () => unfold(button, reason, reason.hidden));
  return button;
}

function unfold(button, reason, open) {
  reason.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
}

function visitCell(row, name, kind) {
  if (name === "new_lesion") return NEW_WORDS[row[name]] || row[name] || "";
  const rule = row[(name === "mrd_status" ? "mrd" : name) + "_rule"];
  if (kind !== "text" || name === "visit") return shown(row[name], kind);
  const word = make("span", {}, ["overall", "ioverall"].includes(name) ? termMark(row[name]) : row[name] || "");
  if (rule) word.append(" ", make("small", { class: "rule" }, rule));
  return word;
}

function lesionsPart(series, lesions) {
  const visits = new Map(lesions.flatMap((one) => one.points).sort((a, b) => a.date - b.date).map((point) => [point.visit, point.date]));
  const heads = [{ head: "Lesion" }, { head: "Role" }, { head: "Site" }, ...[...visits.keys()].map((visit) => ({ head: visit, number: true }))];
  const rows = lesions.map((one) => [one.name, one.role, siteOf(one), ...[...visits.keys()].map((visit) => lesionCell(one, visit))]);
  const viable = lesions.some((one) => one.viable) ? " Viable (enhancing) part where it is followed." : "";
  return section(`Lesions, mm: ${series.reader}`, grid(heads, rows, "Lesions"), viable ? make("p", { class: "remark" }, viable) : null);
}

function siteOf(one) {
  const site = one.organ.toLowerCase();
  return one.node && !/node/.test(site) ? `${site}, node (short axis)`.replace(/^, /, "") : site;
}

function lesionCell(one, visit) {
  const point = one.points.find((row) => row.visit === visit);
  if (!point) return MISSING;
  const size = one.viable ? point.viable_mm : point.diameter_mm;
  if (typeof size !== "number") return point.state || MISSING;
  return point.state && point.state !== "measured" ? `${size} (${point.state})` : String(size);
}

function bestPart(subject) {
  const fields = (DATA.fields.best || []).filter(([name]) => !/_rule$/.test(name) && name !== "criteria");
  const rows = rowsOf(subject, "best").sort(byReading).map((row) => fields.map(([name, , kind]) => {
    if (name === "evaluator") return `${row.evaluator}, ${titleOf(row.criteria)}`;
    if (/best_response$/.test(name)) return visitCell({ overall: row[name], overall_rule: row[name + "_rule"] }, "overall", "text");
    return shown(row[name], kind);
  }));
  if (!rows.length) return null;
  return section("Best responses", grid(fields.map(([name, head]) => ({ head: name === "evaluator" ? "Reading" : head })), rows, "Best responses"));
}

function timesPart(subject) {
  if (!has("times")) return null;
  const others = rowsOf(subject, "situations");
  const rows = rowsOf(subject, "times").map((row) => {
    const also = others.filter((one) => one.endpoint === row.endpoint);
    const reason = make("span", {}, row.description, " ", make("small", { class: "rule" }, row.situation));
    for (const one of also) reason.append(make("small", { class: "also" }, `also held: ${one.description}, ${one.outcome} ${day(one.date)} (${one.situation})`));
    const title = DATA.outcomes[row.endpoint];
    return [title, row.event ? "event" : "censored", timeOf(row), String(row.time), day(row.start_date), day(row.date), reason];
  });
  const heads = ["Outcome", "", DATA.unit, "Days", "From", "To", "Reason"].map((head, n) => ({ head, number: n === 2 || n === 3 }));
  if (DATA.unit === "days") [heads, ...rows].forEach((row) => row.splice(3, 1));
  if (!rows.length) return section("Times to events", make("p", {}, "In no analysis of a time to an event."));
  return section("Times to events", grid(heads, rows, "Times to events"), make("p", { class: "notes" }, countedDays(rowsOf(subject, "times"))));
}

// How times count their days, read from the times themselves; visits count the start as day 0.
function countedDays(times) {
  const first = [...new Set(times.map((row) => row.time - (row.date - row.start_date)))];
  return first.length === 1 ? `Days: to - from${first[0] ? " + " + first[0] : ""}, so that the start is day ${first[0]}; of visits, days from the start, which is day 0.` : "";
}

function listPart(subject, table, title, none) {
  if (!has(table)) return null;
  const rows = rowsOf(subject, table);
  if (!rows.length) return section(title, make("p", {}, none));
  const fields = DATA.fields[table].filter(([name]) => rows.some((row) => row[name] !== null && row[name] !== ""));
  const cells = rows.map((row) => fields.map(([name, , kind]) => (name === "severity" ? make("span", { class: "mark " + row[name] }, row[name]) : shown(row[name], kind))));
  return section(`${title} (${rows.length})`, grid(fields.map(([, head, kind]) => ({ head, number: isNumber(kind) })), cells, title));
}

function factsPart(facts) {
  const list = make("dl", { class: "facts" });
  for (const [name, head, kind] of DATA.fields.facts || []) {
    if (facts[name] !== null && facts[name] !== undefined && facts[name] !== "") list.append(make("div", {}, make("dt", {}, head), make("dd", {}, shown(facts[name], kind))));
  }
  return section("Subject data", list);
}
