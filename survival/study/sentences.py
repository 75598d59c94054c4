"""A study file as a protocol would say it: paragraphs of sentences, each following from keys of the file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace

from recist import get_leukaemia_criteria, get_rules
from survival.comparison_text import model_text
from survival.study.display_sentences import display_sentences
from survival.study.known import RATE_KEYS, edited_endpoint, edited_spec
from survival.study.leukaemia import classifications
from survival.study.model import Edit, EndpointSpec, Population, ProportionSpec, Study
from survival.study.notes import start_text
from survival.study.populations import ALL, population_label
from survival.study.reading import criteria_of

WIDTH = 100
RATE_WORDS = {
    "orr": "the proportion of subjects with a best response of CR or PR",
    "cr": "the proportion of subjects with a best response of CR",
    "dcr": "the proportion of subjects with a best response of CR, PR or SD",
    "cbr": "the proportion of subjects with CR, PR, or SD of the minimum duration of clinical benefit",
}


def study_text(study: Study) -> str:
    """The whole study in sentences, wrapped, one section below the other.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from pathlib import Path
    >>> from survival import read_study
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "study.toml")
    ...     _ = file.write_text('[study]\\nid = "X"\\n[data]\\nlesions = "l.csv"\\nsubjects = "s.csv"\\n')
    ...     print(study_text(read_study(file)).splitlines()[0])
    X
    """
    sections = {
        "Design": _design(study),
        "Assessment of response": _response(study),
        "Outcomes": _outcomes(study),
        "Analysis": _analysis(study),
        "Displays": display_sentences(study),
    }
    blocks = [_paragraph(f"{study.study.id}: {study.study.title}" if study.study.title else study.study.id)]
    for title, sentences in sections.items():
        if said := [sentence for sentence in sentences if sentence]:
            blocks += [title.upper(), *map(_paragraph, said)]
    return "\n\n".join(blocks) + "\n"


def _paragraph(text: str) -> str:
    indent = "    " if text.startswith("  ") else ""
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=indent[:2], subsequent_indent=indent)


# ---------------------------------------------------------------- design


def _design(study: Study) -> Iterator[str]:
    """What the study is, who is in it, and from when time counts."""
    yield study.study.description
    yield f"Time is counted from {start_text((study.study.start_date,))}, which is day 1."
    if (arms := study.arms) is not None:
        named = _listed([arms.labels.get(arm, arm) for arm in arms.order]) if arms.order else "as in the data"
        against = arms.labels.get(arms.reference or "", arms.reference)
        compared = f" Arms are compared with {against}." if arms.reference else " Groups are not compared."
        yield f"Groups are those of the column {arms.column}: {named}.{compared}"
    for name, says in study.populations.items():
        yield f"Population {says.label or name}: {_conditions(says)}."
    if (plan := study.schedule) is not None:
        yield (
            f"Tumours are assessed every {plan.every_weeks:g} weeks, with a window of {plan.window_days} days "
            f"on either side. More than {_gap(study)} days without an adequate assessment are two missed assessments."
        )
        if plan.then_every_weeks is not None:
            later = 2 * round(7 * plan.then_every_weeks) + 2 * plan.window_days
            yield (
                f"From week {plan.from_week:g} they are assessed every {plan.then_every_weeks:g} weeks, and two are "
                f"missed after more than {later} days."
            )


def _gap(study: Study) -> int:
    plan = study.schedule
    assert plan is not None  # asked for by the caller
    return 2 * round(7 * plan.every_weeks) + 2 * plan.window_days


def _conditions(says: Population | ProportionSpec) -> str:
    """The conditions of a population as words."""
    parts = [f"{says.flag} is true"] if says.flag else []
    parts += [f"{column.removesuffix('_date').replace('_', ' ')} is known" for column in says.has]
    for column, value in says.where.items():
        parts.append(f"{column} is {' or '.join(map(str, value)) if isinstance(value, list) else value}")
    if isinstance(says, Population) and says.assessed:
        parts.append("there is an assessment after baseline")
    return "subjects for whom " + " and ".join(parts) if parts else "all subjects"


# ---------------------------------------------------------------- response


def _response(study: Study) -> Iterator[str]:
    """Criteria with their edits, whose reading counts, confirmation and stable disease."""
    if study.data.marrow is not None:
        yield from _leukaemia(study)
        return
    if study.data.responses == "recorded":
        yield "Responses are taken as they were recorded; they are not derived from lesion measurements."
    for name, criteria in criteria_of(study).items():
        edits = {field: value for field, value in study.criteria[name].items() if field != "base"}
        changed = f", with {_listed([f'{key} = {value}' for key, value in edits.items()])}" if edits else ""
        called = f" (called {name} below)" if name != criteria.name else ""
        yield f"Responses are derived by {criteria.title}{changed}{called}. {criteria.citation}"
    rules = replace(
        get_rules(study.response.preset)
        if study.response.preset
        else next(iter(criteria_of(study).values())),
        **study.response.rules,
    )
    whose = study.response.evaluator or (study.readers.accepted if study.readers else None)
    if whose is not None:
        yield f"The reading of {whose} counts unless an outcome says otherwise."
    if (pair := study.readers) is not None:
        adjudicator = f", with {pair.adjudicator} as adjudicator" if pair.adjudicator else ""
        yield f"{pair.reader_1} and {pair.reader_2} read every scan{adjudicator}; {pair.accepted} is made of theirs."
    if study.response.confirmation:
        yield f"A complete or partial response is confirmed {rules.confirm_days} days or more later."
    else:
        yield "Responses need no confirmation."
    yield f"Stable disease is seen {rules.min_sd_days} days or more after the start."


def _leukaemia(study: Study) -> Iterator[str]:
    """Classification of each disease and the window of the best response."""
    for value, name in classifications(study).items():
        of = f"In {value}, response" if value else "Response"
        criteria = get_leukaemia_criteria(name)
        yield f"{of} of the marrow is judged by {criteria.title}. {criteria.citation}"
    if study.leukaemia is not None and study.leukaemia.window is not None:
        yield f"The best response is the best within {study.leukaemia.window} of the first dose."


# ---------------------------------------------------------------- outcomes


def _outcomes(study: Study) -> Iterator[str]:
    """Every outcome with its definition, its reading, its subjects, and its sensitivity analyses."""
    for spec in study.endpoint:
        yield f"{spec.name}: {_defined(study, spec)}{_of_whom(study, spec)}"
        for name in spec.sensitivity:
            yield f"  Sensitivity analysis, {name}: {_edited(spec.sensitivity[name])}. {_changed(study, spec, name)}"
    for share in study.proportion:
        among = population_label(study, share.population or study.analysis.population)
        yield f"{share.title or share.name}: the proportion of {_conditions(share)}, among {among}."
    events = study.adverse_events
    if study.data.adverse_events is not None:
        within = f" within {events.frame}" if events.frame else ""
        since = start_text((events.start_date or study.study.start_date,))
        yield f"Adverse events: those that begin after {since}{within}; each subject counts once per event."
    if study.data.qlq_c30 is not None:
        yield "EORTC QLQ-C30: 15 scales from 0 to 100 by the scoring manual, and their change from baseline."


def _defined(study: Study, spec: EndpointSpec) -> str:
    """What an outcome is, and the rows of its censoring table."""
    if spec.key in RATE_KEYS:
        return f"{RATE_WORDS.get(spec.key, spec.title or spec.key)}."
    endpoint = edited_endpoint(spec, study)
    happens = [s.text for s in endpoint.situations if s.outcome == "event"]
    stops = [s.text for s in endpoint.situations if s.outcome == "censored"]
    said = f"{endpoint.title}, from {start_text(endpoint.start)}."
    said += f" Events, in the order they are tried: {'; '.join(happens) or 'none'}."
    said += f" Censored: {'; '.join(stops) or 'nobody'}."
    if endpoint.only is not None:
        said += f" Only subjects with {endpoint.only.removesuffix('_date').replace('_', ' ')}."
    return said + f" Source: {endpoint.cite}."


def _of_whom(study: Study, spec: EndpointSpec) -> str:
    """Reading, subjects and time frame of an outcome, where it has its own."""
    parts = [f"by {spec.criteria}"] if spec.criteria else []
    parts += [f"read by {spec.evaluator}"] if spec.evaluator else []
    name = spec.population or study.analysis.population
    parts += [f"in {population_label(study, name)}"] if name != ALL or spec.population else []
    parts += [f"within {spec.frame} of the start"] if spec.frame else []
    return f" Derived {', '.join(parts)}." if parts else ""


def _edited(edit: Edit) -> str:
    """What a sensitivity analysis changes, key by key."""
    said = edit.model_dump(exclude_unset=True)
    return "; ".join(f"{key} is {_plain(value)}" for key, value in said.items())


def _plain(value: object) -> str:
    """A value of the file in words."""
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_plain(one)}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _changed(study: Study, spec: EndpointSpec, name: str) -> str:
    """The endpoint behind a sensitivity analysis, when it is another one."""
    edited = edited_spec(spec, name)
    if edited.key == spec.key or edited.key in RATE_KEYS:
        return ""
    return f"That is {edited_endpoint(edited, study).title.lower()}."


# ---------------------------------------------------------------- analysis


def _analysis(study: Study) -> Iterator[str]:
    """How everything is estimated and compared."""
    how = study.analysis
    yield (
        f"Analyses are of {population_label(study, how.population)} unless an outcome says otherwise. Proportions have "
        f"95% limits by {how.rate_conf_type}. Times are estimated by Kaplan and Meier with {how.conf_type} limits, "
        f"in {how.unit}, by the convention of {how.convention.upper()}."
    )
    if how.times:
        yield f"Event-free rates are given at {_listed([f'{time:g}' for time in how.times])} {how.unit}."
    if study.arms is not None and study.arms.reference is not None:
        strata = f" stratified by {_listed(how.strata)}" if how.strata else " without stratification"
        yield (
            f"Arms are compared by the log-rank test and the {model_text(how.ties)},{strata}; rates by their "
            f"difference ({how.difference})."
        )
    if how.rmst is not None:
        yield f"Restricted mean survival time is given to {how.rmst:g} {how.unit}."
    if how.subgroups:
        yield f"Subgroups: {_listed(how.subgroups)}, with tests of interaction."


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else "".join(words)
