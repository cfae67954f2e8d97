"""The law book from the shell: check, show, seal."""

import json

import pytest
from click.testing import CliRunner

from openpbc.kernel.problems import UserError
from openpbc.rulebook import files
from openpbc.rulebook.commands import rulebook

PACK = """\
# kept as it is
id: mine.rows
meaning: Rows
unit: table
tables:
  "2008-09": {file: a.csv, sha256: "", status: not set}
  "2009-10":
    file: b.csv
    sha256: 00   # the old one
    status: not set
"""


def run(*arguments):
    return CliRunner().invoke(rulebook, list(arguments))


@pytest.fixture
def pack(tmp_path):
    (tmp_path / "a.csv").write_text("code\nA\n")
    (tmp_path / "b.csv").write_text("code\nB\n")
    (tmp_path / "rows.yaml").write_text(PACK)
    return tmp_path / "rows.yaml"


def test_the_shipped_packs_have_no_faults():
    done = run("check")
    assert done.exit_code == 0 and "No faults. Places: " in done.output, done.output
    assert json.loads(run("check", "--json").output) == []


def test_faults_are_printed_one_a_line_with_exit_code_2(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "SHIPPED", tmp_path / "shipped")
    (tmp_path / "shipped").mkdir()
    (tmp_path / "england").mkdir()
    (tmp_path / "england" / "odd.csv").write_text("code\n")
    (tmp_path / "england" / "odd.yaml").write_text("id: odd\n")
    done = run("check", "--overlay", str(tmp_path))
    assert done.exit_code == 2 and len(done.output.splitlines()) == 2
    told = json.loads(run("check", "--overlay", str(tmp_path), "--json").output)
    assert {finding["rule"] for finding in told} == {"rulebook.form", "rulebook.unclaimed"}


def test_a_value_is_shown_with_unit_status_and_source():
    shown = run("show", "fair_shares.minimum_growth", "--place", "west-herts-2008").output
    assert "0.045" in shown and "rate" in shown and "approved" in shown and "west-herts-intentions-2008-09" in shown
    before = run("show", "fair_shares.minimum_growth", "--place", "west-herts-2008", "--known-on", "2007-08-31").output
    assert "not set" in before and "0.045" not in before


def test_a_table_is_shown_with_its_rows_and_an_unset_one_with_the_file_to_fill():
    shown = json.loads(run("show", "finance.allocation_lines", "--place", "west-herts-2008", "--json").output)
    assert [row["amount"] for row in shown["rows"]][-1] == "710949" and len(shown["book"]) == 64
    unset = json.loads(run("show", "finance.allocation_lines", "--place", "blmk-2023", "--json").output)
    assert unset["value"] == "not set" and unset["file"] == "places/blmk-2023/finance/allocation_lines.yaml"
    assert (
        json.loads(
            run("show", "finance.deposit_asked", "--place", "west-herts-2008", "--year", "2009-10", "--json").output
        )["value"]
        == "not set"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "finance.nothing", "--place", "west-herts-2008"), "'finance.nothing'. There are: finance."),
        (("show", "nothing", "--place", "west-herts-2008"), "no pack knows the subject 'nothing'"),
        (("show", "words", "--place", "west-herts-2008"), "is a pack of words"),
        (("show", "finance.deposit_asked", "--place", "nowhere"), "there is no place 'nowhere'"),
        (("show", "finance.deposit_asked", "--place", "blmk-2023", "--known-on", "soon"), "'soon' is not a date"),
        (("seal", "nowhere.csv"), "there is no such pack file"),
        (("seal", "places/blmk-2023/place.yaml"), "no pack file names a table here"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence(arguments, says):
    error = run(*arguments).exception
    assert isinstance(error, UserError) and says in error.sentence


def test_sealing_writes_each_checksum_and_nothing_else(pack):
    done = run("seal", str(pack))
    assert done.exit_code == 0 and done.output.count("is now sealed") == 2
    a, b = (files.checksum((pack.parent / name).read_bytes()) for name in ("a.csv", "b.csv"))
    assert pack.read_text() == PACK.replace('""', a).replace("00   #", f"{b}   #")
    assert run("seal", str(pack)).output.count("was sealed already") == 2


def test_a_table_file_is_sealed_in_the_pack_file_beside_it(pack):
    done = run("seal", str(pack.parent / "b.csv"))
    assert done.exit_code == 0 and "a.csv" not in done.output
    assert 'sha256: ""' in pack.read_text() and files.checksum(b"code\nB\n") in pack.read_text()


def test_sealing_a_missing_table_or_a_broken_pack_changes_nothing(pack):
    (pack.parent / "a.csv").unlink()
    assert "'a.csv' is not there" in run("seal", str(pack)).exception.sentence
    assert pack.read_text() == PACK
    pack.write_text("id: [x\n")
    assert "is not YAML" in run("seal", str(pack)).exception.sentence


def test_a_path_inside_the_packs_is_found_in_the_overlay_first(pack):
    done = run("seal", "rows.yaml", "--overlay", str(pack.parent))
    assert done.exit_code == 0 and str(pack) in done.output
