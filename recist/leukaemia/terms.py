"""The words of leukaemia response, in the order of rank where they have one.  Code = position."""

BELOW, BETWEEN, ABOVE, UNKNOWN = MARROW = (
    "below",
    "between",
    "above",
    "unknown",
)  # blasts against the limits
RECOVERED = ("both", "one", "neither", "unknown")  # of neutrophils and platelets
MRD = ("negative", "positive", "unknown")
MRD_RESULT = ("negative", "positive", "not done", "not evaluable")
RESPONSE = ("CR", "CRh", "CRi", "MLFS", "PR", "NR", "NE")
REMISSION = ("CR", "CRh", "CRi")
SUFFIX = ("none", "MRD-")
STATE = ("never", "holds", "lost")  # of remission, before this assessment
BLOOD = ("none", "once", "confirmed")  # blasts back in the blood
COURSE = ("as assessed", "REFRACTORY", "RELAPSE")
OVERALL = (
    "CR_MRD-",
    "CR",
    "CRh_MRD-",
    "CRh",
    "CRi_MRD-",
    "CRi",
    "MLFS",
    "PR",
    "NR",
    "REFRACTORY",
    "RELAPSE",
    "NE",
)
IN_REMISSION = OVERALL[:6]
