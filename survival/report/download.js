// A table of the page as a csv file.  A text that a spreadsheet would run gets an apostrophe, as in the files of the
// run (`survival.formats.spreadsheet`).

const SAVED_NUMBER = "(?:[<>]?[+-]?\\d+(?:\\.\\d+)?%?|NE|infinite)";
const HARMLESS = new RegExp(`^${SAVED_NUMBER}(?: \\(${SAVED_NUMBER}(?:, ${SAVED_NUMBER})?\\)|\\+? to ${SAVED_NUMBER}\\+?)?\\s*$`);
const RUNS = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const GUARDED = /^'+[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

function csvOf(table) {
  const rows = [...table.rows].filter((row) => !row.classList.contains("reason"));
  return rows.map((row) => [...row.cells].filter((cell) => !cell.classList.contains("act")).map(csvField).join(",")).join("\r\n") + "\r\n";
}

function csvField(cell) {
  const lines = [...cell.childNodes].map((node) => (node.nodeName === "BR" ? "\n" : node.textContent)).join("");
  const words = lines.replace(/[\u2007\u2008\u00A0]/g, " ").replace(/\u2212(?=\d)/g, "-").replace(/\( +/g, "(").replace(/, +/g, ", ").trim();
  const safe = (RUNS.test(words) && !HARMLESS.test(words)) || GUARDED.test(words) ? "'" + words : words;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function save(name, content) {
  const file = URL.createObjectURL(new Blob(["\uFEFF" + content], { type: "text/csv;charset=utf-8" }));
  make("a", { href: file, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(file), 1000);
}

// The button of a table; the table is looked up when it is pressed, as a list is made anew.
function saveButton(name, find) {
  const button = make("button", { type: "button", class: "button save" }, "Save as csv");
  button.setAttribute("aria-label", `Save as csv: ${name}`);
  button.addEventListener("click", () => save(`${name.replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(0, 80)}.csv`, csvOf(find())));
  return button;
}

function addSaveButtons() {
  for (const table of document.querySelectorAll("article table.display, table.key")) {
    const part = table.closest("article, section");
    table.parentNode.after(saveButton(part.id, () => table));
  }
  byId("count").after(saveButton("subjects", () => byId("rows").querySelector("table")));
}
