// The data of the page: texts are numbers of a list, days are counted from 1970-01-01, and an explanation is
// a number too, of a form and the values that stand in it.  `coded.py` writes what is read here.

const DATA = JSON.parse(document.getElementById("data").textContent);
const PEOPLE = new Map(DATA.subjects.map((one) => [one.id, one]));
const SVG = "http://www.w3.org/2000/svg";
const MISSING = "\u2013";

function byId(name) {
  return document.getElementById(name);
}

function text(number) {
  return number === null || number === undefined ? "" : DATA.texts[number];
}

function day(number) {
  return number === null || number === undefined ? "" : new Date(number * 86400000).toISOString().slice(0, 10);
}

function explanation(number) {
  const [form, joined] = DATA.told[number];
  const values = joined.split("|");
  let place = 0;
  const fill = () => values[place++];
  return DATA.forms[form].map((line) => DATA.lines[line].replace(/\u0001/g, fill));
}

// A value as it is kept (dates as days, flags as 1 and 0) but with texts put in.
function decoded(value, kind) {
  return kind === "text" ? text(value) : value;
}

// The rows of a table of a subject as objects.
function rowsOf(subject, table) {
  const fields = DATA.fields[table] || [];
  return (subject[table] || []).map((row) => {
    const one = {};
    fields.forEach(([name, , kind], n) => { one[name] = decoded(row[n], kind); });
    return one;
  });
}

function has(table) {
  return Boolean(DATA.fields[table] && DATA.fields[table].length);
}

function fieldOf(table, name) {
  return (DATA.fields[table] || []).find((field) => field[0] === name);
}

// A value as printed.
function shown(value, kind) {
  if (value === null || value === undefined || value === "") return "";
  if (kind === "date") return day(value);
  if (kind === "flag") return value ? "yes" : "no";
  if (kind === "percent") return signed(value.toFixed(1));
  return kind === "number" ? minus(String(value)) : String(value);
}

// A time in the unit of the study; + where it is censored.
function timeOf(row) {
  return row.shown.toFixed(DATA.unit === "days" ? 0 : 1) + (row.event ? "" : "+");
}

function signed(digits) {
  return Number(digits) > 0 ? "+" + digits : minus(digits);
}

function minus(digits) {
  return digits.replace("-", "\u2212");
}

// An element with attributes; children are elements or texts, so that no text is ever read as html.
function make(tag, attributes, ...children) {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) one.setAttribute(name, value === true ? "" : value);
  }
  one.append(...children.filter((child) => child !== null && child !== undefined));
  return one;
}

function draw(tag, attributes, ...children) {
  const one = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes || {})) one.setAttribute(name, value);
  one.append(...children);
  return one;
}

// What the address says: a place of the report, or the list of subjects with its filters and a subject.
function readAddress() {
  const hash = location.hash.slice(1);
  const state = { view: "report", place: hash };
  if (!/^subjects?(=|&|$)/.test(hash)) return state;
  state.view = "browser";
  for (const [name, value] of new URLSearchParams(hash)) state[name] = value;
  return state;
}

const KEPT = ["q", "arm", "best", "seen", "finding", "readers", "sort", "evaluator", "criteria"];

function address(state) {
  const parts = [state.subject ? "subject=" + encodeURIComponent(state.subject) : "subjects"];
  for (const name of KEPT) if (state[name]) parts.push(name + "=" + encodeURIComponent(state[name]));
  return "#" + parts.join("&");
}
