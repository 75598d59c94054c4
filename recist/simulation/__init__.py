"""Synthetic trials with known truth: lesion tables that look like a site's, and what really happened."""

from recist.simulation.benchmark import benchmark_lesions
from recist.simulation.design import Design, Disease, Group
from recist.simulation.designs import DESIGNS, get_design
from recist.simulation.result import Simulation
from recist.simulation.trial import simulate

__all__ = [
    "DESIGNS",
    "Design",
    "Disease",
    "Group",
    "Simulation",
    "benchmark_lesions",
    "get_design",
    "simulate",
]
