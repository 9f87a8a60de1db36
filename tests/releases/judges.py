"""Independent programs that say whether a release's descriptions hold: each gives back its complaints."""

import subprocess
import sys
import venv
from pathlib import Path

CFFCONVERT = "cffconvert==2.0.0"


def frictionless_says(folder: Path) -> list[str]:
    """Errors and warnings of frictionless, which reads every table, checks every digest."""
    import frictionless

    report = frictionless.validate(str(folder / "datapackage.json"))
    return [*map(str, report.flatten(["title", "message"])), *report.warnings] if not report.valid else report.warnings


def mlcroissant_says(folder: Path) -> list[str]:
    """Errors and warnings of mlcroissant."""
    import mlcroissant

    issues = mlcroissant.Dataset(folder / "croissant.json").metadata.ctx.issues
    return [*map(str, issues.errors), *map(str, issues.warnings)]


def cffconvert_says(folder: Path) -> list[str]:
    """What cffconvert says of CITATION.cff; nothing where it is valid.

    It wants a jsonschema that others cannot live with, so it has an environment of its own beside the running one.
    """
    home = Path(sys.prefix) / "cffconvert"
    if not (home / "ready").exists():
        venv.create(home, clear=True)
        pip = [sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install", "--quiet", "--no-compile"]
        subprocess.run([*pip, CFFCONVERT], check=True, capture_output=True, text=True)
        (home / "ready").touch()
    answer = subprocess.run(
        [home / "bin" / "cffconvert", "--validate", "--infile", folder / "CITATION.cff"], capture_output=True, text=True
    )
    return [] if answer.returncode == 0 else [answer.stdout + answer.stderr]
