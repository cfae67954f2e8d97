"""Every refusal of the rooms that decide says what to do; one that the log keeps says who can and until when."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import openpbc
from openpbc.kernel.problems import UserError

PACKAGE = Path(openpbc.__file__).parent
ROOMS = ("governance", "casework", "redesign")
FILES = sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
UNTIL = re.compile(r"\b(until|as long as|for good|while|before|once)\b")
# Refusals of which a rule gives the whole sentence, by file and what is raised; each rule has its own table of cases.
WHOLE = {
    ("governance/actions/appeals.py", "refused"): "spec/governance/test_appeals.py",
    ("governance/actions/sitting.py", "why"): "spec/governance/test_constraints.py, K1",
    ("redesign/actions/holding.py", "required"): "what to write is all that there is to say",
    ("redesign/actions/leading.py", "found[0].sentence"): "spec/governance/test_constraints.py, K7",
    ("redesign/actions/public.py", "why"): "spec/redesign/test_public_rules.py",
    ("redesign/actions/review.py", "refusal_told(way, found)"): "spec/redesign/test_guards.py",
    ("redesign/actions/rising.py", "wrong"): "spec/redesign/test_guards.py, turn_fault",
    ("redesign/actions/steps.py", "refusal_told(way, found)"): "spec/redesign/test_guards.py",
    ("redesign/actions/steps.py", "wrong"): "spec/redesign/test_guards.py, turn_fault",
}


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of one of these names, with the file and line in which it stands."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in names:
                    yield f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}", node


def says_what_to_do(call: ast.Call) -> bool:
    """Whether a refusal is made with its third part, and that is no empty text."""
    given = call.args[2:3] or [each.value for each in call.keywords if each.arg == "do"]
    return bool(given) and not (isinstance(given[0], ast.Constant) and not given[0].value)


def test_every_refusal_says_what_to_do() -> None:
    found = list(calls("UserError", "Stale"))
    assert len(found) > 350, "the refusals are found"
    silent = [f"{where} {ast.unparse(call)[:90]}" for where, call in found if not says_what_to_do(call)]
    assert not silent, f"give each what to do (do=...): {silent}"


def test_a_refusal_without_what_to_do_is_found() -> None:
    for text in ("UserError('no')", "UserError('no', 'here')", "UserError('no', 'here', '')", "UserError('no', do='')"):
        assert not says_what_to_do(ast.parse(text, mode="eval").body)  # type: ignore[arg-type]
    assert says_what_to_do(ast.parse("UserError('no', do='Look.')", mode="eval").body)  # type: ignore[arg-type]


def test_whole_sentences_come_from_rules_that_have_their_own_table() -> None:
    made = ((where, call) for where, call in calls("whole") if ast.unparse(call.func) == "UserError.whole")
    found = {(where.partition(":")[0], ast.unparse(call.args[0])) for where, call in made}
    assert found == set(WHOLE), "name the rule that gives the sentence, and the test that holds it"
    assert UserError.whole("You sit there. Another does it; that holds for good.", where="x").sentence == (
        "x: You sit there. Another does it; that holds for good."
    )
    assert UserError.whole("Write why.").sentence == "Write why."


def assigned(tree: ast.AST, found: dict[str, str]) -> dict[str, str]:
    """What each name is ever set to in a part of a file, as source text, beside what is known already."""
    found = dict(found)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = f"{found.get(target.id, '')} {ast.unparse(node.value)}"
    return found


def constants() -> dict[str, str]:
    """What the constants of these rooms are."""
    found: dict[str, str] = {}
    for tree in TREES.values():
        top = ast.Module([each for each in tree.body if isinstance(each, ast.Assign)], [])
        found = assigned(top, found)
    return found


def kept_refusals() -> Iterator[tuple[str, ast.Call, dict[str, str]]]:
    """Every refusal that is made here and marked for the log, with what the names of its function are set to."""
    known = constants()
    for path, tree in TREES.items():
        for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
            named = assigned(function, known)
            for node in ast.walk(function):
                marked = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "for_the_log"
                made = node.func.value if marked else None  # type: ignore[attr-defined]
                if isinstance(made, ast.Call) and getattr(made.func, "attr", "") != "whole":
                    yield f"{path.relative_to(PACKAGE).as_posix()}:{made.lineno}", made, named


def test_what_the_log_keeps_says_until_when() -> None:
    """Such a refusal is one of a person; who can is told as well, as the table of what somebody might try holds."""
    without, found = [], 0
    for where, problem, named in kept_refusals():
        found += 1
        text = ast.unparse((problem.args[2:3] or [each.value for each in problem.keywords if each.arg == "do"])[0])
        for _ in range(2):
            text += " ".join(named.get(each, "") for each in re.findall(r"\b[A-Za-z_]+\b", text))
        if not UNTIL.search(text):
            without.append(f"{where} {ast.unparse(problem)[:120]}")
    assert found > 25, "the refusals are found"
    assert not without, f"say until when it holds, or that it holds for good: {without}"


def test_the_second_of_two_people_is_told_until_when() -> None:
    found = 0
    for path, tree in TREES.items():
        for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
            named = assigned(function, {})
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "must_be_another":
                    found += 1
                    who_can = next(ast.unparse(each.value) for each in node.keywords if each.arg == "who_can")
                    assert UNTIL.search(named.get(who_can, who_can)), f"{path.name}:{node.lineno} says until when"
    assert found
