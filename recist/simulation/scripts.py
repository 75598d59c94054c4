"""Named subjects whose course is written by hand, with the answer RECIST 1.1 gives at every visit.

A paragraph is one subject: its name and sentence, then visits down and lesions across.  T = target,
N = non-target, X = new lesion; a number is mm (short axis of a node); an empty cell is no row.  `expected`
is the overall response by the default conventions, worked out by hand from the text of the rules.
"""

SCRIPTS = """
nodal_cr: complete response with a sum above zero, because a node below 10 mm is normal
best CR | confirmed CR
visit | T1 lung | T2 lymph node | expected | remark
0     | 20      | 18            |          | baseline sum 38
1     | 12      | 12            | PR       | 24 of 38 mm, -36.8 %
2     | absent  | 9             | CR       | lung lesion gone, node 9 mm is normal: CR with a sum of 9 mm
3     | absent  | 8.5           | CR       | confirms
4     | absent  | 9.8           | CR       | a node moving inside the normal range is not progression

pd_by_nadir: progression measured from the nadir while the sum is far below baseline
best PR | confirmed PR
visit | T1 lung | T2 liver | expected | remark
0     | 60      | 40       |          | baseline sum 100
1     | 30      | 20       | PR       | -50 %
2     | 20      | 15       | PR       | -65 %, nadir 35
3     | 25      | 17.5     | PD       | 42.5 mm: -57.5 % from baseline but +21.4 % and +7.5 mm from nadir

pr_kept_from_cr: all targets vanish, a non-target persists
best PR | confirmed PR
visit | T1 lung | N1 bone | expected | remark
0     | 30      | present |          | baseline sum 30
1     | 15      | present | PR       | -50 %
2     | absent  | present | PR       | target CR with a non-target still present is PR (Table 1)
3     | absent  | present | PR       | the same

confirmed_pr: partial response held at the next scan, then progression
best PR | confirmed PR
visit | T1 liver | T2 lung | expected | remark
0     | 30       | 20      |          | baseline sum 50
1     | 18       | 12      | PR       | 30 mm, -40 %
2     | 17       | 11      | PR       | 28 mm, confirms; nadir
3     | 20       | 14      | PD       | 34 mm, +21.4 % and +6 mm from nadir

unconfirmed_pr: partial response lost at the next scan
best PR | confirmed SD
visit | T1 liver | T2 lung | expected | remark
0     | 30       | 20      |          | baseline sum 50
1     | 20       | 13      | PR       | 33 mm, -34 %; nadir
2     | 23       | 15      | SD       | 38 mm, -24 % from baseline, +15.2 % from nadir
3     | 24       | 16      | PD       | 40 mm, +21.2 % and +7 mm from nadir

equivocal_backdated: an equivocal lesion that the next scan confirms dates progression back
best PD | confirmed PD
visit | T1 liver | X1 lung     | expected | remark
0     | 40       |             |          | baseline sum 40
1     | 38       | equivocal   | PD       | -5 %, but dated back: unequivocal at the next visit
2     | 38       | unequivocal | PD       | confirmed

equivocal_gone: an equivocal lesion that is gone at the next scan never counts
best SD | confirmed SD
visit | T1 liver | X1 lung   | expected | remark
0     | 40       |           |          | baseline sum 40
1     | 38       | equivocal | SD       | no progression on doubt
2     | 37       | absent    | SD       | it was not a lesion
3     | 37       |           | SD       | -7.5 %

provable_pd: progression proved by one target although the other could not be read
best SD | confirmed SD
visit | T1 liver | T2 lung                         | expected | remark
0     | 30       | 20                              |          | baseline sum 50
1     | 28       | 18                              | SD       | 46 mm, nadir
2     | 60       | not evaluable (motion artefact) | PD       | T1 alone is +30.4 % and +14 mm from nadir

partial_sum: a sum with an unread lesion is no response and never becomes the nadir
best SD | confirmed SD
visit | T1 liver | T2 lung                         | expected | remark
0     | 30       | 20                              |          | baseline sum 50
1     | 30       | not evaluable (motion artefact) | NE       | 30 mm proves nothing
2     | 32       | 22                              | SD       | 54 mm, +8 % from nadir 50 (not +80 % from 30)
3     | 31       | 20                              | SD       | 51 mm

too_small_nadir: lesions too small to measure count 5 mm, and 20 % of little is not progression
best PR | confirmed PR
visit | T1 lung   | T2 liver  | expected | remark
0     | 12        | 14        |          | baseline sum 26
1     | too small | 5.5       | PR       | 5 + 5.5 = 10.5 mm, -59.6 %
2     | too small | too small | PR       | 10 mm, nadir; believed present, so not CR
3     | too small | 8         | PR       | 13 mm: +30 % from nadir but only +3 mm
4     | 7         | 8.5       | PD       | 15.5 mm: +55 % and +5.5 mm

borderline_30: exactly -30 % is PR, 0.1 mm more is not, and one SD between does not undo it
best PR | confirmed PR
visit | T1 liver | T2 lung | expected | remark
0     | 50       | 40      |          | baseline sum 90
1     | 35       | 28      | PR       | 63 mm, exactly -30 %
2     | 35       | 28.1    | SD       | 63.1 mm, -29.9 %
3     | 35       | 28      | PR       | PR, SD, PR: confirmed

reappearance: after complete response a lesion that comes back is progression at any size
best CR | confirmed CR
visit | T1 lung | expected | remark
0     | 20      |          | baseline sum 20
1     | absent  | CR       | gone
2     | absent  | CR       | confirms
3     | 3       | PD       | back at 3 mm after CR

therapy_before_response: shrinkage after a new anticancer therapy is not this treatment's
best SD | confirmed SD | new therapy 50
visit | T1 liver | expected | remark
0     | 50       |          | baseline sum 50
1     | 48       | SD       | -4 %; another therapy begins on day 50 (after this scan on day 42)
2     | 30       | PR       | -40 %, but after the new therapy: not used for best response
3     | 28       | PR       | -44 %, not used either

split_lesion: fragments of a lesion are summed in its place and are not new lesions
best PR | confirmed PR
visit | T1 liver | T2 lung | T1.1 liver of T1 | T1.2 liver of T1 | expected | remark
0     | 40       | 20      |                  |                  |          | baseline sum 60
1     | 24       | 18      |                  |                  | PR       | 42 mm, exactly -30 %
2     |          | 15      | 14               | 12               | PR       | 14 + 12 + 15 = 41 mm, -31.7 %
3     |          | 15      | 13               | 12               | PR       | 40 mm

merged_lesions: two lesions that grew together are measured once, and none is missing
best SD | confirmed SD
visit | T1 liver | T2 liver  | expected | remark
0     | 30       | 20        |          | baseline sum 50
1     | 44       | merged T1 | SD       | 44 mm, -12 %; nadir
2     | 62       | merged T1 | PD       | +40.9 % and +18 mm from nadir

non_target_progression: stable targets, unequivocal progression of a non-target
best SD | confirmed SD
visit | T1 lung | N1 pleura               | expected | remark
0     | 30      | present                 |          | baseline sum 30
1     | 29      | increased               | SD       | growth, but not unequivocal progression
2     | 29      | unequivocal progression | PD       | progression by the non-target alone

non_target_only: no measurable disease, so that stable is NON-CR/NON-PD and not SD
best NON-CR/NON-PD | confirmed NON-CR/NON-PD
visit | N1 peritoneum           | N2 bone | expected       | remark
0     | present                 | present |                | no target lesion
1     | present                 | present | NON-CR/NON-PD  | Table 2
2     | absent                  | present | NON-CR/NON-PD  | one of two gone
3     | unequivocal progression | present | PD             | the first is back and worse
"""
