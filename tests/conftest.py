"""What all tests share: how Hypothesis draws, an option by which a skipped test counts as a failure, and one to renew goldens."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.parts import examples

settings.register_profile(
    "symnet", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples(100)
)
settings.register_profile("ci", settings.get_profile("symnet"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "symnet")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a skipped test is a failure")
    parser.addoption(
        "--overwrite", action="store_true", help="write reports/ and tests/fixtures/*.md anew; without xdist"
    )


@pytest.fixture
def overwrite(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are to be written instead of compared."""
    return bool(request.config.getoption("--overwrite"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line(f"{len(reporter.stats['skipped'])} tests were skipped, and --no-skips was given", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
