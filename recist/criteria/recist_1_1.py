"""RECIST 1.1: solid tumours, change in the sum of diameters.

Eisenhauer EA et al. New response evaluation criteria in solid tumours: revised RECIST guideline
(version 1.1). Eur J Cancer 2009;45:228-247, doi:10.1016/j.ejca.2008.10.026
"""

from recist.criteria.base import ConventionCell, Criteria
from recist.decision_table import DecisionTable
from recist.terms import (
    BASELINE_PET,
    EVALUATED,
    NEW_LESION,
    NON_TARGET,
    OVERALL,
    RECORDED_NEW,
    TARGET,
    YES_NO,
)

TARGET_RESPONSE = DecisionTable(
    name="Target response",
    where="RECIST 1.1 section 4.3.1",
    inputs={
        "at_baseline": YES_NO,  # were there target lesions at baseline?
        "evaluated": EVALUATED,  # how many of them have a value now?
        "gone": YES_NO,  # all non-nodal ones absent, all nodes normal?
        "returned": YES_NO,  # is a lesion back after complete response?
        "grew": YES_NO,  # sum: enough per cent and enough mm above the nadir?
        "shrank": YES_NO,  # sum: enough per cent below baseline?
        "held": YES_NO,  # does an earlier PR continue (convention sticky_pr)?
    },
    outputs={"target": TARGET},
    text="""
    rule   | at_baseline | evaluated | gone | returned | grew | shrank | held | target | cite
    TL-NA  | N           | *         | *    | *        | *    | *      | *    | NA     | section 4.2: no measurable disease at baseline
    TL-NE0 | Y           | none      | *    | *        | *    | *      | *    | NE     | section 4.4.2: no imaging or measurement at all
    TL-PDr | Y           | some      | *    | Y        | *    | *      | *    | PD     | Appendix III: lesion back after complete response; section 4.4.2
    TL-PDm | Y           | some      | N    | N        | Y    | *      | *    | PD     | section 4.4.2: the missing lesions could only add to the sum
    TL-NEn | Y           | some      | Y    | N        | Y    | *      | *    | NE     | section 4.4.2: all measured ones are gone or normal nodes, so it might be CR
    TL-NE  | Y           | some      | *    | N        | N    | *      | *    | NE     | section 4.4.2: only a subset of lesions measured
    TL-CR  | Y           | all       | Y    | *        | *    | *      | *    | CR     | section 4.3.1: all targets gone, nodes below 10 mm short axis; before PD by section 4.4.4
    TL-PDb | Y           | all       | N    | Y        | *    | *      | *    | PD     | Appendix III: lesion back after complete response, at any size
    TL-PD  | Y           | all       | N    | N        | Y    | *      | *    | PD     | section 4.3.1: sum at least 20 % and 5 mm above the smallest sum on study
    TL-PR  | Y           | all       | N    | N        | N    | Y      | *    | PR     | section 4.3.1: sum at least 30 % below the baseline sum
    TL-PRh | Y           | all       | N    | N        | N    | N      | Y    | PR     | EORTC FAQ: once PR is assigned it continues until PD
    TL-SD  | Y           | all       | N    | N        | N    | N      | N    | SD     | section 4.3.1: neither PR against baseline nor PD against nadir
    TL-Sb  | Y           | scaled    | *    | Y        | *    | *      | *    | PD     | Appendix III: lesion back after complete response
    TL-S1  | Y           | scaled    | *    | N        | Y    | *      | *    | PD     | analysis plan: sum scaled up for at most a third of targets missing
    TL-S2  | Y           | scaled    | *    | N        | N    | Y      | *    | PR     | analysis plan: sum scaled up for at most a third of targets missing
    TL-S3h | Y           | scaled    | *    | N        | N    | N      | Y    | PR     | EORTC FAQ: once PR is assigned it continues until PD
    TL-S3  | Y           | scaled    | *    | N        | N    | N      | N    | SD     | analysis plan: sum scaled up for at most a third of targets missing
    """,
)

NON_TARGET_RESPONSE = DecisionTable(
    name="Non-target response",
    where="RECIST 1.1 sections 4.3.3 and 4.3.4",
    inputs={
        "at_baseline": YES_NO,  # were there non-target lesions at baseline?
        "progressed": YES_NO,  # unequivocal progression of any of them?
        "returned": YES_NO,  # is a non-nodal one back after overall complete response?
        "missing": YES_NO,  # is any of them not evaluated?
        "present": YES_NO,  # is any of them still there (a node: 10 mm or more)?
        "marker": YES_NO,  # tumour marker above normal?
    },
    outputs={"non_target": NON_TARGET},
    text="""
    rule   | at_baseline | progressed | returned | missing | present | marker | non_target    | cite
    NT-NA  | N           | *          | *        | *       | *       | *      | NA            | section 4.2: no non-target disease at baseline
    NT-PD  | Y           | Y          | *        | *       | *       | *      | PD            | section 4.3.4: unequivocal progression of existing non-target lesions
    NT-PDb | Y           | N          | Y        | *       | *       | *      | PD            | Appendix III: lesion back after complete response
    NT-NEp | Y           | N          | N        | Y       | Y       | *      | NE            | Tables 1 and 2: not all evaluated
    NT-NE  | Y           | N          | N        | Y       | N       | *      | NE            | Tables 1 and 2: not all evaluated
    NT-CR  | Y           | N          | N        | N       | N       | N      | CR            | section 4.3.3: all gone, nodes below 10 mm, markers normal
    NT-TM  | Y           | N          | N        | N       | N       | Y      | NON-CR/NON-PD | section 4.3.3: tumour marker above the normal limit
    NT-NN  | Y           | N          | N        | N       | Y       | *      | NON-CR/NON-PD | section 4.3.3: persistence of a non-target lesion
    """,
)

