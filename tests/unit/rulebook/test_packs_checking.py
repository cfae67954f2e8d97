"""The check of pack files: one planted fault of each kind is told in a sentence that names the file."""

import hashlib
import re

import pytest

from openpbc.rulebook import files
from openpbc.rulebook.checking import check

SOURCE = "source: {document: paper, section: s, mark: S}"
NOT_SET = "{value: null, status: not set}"
ROWS = b"code,unit,valid_from,valid_to\nA,U1,,2008-09-30\nA,U2,2008-10-01,\n"
SEAL = hashlib.sha256(ROWS).hexdigest()
GOOD = {
    "places/here/place.yaml": "id: here\ntitle: Here\nyear: 2008-09\ncommissioner: 5P4\npacks: [law, speech]\n",
    "places/there/place.yaml": "id: there\ntitle: There\nyear: 2023-24\ncommissioner: QHG\npacks: [law, speech]\n",
    "speech/words.yaml": (
        f"id: words\nmeaning: Words\nkind: words\nstatus: draft\n{SOURCE}\nwords: {{group: PBC group}}\n"
    ),
    "law/documents.yaml": (
        "id: documents\nmeaning: What may be cited\nunit: table\n"
        f"tables: {{always: {{status: draft, {SOURCE}, rows: [{{code: paper}}]}}}}\n"
    ),
    "law/growth.yaml": (
        "id: fair.growth\nmeaning: Least growth\nunit: rate\n"
        f'values: {{"2008-09": {{value: "0.045", status: approved, known_from: 2007-09-01, {SOURCE}}}}}\n'
    ),
    "law/cap.yaml": 'id: fair.cap\nmeaning: Cap\nunit: rate\nvalues: {"2008-09": {value: null, status: not set}}\n',
    "places/here/units.yaml": (
        "id: here.units\nmeaning: Units\nunit: table\n"
        f'tables: {{"2008-09": {{status: draft, {SOURCE}, rows: [{{code: U1}}, {{code: U2}}]}}}}\n'
    ),
    "places/here/rows.yaml": (
        "id: here.rows\nmeaning: Rows\nunit: table\nrefers: {unit: here.units.code}\n"
        f'tables: {{"2008-09": {{file: rows.csv, sha256: {SEAL}, status: draft, {SOURCE}}}}}\n'
    ),
    "places/here/rows.csv": ROWS.decode(),
}


def lay(root, packs):
    for path, text in packs.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return root


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    root = lay(tmp_path / "packs", GOOD)
    monkeypatch.setattr(files, "SHIPPED", root)
    return root


def value(body, unit="rate", head="id: x\nmeaning: x\n"):
    return f'{head}unit: {unit}\nvalues: {{"2008-09": {{{body}}}}}\n'


def table(rows, head=""):
    return f'id: x\nmeaning: x\nunit: table\n{head}tables: {{"2008-09": {{status: draft, {SOURCE}, rows: {rows}}}}}\n'


