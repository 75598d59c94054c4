"""The page by keyboard and by screen reader: headings, names, tables, contrast, where the focus goes."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

import recist
from survival.report.page import PROGRAM, _own
from tests.report.browser import Browser
from tests.report.conftest import Ran
from tests.report.trial import ARMS, NAMES

pytestmark = pytest.mark.pandas_once
FOCUS = "document.activeElement.textContent"
HEAD = "document.querySelector('#subject-title').textContent"
LEVELS = """[...document.querySelectorAll('h1, h2, h3, h4')].filter(one => one.closest('[hidden]') === null)
  .map(one => Number(one.tagName[1]))"""
NAMELESS = """[...document.querySelectorAll('a, button, input, select, svg[role], table, nav, [role=region]')]
  .filter(one => !(one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') || one.textContent.trim()
    || (one.labels && one.labels.length))).map(one => one.outerHTML.slice(0, 200))"""
UNSCOPED = "[...document.querySelectorAll('th:not([scope])')].map(one => one.outerHTML)"
LOST = """[...document.querySelectorAll('[aria-labelledby], [aria-controls]')]
  .flatMap(one => [one.getAttribute('aria-labelledby'), one.getAttribute('aria-controls')])
  .filter(id => id && !document.getElementById(id))"""
CONTRAST = """(() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const ground = (one) => { for (let at = one; at; at = at.parentElement) {
    const colour = rgb(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour; } return [255, 255, 255]; };
  const light = (colour) => colour.slice(0, 3).map(n => n / 255)
    .map(n => n <= .04045 ? n / 12.92 : ((n + .055) / 1.055) ** 2.4)
    .reduce((sum, n, place) => sum + n * [.2126, .7152, .0722][place], 0);
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || one.closest('script, style, noscript, svg, [hidden]')) continue;
    const [ink, paper] = [rgb(getComputedStyle(one).color), ground(one)];
    const [a, b] = [light(ink), light(paper)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) found.push(`${one.tagName}.${one.className} ${ratio.toFixed(2)}: ${one.textContent.slice(0, 40)}`);
  }
  return [...new Set(found)];
})()"""


def places() -> list[str]:
    """The report, the list, and subjects of many names."""
    return ["#study", "#subjects", *map(recist.subject_link, NAMES[:4])]


def test_headings_come_in_order_and_everything_has_a_name(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page)
    assert browser.run("document.documentElement.lang") == "en"
    for place in places():
        browser.go(place)
        levels = browser.run(LEVELS)
        assert levels[0] == 1 and levels.count(1) == 1, place
        assert all(lower - upper <= 1 for upper, lower in pairwise(levels)), place
        for question in (NAMELESS, UNSCOPED, LOST):
            assert browser.run(question) == [], place


def test_figures_have_words(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page)
    words = browser.run(
        "[...document.querySelectorAll('article figure > svg')].map(one => one.getAttribute('aria-label'))"
    )
    assert len(words) >= 4 and all(len(text) > 60 for text in words)


def test_texts_stand_out_from_their_ground(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page)
    for place in places():
        browser.go(place)
        assert browser.run(CONTRAST) == [], place


@pytest.mark.parametrize(("place", "name"), [("", "main"), (recist.subject_link(NAMES[3]), "subject")])
def test_the_skip_link_comes_first_and_leads_into_the_open_view(
    browser: Browser, trial: Ran, place: str, name: str
) -> None:
    browser.open(trial.page, place)
    browser.press("Tab")
    assert browser.run(FOCUS) == "Skip to the content"
    assert browser.run("document.activeElement.getBoundingClientRect().left >= 0")
    browser.press("Enter")
    assert browser.run("[document.activeElement.id, location.hash]") == [name, place]


def test_the_focus_stays_on_the_step_to_the_next_subject(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page, recist.subject_link(NAMES[0]))
    browser.run("document.querySelector('[data-keep=next]').focus()")
    for name in NAMES[1:3]:
        browser.press("Enter")
        assert browser.run(HEAD) == name
        assert browser.run(FOCUS) == "Next \N{RIGHTWARDS ARROW}"
        assert browser.run("document.querySelector('#announced').textContent") == f"Subject {name} is shown"
    browser.press("Escape")
    assert browser.run(FOCUS) == NAMES[2]  # the row of the list
    browser.press("Escape")
    assert browser.run("document.activeElement.id") == "q"


def test_the_focus_follows_a_link_and_comes_back(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page)
    browser.run("document.querySelector('table.display a').focus()")
    who = browser.run(FOCUS)
    browser.press("Enter")
    assert browser.run(
        "[document.activeElement.id, document.querySelector('#subject-title').textContent]"
    ) == [
        "subject",
        who,
    ]
    browser.run("history.back()")
    browser.rest()
    assert browser.run(FOCUS) == who
    assert browser.run("document.querySelector('#browser').hidden")


def test_the_contents_follow_the_reader(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page)
    for name in ("key-results", "figure-waterfall", "listing-adverse_event"):
        browser.run(f"document.getElementById('{name}').scrollIntoView()")
        browser.rest()
        browser.run(f"document.getElementById('{name}').scrollIntoView()")  # heights above are known by now
        browser.rest()
        here = "[...document.querySelectorAll('.contents [aria-current]')].map(link => link.hash)"
        assert browser.run(here) == [f"#{name}"]


def test_a_list_is_saved_as_csv_that_no_spreadsheet_runs(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page, "#subjects")
    browser.run(
        "window.kept = []; URL.createObjectURL = blob => { window.kept.push(blob); return 'data:,'; };"
    )
    browser.run("document.querySelector('#count + button').click()")
    text = browser.run("window.kept[0].text()")
    head, *rows = text.split("\r\n")
    assert head.removeprefix("\ufeff").startswith("Subject,Arm,Best response,")
    assert len(rows) == 11 and rows[-1] == ""
    assert rows[8].startswith(f"'=cmd(),{ARMS[0]},")
    assert re.search(r"(^|,)[-+]?\d+\.\d(,|$)", rows[0])  # a change of the sum stays a number
    assert rows[6].startswith('"q""uo\'te",')


def test_the_page_has_no_motion_and_no_name_of_its_own_outside() -> None:
    style = _own("report.css")
    assert "transition" not in style and "animation" not in style and "smooth" not in style
    assert '(function () {\n"use strict";\n{{program}}\n})();' in _own("page.html")


def test_the_program_leaves_no_global(browser: Browser, trial: Ran) -> None:
    program = "\n".join(map(_own, PROGRAM))
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", program, re.MULTILINE)
    assert len(names) > 60 and len(names) == len(set(names))
    browser.open(trial.page, "#subjects")
    assert not set(names) & set(browser.run("Object.getOwnPropertyNames(window)")) - {"find"}
    assert "var " not in program and "innerHTML" not in program
