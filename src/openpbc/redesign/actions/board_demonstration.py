"""A SYNTHETIC meeting of the board: a scheme that takes large cases to it, and a case that goes to another diagram."""

from __future__ import annotations

from openpbc import audit
from openpbc.casework import actions as casework
from openpbc.casework import choosing
from openpbc.casework import reads as running
from openpbc.governance import actions as governance
from openpbc.governance import reads as decided
from openpbc.governance.reads import delegation
from openpbc.governance.reads.seats import seats
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations
from openpbc.redesign.reads.cases import Case, cases
from openpbc.redesign.reads.running import variant_in
from openpbc.redesign.rules.diagram import PROCESS
from openpbc.redesign.rules.transitions import APPROVAL, COMMON, YES

_SECRETARY, _CHAIR, _BODY = "secretary@demo", "chair@demo", "board"
_REASON = "SYNTHETIC: large sums are the board's to decide."
# A sum that one of the demonstration's cases exceeds, in pence. No source names a limit.
_LIMIT = 400_000_00
_SCHEME = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="scheme" name="SYNTHETIC" namespace="openpbc">
  <decision id="level" name="SYNTHETIC scheme of delegation">
    <decisionTable hitPolicy="UNIQUE">
      <input id="value" label="whole-life value">
        <inputExpression typeRef="integer"><text>value_pence</text></inputExpression></input>
      <output id="decides" name="level" label="decides" typeRef="string"/>
      <rule id="committee"><description>SYNTHETIC: all but the largest are the committee's.</description>
        <inputEntry><text>&lt;= {_LIMIT}</text></inputEntry><outputEntry><text>"D3"</text></outputEntry></rule>
      <rule id="board"><description>SYNTHETIC: the largest are the board's.</description>
        <inputEntry><text>&gt; {_LIMIT}</text></inputEntry><outputEntry><text>"D4"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


@audit.action("redesign.demonstrate_board")
def demonstrate_board(*, by: Actor, place: str) -> None:
    """Let the board approve a SYNTHETIC scheme and that a case goes over to a diagram of the place's own.

    What waited for the committee and is large is the board's from then on, and somebody has to put it there. A second
    run changes nothing.
    """
    if delegation.schemes(place) or variant_in(place) != COMMON or not seats(place, _BODY, organisations.today()):
        audit.nothing_changed()
        return
    waiting = [each for each in cases(place) if each.stage == APPROVAL and each.process]
    keeper, chair = (organisations.viewer_by_sign_in(each) for each in (_SECRETARY, _CHAIR))
    if keeper is None or chair is None or not waiting:
        audit.nothing_changed()
        return
    _let_the_board_sit(by, keeper.actor, chair.actor, waiting[0])


def _let_the_board_sit(by: Actor, keeper: Actor, chair: Actor, waits: Case) -> None:
    place = waits.place
    number = governance.upload_scheme(
        by=keeper, place=place, title="SYNTHETIC scheme of delegation", table=_SCHEME, scope="both",
        answers=dict.fromkeys(("who", "what", "how", "where", "when", "why"), _REASON),
    )  # fmt: skip
    scheme = delegation.scheme(place, number)
    going = running.case(waits.process or 0, place)
    _store_diagram(keeper, place)
    items = [_put(keeper, place, matter, title) for matter, title in (
        (scheme.address, "SYNTHETIC: a scheme of delegation"), (going.address, f"{going.title} goes over"),
    )]  # fmt: skip
    governance.demonstrate_sitting(
        by=by, place=place, body=_BODY, starts_at="12:00", decided=dict.fromkeys(items, (YES, _REASON))
    )
    taken = decided.decisions(place, scheme.address)[0]
    governance.put_scheme_in_force(by=chair, place=place, number=number, valid_from=taken.taken_on, decision=taken.id)
    audit.note(subject=f"place/{place}", after={"scheme": number, "goes over": going.id})


def _put(by: Actor, place: str, matter: str, title: str) -> int:
    return governance.put_on_agenda(by=by, place=place, body=_BODY, matter=matter, title=title, synthetic=True)


def _store_diagram(by: Actor, place: str) -> None:
    """The diagram in force under another name: nothing that a case has passed means something else on it."""
    found = choosing.chosen(place, PROCESS)
    named = f'name="{found.name}"'.encode()
    text = found.text.replace(named, f'name="{found.name}, SYNTHETIC version"'.encode())
    casework.store(by=by, place=place, process=PROCESS, name="synthetic.bpmn", text=text, reason=_REASON, seen=0)
