"""Errors of a study file name the line on which the key stands."""

from survival.study.lines import Lines

TEXT = '''# a study
[study]
id = "X"
description = """
start = "not a key"
[not a table]
"""
start_date = "randomization_date"

[criteria.recist_1_1]
cr_with_nt_ne = "NE"

[[endpoint]]
name = "PFS"
settings = { max_gap_days = 126 }

  [[endpoint]]
  name = "OS"
[endpoint.settings]
max_gap_days = 1

[populations]
itt.flag = "itt"
"with space" = { flag = "x" }
'''


def test_keys_of_tables_and_of_lists_of_tables_have_their_line():
    lines = Lines(TEXT)
    assert lines.line(("study",)) == 2
    assert lines.line(("study", "start_date")) == 8
    assert lines.line(("criteria", "recist_1_1", "cr_with_nt_ne")) == 11
    assert lines.line(("endpoint", 0, "name")) == 14
    assert lines.line(("endpoint", 1, "name")) == 18
    assert lines.line(("endpoint", 1, "settings", "max_gap_days")) == 20
    assert lines.line(("populations", "itt", "flag")) == 23
    assert lines.line(("populations", "with space", "flag")) == 24


def test_text_in_triple_quotes_holds_no_keys():
    assert Lines(TEXT).line(("study", "start")) == 2
    assert Lines(TEXT).line(("not a table",)) is None


def test_a_key_inside_an_inline_table_has_the_line_of_the_table():
    assert Lines(TEXT).line(("endpoint", 0, "settings", "max_gap_days")) == 15


def test_a_missing_key_has_the_line_of_its_table():
    assert Lines(TEXT).line(("study", "title")) == 2
    assert Lines(TEXT).line(("endpoint", 1, "population")) == 17
    assert Lines(TEXT).line(("data",)) is None
