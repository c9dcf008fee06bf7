"""What GitHub and pre-commit run: of the form they ask for, pinned, with no more rights than needed, and working."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Folder

import india_japan_engagements as ije
from india_japan_engagements.report import Problem, Report

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = ROOT / "action.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"


def check(schema: str, *files: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_workflows_and_action_are_of_their_form() -> None:
    assert {"pages", "release", "validate"} <= {file.stem for file in WORKFLOWS}
    check("vendor.github-workflows", *WORKFLOWS)
    check("custom.github-workflows-require-timeout", *WORKFLOWS)
    check("vendor.github-actions", ACTION)


def test_the_hook_is_of_its_form() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(HOOKS)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("file", [*WORKFLOWS, ACTION], ids=lambda file: file.name)
def test_every_action_is_pinned_to_a_commit_and_says_its_version(file: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", file.read_text(encoding="utf-8"))
    assert used
    for action, comment in used:
        if action != "./":
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", action), action
            assert re.fullmatch(r" # v[0-9]+\.[0-9]+\.[0-9]+", comment), action


def test_one_action_is_pinned_to_one_commit_everywhere() -> None:
    used = {pin for file in [*WORKFLOWS, ACTION] for pin in re.findall(r"uses: (\S+@\S+)", file.read_text())}
    assert len({pin.partition("@")[0] for pin in used}) == len(used)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_may_only_read_unless_a_job_says_why_not(file: Path) -> None:
    workflow: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    # An expression within a command would be run as part of it, whatever it holds.
    commands = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
    assert not [command for command in commands if "${{" in command]


def test_a_workflow_makes_only_what_the_makefile_knows() -> None:
    targets = {*re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)}
    for file in WORKFLOWS:
        for words in re.findall(r"run: make(.*)", file.read_text(encoding="utf-8")):
            assert {*words.split()} <= targets


def hook() -> dict[str, Any]:
    (found,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("broken", [False, True])
def test_the_action_and_the_hook_validate_anothers_folder(small: Folder, broken: bool) -> None:
    """Their commands, as they stand, in another repository whose tables lie in a folder of their own."""
    (small.path / "data").rename(small.path / "our tables")
    if broken:
        csv = small.path / "our tables" / "engagements.csv"
        csv.write_text(csv.read_text(encoding="utf-8").replace(",talks,", ",talk,", 1), encoding="utf-8")
    step = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"][-1]
    command = step["run"].splitlines()[-1].replace('"$RUNNER_TEMP/ije/bin/ije"', "ije")
    assert command == 'ije validate "$FOLDER" --format github'
    ran = run(command, small.path, FOLDER="our tables")
    assert ran.returncode == broken
    line = "::error file=our tables/engagements.csv,line="
    assert ran.stdout.startswith(line) if broken else ran.stdout == ""
    words = [hook()["entry"], '"our tables"']
    assert run(" ".join(words), small.path).returncode == broken


def run(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | variables | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    environment["PYTHONPATH"] = str(Path(ije.__file__).parent.parent)
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_an_annotation_names_the_file_from_the_root_of_the_repository() -> None:
    report = Report([Problem("data/people.csv", 3, "name_en", "E012", "a", "", "the cell is empty", "fill it")])
    assert report.github().startswith("::error file=data/people.csv,line=3,title=E012 name_en::")
    assert report.github("our/tables").startswith("::error file=our/tables/data/people.csv,line=3,")
