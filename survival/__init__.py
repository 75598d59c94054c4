"""From responses to the outcomes a trial is judged by, and the estimates and displays of them."""

from importlib import import_module
from typing import Any

_HOME: dict[str, str] = {  # public name -> module; loaded at first use, so that `import survival` stays light
    "kaplan_meier": "estimate.kaplan_meier",
    "compare_arms": "estimate.compare",
    "response_rate": "response_rate",
    "read_subjects": "subjects",
    "derive_endpoint": "endpoint",
    "all_situations": "endpoint",
    "Endpoint": "endpoint",
    "Situation": "endpoint",
    "EndpointError": "endpoint",
    "km_plot": "figures.km",
    "read_study": "study",
    "run_study": "run",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"survival.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'survival' has no attribute {name!r}")
