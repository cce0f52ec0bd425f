"""Looks through the product by the rules beside this file, and through the examples, where each rule has to fire.

    python tests/rules/check.py SEMGREP

In an example, `ruleid: some-rule` above a line says that the rule fires there, and nothing fires anywhere else. An
exception in the product is a comment on its line: `nosemgrep: some-rule - why`.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

RULES = Path("tests/rules")
EXAMPLES = sorted(path for kind in ("py", "html", "js") for path in RULES.glob(f"*.{kind}") if path.name != "check.py")
PRODUCT = ["app.py", "wsgi.py", "blueprints", "config", "core", "gateways", "models", "web", "templates", "static/js"]

Finding = tuple[str, int, str]


def main(semgrep: Path) -> int:
    found = look_through(semgrep)
    examples = {str(path) for path in EXAMPLES}
    problems = sorted(
        f"{path}:{line}: {rule}: {told}" for (path, line, rule), told in found.items() if path not in examples
    )
    fired = {finding for finding in found if finding[0] in examples}
    problems += [f"{path}:{line}: {rule} does not fire here" for path, line, rule in sorted(expected() - fired)]
    problems += [f"{path}:{line}: {rule} fires here" for path, line, rule in sorted(fired - expected())]
    problems += [f"{rule} has no example" for rule in sorted(rules() - {rule for _, _, rule in expected()})]
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    return 1 if problems else 0


def look_through(semgrep: Path) -> dict[Finding, str]:
    """What the rules find, with what each of them says."""
    words = [
        "scan",
        "--project-root",
        ".",
        "--quiet",
        "--json",
        "--metrics=off",
        "--disable-version-check",
        "--config",
        str(RULES),
    ]
    home = semgrep.parent.parent
    environment = os.environ | {
        "SEMGREP_SETTINGS_FILE": str(home / "settings.yml"),
        "SEMGREP_LOG_FILE": str(home / "semgrep.log"),
    }
    done = subprocess.run(
        [semgrep, *words, *PRODUCT, *map(str, EXAMPLES)], env=environment, stdout=subprocess.PIPE, check=False
    )
    answer = json.loads(done.stdout)
    if answer["errors"] or not answer["paths"]["scanned"]:
        sys.exit(f"semgrep could not read everything: {json.dumps(answer['errors'], indent=1)}")
    return {
        (result["path"], result["start"]["line"], result["check_id"].rpartition(".")[2]): result["extra"]["message"]
        for result in answer["results"]
    }


def expected() -> set[Finding]:
    return {
        (str(path), number + 1, rule)
        for path in EXAMPLES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for rule in re.findall(r"[a-z-]+", line.partition("ruleid:")[2])
    }


def rules() -> set[str]:
    return {
        rule for path in RULES.glob("*.yml") for rule in re.findall(r"^  - id: (\S+)$", path.read_text(), re.MULTILINE)
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
