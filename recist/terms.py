"""The words of the field, in CDISC controlled terminology where it has one.  Code = position.

CDISC SDTM terminology, codelists ONCRSR (response), TUMIDENT (role), TRSTAT and TRREASND.
"""

YES_NO = ("N", "Y")
EVALUATED = ("none", "some", "all", "scaled")  # of the target lesions at baseline
RECORDED_NEW = ("unequivocal", "equivocal", "absent", "not new", "not evaluated", "blank")
BASELINE_PET = ("negative", "positive", "none")
NEW_LESION = ("N", "E", "Y")  # none, equivocal, unequivocal
TARGET = ("CR", "PR", "SD", "PD", "NE", "NA")  # NA: no target lesion at baseline
NON_TARGET = ("CR", "NON-CR/NON-PD", "PD", "NE", "NA")
OVERALL = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "NED")
IRECIST = ("iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "iUPD", "iCPD", "NE", "NED")
PROGRESSION = ("none", "unconfirmed", "confirmed")  # where a subject stands before the visit
BEST = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "ND", "MISSING")

BESIDE = {  # an iRECIST response -> the response of RECIST 1.1 it stands beside; iUPD stands beside none
    "iCR": "CR",
    "iPR": "PR",
    "iSD": "SD",
    "NON-iCR/NON-iUPD": "NON-CR/NON-PD",
    "iCPD": "PD",
}
IMMUNE_BEST = ("iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "NED", "iCPD", "iUPD", "NE", "MISSING")

ROLE = ("target", "non-target", "new", "new target", "new non-target")
TARGET_STATE = ("measured", "absent", "too small", "not evaluable", "not done", "merged")
NON_TARGET_STATE = (
    "present",
    "absent",
    "increased",
    "unequivocal progression",
    "not evaluable",
    "not done",
)
NEW_STATE = ("unequivocal", "equivocal", "absent", "not new", "not evaluable", "not done")
STATE = tuple(dict.fromkeys(TARGET_STATE + NON_TARGET_STATE + NEW_STATE))
DEFAULT_EVALUATOR = "INVESTIGATOR"
