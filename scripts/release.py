"""Make a release ready: python scripts/release.py X.Y.Z [--dry-run] [--date YYYY-MM-DD] [--last FOLDER|ARCHIVE]

Everything is done in a copy of the last commit; only if nothing is in doubt is it brought back: version and date in
metadata.toml and in all that is generated from it, the dated section of CHANGELOG.md, releases/X.Y.Z.json (the
manifest), releases/X.Y.Z/ (what changed since the last release) and dist/ (what is offered for download). Nothing is
committed, tagged or uploaded: the steps for that are printed. --dry-run does all of it, and brings nothing back.

Exit code 0: ready, 1: refused, with what to do, 2: cannot run.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from india_japan_engagements import releases
from india_japan_engagements.diffing import Diff, State, compare, state
from india_japan_engagements.report import STRUCTURE
from india_japan_engagements.tableschema import Schema

ROOT = Path(__file__).resolve().parent.parent

CHANGELOG = "CHANGELOG.md"
UNRELEASED = "unreleased"
NOTES = "sed -n '/^## {version} /,/^## /{{/^## /!p}}' CHANGELOG.md"


class Refused(Exception):
    """Why there is no release: each reason with what to do about it."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("version", metavar="X.Y.Z")
    parser.add_argument("--dry-run", action="store_true", help="do everything and bring nothing back")
    parser.add_argument("--date", type=date.fromisoformat, default=datetime.now(UTC).date(), help="default: today")
    parser.add_argument("--last", metavar="FOLDER|ARCHIVE", help="the tables of the last release (default: by its tag)")
    options = parser.parse_args(arguments)
    try:
        release(options.version, options.date, options.last, options.dry_run)
    except Refused as refused:
        print("\n".join(f"release: {reason}" for reason in refused.args), file=sys.stderr)
        print("nothing was changed", file=sys.stderr)
        return 1
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"release: {error}", file=sys.stderr)
        return 2
    return 0


def release(version: str, day: date, last_tables: str | None, dry_run: bool) -> None:
    """Make the release ready, or raise Refused."""
    last = releases.last(str(ROOT))
    refuse(doubts(version, day, last))
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "copy")
        git("clone", "--quiet", "--depth=1", ROOT.as_uri(), str(copy))
        print("checking the last commit")
        checked(copy, "scripts/build.py", "--check")
        before = None
        if last:
            before = released(last, last_tables)
            manifest = releases.manifest(str(copy)) | {"version": version}
            refuse(releases.too_low(last, manifest, tightened(before, copy)))
        stamp(copy, version, day)
        print(f"building {version} as of {day}")
        checked(copy, "scripts/build.py")
        checked(copy, "-m", "india_japan_engagements", "validate", ".")
        write(copy, releases.manifest(str(copy)), compare(before, state(copy)) if before else None)
        print("packing")
        checked(copy, "scripts/pack.py", str(Path(scratch, "dist")))
        for file in sorted(Path(scratch, "dist").iterdir()):
            print(f"  {file.stat().st_size:>12,}  {file.name}")
        if dry_run:
            print("nothing was in doubt; nothing was brought back")
            return
        bring_back(copy, Path(scratch, "dist"))
    print(steps(version))


def doubts(version: str, day: date, last: releases.Manifest | None) -> list[str]:
    """Return every reason not to begin."""
    found = []
    try:
        releases.parse(version)
    except ValueError as error:
        return [str(error)]
    if last and version not in (possible := releases.successors(last["version"]).values()):
        found.append(f"the last release is {last['version']}; the next is one of {', '.join(possible)}")
    if last and day < date.fromisoformat(last["release_date"]):
        found.append(f"the last release is of {last['release_date']}, which is after {day}; give a later --date")
    if changed := git("status", "--porcelain").splitlines():
        files = ", ".join(line[3:] for line in changed[:5])
        found.append(f"the tree is not clean ({files}); commit or remove what is there")
    if git("tag", "--list", f"v{version}"):
        found.append(f"there is a tag v{version} already; choose the next version")
    headings = re.findall(r"^## (\S+) – (.+)$", (ROOT / CHANGELOG).read_text(encoding="utf-8"), re.MULTILINE)
    if not headings or headings[0] != (version, UNRELEASED):
        found.append(f"{CHANGELOG} does not begin with a section of this version; head it ## {version} – {UNRELEASED}")
    return found


def refuse(reasons: Iterable[str]) -> None:
    if found := [*reasons]:
        raise Refused(*found)


def stamp(copy: Path, version: str, day: date) -> None:
    """Write version and date where they are kept; all else follows from the build."""
    metadata, changelog = copy / "metadata.toml", copy / CHANGELOG
    _replace(metadata, r'(?m)^version = ".*"$', f'version = "{version}"')
    _replace(metadata, r"(?m)^release_date = .*$", f"release_date = {day}")
    _replace(changelog, rf"(?m)^## {re.escape(version)} – {UNRELEASED}$", f"## {version} – {day}")


