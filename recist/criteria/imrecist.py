"""imRECIST: irRECIST's burden with new lesions, non-targets for complete response only, best response after progression too.

Hodi FS et al. Immune-modified Response Evaluation Criteria In Solid Tumors (imRECIST): refining guidelines to assess
the clinical benefit of cancer immunotherapy. J Clin Oncol 2018;36:850-858, doi:10.1200/JCO.2017.75.1644
"""

from dataclasses import replace

from recist.criteria import irrecist

CRITERIA = replace(
    irrecist.CRITERIA,
    name="imrecist",
    title="imRECIST",
    citation="Hodi 2018, J Clin Oncol 36:850-858, doi:10.1200/JCO.2017.75.1644",
    last_record="any",  # best response may come after progression
    ir_after_confirmed="as_assessed",
)
