// The lesion profile: the sum against its limits, every lesion, and the responses, on one scale of time.
// It shows what `recist.lesion_profile_plot` shows; limits and nadir come with the data.

const LINES = [["#0072B2", ""], ["#D55E00", "6 2"], ["#009E73", "2 2"], ["#CC79A7", "7 2 2 2"], ["#000000", "4 2"], ["#B8860B", "7 2 2 2 2 2"]];
const PLOT = { width: 900, left: 104, right: 150, sum: 190, lesions: 170, row: 20, gap: 26 };
const SHORT_WORDS = { "NON-CR/NON-PD": "NN", "NON-iCR/NON-iUPD": "NN" }; // where a tile has no room for the word
const PER = { days: 1, months: 30.4375 };

function profile(series, others, lesions, facts) {
  const start = series.rows[0].start_date;
  const days = (date) => date - start;
  const upper = upperLines(series);
  const drawn = lesions.filter((one) => one.points.some((point) => point.size !== null));
  const fresh = lesions.filter((one) => /^new/.test(one.role) && one.points.some((point) => seen(point)));
  if (!upper.length && !drawn.length && !series.rows.length) return null;
  const dates = series.rows.map((row) => days(row.date)).concat(lesions.flatMap((one) => one.points.map((p) => days(p.date))));
  const marks = dateMarks(facts).map(([name, date]) => [name, days(date)]);
  const last = Math.max(...dates, 28);
  const first = Math.min(0, ...dates);
  const room = 8; // on either side, for the marks
  const wide = PLOT.width - PLOT.left - PLOT.right - 2 * room;
  const x = (value) => PLOT.left + room + ((value - first) / (last - first || 1)) * wide;
  const svg = draw("svg", { role: "img", class: "profile" });
  const legend = [];
  let y = 26;
  if (upper.length) {
    const unit = !fieldOf("responses", "blasts_pct") ? "Sum, mm" : "Marrow blasts, %";
    drawPanel(svg, { top: y, height: PLOT.sum, title: unit, lines: upper, x, days, first, last, ticks: !drawn.length });
    upper.forEach((line) => legend.push(line));
    y += PLOT.sum + PLOT.gap;
  }
  if (drawn.length || fresh.length) {
    drawPanel(svg, { top: y, height: PLOT.lesions, title: "Lesion, mm", lines: drawn.map(lesionLine), fresh, x, days, first, last, ticks: true });
    y += PLOT.lesions + PLOT.gap;
  }
  y += upper.length || drawn.length ? 14 : 0;
  drawMarks(svg, marks.filter(([, value]) => value >= first && value <= last), x, y - 24);
  y = drawStrips(svg, series, others, x, days, y);
  drawLegend(svg, legend, fresh.length);
  svg.setAttribute("viewBox", `0 0 ${PLOT.width} ${y + 6}`);
  return svg;
}

function seen(point) {
  return !["absent", "not evaluable", "not done"].includes(point.state);
}

// Sum, nadir and limits; or the blasts of the marrow with the limit of a remission.
function upperLines(series) {
  const rows = series.rows;
  const start = rows[0].start_date;
  if (rows.some((row) => typeof row.blasts_pct === "number")) {
    const before = typeof rows[0].pre_blasts_pct === "number" ? [[start, rows[0].pre_blasts_pct]] : [];
    const points = before.concat(rows.filter((row) => typeof row.blasts_pct === "number").map((row) => [row.date, row.blasts_pct]));
    return [
      { name: before.length ? "Marrow blasts, the first before treatment" : "Marrow blasts", points, colour: "#000000", wide: 2, marks: true },
      { name: "5 %", points: [[start, 5], [rows[rows.length - 1].date, 5]], colour: "#0072B2", dash: "6 3" },
    ];
  }
  if (!rows.some((row) => typeof row.baseline_mm === "number")) return [];
  const base = rows[0].baseline_mm;
  const since = series.baseline === null ? start : series.baseline;
  const held = (name) => [[since, rows[0][name]], ...rows.map((row) => [row.date, row[name]])];
  return [
    { name: "Sum of diameters", points: [[since, base], ...rows.map((row) => [row.date, row.sum_mm])], colour: "#000000", wide: 2, marks: true },
    { name: "Nadir", points: held("nadir_mm"), colour: "#777777", steps: true },
    { name: "Limit of PR", points: held("pr_mm"), colour: "#0072B2", dash: "6 3" },
    { name: "Limit of PD by the sum", points: held("pd_mm"), colour: "#D55E00", dash: "2 2", steps: true },
  ].filter((line) => line.points.some((point) => typeof point[1] === "number"));
}