def _replace(file: Path, pattern: str, text: str) -> None:
    found, times = re.subn(pattern, text, file.read_text(encoding="utf-8"))
    if times != 1:
        raise Refused(f"{file.name} has {times} lines like {pattern}; it must have one")
    file.write_text(found, encoding="utf-8")


def released(last: releases.Manifest, tables: str | None) -> State:
    """Return the tables of the last release, certain to be those of its manifest."""
    version = last["version"]
    with tempfile.TemporaryDirectory() as scratch:
        if tables is None:
            if not git("tag", "--list", f"v{version}"):
                raise Refused(
                    f"there is no tag v{version} to compare with; run: git fetch --tags, or name the tables of "
                    f"{version} with --last"
                )
            tables = os.path.join(scratch, "last.tar")
            git("archive", f"--output={tables}", f"v{version}", "data")
        before = state(tables)
    wrong = [name for name, about in last["tables"].items() if about["csv"] != before.hashes.get(name)]
    if wrong:
        raise Refused(
            f"{', '.join(wrong)} in {tables} are not as {version} was released: its manifest has other hashes; compare "
            "with what was released"
        )
    return replace(before, version=version)


def tightened(before: State, copy: Path) -> Iterator[tuple[str, str]]:
    """Yield each rule that refuses rows of the last release, which kept all rules of their day, as a major difference.

    Columns that are new are taken as empty, and what is wrong with the form alone is passed over: of columns, types and
    codes the manifests tell.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "data")  # beside which there is no manifest
        folder.mkdir()
        for path in (copy / "schemas").glob("*.json"):
            schema = Schema.read(str(path))
            with open(folder / f"{schema.name}.csv", "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, schema.names, restval="", extrasaction="ignore", lineterminator="\n")
                writer.writeheader()
                writer.writerows(before.tables.get(schema.name, {}).values())
        run = in_copy(copy, "-m", "india_japan_engagements", "validate", scratch, "--format", "json")
    found = Counter(problem["code"] for problem in json.loads(run.stdout)["problems"] if problem["severity"] == "error")
    for code, times in sorted(found.items()):
        if code not in STRUCTURE:
            yield "major", f"rule {code} refuses what {before.version} had, {times:,} times"


def write(copy: Path, manifest: releases.Manifest, diff: Diff | None) -> None:
    """Write the manifest and what changed, and count the changes in the changelog."""
    version = manifest["version"]
    folder = copy / "releases" / version
    folder.parent.mkdir(exist_ok=True)
    (folder.parent / f"{version}.json").write_text(releases.text(manifest), encoding="utf-8")
    if diff is None:
        return
    folder.mkdir()
    for name, text in (("csv", diff.csv()), ("json", diff.json()), ("md", diff.markdown())):
        (folder / f"changes.{name}").write_text(text, encoding="utf-8", newline="")
    heading = rf"(?m)^## {re.escape(version)} – .*$"
    counted = f"Rows since {diff.old}: {diff.summary()}. [Each of them](releases/{version}/changes.md)."
    _replace(copy / CHANGELOG, heading, rf"\g<0>\n\n{counted}")


def bring_back(copy: Path, packed: Path) -> None:
    """Copy what was changed in the copy of the commit, and what was packed."""
    for line in git("status", "--porcelain", "--untracked-files=all", "-z", at=copy).split("\0"):
        if name := line[3:]:
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(copy / name, ROOT / name)
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    shutil.copytree(packed, ROOT / "dist")


def checked(copy: Path, *command: str) -> None:
    """Run Python in the copy, with the copy's own package; what it complains of is why there is no release."""
    run = in_copy(copy, *command)
    if run.returncode:
        raise Refused(f"{' '.join(command)} complains; mend this, commit, and begin again:\n{run.stdout}{run.stderr}")


def in_copy(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(copy / "src")}
    return subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def git(*arguments: str, at: Path = ROOT) -> str:
    return subprocess.run(["git", *arguments], cwd=at, check=True, stdout=subprocess.PIPE, text=True).stdout


def steps(version: str) -> str:
    return f"""
Ready. Read what changed (git diff; releases/{version}/), then:

  git add --all && git commit --message "Release {version}"
  git tag --sign v{version} --message "Release {version}"
  git push origin HEAD v{version}

The tag starts .github/workflows/release.yml: it checks and packs the same commit again, attests what it packed and
uploads it to GitHub and PyPI. By hand, from dist/ as it is now:

  {NOTES.format(version=version)} | gh release create v{version} dist/* --verify-tag --title {version} --notes-file -
  twine upload dist/*.whl dist/*.tar.gz

Then deposit the tag where a DOI is to be had, and put the DOI into metadata.toml for the next release."""


if __name__ == "__main__":
    sys.exit(main())
