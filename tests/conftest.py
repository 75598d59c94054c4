"""Options of the test run."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--twin-subjects",
        type=int,
        default=300,
        help="generated subjects on which the engine is compared with the second implementation",
    )


@pytest.fixture
def twin_subjects(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--twin-subjects"))