function lesionLine(lesion, n) {
  const [colour, dash] = LINES[n % LINES.length];
  return { name: lesion.label, points: lesion.points.map((point) => [point.date, point.size]), colour, dash, marks: true, wide: 1.4, labelled: true };
}

function drawPanel(svg, panel) {
  const { top, height, x, days } = panel;
  const values = panel.lines.flatMap((line) => line.points.map((point) => point[1])).filter((value) => typeof value === "number");
  const ticks = niceTicks(Math.max(...values, 1) * 1.08, 5);
  const most = ticks[ticks.length - 1];
  const y = (value) => top + height - (value / most) * height;
  const right = PLOT.width - PLOT.right;
  for (const tick of ticks) {
    svg.append(draw("line", { x1: PLOT.left, x2: right, y1: y(tick), y2: y(tick), class: tick ? "grid" : "axis" }));
    svg.append(draw("text", { x: PLOT.left - 6, y: y(tick) + 4, "text-anchor": "end" }, String(tick)));
  }
  svg.append(draw("text", { x: 14, y: top + height / 2, "text-anchor": "middle", transform: `rotate(-90 14 ${top + height / 2})` }, panel.title));
  if (panel.ticks) drawTime(svg, panel, top + height);
  const ends = [];
  for (const line of panel.lines) {
    const points = line.points.map(([date, value]) => (typeof value === "number" ? [x(days(date)), y(value)] : null));
    svg.append(draw("path", { d: pathOf(points, line.steps), fill: "none", stroke: line.colour, "stroke-width": line.wide || 1.2, "stroke-dasharray": line.dash || "" }));
    if (line.marks) points.filter(Boolean).forEach(([cx, cy]) => svg.append(draw("circle", { cx, cy, r: 3, fill: line.colour })));
    const end = points.filter(Boolean).pop();
    if (line.labelled && end) ends.push({ y: end[1], from: end, text: line.name, colour: line.colour });
  }
  labelEnds(svg, ends, top, top + height);
  for (const lesion of panel.fresh || []) {
    const point = lesion.points.find(seen);
    const solid = point.state !== "equivocal";
    const at = x(days(point.date));
    svg.append(draw("path", { d: `M${at} ${y(0) - 7}l6 7l-6 7l-6 -7z`, fill: solid ? "#000" : "#fff", stroke: "#000" }, draw("title", {}, `${lesion.label}: new, ${point.state || ""}`)));
  }
}

// Lines stop where a value is not known; steps hold what is true since the visit before.
function pathOf(points, steps) {
  let path = "";
  let last = null;
  for (const point of points) {
    if (point === null) { last = null; continue; }
    const to = (n) => n.toFixed(1);
    if (!last) path += `M${to(point[0])} ${to(point[1])}`;
    else path += steps ? `V${to(point[1])}H${to(point[0])}` : `L${to(point[0])} ${to(point[1])}`;
    last = point;
  }
  return path;
}

function labelEnds(svg, ends, top, bottom) {
  const step = 13;
  ends.sort((a, b) => a.y - b.y);
  let free = top + 4;
  ends.forEach((end) => { end.at = Math.max(end.y, free); free = end.at + step; });
  let limit = bottom + 6;
  [...ends].reverse().forEach((end) => { end.at = Math.min(end.at, limit); limit = end.at - step; });
  const x = PLOT.width - PLOT.right + 14;
  for (const end of ends) {
    svg.append(draw("path", { d: `M${end.from[0] + 4} ${end.from[1]}L${x - 3} ${end.at}`, stroke: end.colour, "stroke-width": 0.6, fill: "none", opacity: 0.7 }));
    svg.append(draw("text", { x, y: end.at + 4, fill: end.colour }, shortened(end.text, 20), draw("title", {}, end.text)));
  }
}

function shortened(words, most) {
  const letters = [...words];
  return letters.length > most ? letters.slice(0, most - 1).join("") + "\u2026" : words;
}

function niceTicks(most, about) {
  const rough = most / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((size) => size >= rough);
  const ticks = [0];
  while (ticks[ticks.length - 1] < most) ticks.push(Number((ticks[ticks.length - 1] + step).toPrecision(12)));
  return ticks;
}

function drawTime(svg, panel, bottom) {
  const per = PER[DATA.unit] || 1;
  const ticks = niceTicks(panel.last / per, 10).filter((tick) => tick * per <= panel.last);
  for (const tick of ticks) {
    const at = panel.x(tick * per);
    svg.append(draw("line", { x1: at, x2: at, y1: bottom, y2: bottom + 4, class: "axis" }));
    svg.append(draw("text", { x: at, y: bottom + 17, "text-anchor": "middle" }, String(tick)));
  }
  svg.append(draw("text", { x: PLOT.width - PLOT.right + 14, y: bottom + 17 }, `${DATA.unit} from start`));
}

