"""Time in which report.html opens in a real browser, up to the list of its subjects.

    python benchmarks/report.py RESULTS/report.html [MORE ...]

Chromium, headless, one fresh page each; wall seconds, so a quiet machine is asked for.  The bound is 3 s.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.report.browser import Browser, chromium

LISTED = "document.querySelectorAll('#rows a').length"


def main() -> None:
    """Open each page and print its time, size and number of subjects."""
    if not chromium():
        sys.exit("There is no Chromium here; install it and run this again.")
    for name in sys.argv[1:]:
        page = Path(name).resolve()
        with tempfile.TemporaryDirectory() as folder:
            browser = Browser(Path(folder))
            try:
                begun = time.monotonic()
                browser.open(page, "#subjects")
                subjects = browser.run(LISTED)
                seconds = time.monotonic() - begun
            finally:
                browser.close()
        print(f"{page.parent.name}: {seconds:.2f} s, {page.stat().st_size / 1e6:.1f} MB, {subjects} subjects")


if __name__ == "__main__":
    main()
