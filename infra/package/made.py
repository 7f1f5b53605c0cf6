"""Make the package, and see that what was left out of it is not missed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from infra.package.contents import ROOT, app_files
from infra.package.packages import PLACE, compile_all, install, strip

LOADED = """
import importlib, pkgutil
import function_app
for name in ("adapters", "domain", "functions"):
    for each in pkgutil.walk_packages(importlib.import_module(name).__path__, name + "."):
        if not each.name.endswith("__main__"):
            importlib.import_module(each.name)
"""
"""Imports all there is; each module whose libraries were stripped too far raises."""


def make(folder: Path, *, plain: bool = False) -> None:
    """Make the package; with `plain` as Azure's own build makes it, with everything in it.

    Raises:
        CalledProcessError: a package is not to be had, or something is missing in the end.
    """
    packages = folder / PLACE
    install(ROOT / "requirements.txt", packages)
    for file in app_files():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, folder / file)
    if not plain:
        strip(packages)
        compile_all(folder)
    if sys.platform == "linux":
        run(folder, LOADED)


def run(folder: Path, code: str) -> str:
    """Run code in the package, with nothing else in reach and nothing written; return its output.

    Raises:
        CalledProcessError: it failed, and says how itself.
    """
    values = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
    paths = [str(folder.resolve()), str((folder / PLACE).resolve())]
    reach = f"import sys; sys.path[:0] = {paths!r}\n"
    command = [sys.executable, "-I", "-S", "-B", "-c", reach + code]
    done = subprocess.run(command, env=values, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout
