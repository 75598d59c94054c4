"""What a study file may say: its tables and keys, with their defaults.

The models know the shape alone.  Whether a criteria, an endpoint or a column of that name exists is
asked in `survival.study.read` and, for columns, when the data are there.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from survival.study.source import StudyFile

Value = str | int | float | bool
FigureFile = Literal["png", "svg", "pdf"]


class Part(BaseModel):
    """A table of the study file: no unknown key, no silent conversion, not changed after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class About(Part):
    """[study]: what the study is called and from which date its times are counted."""

    id: str = Field(min_length=1)
    title: str = ""
    description: str = ""
    start_date: str = "randomization_date"


class Recorded(Part):
    """[data.recorded]: which recorded responses count, by columns of the response records."""

    where: dict[str, Value | list[Value]] = {}


class Data(Part):
    """[data]: the tables of the study as files, or a folder of SDTM; paths are relative to the study file."""

    lesions: str | None = None
    subjects: str | None = None
    visits: str | None = None
    adverse_events: str | None = None
    qlq_c30: str | None = None
    marrow: str | None = None
    columns: dict[str, dict[str, str]] = {}  # table -> column of the file -> what it is called here
    sdtm: str | None = None
    suffix: str | None = None
    files: dict[str, str] = {}
    responses: Literal["derived", "recorded"] = "derived"
    recorded: Recorded = Recorded()


class Schedule(Part):
    """[schedule]: how often tumours are assessed; two missed assessments follow from it."""

    every_weeks: Annotated[float, Field(gt=0)]
    window_days: Annotated[int, Field(ge=0)] = 7
    then_every_weeks: Annotated[float, Field(gt=0)] | None = None
    from_week: Annotated[float, Field(ge=0)] | None = None


class Response(Part):
    """[response]: whose reading counts, under which criteria, and how the best response is drawn."""

    evaluator: str | None = None
    criteria: str | None = None
    confirmation: bool = True
    preset: str | None = None
    rules: dict[str, Any] = {}


class ReadersSpec(Part):
    """[readers]: two readers, perhaps an adjudicator, and how their readings become the accepted one."""

    reader_1: str = Field(min_length=1)
    reader_2: str = Field(min_length=1)
    adjudicator: str | None = None
    accepted: str = Field(default="ACCEPTED", min_length=1)
    rule: str = "adjudicator_if_discordant"
    adjudication: str | None = None
    flags: bool = False


class ConcordanceSpec(Part):
    """[concordance]: two evaluators whose readings are compared, the investigator usually first."""

    evaluators: Annotated[list[str], Field(min_length=2, max_length=2)]
    criteria: str | None = None
    population: str | None = None
    tolerance_days: Annotated[int, Field(ge=0)] = 0


class Leukaemia(Part):
    """[leukaemia]: the criteria of marrow assessments, one for all or one per value of a column."""

    criteria: str | None = None
    column: str | None = None
    by_value: dict[str, str] = {}
    window: str | None = None


class AdverseEvents(Part):
    """[adverse_events]: whose events count, from which date and for how long."""

    population: str | None = None
    start_date: str | None = None
    frame: str | None = None
    dose_limiting_frame: str | None = None
    dose_limiting_population: str | None = None


class Questionnaire(Part):
    """[qlq_c30]: the scales that are shown, and the rules of deterioration."""

    population: str | None = None
    scales: list[str] = []
    settings: dict[str, Any] = {}


class Arms(Part):
    """[arms]: the column of the subject table that holds the groups (arms, cohorts, dose levels) and their words."""

    column: str = "arm"
    order: list[str] = []
    reference: str | None = None
    labels: dict[str, str] = {}


class Population(Part):
    """[populations.NAME]: subjects with a flag, with dates known, with values in columns."""

    label: str = ""
    flag: str | None = None
    has: list[str] = []
    where: dict[str, Value | list[Value]] = {}
    assessed: bool = False  # only subjects with an assessment after baseline


class Edit(Part):
    """[endpoint.sensitivity]: the same outcome with other rules, another reading or other subjects."""

    endpoint: str | None = None
    without: list[str] = []
    settings: dict[str, Any] = {}
    criteria: str | None = None
    evaluator: str | None = None
    population: str | None = None
    frame: str | None = None
    confirmation: bool | None = None


