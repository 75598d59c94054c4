"""Estimating needs no lifelines, and importing needs no scipy."""

import subprocess
import sys

CODE = """
import sys
import pandas as pd
import survival
before = {name for name in ("scipy", "lifelines", "matplotlib") if name in sys.modules}
tte = pd.DataFrame({"time": [1, 2, 3], "event": True, "arm": ["A", "B", "A"]})
survival.kaplan_meier(tte, by="arm").quantiles()
survival.compare_arms(tte, reference="A")
survival.cox_model(tte, "arm")
after = {name for name in ("lifelines", "matplotlib") if name in sys.modules}
print(sorted(before), sorted(after))
"""


def test_what_is_loaded():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"
