"""RECIST 1.0: ten targets, five in an organ, nodes measured as any lesion, no absolute increase asked for PD.

Therasse P et al. New guidelines to evaluate the response to treatment in solid tumors. J Natl Cancer Inst
2000;92:205-216, doi:10.1093/jnci/92.3.205
"""

from dataclasses import replace

from recist.criteria import recist_1_1

CRITERIA = replace(
    recist_1_1.CRITERIA,
    name="recist_1_0",
    title="RECIST 1.0",
    citation="Therasse 2000, J Natl Cancer Inst 92:205-216, doi:10.1093/jnci/92.3.205",
    max_targets=10,
    max_per_organ=5,
    pd_abs_mm=0,
    node_normal_lt=0.01,  # no node is normal by size: any size at all is disease
    node_target_min=20,
)
