// Every reading of a subject, one evaluator under one criteria, side by side; and where two readers differ.

function overallOf(row) {
  return row.ioverall || row.overall || row.response;
}

// The responses of a subject by reading; the evaluator that counts comes first.
function seriesOf(subject, lesions) {
  const found = new Map();
  for (const row of rowsOf(subject, "responses")) {
    const key = JSON.stringify([row.evaluator, row.criteria]);
    if (!found.has(key)) found.set(key, { evaluator: row.evaluator, criteria: row.criteria, rows: [] });
    found.get(key).rows.push(row);
  }
  for (const series of found.values()) {
    const read = series.rows.map((row) => row.read_by).filter(Boolean).pop();
    series.reader = lesions.some((row) => row.evaluator === series.evaluator) ? series.evaluator : read || series.evaluator;
    const first = lesions.filter((row) => row.evaluator === series.reader && row.baseline).sort((a, b) => a.date - b.date)[0];
    series.baseline = first ? first.date : null;
    series.baselineVisit = first ? first.visit : null;
  }
  return [...found.values()].sort(byReading);
}

function byReading(a, b) {
  const other = (one) => (one.evaluator === DATA.main[0] ? 0 : 1);
  const further = (one) => (one.criteria === DATA.main[1] ? 0 : 1);
  return other(a) - other(b) || a.evaluator.localeCompare(b.evaluator, "en", { numeric: true })
    || further(a) - further(b) || titleOf(a.criteria).localeCompare(titleOf(b.criteria), "en");
}

// Visits at which the two readers whom the study compares have different responses under the same criteria.
function differences(all) {
  const [one, two] = DATA.readers;
  const found = [];
  for (const first of all.filter((series) => series.evaluator === one)) {
    const second = all.find((series) => series.evaluator === two && series.criteria === first.criteria);
    for (const row of second ? first.rows : []) {
      const other = second.rows.find((its) => its.visit === row.visit);
      if (other && overallOf(other) !== overallOf(row)) {
        found.push({ visit: row.visit, criteria: first.criteria, words: [overallOf(row), overallOf(other)] });
      }
    }
  }
  return found;
}

// What the list asks of a subject: every response at any visit, and whether the two readers differ.  It is asked of all
// subjects when the page opens, so it compares the numbers of the texts and decodes no row.
function courseOf(subject) {
  const at = Object.fromEntries(DATA.fields.responses.map(([name], n) => [name, n]));
  const [one, two] = DATA.readers.map((name) => DATA.texts.indexOf(name));
  const seen = new Set();
  const read = new Map();
  let readers = "agree";
  for (const row of subject.responses || []) {
    const words = ["ioverall", "overall", "response"].map((name) => row[at[name]]).find((code) => typeof code === "number");
    seen.add(words);
    if (row[at.evaluator] !== one && row[at.evaluator] !== two) continue;
    const key = row[at.criteria] + "|" + row[at.visit];
    if (!read.has(key)) read.set(key, [row[at.evaluator], words]);
    else if (read.get(key)[0] !== row[at.evaluator] && read.get(key)[1] !== words) readers = "differ";
  }
  return { seen: new Set([...seen].map(text)), readers };
}

function readingsPart(all, series) {
  const visits = [...new Map(all.flatMap((one) => one.rows).sort((a, b) => a.date - b.date).map((row) => [row.visit, row])).values()];
  const unlike = differences(all);
  const head = readingsHead(all, series);
  const bodies = visits.map(({ visit }, n) => {
    const mine = all.map((one) => one.rows.find((row) => row.visit === visit) || {});
    const differs = unlike.some((one) => one.visit === visit);
    const cells = mine.map((row, place) => make("td", { class: all[place] === series ? "here" : null }, termMark(overallOf(row))));
    const reason = make("tr", { class: "reason", id: `readings-${n}`, hidden: true }, make("td", { colspan: all.length + 2 }, besides(all, mine)));
    const button = whyButton(`Why, in every reading, at ${visit}?`, reason);
    const name = make("th", { scope: "row", class: lengthOf(visit) }, visit);
    if (differs) name.append(" ", make("span", { class: "mark differs" }, "readers differ"));
    return [make("tr", {}, name, ...cells, make("td", { class: "act" }, button)), reason];
  });
  const table = make("table", { class: "data readings" }, head, make("tbody", {}, ...bodies.flat()));
  return section("All readings side by side", scrolled("All readings", table), differencesText(all, unlike));
}

// Evaluators above their criteria.
function readingsHead(all, series) {
  const evaluators = [...new Set(all.map((one) => one.evaluator))];
  const several = new Set(all.map((one) => one.criteria)).size > 1;
  const upper = evaluators.map((name) => make("th", { scope: "colgroup", colspan: all.filter((one) => one.evaluator === name).length }, name));
  const lower = all.map((one) => make("th", { scope: "col", class: one === series ? "here" : null }, titleOf(one.criteria)));
  const span = several ? 2 : 1;
  const first = make("th", { scope: "col", rowspan: span }, "Visit");
  const last = make("th", { scope: "col", rowspan: span, class: "act" }, "Reason");
  return make("thead", {}, make("tr", {}, first, ...upper, last), several ? make("tr", {}, ...lower) : null);
}

function besides(all, rows) {
  const cards = all.map((one, n) => (rows[n].explanation === undefined ? null : make("div", {},
    make("p", { class: "of" }, `${one.evaluator}, ${titleOf(one.criteria)}: `, termMark(overallOf(rows[n]))), ...reasonLines(rows[n]))));
  return make("div", { class: "besides" }, ...cards);
}

function differencesText(all, unlike) {
  const [one, two] = DATA.readers;
  if (!one || ![one, two].every((name) => all.some((series) => series.evaluator === name))) return null;
  if (!unlike.length) return make("p", { class: "remark" }, `${one} and ${two} have the same response at every visit that both read.`);
  const told = unlike.map((its) => make("li", {}, `${its.visit}, ${titleOf(its.criteria)}: ${one} ${its.words[0] || MISSING}, ${two} ${its.words[1] || MISSING}`));
  return make("div", { class: "remark" }, make("p", {}, `${one} and ${two} differ:`), make("ul", {}, ...told));
}
