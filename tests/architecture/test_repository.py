"""What is committed: locks without an address, nothing of the workplace, documents whose links hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt", "package-lock.json", ".npmrc")

# Folders of one machine and hosts of one mirror; spelt in halves, so that this file does not name them either.
WORKPLACE = re.compile(
    r"(?<![\w.])/(wo" + r"rk|fa" + r"rm|op" + r"t|ro" + r"ot|ho" + r"me/\w)/"
    r"|registry\.np" + r"mjs|py" + r"pi\.org|pythonho" + r"sted|(deb|security)\.deb" + r"ian|\.libr" + r"ary/"
)
BINARY = {".png", ".jpg", ".ico", ".woff", ".woff2", ".xlsx", ".parquet", ".gz", ".zip"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_hold_no_address(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"(?:https?|file|git)(?:\+\w+)?://\S+", _without_funding(text)) == []
    assert "index-url" not in text
    assert "find-links" not in text


def _without_funding(text: str) -> str:
    """npm copies packages' requests for donations into the lock: addresses from which nothing is fetched."""
    return re.sub(r'"funding":\s*(\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", text)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_locked_package_has_a_hash(name: str):
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert packages
    assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


def test_nothing_names_the_workplace():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {hit[0]}"
        for path in tracked()
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        for hit in [WORKPLACE.search(line)]
        if hit
    ]
    assert found == []


def test_links_between_documents_hold():
    broken = []
    for path in documents():
        prose = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            there = (path.parent / file) if file else path
            if not there.exists() or (anchor and anchor not in _anchors(there)):
                broken.append(f"{path.relative_to(ROOT)} -> {target}")
    assert broken == []


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_the_index_of_decisions_is_complete():
    folder = ROOT / "docs" / "decisions"
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")) == files
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))


def test_every_decision_names_context_options_decision_and_cost():
    for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"):
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert headings == ["What forced it", "What we could have done", "What we do", "What it costs"], path.name


def test_commands_that_documents_name_are_targets_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = {
        (path.name, target)
        for path in documents()
        for target in re.findall(r"`make ([a-z-]+)[^`]*`", path.read_text(encoding="utf-8"))
    }
    assert {pair for pair in named if pair[1] not in targets} == set()


def test_ci_runs_the_command_of_the_readme():
    assert "exec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^make demo$", readme, flags=re.MULTILINE)
    assert re.search(r"^make test$", readme, flags=re.MULTILINE)


def test_coverage_exclusions_carry_a_reason():
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix == ".py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"#\s*pragma: no cover\s*$", line)
    ]
    assert bare == []
