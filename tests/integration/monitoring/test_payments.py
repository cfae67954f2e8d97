"""What contracts pay: off in 2008/09, and under the adjustments of a later year laid over the same months."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import recompute
from openpbc.monitoring import reads
from openpbc.monitoring.reads.payments import FIGURES, payment_address
from openpbc.site.cli import main
from tests.integration.monitoring.invented import PLACE, unit

MAY = Month.parse("2008-05")
SOURCE = "source: {document: synthetic-county, section: a test, mark: SYN}\n    note: SYNTHETIC"


@pytest.fixture
def months(publish) -> None:
    publish("2008-04", [unit(1), unit(2, pod="NEL", charge=400_000), unit(3, provider="RWH", charge=70_000)])
    publish("2008-05", [unit(1, pod="NELST", charge=100_001), unit(2, provider="RQX", charge=5_000)])


@pytest.fixture
def later(settings, tmp_path: Path) -> Path:
    """Lay the marginal rate and agreed sums over the year of the months."""
    root = tmp_path / "later"
    settings.RULEBOOK = root
    payment, own = root / "england/2008-09/payment", root / f"places/{PLACE}/contracts"
    for folder in (payment, own):
        folder.mkdir(parents=True)
    _value(payment, "marginal_rate_applies", "flag", "yes")
    _value(payment, "marginal_rate", "rate", "0.30")
    _table(own, "marginal_baselines", "{provider: RWG, baseline: '12000'}")
    _table(own, "agreed_values", "{provider: RWR, basis: FIXED, year: '', amount: '6000'}")
    return root


def _value(folder: Path, name: str, unit: str, text: str) -> None:
    (folder / f"{name}.yaml").write_text(
        f"id: payment.{name}\nmeaning: a test\nunit: {unit}\nvalues:\n  '2008-09':\n    value: '{text}'\n"
        f"    status: assumed\n    {SOURCE}\n"
    )


def _table(folder: Path, name: str, row: str) -> None:
    (folder / f"{name}.yaml").write_text(
        f"id: contracts.{name}\nmeaning: a test\nunit: table\ntables:\n  '2008-09':\n"
        f"    status: assumed\n    {SOURCE}\n    rows:\n      - {row}\n"
    )


def _figures(provider: str) -> dict[str, int | None]:
    row = reads.payments(PLACE, MAY).of(provider)
    assert row is not None
    return {name: row.figure(name) for name in FIGURES}


def test_in_2008_nothing_is_taken_off_and_an_unknown_block_is_not_nought(place, months) -> None:
    assert _figures("RWG") == {
        "activity": 550_001, "mechanism": 550_001, "marginal": 0, "readmission": 0, "due": 550_001,
    }  # fmt: skip
    found = reads.payments(PLACE, MAY)
    block, stranger = found.of("RWR"), found.of("RQX")
    assert block is not None and block.due is None and block.missing == {"mechanism": "contracts.agreed_values"}
    assert stranger is not None and (stranger.mechanism, stranger.due) == ("", 5_000)
    assert {"marginal", "readmission"} <= found.of("RWG").off


def test_emergencies_above_the_baseline_are_paid_at_the_rate(place, months, later: Path) -> None:
    # two of twelve months of £12,000 is £2,000; emergencies came to £5,000.01, of which £3,000.01 at 30 %
    assert _figures("RWG") == {
        "activity": 550_001, "mechanism": 550_001, "marginal": -210_001, "readmission": 0, "due": 340_000,
    }  # fmt: skip
    assert _figures("RWR")["due"] == 100_000
    missing = reads.payments(PLACE, MAY).of("RWH")
    assert missing is not None and missing.missing == {"marginal": "contracts.marginal_baselines"}
    assert missing.due is None


def test_every_figure_is_explained_by_steps_that_add_up(place, months, later: Path) -> None:
    found = reads.payments(PLACE, MAY)
    explained = 0
    for row in found.rows:
        for name in FIGURES:
            if (value := row.figure(name)) is not None:
                told = reads.explain_payment(payment_address(PLACE, MAY, row.provider, name))
                assert recompute(told) == told.value == value, told.address
                explained += 1
    assert explained > 20
    for wrong in ("payment/x", f"payment/{PLACE}/2008-05/RWH/due", f"payment/{PLACE}/2009-05/RWG/due"):
        with pytest.raises(UserError):
            reads.explain_payment(wrong)


def test_the_shell_says_what_is_missing(place, months, capsys) -> None:
    assert main(["monitoring", "payments", "2008-05", "--place", PLACE]) == 0
    said = capsys.readouterr().out
    assert "2 closed months" in said and "not set (contracts.agreed_values)" in said and "does not apply" in said
    assert main(["explain", f"payment/{PLACE}/2008-05/RWG/due"]) == 0
