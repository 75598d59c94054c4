"""What a study file may say: its tables and keys, with their defaults.

The models know the shape alone.  Whether a criteria, an endpoint or a column of that name exists is
asked in `survival.study.read` and, for columns, when the data are there.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from survival.study.source import StudyFile

Value = str | int | float | bool


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
    sdtm: str | None = None
    suffix: str | None = None
    files: dict[str, str] = {}
    responses: Literal["derived", "recorded"] = "derived"
    recorded: Recorded = Recorded()


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


class Arms(Part):
    """[arms]: the column of the subject table that holds the groups, their order, reference and labels."""

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

    @property
    def key(self) -> str:
        """The endpoint's key: given, or its name in small letters."""
        return self.endpoint or self.name.lower()


class Analysis(Part):
    """[analysis]: how the endpoints are estimated and compared."""

    population: str = "all"
    conf_type: Literal["log-log", "log", "plain"] = "log-log"
    convention: Literal["sas", "r"] = "sas"
    ties: Literal["efron", "breslow"] = "efron"
    rate_conf_type: Literal["clopper-pearson", "wilson"] = "clopper-pearson"
    strata: list[str] = []
    unit: Literal["days", "months"] = "days"
    times: list[Annotated[float, Field(ge=0)]] = []


class Display(Part):
    """[[display]]: a table or figure with its own name, title and footnotes."""

    kind: str
    id: str = Field(default="", pattern=r"^[A-Za-z0-9_.-]*$")
    number: str = ""
    title: str = ""
    footnotes: list[str] = []
    endpoint: str | None = None


class Study(Part):
    """A whole study file, read and checked.  `source` knows the path and the line of every key."""

    study: About
    data: Data
    criteria: dict[str, dict[str, Any]] = {"recist_1_1": {}}
    response: Response = Response()
    readers: ReadersSpec | None = None
    concordance: ConcordanceSpec | None = None
    arms: Arms | None = None
    populations: dict[str, Population] = {}
    endpoint: list[EndpointSpec] = []
    analysis: Analysis = Analysis()
    display: list[Display] = []
    _source: StudyFile = PrivateAttr()

    @property
    def source(self) -> StudyFile:
        """The file that the study was read from."""
        return self._source
