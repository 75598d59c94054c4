"""Study files that together hold every key there is, one key a line, for tests that break one at a time."""

LESIONS = """\
[study]
id = "X-1"
title = "A trial"
description = "Randomised"
start_date = "randomization_date"

[data]
lesions = "lesions.csv"
subjects = "subjects.csv"
visits = "visits.csv"
adverse_events = "adverse_events.csv"
qlq_c30 = "qlq_c30.csv"
responses = "derived"

[data.columns.lesions]
diameter_mm = "SIZE"

[criteria.recist_1_1]
cr_with_nt_ne = "NE"

[criteria.half]
base = "recist_1_1"
pr_pct = 50

[schedule]
every_weeks = 8
window_days = 7
then_every_weeks = 12
from_week = 24

[response]
evaluator = "ACCEPTED"
criteria = "recist_1_1"
confirmation = true
preset = "admiralonco"
[response.rules]
min_sd_days = 49

[readers]
reader_1 = "READER 1"
reader_2 = "READER 2"
adjudicator = "ADJUDICATOR"
accepted = "ACCEPTED"
rule = "adjudicator_if_discordant"
adjudication = "adjudication.csv"
flags = false

[concordance]
evaluators = ["READER 1", "READER 2"]
criteria = "recist_1_1"
population = "itt"
tolerance_days = 7

[adverse_events]
population = "safety"
start_date = "treatment_start_date"
frame = "12 months"
dose_limiting_frame = "28 days"
dose_limiting_population = "safety"

[qlq_c30]
population = "itt"
scales = ["QL2", "PF2"]
[qlq_c30.settings]
points = 10

[arms]
column = "arm"
order = ["CONTROL", "NEW"]
reference = "CONTROL"
[arms.labels]
NEW = "New drug"

[populations.itt]
label = "Intention to treat"
flag = "itt"

[populations.safety]
has = ["treatment_start_date"]
assessed = true
[populations.safety.where]
region = "EAST"

[[endpoint]]
name = "ORR"
evaluator = "READER 1"

[[endpoint]]
name = "PFS"
endpoint = "pfs"
title = "Progression-free survival"
without = ["P4"]
criteria = "recist_1_1"
population = "itt"
frame = "2 years"
[endpoint.settings]
max_gap_days = 200
[endpoint.sensitivity.other]
endpoint = "pfs_ema"
without = []
criteria = "half"
evaluator = "READER 2"
frame = "18 months"
population = "safety"
[endpoint.sensitivity.other.settings]
max_gap_days = 100

[[endpoint]]
name = "DOR"
[endpoint.sensitivity.unconfirmed]
confirmation = false

[[endpoint]]
name = "Pain"
endpoint = "ttd"
[endpoint.settings]
scale = "PA"
confirmation = "every_later"

[[endpoint]]
name = "First event"
endpoint = "time_to_first"
[endpoint.settings]
events = ["first_serious_date"]
stops = ["death_date"]

[[proportion]]
name = "Feasible"
title = "Treated as planned"
population = "itt"
flag = "planned"
has = ["treatment_start_date"]
[proportion.where]
delayed = false

[analysis]
population = "itt"
conf_type = "log-log"
convention = "sas"
ties = "efron"
rate_conf_type = "wilson"
difference = "newcombe"
strata = ["region"]
subgroups = ["sex"]
subgroup_endpoints = ["PFS"]
unit = "months"
times = [6, 12]
rmst = 12
[analysis.labels]
sex = "Sex"

[displays]
which = "all"
only = ["km_plot", "time_to_event_table"]
omit = ["forest_plot"]
tables = "14.2"
figures = "14.2"
listings = "16.2.6"
safety = "14.3.1"
safety_listings = "16.2.7"
docx = false
figures_as = ["svg", "pdf"]

[[display]]
kind = "km_plot"
id = "km"
number = "Figure 1"
title = "Survival"
footnotes = ["A note."]
endpoint = "PFS"
population = "safety"
evaluator = "ADJUDICATOR"
criteria = "recist_1_1"

[[display]]
kind = "lesion_profile_plot"
subjects = ["001"]
"""
LEUKAEMIA = """\
[study]
id = "X-2"

[data]
marrow = "marrow.csv"
subjects = "subjects.csv"

[leukaemia]
criteria = "aml_eln2022"
window = "28 days"
"""
DISEASES = """\
[study]
id = "X-3"

[data]
marrow = "marrow.csv"
subjects = "subjects.csv"

[leukaemia]
column = "disease"
[leukaemia.by_value]
AML = "aml_eln2022"
"""
SDTM = """\
[study]
id = "X-4"

[data]
sdtm = "sdtm"
suffix = "onco"
responses = "recorded"
[data.files]
tu = "tu_2.csv"
[data.recorded.where]
RSACPTFL = "Y"
"""
WHOLE = {"lesions": LESIONS, "leukaemia": LEUKAEMIA, "diseases": DISEASES, "sdtm": SDTM}
