"""The examples of the docstrings run and give what they say."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import recist
import survival


def modules() -> list[str]:
    """Every module of both packages, but the one that starts the command line."""
    found = [
        module.name
        for package in (recist, survival)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return [name for name in found if not name.endswith("__main__")]


@pytest.mark.parametrize("name", modules())
def test_examples(name: str) -> None:
    if name.endswith("lifelines"):
        pytest.importorskip("lifelines")
    failed, _ = doctest.testmod(import_module(name))
    assert not failed
