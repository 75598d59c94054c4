"""Every key of a study file, wrong in turn: a sentence with file, line and the nearest known word."""

import re
import tomllib
from typing import get_args

import pytest
from pydantic import BaseModel

from survival.study import StudyError, read_study
from survival.study.lines import Lines
from survival.study.model import Study
from tests.study.whole_files import LESIONS, WHOLE

LINE = re.compile(r"^([A-Za-z0-9_]+) = (.+)$")
FREE = {  # tables whose keys are names of the user's own data, or words that a type cannot tell apart
    "data.columns.lesions",
    "data.files",
    "data.recorded.where",
    "populations.safety.where",
    "proportion.where",
    "leukaemia.by_value",
    "arms.labels",
    "analysis.labels",
}


def read(folder, text):
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    return read_study(file)


def keys_of(model, above=()):
    """Every key of the model, list positions left out."""
    for name, field in model.model_fields.items():
        yield (*above, name)
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from keys_of(kind, (*above, name))


def written(text):
    """Line number -> (table, key, value as it is written), for every line with a key."""
    table, found = "", {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("["):
            table = line.strip("[]")
        elif key := LINE.match(line):
            found[number] = (table, key[1], key[2])
    return found


EVERY = [(name, number) for name, text in WHOLE.items() for number in written(text)]
CLOSED = [(name, number) for name, number in EVERY if written(WHOLE[name])[number][0] not in FREE]


def with_line(name, number, line):
    """A whole file with one line replaced."""
    lines = WHOLE[name].splitlines()
    lines[number - 1] = line
    return "\n".join(lines) + "\n"


def place_of(name, number):
    return f"study.toml, line {number}: "


def fault_of(folder, text):
    """The message of the error, which is the only kind there may be."""
    with pytest.raises(StudyError) as error:
        read(folder, text)
    return str(error.value)


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_files_are_good(tmp_path, name):
    assert read(tmp_path, WHOLE[name]).source.path.name == "study.toml"


def test_the_whole_files_hold_every_key_of_the_model():
    there = {place for text in WHOLE.values() for place in Lines(text).at}
    plain = {tuple(part for part in place if isinstance(part, str)) for place in there}
    flat = set(plain)
    for place in plain:  # tables named by the user: criteria, populations, sensitivity analyses
        for cut in range(len(place)):
            flat.add((*place[:cut], *place[cut + 1 :]))
    containers = {(*key[:cut],) for key in flat for cut in range(1, len(key))}
    missing = [key for key in keys_of(Study) if key not in flat and key not in containers]
    assert missing == []


@pytest.mark.parametrize(("name", "number"), CLOSED, ids=lambda part: str(part))
def test_a_misspelt_key_names_its_line_and_the_key_that_is_meant(tmp_path, name, number):
    _, key, value = written(WHOLE[name])[number]
    said = fault_of(tmp_path, with_line(name, number, f"{key}_x = {value}"))
    (line,) = [part for part in said.splitlines() if part.startswith(place_of(name, number))]
    assert f"'{key}_x'" in line
    assert f"Did you mean '{key}'?" in line


@pytest.mark.parametrize(("name", "number"), EVERY, ids=lambda part: str(part))
def test_a_value_of_the_wrong_type_names_its_line_and_what_it_must_be(tmp_path, name, number):
    _, key, value = written(WHOLE[name])[number]
    good = tomllib.loads(f"x = {value}")["x"]
    bad = {str: "5", list: "5", bool: '"maybe"', int: '"much"', float: '"much"'}[type(good)]
    if written(WHOLE[name])[number][0].endswith("where"):
        bad = "{ a = 1 }"  # texts, numbers, true, false and lists are all allowed there
    said = fault_of(tmp_path, with_line(name, number, f"{key} = {bad}"))
    (line,) = {part for part in said.splitlines() if part.startswith(place_of(name, number))}
    assert re.search(r"this must be (a|true|one)|is not known", line), line
    assert not re.search(r"Input should|validation|type=|None", line), line


WORDS = {  # line of the whole file -> the same with a word misspelt, and the word that was meant
    'responses = "derived"': ('responses = "drived"', "derived"),
    "[data.columns.lesions]": ("[data.columns.lesion]", "lesions"),
    "[criteria.recist_1_1]": ("[criteria.recist_11]", "recist_1_1"),
    'cr_with_nt_ne = "NE"': ('cr_with_nt_ne = "NEE"', "NE"),
    'base = "recist_1_1"': ('base = "recist_1"', "recist_1_1"),
    'criteria = "recist_1_1"\nconfirmation': ('criteria = "recist_11"\nconfirmation', "recist_1_1"),
    'preset = "admiralonco"': ('preset = "admiral_onco"', "admiralonco"),
    'rule = "adjudicator_if_discordant"': ('rule = "adjudicator_if_discord"', "adjudicator_if_discordant"),
    'criteria = "recist_1_1"\npopulation = "itt"\ntol': ('criteria = "hlf"\npopulation = "itt"\ntol', "half"),
    'population = "itt"\ntolerance': ('population = "ittt"\ntolerance', "itt"),
    'population = "safety"\nstart_date': ('population = "safty"\nstart_date', "safety"),
    'dose_limiting_population = "safety"': ('dose_limiting_population = "safe"', "safety"),
    'population = "itt"\nscales': ('population = "it"\nscales', "itt"),
    'scales = ["QL2", "PF2"]': ('scales = ["QL2", "PF"]', "PF2"),
    "points = 10": ("point = 10", "points"),
    'reference = "CONTROL"': ('reference = "CONTROLL"', "CONTROL"),
    'NEW = "New drug"': ('NEWW = "New drug"', "NEW"),
    'name = "ORR"': ('name = "ORRR"', "orr"),
    'endpoint = "pfs"\ntitle': ('endpoint = "psf"\ntitle', "pfs"),
    'without = ["P4"]': ('without = ["P44"]', "P4"),
    'criteria = "recist_1_1"\npopulation = "itt"\nframe': (
        'criteria = "recist"\npopulation = "itt"\nframe',
        "recist_1_1",
    ),
    'population = "itt"\nframe': ('population = "itts"\nframe', "itt"),
    "max_gap_days = 200": ("max_gap = 200", "max_gap_days"),
    'endpoint = "pfs_ema"': ('endpoint = "pfs_em"', "pfs_ema"),
    'criteria = "half"': ('criteria = "hallf"', "half"),
    'population = "safety"\n[endpoint': ('population = "saftey"\n[endpoint', "safety"),
    "max_gap_days = 100": ("max_gaps = 100", "max_gap_days"),
    'scale = "PA"': ('scale = "PAA"', "PA"),
    'confirmation = "every_later"': ('confirmation = "ever_later"', "every_later"),
    'population = "itt"\nflag = "planned"': ('population = "iit"\nflag = "planned"', "itt"),
    'population = "itt"\nconf_type': ('population = "iitt"\nconf_type', "itt"),
    'conf_type = "log-log"': ('conf_type = "loglog"', "log-log"),
    'convention = "sas"': ('convention = "sass"', "sas"),
    'ties = "efron"': ('ties = "effron"', "efron"),
    'rate_conf_type = "wilson"': ('rate_conf_type = "willson"', "wilson"),
    'difference = "newcombe"': ('difference = "newcomb"', "newcombe"),
    'unit = "months"': ('unit = "month"', "months"),
    'only = ["km_plot", ': ('only = ["km_plott", ', "km_plot"),
    'omit = ["forest_plot"]': ('omit = ["forrest_plot"]', "forest_plot"),
    'kind = "km_plot"': ('kind = "kmplot"', "km_plot"),
    'endpoint = "PFS"': ('endpoint = "PSF"', "PFS"),
    'which = "all"': ('which = "al"', "all"),
    'population = "safety"\nevaluator = "ADJUDICATOR"': (
        'population = "safely"\nevaluator = "ADJUDICATOR"',
        "safety",
    ),
    'criteria = "recist_1_1"\n\n[[display]]': ('criteria = "recist_11"\n\n[[display]]', "recist_1_1"),
}


@pytest.mark.parametrize("stands", WORDS)
def test_an_unknown_word_names_its_line_and_the_nearest_known_word(tmp_path, stands):
    instead, meant = WORDS[stands]
    assert LESIONS.count(stands) == 1
    number = LESIONS[: LESIONS.index(stands)].count("\n") + 1
    said = fault_of(tmp_path, LESIONS.replace(stands, instead))
    (line,) = [part for part in said.splitlines() if f"Did you mean '{meant}'?" in part]
    assert line.startswith(place_of("lesions", number)), line


@pytest.mark.parametrize("frame", ["12 mnths", "twelve months", "12", "0 days", "-1 days", ""])
@pytest.mark.parametrize("key", ["frame", "dose_limiting_frame"])
def test_a_time_frame_that_is_none_says_how_one_is_written(tmp_path, key, frame):
    said = fault_of(tmp_path, re.sub(rf'(?m)^{key} = "[0-9a-z ]+"', f'{key} = "{frame}"', LESIONS, count=1))
    assert f'{key} = "{frame}" is no time frame. Write a number and days, weeks, months or years' in said


def replaced(stands, instead):
    assert LESIONS.count(stands) == 1, stands
    return LESIONS.replace(stands, instead)


OTHERS = {
    "deterioration without a scale": (
        replaced('scale = "PA"\n', ""),
        "'Pain' does not say whose deterioration it is. Add settings = { scale = \"QL2\" }.",
    ),
    "first of no dates": (
        replaced('events = ["first_serious_date"]\n', ""),
        "'First event' does not say which dates are its events.",
    ),
    "deterioration without questionnaires": (
        replaced('qlq_c30 = "qlq_c30.csv"\n', ""),
        "'Pain' is made of questionnaires. Add qlq_c30 = \"qlq_c30.csv\" to [data].",
    ),
    "adverse events without their table": (
        replaced('adverse_events = "adverse_events.csv"\n', ""),
        '[adverse_events] needs the events. Add adverse_events = "adverse_events.csv" to [data].',
    ),
    "questionnaires without their table": (
        replaced('qlq_c30 = "qlq_c30.csv"\n', ""),
        '[qlq_c30] needs the questionnaires. Add qlq_c30 = "qlq_c30.csv" to [data].',
    ),
    "survival has no unconfirmed twin": (
        replaced("[endpoint.sensitivity.unconfirmed]\n", "").replace(
            'name = "DOR"\nconfirmation = false\n',
            'name = "OS"\n[endpoint.sensitivity.unconfirmed]\nconfirmation = false\n',
        ),
        "confirmation plays no part in 'os'. It is for rates and for docr, dor,",
    ),
    "a time as edit of a rate": (
        replaced('evaluator = "READER 1"\n', '[endpoint.sensitivity.two]\nendpoint = "pfs"\n'),
        "'pfs' is not an outcome of the kind of 'orr'",
    ),
    "two proportions of a name": (
        LESIONS + '[[proportion]]\nname = "Feasible"\nflag = "x"\n',
        "two proportions are named 'Feasible'. Rename one.",
    ),
    "a proportion without condition": (
        LESIONS + '[[proportion]]\nname = "Other"\n',
        "proportion 'Other' has no condition. Add flag, has or where.",
    ),
    "strata twice": (
        replaced('strata = ["region"]', 'strata = ["region", "region"]'),
        "'region' is named twice in strata.",
    ),
    "an arm twice": (
        replaced('order = ["CONTROL", "NEW"]', 'order = ["CONTROL", "NEW", "NEW"]'),
        "'NEW' is named twice in order.",
    ),
    "a time that is negative": (
        replaced("times = [6, 12]", "times = [6, -12]"),
        "times, item 2 = -12: this must be 0 or more.",
    ),
    "weeks that are nought": (
        replaced("every_weeks = 8", "every_weeks = 0"),
        "every_weeks = 0: this must be more than 0.",
    ),
    "one evaluator compared": (
        replaced('evaluators = ["READER 1", "READER 2"]', 'evaluators = ["READER 1"]'),
        'evaluators = ["READER 1"]: this must be a list of 2.',
    ),
    "an empty name": (
        replaced('name = "ORR"', 'name = ""'),
        'name = "": this must be a text that is not empty.',
    ),
    "a file name with a slash": (
        replaced('id = "km"', 'id = "a/km"'),
        'id = "a/km": this must be letters, digits, dots, hyphens and underscores.',
    ),
    "an edit of the frame that is none": (
        replaced('frame = "18 months"', 'frame = "18 mnths"'),
        'frame = "18 mnths" is no time frame. Write a number and days, weeks, months or years',
    ),
    "a reference without order": (
        replaced('order = ["CONTROL", "NEW"]\n', "").replace('[arms.labels]\nNEW = "New drug"\n', ""),
        None,
    ),
}


@pytest.mark.parametrize("fault", OTHERS)
def test_what_does_not_fit_together_is_said_in_a_sentence(tmp_path, fault):
    text, says = OTHERS[fault]
    if says is None:
        assert read(tmp_path, text).arms.reference == "CONTROL"
        return
    said = fault_of(tmp_path, text)
    assert says in said
    assert all(line.startswith("study.toml, line ") for line in said.splitlines())