// Days that change how a visit is read, as lines over both panels.
function dateMarks(facts) {
  const names = { new_therapy_date: "new therapy", discontinuation_date: "treatment stopped", death_date: "death" };
  return Object.entries(names).filter(([name]) => typeof facts[name] === "number").map(([name, words]) => [words, facts[name]]);
}

function drawMarks(svg, marks, x, bottom) {
  marks.forEach(([words, value], n) => {
    const at = x(value);
    svg.append(draw("line", { x1: at, x2: at, y1: 22, y2: bottom, class: "event" }));
    const room = at > PLOT.width - PLOT.right - 90;
    svg.append(draw("text", { x: at + (room ? -4 : 4), y: 34 + 13 * n, "text-anchor": room ? "end" : "start", class: "small halo" }, words));
  });
}

// A line of tiles for each kind of response, the labels of the visits over them where there is room.
function drawStrips(svg, series, others, x, days, y) {
  const parts = [["target", "Target"], ["non_target", "Non-target"], ["new_lesion", "New lesion"], ["response", "Response"]];
  const strips = parts
    .filter(([name]) => series.rows.some((row) => row[name]))
    .map(([name, title]) => ({ title, rows: series.rows, word: (row) => (name === "new_lesion" ? NEW_WORDS[row[name]] || row[name] : row[name]) }));
  for (const one of [series, ...others]) strips.push({ title: titleOf(one.criteria), rows: one.rows, word: overallOf, bold: one === series });
  const short = new Map();
  const placesOf = (rows) => rows.map((row) => x(days(row.date)));
  // as wide as the visits beside it in its own line allow: criteria may date a visit differently
  const tileAt = (middle, places) => Math.max(6, Math.min(64, ...places.filter((other) => other !== middle).map((other) => Math.abs(other - middle))) - 3);
  const middles = placesOf(series.rows);
  let free = 0;
  series.rows.forEach((row, n) => {
    const words = shortened(row.visit, 14);
    const half = words.length * 3.1;
    if (middles[n] - half < free) return;
    svg.append(draw("text", { x: middles[n], y: y + 4, "text-anchor": "middle", class: "small" }, words, draw("title", {}, row.visit)));
    free = middles[n] + half + 4;
  });
  for (const strip of strips) {
    y += PLOT.row;
    svg.append(draw("text", { x: 4, y: y + 4, class: strip.bold ? "small strong" : "small" }, shortened(strip.title, 17), draw("title", {}, strip.title)));
    const places = placesOf(strip.rows);
    for (const row of strip.rows) {
      const word = strip.word(row);
      if (!word) continue;
      const middle = x(days(row.date));
      const tile = tileAt(middle, places);
      const colour = DATA.colours[word];
      svg.append(draw("rect", { x: middle - tile / 2, y: y - 8, width: tile, height: 16, rx: 2, fill: colour || "none", class: colour ? "tile" : "" }, draw("title", {}, `${row.visit}, ${day(row.date)}: ${word}`)));
      const room = Math.floor(tile / 7.4);
      const brief = word.length > room && SHORT_WORDS[word] ? SHORT_WORDS[word] : word;
      if (brief !== word) short.set(brief, [...new Set([...(short.get(brief) || []), word])]);
      if (word.length * 6 <= tile || tile > 18) {
        svg.append(draw("text", { x: middle, y: y + 4, "text-anchor": "middle", class: "small", fill: inkOn(colour) }, shortened(brief, Math.max(2, room))));
      }
    }
  }
  for (const [brief, words] of short) {
    y += PLOT.row;
    svg.append(draw("text", { x: PLOT.left, y: y + 4, class: "small" }, `${brief}: ${words.join(", ")}`));
  }
  return y + 12;
}

// White letters where the ground is dark.
function inkOn(colour) {
  if (!colour) return "#000";
  const [r, g, b] = [1, 3, 5].map((n) => (parseInt(colour.slice(n, n + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18 ? "#fff" : "#000";
}

function drawLegend(svg, lines, fresh) {
  let at = PLOT.left;
  for (const line of lines) {
    svg.append(draw("line", { x1: at, x2: at + 22, y1: 10, y2: 10, stroke: line.colour, "stroke-width": line.wide || 1.2, "stroke-dasharray": line.dash || "" }));
    svg.append(draw("text", { x: at + 27, y: 14, class: "small" }, line.name));
    at += 45 + line.name.length * 6.2;
  }
  if (fresh) {
    svg.append(draw("path", { d: `M${at + 6} 4l6 6l-6 6l-6 -6z`, fill: "#000" }));
    svg.append(draw("text", { x: at + 17, y: 14, class: "small" }, "New lesion (open: equivocal)"));
  }
}
