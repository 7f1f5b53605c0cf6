"""Generated examples are the same in every run: red means red, and green stays green.

`HYPOTHESIS_PROFILE=hunt` looks for new ones. How many random schedules were tried is told at the
end.
"""

import os

import pytest
from hypothesis import settings

from tests.tried import told

# A machine may be slow: no example fails by the time it takes.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("hunt", derandomize=False, print_blob=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many schedules were tried, where some were."""
    line = told()
    if line:
        terminalreporter.write_line(line)
