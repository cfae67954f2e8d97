"""The law book's reader: two clocks, statuses, not set, overlays, and a sentence for every fault."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.rulebook import files, reader
from openpbc.rulebook.values import NotSet, Status

SOURCE = "source: {document: paper, section: s, mark: S}"
TABLE = b"code,pounds\nA,1\nB,2\n"


def write(root, path, text):
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    root = tmp_path / "packs"
    write(root, "places/here/place.yaml", "id: here\ntitle: Here\nyear: 2008-09\ncommissioner: 5P4\npacks: [law]\n")
    write(root, "places/there/place.yaml", "id: there\ntitle: There\nyear: 2023-24\ncommissioner: QHG\npacks: [law]\n")
    write(
        root,
        "law/growth.yaml",
        "id: fair.growth\nmeaning: Least growth\nunit: rate\nvalues:\n"
        '  "2008-09":\n'
        f'    - {{value: "0.04", status: draft, known_from: 2007-06-01, {SOURCE}}}\n'
        f'    - {{value: "0.045", status: approved, known_from: 2007-09-01, {SOURCE}}}\n',
    )
    write(
        root,
        "places/here/pot.yaml",
        "id: fair.pot\nmeaning: The pot\nunit: pounds_thousand\nvalues:\n"
        f'  always: {{value: "495679", status: draft, {SOURCE}}}\n',
    )
    write(
        root,
        "places/here/words.yaml",
        f"id: words\nmeaning: Words\nkind: words\nstatus: assumed\n{SOURCE}\nwords: {{group: PBC group}}\n",
    )
    seal = hashlib.sha256(TABLE).hexdigest()
    write(root, "places/here/rows.csv", TABLE)
    write(
        root,
        "places/here/rows.yaml",
        "id: here.rows\nmeaning: Rows\nunit: pounds\ntables:\n"
        f'  "2008-09": {{file: rows.csv, sha256: {seal}, status: draft, {SOURCE}}}\n',
    )
    monkeypatch.setattr(files, "SHIPPED", root)
    return root


def test_a_value_is_found_by_year_and_by_the_day_it_became_known(shipped):
    assert reader.open_book("here").need("fair.growth").ppm == 45_000
    early = reader.open_book("here", known_on=date(2007, 8, 31))
    assert early.need("fair.growth").text == "0.04" and early.need("fair.growth").status is Status.DRAFT
    assert early.hash != reader.open_book("here").hash
    assert isinstance(reader.open_book("here", known_on=date(2007, 1, 1)).value("fair.growth"), NotSet)


def test_another_year_is_never_borrowed_from_but_always_holds_for_each(shipped):
    book = reader.open_book("here")
    assert isinstance(book.value("fair.growth", FinancialYear.parse("2009-10")), NotSet)
    assert book.need("fair.pot", FinancialYear.parse("2009-10")).pence == 495_679_00000


def test_what_another_place_has_is_not_set_here_and_names_the_file_to_fill(shipped):
    missing = reader.open_book("there").value("fair.pot")
    assert isinstance(missing, NotSet) and str(missing) == "not set" and missing.path == "places/there/pot.yaml"
    with pytest.raises(UserError, match="places/there/pot.yaml: 'fair.pot' .the pot. is not set for 2023/24"):
        reader.open_book("there").need("fair.pot")
    with pytest.raises(UserError, match="places/there/rows.yaml"):
        reader.open_book("there").need_table("here.rows")
    with pytest.raises(KeyError):
        reader.open_book("here").value("no.such.subject")


def test_a_table_is_read_behind_its_seal(shipped):
    table = reader.open_book("here").need_table("here.rows")
    assert (
        [row["pounds"] for row in table] == ["1", "2"] and len(table) == 2 and table.keyed("code")["B"]["pounds"] == "2"
    )
    write(shipped, "places/here/rows.csv", TABLE.replace(b"2", b"3"))
    with pytest.raises(UserError, match="checksum does not fit.*openpbc rulebook seal"):
        reader.open_book("here").need_table("here.rows")


def test_an_overlay_wins_file_by_file_and_changes_the_hash(shipped, tmp_path):
    before = reader.open_book("here")
    overlay = tmp_path / "mine"
    write(overlay, "law/growth.yaml", (shipped / "law/growth.yaml").read_text().replace("0.045", "0.05"))
    after = reader.open_book("here", overlay=overlay)
    assert after.need("fair.growth").ppm == 50_000 and after.hash != before.hash
    with pytest.raises(UserError, match="rulebook folder is not there"):
        reader.open_book("here", overlay=tmp_path / "nowhere")


def test_a_linked_folder_is_not_entered_and_a_linked_file_is_read(shipped, tmp_path):
    before = set(files.located(["law"], None))
    (shipped / "law/again").symlink_to(shipped / "law", target_is_directory=True)  # it leads back to where it lies
    (shipped / "law/folder.yaml").symlink_to(shipped / "places", target_is_directory=True)
    write(tmp_path, "own.yaml", "id: own\n")
    (shipped / "law/linked.yaml").symlink_to(tmp_path / "own.yaml")
    assert set(files.located(["law"], None)) == before | {"law/linked.yaml"}
    assert {path for path, *_ in files.stamps(["law"], None)} == before | {"law/linked.yaml"}


def test_a_rule_is_filled_by_name_and_a_scenario_is_a_replacement(shipped):
    @dataclass(frozen=True)
    class Rule:
        growth: int = field(metadata={"rule": "fair.growth", "as": "ppm"})
        pot: int = field(default=0, metadata={"rule": "fair.pot", "as": "pence"})
        scenario: str = "plan"

    filled = reader.open_book("here").fill(Rule)
    assert (filled.growth, filled.pot) == (45_000, 495_679_00000)
    assert replace(filled, growth=50_000).growth == 50_000
    with pytest.raises(UserError, match="not set"):
        reader.open_book("there").fill(Rule)


def test_a_place_has_its_own_words(shipped):
    assert reader.open_book("here").word("group") == "PBC group" == reader.open_book("here").words["group"]
    with pytest.raises(KeyError):
        reader.open_book("here").word("nothing")


def test_an_unknown_place_is_answered_with_those_there_are(shipped):
    with pytest.raises(UserError, match="no place 'nowhere'. Choose one of here, there"):
        reader.open_book("nowhere")


HEAD = "id: x\nmeaning: x\nunit: rate\nvalues: "
DRAFT = "status: draft, source: {document: d}"
FAULTS = {
    "no id": f"meaning: x\nunit: rate\nvalues: {{always: {{value: '1', {DRAFT}}}}}",
    "no meaning": f"id: x\nunit: rate\nvalues: {{always: {{value: '1', {DRAFT}}}}}",
    "is not a unit": f"id: x\nmeaning: x\nunit: furlong\nvalues: {{always: {{value: '1', {DRAFT}}}}}",
    "no status": f"{HEAD}{{always: {{value: '1', source: {{document: d}}}}}}",
    "no source": f"{HEAD}{{always: {{value: '1', status: draft}}}}",
    "is not an evidence mark": f"{HEAD}{{always: {{value: '1', status: draft, source: {{document: d, mark: Z}}}}}}",
    "no entry for any year": f"{HEAD}{{}}",
    "keyed by financial year": f"{HEAD}[1]",
    "must be a mapping": f"{HEAD}{{always: 3}}",
    "is not a financial year": f"{HEAD}{{'2008': {{value: '1', {DRAFT}}}}}",
    "must be written in quotes": f"{HEAD}{{always: {{value: 0.1, {DRAFT}}}}}",
    "is not a date": f"{HEAD}{{always: {{value: '1', known_from: soon, {DRAFT}}}}}",
    "is written twice": "id: x\nid: y\n",
    "is not YAML": "id: [x\n",
    "must hold one subject": "- id\n",
    "is not UTF-8": b"\xff\xfeid",
}


@pytest.mark.parametrize("sentence", FAULTS)
def test_a_faulty_file_is_refused_with_its_name(shipped, sentence):
    write(shipped, "law/faulty.yaml", FAULTS[sentence])
    with pytest.raises(UserError, match=sentence) as caught:
        reader.open_book("here")
    assert caught.value.sentence.startswith("law/faulty.yaml")


def test_the_same_subject_in_two_files_is_refused(shipped):
    write(shipped, "places/here/growth.yaml", (shipped / "law/growth.yaml").read_text())
    with pytest.raises(UserError, match="also stands in"):
        reader.open_book("here")


def test_a_place_without_its_parts_is_refused(shipped):
    write(shipped, "places/odd/place.yaml", "id: odd\ntitle: Odd\n")
    with pytest.raises(UserError, match="the place has no year"):
        reader.places()
    write(shipped, "places/odd/place.yaml", "id: even\ntitle: Odd\nyear: 2008-09\ncommissioner: X\npacks: [nowhere]\n")
    with pytest.raises(UserError, match="name of its folder"):
        reader.places()
    write(shipped, "places/odd/place.yaml", "id: odd\ntitle: Odd\nyear: 2008-09\ncommissioner: X\npacks: [nowhere]\n")
    with pytest.raises(UserError, match="the pack 'nowhere' is not there"):
        reader.open_book("odd")
    write(shipped, "places/odd/place.yaml", "id: odd\ntitle: Odd\nyear: 2008\ncommissioner: X\npacks: [law]\n")
    with pytest.raises(UserError, match="places/odd/place.yaml: '2008' is not a financial year"):
        reader.places()


def test_what_another_year_pack_has_belongs_into_the_place_itself(shipped):
    write(
        shipped,
        "law-2008/pay/payer.yaml",
        f"id: pay.payer\nmeaning: Payer\nunit: text\nvalues: {{always: {{value: DH, status: draft, {SOURCE}}}}}\n",
    )
    write(
        shipped,
        "places/here/place.yaml",
        "id: here\ntitle: Here\nyear: 2008-09\ncommissioner: 5P4\npacks: [law, law-2008]\n",
    )
    assert reader.open_book("here").need("pay.payer").known_from is None
    assert reader.open_book("there").value("pay.payer").path == "places/there/pay/payer.yaml"


def test_a_book_is_never_of_two_moments(shipped, tmp_path, monkeypatch):
    overlay = tmp_path / "own"
    text, table = (shipped / "places/here/rows.yaml").read_text(), b"code,pounds\nA,7\n"
    text = text.replace("rows.csv", "rows-new.csv").replace(hashlib.sha256(TABLE).hexdigest(), files.checksum(table))
    overlay.mkdir()
    read, reads = reader.read, []

    def meanwhile(path, location):
        if path.endswith("rows.yaml") and path not in reads:  # laid after the files were listed
            write(overlay, "places/here/rows-new.csv", table)
            write(overlay, "places/here/rows.yaml", text)
            location = overlay / path
        reads.append(path)
        return read(path, location)

    monkeypatch.setattr(reader, "read", meanwhile)
    book = reader.open_book("here", overlay=overlay)
    assert [row["pounds"] for row in book.need_table("here.rows")] == ["7"]


def test_a_book_that_never_holds_still_is_refused_in_a_sentence(shipped, monkeypatch):
    moments = iter(range(100))
    monkeypatch.setattr(reader.pack_files, "stamps", lambda packs, overlay: (("here", "", next(moments), 0),))
    with pytest.raises(UserError, match="the rulebook is being changed"):
        reader.open_book("here")