class EndpointSpec(Part):
    """[[endpoint]]: one outcome of the study, as an endpoint known by key and the edits made to it."""

    name: str = Field(min_length=1)
    endpoint: str | None = None
    title: str = ""
    without: list[str] = []
    settings: dict[str, Any] = {}
    criteria: str | None = None
    evaluator: str | None = None
    population: str | None = None
    frame: str | None = None
    sensitivity: dict[str, Edit] = {}

    @property
    def key(self) -> str:
        """The endpoint's key: given, or its name in small letters."""
        return self.endpoint or self.name.lower()


class ProportionSpec(Part):
    """[[proportion]]: a share of the subjects of a population, such as those treated as planned."""

    name: str = Field(min_length=1)
    title: str = ""
    population: str | None = None
    flag: str | None = None
    has: list[str] = []
    where: dict[str, Value | list[Value]] = {}


class Analysis(Part):
    """[analysis]: how the endpoints are estimated and compared."""

    population: str = "all"
    conf_type: Literal["log-log", "log", "plain"] = "log-log"
    convention: Literal["sas", "r"] = "sas"
    ties: Literal["efron", "breslow", "discrete", "exact"] = "efron"
    rate_conf_type: Literal["clopper-pearson", "wilson", "agresti-coull", "jeffreys"] = "clopper-pearson"
    difference: Literal["miettinen-nurminen", "newcombe"] = "miettinen-nurminen"
    strata: list[str] = []
    subgroups: list[str] = []
    subgroup_endpoints: list[str] = []  # empty: objective response and every time that compares arms
    labels: dict[str, str] = {}  # column -> its name in displays of subgroups
    unit: Literal["days", "months"] = "days"
    times: list[Annotated[float, Field(ge=0)]] = []
    rmst: Annotated[float, Field(gt=0)] | None = None


class Displays(Part):
    """[displays]: which are made, how they are numbered, and in which files."""

    which: Literal["all", "listed"] = "all"
    only: list[str] = []
    omit: list[str] = []
    tables: str = "14.2"
    figures: str = "14.2"
    listings: str = "16.2.6"
    safety: str = "14.3.1"
    safety_listings: str = "16.2.7"
    docx: bool = False
    figures_as: Annotated[list[FigureFile], Field(min_length=1)] = ["png", "svg"]


class Display(Part):
    """[[display]]: a display with its own name, title and footnotes, or of a population and reading of its own."""

    kind: str
    id: str = Field(default="", pattern=r"^[A-Za-z0-9_.-]*$")
    number: str = ""
    title: str = ""
    footnotes: list[str] = []
    endpoint: str | None = None
    population: str | None = None
    evaluator: str | None = None
    criteria: str | None = None
    subjects: list[str] = []

    @property
    def apart(self) -> bool:
        """Whether it has a population or a reading of its own."""
        return (self.population, self.evaluator, self.criteria) != (None, None, None)


class Study(Part):
    """A whole study file, read and checked.  `source` knows the path and the line of every key."""

    study: About
    data: Data
    criteria: dict[str, dict[str, Any]] = {"recist_1_1": {}}
    schedule: Schedule | None = None
    response: Response = Response()
    leukaemia: Leukaemia | None = None
    adverse_events: AdverseEvents = AdverseEvents()
    qlq_c30: Questionnaire = Questionnaire()
    readers: ReadersSpec | None = None
    concordance: ConcordanceSpec | None = None
    arms: Arms | None = None
    populations: dict[str, Population] = {}
    endpoint: list[EndpointSpec] = []
    proportion: list[ProportionSpec] = []
    analysis: Analysis = Analysis()
    displays: Displays = Displays()
    display: list[Display] = []
    _source: StudyFile = PrivateAttr()

    @property
    def source(self) -> StudyFile:
        """The file that the study was read from."""
        return self._source

    def __repr__(self) -> str:
        return (
            f"Study({self.study.id!r}: {len(self.endpoint)} endpoints, criteria {', '.join(self.criteria)})"
        )

    def _repr_html_(self) -> str:
        """The study in sentences, for notebooks."""
        from survival.notebook import study_html

        return study_html(self)
