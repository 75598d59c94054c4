"""mRECIST for pleural mesothelioma: tumour thickness perpendicular to the chest wall, at up to six positions.

Byrne MJ, Nowak AK. Ann Oncol 2004;15:257-260, doi:10.1093/annonc/mdh059.  Version 1.1: Armato SG, Nowak AK.
J Thorac Oncol 2018;13:1012-1021, doi:10.1016/j.jtho.2018.04.034.

Each position is a target of the organ PLEURA, with its thickness as diameter; other measurable lesions and nodes
are added as in RECIST 1.1.  A level that was not imaged leaves the sum unknown.
"""

from dataclasses import replace

from recist.criteria import recist_1_1

CRITERIA = replace(
    recist_1_1.CRITERIA,
    name="mrecist_mpm",
    title="mRECIST (mesothelioma)",
    citation="Byrne & Nowak 2004, Ann Oncol 15:257-260, doi:10.1093/annonc/mdh059",
    max_targets=11,
    max_per_organ=6,
)
