"""One endpoint a file, found by walking this folder; the file `pfs.py` holds the value `PFS`."""

from __future__ import annotations

import difflib
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from survival.endpoint import Endpoint
from survival.readings import EndpointError


@cache
def _files() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def all_endpoints() -> dict[str, Endpoint]:
    """Every endpoint by the name of its file.

    Examples
    --------
    >>> all_endpoints()["os"].title
    'Overall survival'
    """
    return {name: getattr(import_module(f"{__name__}.{name}"), name.upper()) for name in _files()}


def get_endpoint(name: str) -> Endpoint:
    """The endpoint of that name, capitals or not; an unknown name is an error that lists the known ones.

    Examples
    --------
    >>> get_endpoint("OS").name
    'OS'
    """
    file = name.strip().lower()
    if file not in _files():
        near = difflib.get_close_matches(file, _files(), n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise EndpointError(f"no endpoint {name!r}; there are {', '.join(_files())}.{hint}")
    endpoint: Endpoint = all_endpoints()[file]
    return endpoint
