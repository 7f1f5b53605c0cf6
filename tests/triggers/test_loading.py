"""Loading the app indexes every trigger and brings nothing that only a call needs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = """
import sys
from functions import create_app
app = create_app(lambda: None)
assert app.get_functions()
print("\\n".join(sys.modules))
"""


def test_indexing_the_triggers_loads_no_job_no_rule_and_no_policy() -> None:
    command = [sys.executable, "-c", CODE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "functions.admin.triggers" in loaded
    late = {"domain.jobs", "domain.bundle", "domain.rule", "numpy", "lark", "yaml", "opentelemetry"}
    assert not loaded & late