NEW_LESION_FINDING = DecisionTable(
    name="New lesion",
    where="RECIST 1.1 section 4.3.5",
    inputs={
        "recorded": RECORDED_NEW,  # what the reader wrote
        "by_pet": YES_NO,  # seen on FDG-PET (the row's method)?
        "baseline_pet": BASELINE_PET,
    },
    outputs={"new_lesion": NEW_LESION},
    text="""
    rule  | recorded             | by_pet | baseline_pet | new_lesion | cite
    NL-Y  | unequivocal          | *      | *            | Y          | section 4.3.5: unequivocal, of any size
    NL-E  | equivocal            | *      | *            | E          | section 4.3.5: equivocal, therapy may continue until the next assessment
    NL-0  | absent, not new      | *      | *            | N          | section 4.3.5: not, or no longer, a new lesion
    NL-NE | not evaluated        | *      | *            | N          | section 4.4.2: not evaluated at this visit
    NL-YB | blank                | N      | *            | Y          | house: a new lesion listed without a remark is unequivocal
    NL-P1 | blank                | Y      | negative     | Y          | section 4.3.5 a: PET negative at baseline, positive now
    NL-P2 | blank                | Y      | positive     | N          | section 4.3.5 b: positive at a site known at baseline
    NL-P3 | blank                | Y      | none         | E          | section 4.3.5 b: no PET at baseline, wait for CT to confirm
    """,
)

# Read literally the paper's tables leave combinations open (a subject without non-target lesions,
# mostly); the rows marked H fill them: docs/decisions/0003-gaps-in-the-paper-tables.md
TIME_POINT_RESPONSE = DecisionTable(
    name="Overall response at a time point",
    where="RECIST 1.1 Tables 1 and 2",
    inputs={
        "progressed": YES_NO,  # overall PD at an earlier visit (convention post_pd)?
        "target": TARGET,
        "non_target": NON_TARGET,
        "new_lesion": NEW_LESION,
        "assessed": YES_NO,  # was the visit imaged, and is there a baseline to compare with?
    },
    outputs={"overall": OVERALL},
    text="""
    rule  | progressed | target | non_target            | new_lesion | assessed | overall       | cite
    T0    | Y          | *      | *                     | *          | *        | PD            | section 4.3.5: once PD, later resolution does not undo it
    T1.1  | N          | CR     | CR                    | not Y      | *        | CR            | Table 1, row 1
    T1.2  | N          | CR     | NON-CR/NON-PD         | not Y      | *        | PR            | Table 1, row 2
    T1.3  | N          | CR     | NE                    | not Y      | *        | PR            | Table 1, row 3
    T1.4  | N          | PR     | CR, NON-CR/NON-PD, NE | not Y      | *        | PR            | Table 1, row 4
    T1.5  | N          | SD     | CR, NON-CR/NON-PD, NE | not Y      | *        | SD            | Table 1, row 5
    T1.6  | N          | NE     | CR, NON-CR/NON-PD     | not Y      | *        | NE            | Table 1, row 6
    T1.7  | N          | PD     | *                     | *          | *        | PD            | Table 1, row 7
    T1.8  | N          | not NA | PD                    | *          | *        | PD            | Table 1, row 8
    T1.9  | N          | not NA | *                     | Y          | *        | PD            | Table 1, row 9
    T1.Ha | N          | CR     | NA                    | not Y      | *        | CR            | house: Table 1, row 1 without non-target disease
    T1.Hb | N          | PR     | NA                    | not Y      | *        | PR            | house: Table 1, row 4 without non-target disease
    T1.Hc | N          | SD     | NA                    | not Y      | *        | SD            | house: Table 1, row 5 without non-target disease
    T1.Hd | N          | NE     | NE, NA                | not Y      | *        | NE            | house: Table 1, row 6; nothing evaluated
    T2.1  | N          | NA     | CR                    | not Y      | *        | CR            | Table 2, row 1
    T2.2  | N          | NA     | NON-CR/NON-PD         | not Y      | *        | NON-CR/NON-PD | Table 2, row 2
    T2.3  | N          | NA     | NE                    | not Y      | *        | NE            | Table 2, row 3
    T2.4  | N          | NA     | PD                    | *          | *        | PD            | Table 2, row 4
    T2.5  | N          | NA     | *                     | Y          | *        | PD            | Table 2, row 5
    T2.Ha | N          | NA     | NA                    | not Y      | Y        | NED           | house: no disease at baseline, none now (CDISC ONCRSR)
    T2.Hb | N          | NA     | NA                    | not Y      | N        | NE            | house: not imaged, or no baseline to compare with
    """,
)

CRITERIA = Criteria(
    name="recist_1_1",
    title="RECIST 1.1",
    citation="Eisenhauer 2009, Eur J Cancer 45:228-247, doi:10.1016/j.ejca.2008.10.026",
    target=TARGET_RESPONSE,
    non_target=NON_TARGET_RESPONSE,
    new_lesion=NEW_LESION_FINDING,
    time_point=TIME_POINT_RESPONSE,
    convention_cells=(
        ConventionCell("nt_partial_missing", "present_wins", "non_target", "NT-NEp", "NON-CR/NON-PD"),
        ConventionCell("cr_with_nt_ne", "NE", "time_point", "T1.3", "NE"),
    ),
)