SHORT_FAULTS = {
    # what the sentence must say: the file with the fault, and its text
    "has no id": ("law/x.yaml", value(f'value: "1", status: draft, {SOURCE}', head="meaning: x\n")),
    "has no meaning": ("law/x.yaml", value(f'value: "1", status: draft, {SOURCE}', head="id: x\n")),
    "'' is not a unit": ("law/x.yaml", value(f'value: "1", status: draft, {SOURCE}', unit='""')),
    "has no status": ("law/x.yaml", value(f'value: "1", {SOURCE}')),
    "has no source": ("law/x.yaml", value('value: "1", status: draft')),
    "'2008' is not a financial year": ("law/x.yaml", value("value: null, status: not set").replace("2008-09", "2008")),
    "'soon' is not a date": ("law/x.yaml", value(f'value: "1", status: draft, known_from: soon, {SOURCE}')),
    "is not YAML": ("law/x.yaml", "id: [x\n"),
    "0.1 must be written in quotes": ("law/x.yaml", value(f"value: 0.1, status: draft, {SOURCE}")),
    "'memo' is not registered": ("law/x.yaml", value('value: "1", status: draft, source: {document: memo}')),
    "marked R must be 'assumed' or 'not set', not 'draft'": (
        "law/x.yaml",
        value('value: "1", status: draft, source: {document: paper, mark: R}'),
    ),
    "marked R[?] must be 'not set', not 'assumed'": (
        "law/x.yaml",
        value('value: "1", status: assumed, source: {document: paper, mark: "R?"}'),
    ),
    "must say SYNTHETIC": ("law/x.yaml", value('value: "1", status: assumed, source: {document: paper, mark: SYN}')),
    "has no value but is not 'not set'": ("law/x.yaml", value(f"value: null, status: draft, {SOURCE}")),
    "has a value but is 'not set'": ("law/x.yaml", value('value: "1", status: not set')),
    "the value for 2008-09 is empty": ("law/x.yaml", value(f'value: " ", status: draft, {SOURCE}', unit="text")),
    "'much'": ("law/x.yaml", value(f'value: "much", status: draft, {SOURCE}')),
    "'2008-02-30'|day is out of range": (
        "law/x.yaml",
        value(f'value: "2008-02-30", status: draft, {SOURCE}', unit="date"),
    ),
    "neither yes nor no": ("law/x.yaml", value(f'value: "maybe", status: draft, {SOURCE}', unit="flag")),
    "neither rows nor a file": (
        "law/x.yaml",
        f'id: x\nmeaning: x\nunit: table\ntables: {{"2008-09": {{status: draft, {SOURCE}}}}}\n',
    ),
    "must be a list of mappings": ("law/x.yaml", table("[1, 2]")),
    "a cell must be text": ("law/x.yaml", table("[{code: [1]}]")),
    "row 2: the row has 1 values and the table 2 columns: 'total' is missing": (
        "law/x.yaml",
        table("[{code: A, total: '1'}, {code: B}]"),
    ),
    "row 2: 'A' already stands in row 1": ("law/x.yaml", table("[{code: A}, {code: A}]")),
    "row 1: code is empty": ("law/x.yaml", table('[{code: ""}]')),
    "key names the column 'there'": ("law/x.yaml", table("[{code: A}]", head="key: [there]\n")),
    "row 1: '2008-13-01' in valid_from is not a date": ("law/x.yaml", table('[{code: A, valid_from: "2008-13-01"}]')),
    "valid_to 2008-04-01 lies before valid_from 2008-05-01": (
        "law/x.yaml",
        table('[{code: A, valid_from: "2008-05-01", valid_to: "2008-04-01"}]'),
    ),
    "refers to here.units.name, which here does not have": (
        "places/here/x.yaml",
        table("[{code: A}]", head="refers: {code: here.units.name}\n"),
    ),
    "row 1: there is no 'U9' in column code of here.units": (
        "places/here/x.yaml",
        table("[{code: U9}]", head="refers: {code: here.units.code}\n"),
    ),
    "refers must give a target": ("places/here/x.yaml", table("[{code: A}]", head="refers: [code]\n")),
    "no mapping under 'layout'": (
        "law/x.yaml",
        f"id: x\nmeaning: x\nkind: layout\nstatus: draft\n{SOURCE}\nlayout: 3\n",
    ),
    "no subject names this file": ("law/stray.csv", "code\nA\n"),
    "the subject fair.growth of here also stands in law/growth.yaml": (
        "places/here/growth.yaml",
        GOOD["law/growth.yaml"],
    ),
    "'2008' is not a financial year.": (
        "places/here/place.yaml",
        GOOD["places/here/place.yaml"].replace("2008-09", "2008"),
    ),
    "the pack 'nowhere' is not there": (
        "places/here/place.yaml",
        GOOD["places/here/place.yaml"].replace("speech", "nowhere"),
    ),
    "checksum does not fit": ("places/here/rows.csv", GOOD["places/here/rows.csv"].replace("U2", "U1")),
    "two entries for 2008-09 became known on the same day": (
        "law/x.yaml",
        f'id: x\nmeaning: x\nunit: rate\nvalues: {{"2008-09": [{NOT_SET}, {NOT_SET}]}}\n',
    ),
}


def test_good_packs_have_no_faults(shipped):
    assert check() == []


@pytest.mark.parametrize("says", SHORT_FAULTS)
def test_each_planted_fault_is_told_with_its_file(shipped, says):
    path, text = SHORT_FAULTS[says]
    lay(shipped, {path: text})
    sentences = [finding.sentence for finding in check()]
    assert any(re.search(says, sentence) for sentence in sentences), sentences
    assert all(sentence.endswith(".") and "Traceback" not in sentence for sentence in sentences)
    assert any(path.rpartition("/")[0] in sentence or "fair.growth" in sentence for sentence in sentences), sentences


def test_all_faults_are_told_at_once(shipped):
    lay(
        shipped, {"law/x.yaml": "id: [x\n", "law/stray.csv": "code\nA\n", "law/y.yaml": table("[{code: A}, {code: A}]")}
    )
    assert {finding.rule for finding in check()} == {"rulebook.form", "rulebook.unclaimed", "rulebook.key"}


def test_a_place_that_lacks_a_word_is_told_which(shipped):
    place = GOOD["places/there/place.yaml"].replace("law, speech", "law, tongue")
    words = GOOD["speech/words.yaml"].replace("{group: PBC group}", "{group: place, practice: practice}")
    lay(shipped, {"places/there/place.yaml": place, "tongue/words.yaml": words})
    (finding,) = check()
    assert finding.sentence.startswith("places/here/place.yaml: the place has no word for 'practice'")


def test_rows_of_one_key_may_follow_each_other_but_not_overlap_on_both_clocks(shipped):
    def rows(*spans):
        names = ("valid_from", "valid_to", "known_from", "known_to")
        cells = [dict(zip(names, span, strict=True)) for span in spans]
        return table([{"code": "A"} | row for row in cells])

    lay(shipped, {"law/x.yaml": rows(("", "", "", "2008-09-15"), ("", "2008-09-30", "2008-09-15", ""))})
    assert check() == []
    lay(shipped, {"law/x.yaml": rows(("", "2008-09-30", "", ""), ("2008-09-30", "", "", ""))})
    assert [finding.rule for finding in check()] == ["rulebook.key"]


def test_an_overlay_is_checked_in_place_of_what_it_covers(shipped, tmp_path):
    overlay = lay(tmp_path / "mine", {"law/growth.yaml": GOOD["law/growth.yaml"].replace("0.045", "lots")})
    assert check() == []
    assert [finding.rule for finding in check(overlay)] == ["rulebook.value"]
