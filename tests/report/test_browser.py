"""The page in a real browser: what a reader sees, clicks and types."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import recist
from survival.report.coded import json_text
from tests.report.browser import Browser
from tests.report.conftest import Ran
from tests.report.trial import ARMS, NAMES

pytestmark = pytest.mark.pandas_once  # a browser shows the same page whatever pandas made it
HEAD = "document.querySelector('#subject-title').textContent"
LISTED = "[...document.querySelectorAll('#rows a')].map(link => link.textContent)"
FOCUS = "document.activeElement.textContent"


def choose(browser: Browser, name: str, value: str) -> None:
    """Set a filter as a reader does."""
    browser.run(
        f"(() => {{ const field = document.getElementById('{name}'); field.value = {json.dumps(value)};"
        " field.dispatchEvent(new Event('input', { bubbles: true })); })()"
    )
    browser.rest()


def test_opens_without_error_or_request(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page)
    assert browser.run("getComputedStyle(document.querySelector('#browser')).display") == "none"
    browser.go("#subjects")
    for name in NAMES:
        browser.go(recist.subject_link(name))
        assert browser.run(HEAD) == name
    assert browser.run("window.hit === undefined")
    assert browser.problems() == []
    left = {address for address in browser.requests() if not address.startswith("data:font/woff;base64,")}
    assert left == {trial.page.as_uri()}  # fonts of the figures are within the page


def test_every_link_leads_somewhere(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page)
    lost = browser.run(
        "[...document.querySelectorAll('a')].map(a => a.getAttribute('href') || a.getAttribute('xlink:href'))"
        ".filter(link => !/^#subjects?(=|&|$)/.test(link) && !document.getElementById(link.slice(1)))"
    )
    assert lost == []
    links = browser.run(
        "[...new Set([...document.querySelectorAll('article a')].map(a => a.getAttribute('href')))]"
    )
    to_subjects = [link for link in links if link.startswith("#subject=")]
    assert len(to_subjects) == len(NAMES) + 1
    for link in to_subjects:
        browser.go(link)
        assert browser.run(HEAD) != "Not in this study"


def test_a_bar_of_the_waterfall_leads_to_its_subject_and_back(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page, "#figure-waterfall")
    x, y, link = browser.run(
        "(() => { const bar = document.querySelector('#figure-waterfall svg a');"
        " const box = bar.getBoundingClientRect();"
        " return [box.left + box.width / 2, box.top + box.height / 2, bar.getAttribute('href')]; })()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    browser.rest()
    assert recist.subject_link(browser.run(HEAD)) == link
    browser.run("history.back()")
    browser.rest()
    assert browser.run("[location.hash, document.querySelector('#browser').hidden]") == [
        "#figure-waterfall",
        True,
    ]
    assert (
        browser.run("Math.abs(document.querySelector('#figure-waterfall').getBoundingClientRect().top)") < 400
    )


def test_filters_and_order(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page, "#subjects")
    assert len(browser.run(LISTED)) == 10
    choose(browser, "q", "OMEGA")
    assert browser.run(LISTED) == []
    assert browser.run("document.querySelector('#count').textContent") == "0 of 10 subjects"
    choose(browser, "q", "Ω")
    assert browser.run(LISTED) == [NAMES[4]]
    choose(browser, "q", "")
    choose(browser, "arm", ARMS[1])
    assert browser.run(LISTED) == [*NAMES[1::2], "HSIT101-010"]
    best = trial.run.best
    main = best[(best["evaluator"] == "INVESTIGATOR") & (best["criteria"] == "recist_1_1")]
    choose(browser, "arm", "")
    choose(browser, "best", "PR")
    assert set(browser.run(LISTED)) == set(main.loc[main["best_response"] == "PR", "subject"].astype(str))
    choose(browser, "best", "")
    for severity in set(trial.run.findings["severity"]):
        found = trial.run.findings[trial.run.findings["severity"] == severity]
        choose(browser, "finding", severity)
        assert set(browser.run(LISTED)) == set(found["subject"].dropna().astype(str))
    choose(browser, "finding", "")
    browser.run("document.querySelector('[data-sort=change]').click()")
    browser.rest()
    changes = browser.run(
        "[...document.querySelectorAll('#rows tbody tr')].map(row => row.children[3].textContent)"
    )
    numbers = [float(text.replace("\N{MINUS SIGN}", "-")) for text in changes if text]
    assert numbers == sorted(numbers) and len(numbers) > 5
    assert browser.run("document.querySelector('[aria-sort]').textContent") == "Best change, %"
    assert "sort=change" in browser.run("location.hash")


def test_every_column_sorts_both_ways(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page, "#subjects")
    heads = browser.run("[...document.querySelectorAll('#rows [data-sort]')].map(one => one.dataset.sort)")
    assert heads == ["id", "arm", "best", "change", "time", "findings"]
    orders = {}
    for name in heads:
        for direction in ("ascending", "descending"):
            browser.run(f"document.querySelector('[data-sort={name}]').click()")
            browser.rest()
            assert (
                browser.run(f"document.querySelector('[data-sort={name}]').parentNode.ariaSort") == direction
            )
            assert browser.run("document.activeElement.dataset.sort") == name  # the focus stays
            orders[name, direction] = browser.run(
                f"[...document.querySelectorAll('#rows tbody tr')].map(row =>"
                f" row.children[{heads.index(name)}].textContent)"
            )
    for name in heads:
        up = [text for text in orders[name, "ascending"] if text]
        down = [text for text in orders[name, "descending"] if text]
        assert len(orders[name, "ascending"]) == 10 and sorted(up) == sorted(down) and up[0] == down[-1], name
        if name != "findings":  # an empty cell is none of them there, the smallest number
            assert orders[name, "ascending"][: len(up)] == up  # who has no value comes last
        if name in ("change", "time", "findings"):
            numbers = [float(text.rstrip("+").replace("\N{MINUS SIGN}", "-")) for text in up]
            assert numbers == sorted(numbers)


def test_keys_move_through_the_list(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page, "#subjects")
    browser.run("document.querySelector('#q').focus()")
    browser.press("ArrowDown")
    assert browser.run(FOCUS) == NAMES[0]
    browser.press("ArrowDown")
    browser.press("ArrowDown")
    browser.press("ArrowUp")
    assert browser.run(FOCUS) == NAMES[1]
    assert browser.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.press("Enter")
    assert browser.run(HEAD) == NAMES[1]
    assert browser.run("document.querySelector('[aria-current=true]').textContent") == NAMES[1]
    assert browser.run(FOCUS) == NAMES[1]  # so that the next arrow goes on from here


def test_a_visit_gives_its_reason(browser: Browser, trial: Ran) -> None:
    rows = trial.run.responses
    mine = rows[(rows["subject"] == NAMES[0]) & (rows["evaluator"] == "INVESTIGATOR")]
    mine = mine[mine["criteria"] == "recist_1_1"].sort_values("date").reset_index(drop=True)
    said = recist.explain_all(mine)[0].split("\n", 1)[1].strip("\n").split("\n")
    browser.open(trial.page, recist.subject_link(NAMES[0]))
    assert browser.run("document.querySelector('#reason-0').hidden")
    browser.run("document.querySelector('.why').click()")
    browser.rest()
    shown = browser.run("[...document.querySelectorAll('#reason-0 p')].map(line => line.textContent.trim())")
    assert shown == [line.strip() for line in said]
    assert browser.run("document.querySelector('.why').getAttribute('aria-expanded')") == "true"
    overall = browser.run(
        "[...document.querySelectorAll('table.visits .term')].map(term => term.textContent)"
    )
    assert overall == mine["overall"].astype(str).tolist()


def test_readings_stand_side_by_side_with_their_reasons(browser: Browser, trial: Ran) -> None:
    rows = trial.run.responses
    mine = rows[(rows["subject"] == NAMES[0]) & (rows["visit"] == "WEEK 6")]
    assert len(mine) == 4  # two evaluators, two criteria
    browser.open(trial.page, recist.subject_link(NAMES[0]))
    browser.run("document.querySelector('table.readings .why').click()")
    browser.rest()
    shown = browser.run("document.querySelector('#readings-0').innerText")
    told = recist.explain_all(mine.reset_index(drop=True))
    for line in {line.strip() for text in told for line in text.split("\n", 1)[1].splitlines()}:
        assert line in shown
    cards = browser.run("[...document.querySelectorAll('#readings-0 .of')].map(card => card.textContent)")
    assert cards[0].startswith("INVESTIGATOR, RECIST 1.1: ") and len(cards) == 4


def test_subjects_whose_readers_differ_are_found(browser: Browser, trial: Ran) -> None:
    browser.open(trial.page, "#subjects")
    rows = trial.run.responses
    rows = rows.assign(shown=rows["ioverall"].astype("string").fillna(rows["overall"].astype("string")))
    wide = rows.pivot_table(
        index=["subject", "criteria", "visit"],
        columns="evaluator",
        values="shown",
        aggfunc="first",
        observed=True,
    ).dropna()
    unlike = wide[wide.iloc[:, 0] != wide.iloc[:, 1]].index
    who = set(unlike.get_level_values("subject").astype(str))
    choose(browser, "readers", "differ")
    assert set(browser.run(LISTED)) == who and 0 < len(who) < 10
    one = sorted(who)[0]
    browser.go(recist.subject_link(one))
    marks = browser.run("document.querySelectorAll('.mark.differs').length")
    assert marks == len({visit for subject, _, visit in unlike if subject == one})
    choose(browser, "readers", "")
    choose(browser, "seen", "iUPD")
    assert set(browser.run(LISTED)) == set(rows.loc[rows["shown"] == "iUPD", "subject"].astype(str))


def test_a_subject_shows_its_outcomes(browser: Browser, trial: Ran) -> None:
    tte = trial.run.tte["OS"]
    row = tte[tte["subject"] == NAMES[1]].iloc[0]
    browser.open(trial.page, recist.subject_link(NAMES[1]) + "&criteria=irecist")
    text = browser.run("document.querySelector('#subject').innerText")
    assert f"{row['date']:%Y-%m-%d}" in text and str(row["description"]) in text and row["situation"] in text
    assert "iRECIST" in browser.run(
        "document.querySelector('#subject select').selectedOptions[0].textContent"
    )
    assert (
        "Days: to - from + 1, so that the start is day 1; of visits, days from the start, which is day 0."
        in text
    )
    assert "</script>" in text  # of a remark and an adverse event, as text
    assert browser.run("document.querySelectorAll('#subject svg.profile circle').length") > 3
    assert browser.run("document.querySelector('#subject svg').getAttribute('aria-label')").startswith(
        "Profile of"
    )


def test_a_response_that_no_tile_holds_has_a_short_form_and_a_key(browser: Browser, trial: Ran) -> None:
    rows = trial.run.responses
    one = rows.loc[rows["non_target"].astype(str) == "NON-CR/NON-PD", "subject"].astype(str).iloc[0]
    browser.open(trial.page, recist.subject_link(one))
    texts = browser.run(
        "[...document.querySelectorAll('#subject svg.profile text')].map(text => text.firstChild.textContent)"
    )
    assert "NN" in texts and "NN: NON-CR/NON-PD" in texts
    assert not any(text.startswith("NON-") for text in texts)


def test_criteria_that_date_a_visit_differently_have_tiles_as_wide(
    browser: Browser, trial: Ran, tmp_path: Path
) -> None:
    start, data, end = re.split(r'(?<=id="data">)(.*?)(?=</script>)', trial.html, maxsplit=1, flags=re.DOTALL)
    known = json.loads(data)
    names = [field[0] for field in known["fields"]["responses"]]
    date, criteria = names.index("date"), names.index("criteria")
    one = max(known["subjects"], key=lambda subject: len(subject["responses"]))
    first = one["responses"][0][criteria]
    others = [row for row in one["responses"] if row[criteria] != first]
    assert others
    wide = "Math.min(...[...document.querySelectorAll('#subject svg.profile rect.tile')].map(r => +r.getAttribute('width')))"
    browser.open(trial.page, recist.subject_link(one["id"]))
    as_dated = browser.run(wide)
    for row in others:
        row[date] += 2
    page = tmp_path / "report.html"
    page.write_text(start + json_text(known) + end, encoding="utf-8")
    browser.open(page, "#subjects")
    browser.go(recist.subject_link(one["id"]))
    assert browser.problems() == []
    assert browser.run(wide) > 0.8 * as_dated


def test_nothing_is_wider_than_a_narrow_window(browser: Browser, trial: Ran) -> None:
    browser.call(
        "Emulation.setDeviceMetricsOverride", width=900, height=1000, deviceScaleFactor=1, mobile=False
    )
    browser.open(trial.page)
    for place in ("#study", "#subjects", *map(recist.subject_link, NAMES[:4])):
        browser.go(place)
        assert browser.run("document.documentElement.scrollWidth <= window.innerWidth"), place


def test_a_thousand_subjects_open_within_the_time(browser: Browser, trial: Ran, tmp_path: Path) -> None:
    start, data, end = re.split(r'(?<=id="data">)(.*?)(?=</script>)', trial.html, maxsplit=1, flags=re.DOTALL)
    known = json.loads(data)
    few = known["subjects"]
    known["subjects"] = [few[n % len(few)] | {"id": f"{few[n % len(few)]['id']} {n}"} for n in range(1000)]
    page = tmp_path / "report.html"
    page.write_text(start + json_text(known) + end, encoding="utf-8")
    browser.open(page, "#subjects")
    assert len(browser.run(LISTED)) == 1000
    browser.go(recist.subject_link(f"{NAMES[3]} 993"))
    assert browser.run(HEAD) == f"{NAMES[3]} 993"
    assert browser.problems() == []
