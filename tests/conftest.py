"""Generated examples are the same in every run: red means red, and green stays green.

`HYPOTHESIS_PROFILE=hunt` looks for new ones. How many random schedules were tried is told at the
end.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.tried import told

# A machine may be slow: no example fails by the time it takes, or takes to be made.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", PATIENT, derandomize=True, print_blob=True)
settings.register_profile("hunt", PATIENT, derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many schedules were tried, where some were."""
    line = told()
    if line:
        terminalreporter.write_line(line)
