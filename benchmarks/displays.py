"""All displays of a shipped study beside what matplotlib alone takes for the same figures, and memory over 200 of them.

    python benchmarks/displays.py [--study nct05962450] [--runs 3] [--figures 200]

In each of a few fresh processes: `recist run`, of which the part that makes and writes every table, figure and listing
is timed (statistics, layout, csv, html, rtf, png, svg and the imports that they ask for); then matplotlib writes the
very same figures, as png and svg, in two ways.  `save`: the artists are there, all it has to do is to write them.
`draw and save`: it is imported, makes figures, axes, lines, texts and shapes anew, one by one, and writes them.
Processor seconds and wall seconds; the shortest of the runs of each, with modules compiled before the first.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parents[1] / "data" / "synthetic"
SUFFIXES = ("png", "svg")


def main() -> None:
    """Measure in fresh processes, print the ratios and the memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--study", default="nct05962450")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--figures", type=int, default=200)
    parser.add_argument("--child", choices=["times", "memory"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        measure = times if given.child == "times" else memory
        print(json.dumps(measure(SHIPPED / given.study / "study.toml", given.figures)))
        return
    again = [sys.executable, __file__, "--study", given.study, "--figures", str(given.figures), "--child"]
    found = [child([*again, "times"]) for _ in range(given.runs + 1)][1:]  # the first compiles modules
    print(f"{given.study}: {found[0]['displays']} displays, {found[0]['figures']} figures as png and svg")
    for clock, place in (("processor", 0), ("wall", 1)):
        least = {name: min(one[name][place] for one in found) for name in ("all", "import", "draw", "save")}
        drawn = least["import"] + least["draw"] + least["save"]
        print(
            f"{clock:>10}: all displays {least['all']:.2f} s; matplotlib alone: save {least['save']:.2f} s "
            f"(ratio {least['all'] / least['save']:.2f}), draw and save {drawn:.2f} s (ratio {least['all'] / drawn:.2f})"
        )
    for count, peak in child([*again, "memory"]).items():
        print(f"peak memory after {count} figures: {peak:.0f} MB")


def child(command: list[str]) -> dict[str, Any]:
    """What a fresh process measured."""
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=plain)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def timed(call: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """Processor and wall seconds of a call, and its answer."""
    processor, wall = time.process_time(), time.perf_counter()
    answer = call()
    return (time.process_time() - processor, time.perf_counter() - wall), answer


def times(study: Path, _: int) -> dict[str, Any]:
    """All displays of a run; importing matplotlib, making its artists, writing them."""
    import pandas  # noqa: F401 - matplotlib shares numpy with it

    imported, _ = timed(_import_matplotlib)
    spent, report, figures = _run(study)
    with tempfile.TemporaryDirectory() as folder:
        saved = [timed(lambda: save(figures, Path(folder)))[0] for _ in range(2)]
        drawn, _ = timed(lambda: [redrawn(figure) for figure in figures])
    everything = spent[0] + imported[0], spent[1] + imported[1]
    return {
        "displays": len(report.parts),
        "figures": len(figures),
        "all": everything,
        "import": imported,
        "draw": drawn,
        "save": [min(values) for values in zip(*saved, strict=True)],
    }


def memory(study: Path, count: int) -> dict[int, float]:
    """Peak memory of a run of the study, and after its figures were made and written again up to `count` of them."""
    import recist
    from survival.study.displays import all_displays
    from survival.study.show import made, shown

    _, report, _ = _run(study, keep=0)
    wanted = [one for one in shown(report.material) if all_displays()[one.kind].form == "figure"]
    peaks, done = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        while done < count:
            for one in wanted:
                for figure in as_list(made(report.material, one)):
                    for suffix in SUFFIXES:
                        recist.save_figure(figure, Path(folder, f"figure.{suffix}"))
                    done += 1
            peaks.setdefault(next(iter(peaks), done), peak_mb())
    peaks[done] = peak_mb()
    return peaks


def as_list(display: Any) -> list[Any]:
    """The pages of a figure."""
    return display if isinstance(display, list) else [display]


def peak_mb() -> float:
    """Peak memory of the process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _run(study: Path, keep: int = 1000) -> tuple[tuple[float, float], Any, list[Any]]:
    """A run of the study: time of its displays, its report, and of its figures as many as are to be kept."""
    import recist
    from survival import run

    write, save_one = run._write_displays, recist.save_figure
    found: dict[str, Any] = {}
    figures: dict[int, Any] = {}

    def write_timed(folder: Path, report: Any, *others: Any) -> Any:
        found["report"] = report
        found["spent"], answer = timed(lambda: write(folder, report, *others))
        return answer

    def save_kept(figure: Any, path: Any) -> Any:
        if len(figures) < keep:
            figures[id(figure)] = figure
        return save_one(figure, path)

    run._write_displays, recist.save_figure = write_timed, save_kept
    with tempfile.TemporaryDirectory() as folder:
        run.run_study(study, Path(folder, "out"))
    run._write_displays, recist.save_figure = write, save_one
    return found["spent"], found["report"], list(figures.values())


def _import_matplotlib() -> None:
    import matplotlib.backends.backend_agg
    import matplotlib.backends.backend_svg
    import matplotlib.collections
    import matplotlib.figure
    import matplotlib.textpath  # noqa: F401


def save(figures: list[Any], folder: Path) -> None:
    """Matplotlib writes figures whose artists are there; png is compressed as ours is."""
    from recist import figure_style

    for figure in figures:
        with figure_style():
            figure.savefig(folder / "figure.png", dpi=figure.dpi, pil_kwargs={"compress_level": 3})
            figure.savefig(folder / "figure.svg", dpi=figure.dpi)


def redrawn(figure: Any) -> Any:
    """A figure with the same axes, lines, texts and shapes, made anew by matplotlib alone."""
    from matplotlib.figure import Figure

    from recist import figure_style

    with figure_style():
        fresh = Figure(figsize=figure.get_size_inches(), dpi=figure.dpi)
        for artist in same_artists([*figure.lines, *figure.patches, *figure.texts]):
            fresh.add_artist(artist)
        for axes in figure.axes:
            drawn = fresh.add_axes(axes.get_position().bounds)
            for artist in same_artists([*axes.lines, *axes.collections, *axes.patches, *axes.texts]):
                drawn.add_artist(artist)
            for name in ("x", "y"):
                axis, mine = getattr(axes, f"{name}axis"), getattr(drawn, f"{name}axis")
                labels = [label.get_text() for label in axis.get_ticklabels()]
                mine.set_ticks(axis.get_ticklocs(), labels)
                mine.set_label_text(axis.get_label().get_text())
            drawn.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    return fresh


def same_artists(artists: list[Any]) -> Iterator[Any]:
    """New artists that look like the given ones."""
    from matplotlib.collections import PathCollection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch, PathPatch
    from matplotlib.text import Text

    for artist in artists:
        fresh: Any
        if isinstance(artist, Line2D):
            fresh = Line2D(*artist.get_data())
        elif isinstance(artist, Text):
            fresh = Text(*artist.get_position(), artist.get_text())
        elif isinstance(artist, Patch):
            fresh = PathPatch(artist.get_path())
        else:
            fresh = PathCollection(artist.get_paths())
        fresh.update_from(artist)
        yield fresh


if __name__ == "__main__":
    main()
