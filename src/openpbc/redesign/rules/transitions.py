"""The stages of a case and every way from one to another: the table that the diagrams follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

COMMON, CONCLAVE = "common", "conclave"
VARIANTS = {COMMON: "Common process", CONCLAVE: "With the clinical conclave"}

PROPOSED, PRIORITISED, CHOSEN, FORMING, DRAFTING = "proposed", "prioritised", "chosen", "forming", "drafting"
CLINICAL, PLANNING, REVIEW, GROUPS, APPROVAL, APPROVED = (
    "clinical", "planning", "review", "groups", "approval", "approved",
)  # fmt: skip
EXISTING, WILLING, TENDER = "existing-contract", "any-willing-provider", "tender"
POLICIES, LIVE, MEASURED = "policies", "live", "measured"
REJECTED, HELD, WITHDRAWN, FAILED = "rejected", "held", "withdrawn", "procurement-failed"
ROUTES = {EXISTING: "Existing contract", WILLING: "Any willing provider", TENDER: "Tender"}

GROUP, TEAM, CONCLAVE_LANE, FUNCTIONS, COMMITTEE, PROCUREMENT, PROVIDERS = (
    "groups", "team", "conclave", "functions", "committee", "procurement", "providers",
)  # fmt: skip
LANES = {
    GROUP: "Commissioning groups",
    TEAM: "Joint redesign group",
    CONCLAVE_LANE: "Clinical conclave",
    FUNCTIONS: "Functions of the commissioner",
    COMMITTEE: "Body that approves",
    PROCUREMENT: "Commissioning and procurement",
    PROVIDERS: "Providers",
}


@dataclass(frozen=True)
class Stage:
    """A stage: its number in the process, its name, whose turn it is, and what takes a case out of it."""

    code: str
    number: str
    title: str
    lane: str
    to_leave: str
    open: bool = True


_STAGES = (
    Stage(PROPOSED, "S1", "Priority proposed", GROUP, "one group at least agrees it and gives it a rank"),
    Stage(PRIORITISED, "S2", "Priority agreed", GROUP, "a joint redesign group is started"),
    Stage(
        CHOSEN,
        "W1",
        "Choice by the conclave",
        CONCLAVE_LANE,
        "the conclave chooses it, with a group named that leads it for all",
    ),
    Stage(FORMING, "S3", "Joint group forming", TEAM, "every seat is filled or waived, and interests are declared"),
    Stage(DRAFTING, "S4", "Case being written", TEAM, "pathway, specification and case for change are complete"),
    Stage(CLINICAL, "W3", "Clinical agreement", CONCLAVE_LANE, "the conclave records its agreement; no money follows"),
    Stage(PLANNING, "W4", "Clinically agreed, business planning", TEAM, "the plan is complete within its limits"),
    Stage(REVIEW, "S5", "Review by functions", FUNCTIONS, "each function returns its review or is waived"),
    Stage(GROUPS, "S6", "Agreement of the groups", GROUP, "every concerned group agrees the case and its route"),
    Stage(APPROVAL, "S7", "Waiting for approval", COMMITTEE, "the body decides, with reasons"),
    Stage(APPROVED, "S8", "Approved", PROCUREMENT, "procurement is started on the approved route"),
    Stage(EXISTING, "S9A", "Existing contract being varied", PROCUREMENT, "the variation is signed"),
    Stage(WILLING, "S9B", "Any willing provider: open list", PROCUREMENT, "a first provider passes and signs"),
    Stage(TENDER, "S9C", "Tender", PROCUREMENT, "the award is made and signed"),
    Stage(POLICIES, "S10", "Operational policies", PROCUREMENT, "policies are agreed and the start date is reached"),
    Stage(LIVE, "S11", "Live", PROVIDERS, "the review of benefits falls due"),
    Stage(MEASURED, "S12", "Benefits reviewed", GROUP, "nothing further", open=False),
    Stage(REJECTED, "X2", "Rejected", COMMITTEE, "it may be opened again as a new version"),
    Stage(HELD, "X3", "On hold", TEAM, "the block is cleared"),
    Stage(WITHDRAWN, "X4", "Withdrawn", GROUP, "nothing further", open=False),
    Stage(FAILED, "X5", "Procurement failed", PROCUREMENT, "another route is agreed"),
)
STAGES: Mapping[str, Stage] = {stage.code: stage for stage in _STAGES}
_WITH_CONCLAVE = {PRIORITISED: "a group puts it to the conclave"}
_ENDED = frozenset({MEASURED, REJECTED, WITHDRAWN})
OPEN = tuple(code for code in STAGES if code not in _ENDED | {HELD})


@dataclass(frozen=True)
class Transition:
    """One way: from which stages to which, what is done, whose act it is, its guards, and whether it needs a reason.

    ``to`` is empty where the case goes back to where it was held. ``variant`` limits a way to one of the processes,
    ``also`` names a second lane that may take it.
    """

    id: str
    name: str
    start: tuple[str, ...]
    to: str
    lane: str
    guards: tuple[str, ...] = ()
    reason: bool = False
    variant: str = ""
    also: str = ""


STARTING = frozenset({"T15A", "T15B", "T15C"})
# The steps that name a route; everywhere else it is the one that was agreed or approved.
NAMES_ROUTE = frozenset({"T14", "T20"})
_STARTING = ("K4", "K7", "K8", "K12")
_WAYS = (
    Transition("T01", "Agree the priority", (PROPOSED,), PRIORITISED, GROUP, ("ranked",)),
    Transition("T02", "Start the joint group", (PRIORITISED,), FORMING, GROUP, ("alone",), variant=COMMON),
    Transition("W01", "Put it to the conclave", (PRIORITISED,), CHOSEN, GROUP, variant=CONCLAVE),
    Transition("W02", "Choose as a shared pathway", (CHOSEN,), FORMING, CONCLAVE_LANE,
               ("lead-group", "alone", "chosen"), variant=CONCLAVE),
    Transition("T03", "Open drafting", (FORMING,), DRAFTING, TEAM, ("seats", "K1", "K2", "K3", "K7")),
    Transition("T04", "Hand in the case", (DRAFTING,), REVIEW, TEAM, ("complete", "K3"), variant=COMMON),
    Transition("W03", "Hand in to the conclave", (DRAFTING,), CLINICAL, TEAM, ("clinical", "K3"), variant=CONCLAVE),
    Transition("W04", "Record clinical agreement", (CLINICAL,), PLANNING, CONCLAVE_LANE,
               ("limits", "clinically-agreed"), variant=CONCLAVE),
    Transition("W05", "Ask for a change", (CLINICAL,), DRAFTING, CONCLAVE_LANE, ("change-asked",), reason=True,
               variant=CONCLAVE),
    Transition("W06", "Hand in the business plan", (PLANNING,), REVIEW, TEAM, ("complete", "limits", "K3"),
               variant=CONCLAVE),
    Transition("W07", "Send back to the pathway", (PLANNING,), DRAFTING, TEAM, reason=True, variant=CONCLAVE),
    Transition("T05", "Return for more work", (REVIEW,), DRAFTING, FUNCTIONS, reason=True),
    Transition("T06", "Close the review", (REVIEW,), GROUPS, FUNCTIONS, ("reviewed",)),
    Transition("T07", "Agree for a group", (GROUPS,), GROUPS, GROUP, ("signed", "K1")),
    Transition("T08", "Send for approval", (GROUPS,), APPROVAL, GROUP, ("agreed", "one-route", "K4", "K7")),
    Transition("T09", "Say no for a group", (GROUPS,), DRAFTING, GROUP, reason=True),
    Transition("T10", "Ask for a settlement", (GROUPS,), HELD, GROUP, ("disagreed",), reason=True),
    Transition("T11", "Approve", (APPROVAL,), APPROVED, COMMITTEE,
               ("decided", "same-route", "consulted", "K5", "K11"), reason=True),
    Transition("T12", "Return with reasons", (APPROVAL,), DRAFTING, COMMITTEE, ("decided-return",), reason=True),
    Transition("T13", "Reject", (APPROVAL,), REJECTED, COMMITTEE, ("decided-refusal", "consulted"), reason=True),
    Transition("T14", "Approve another route", (APPROVAL,), GROUPS, COMMITTEE, ("decided", "other-route"), reason=True),
    Transition("T15A", "Start varying the contract", (APPROVED,), EXISTING, PROCUREMENT,
               ("route-existing", *_STARTING)),
    Transition("T15B", "Start the list of willing providers", (APPROVED,), WILLING, PROCUREMENT,
               ("route-willing", *_STARTING)),
    Transition("T15C", "Start the tender", (APPROVED,), TENDER, PROCUREMENT, ("route-tender", *_STARTING)),
    Transition("T16", "Sign the variation", (EXISTING,), POLICIES, PROCUREMENT, ("signed-off", "K10"), reason=True),
    Transition("T17", "Sign the first provider", (WILLING,), POLICIES, PROCUREMENT,
               ("signed-off", "K6", "K10"), reason=True),
    Transition("T18", "Sign the award", (TENDER,), POLICIES, PROCUREMENT,
               ("signed-off", "K6", "K10"), reason=True),
    Transition("T19", "Record that procurement failed", (EXISTING, WILLING, TENDER), FAILED, PROCUREMENT,
               reason=True),
    Transition("T20", "Choose another route", (FAILED,), GROUPS, PROCUREMENT, reason=True),
    Transition("T21", "Begin the service", (POLICIES,), LIVE, PROCUREMENT, ("policies",), reason=True),
    Transition("T22", "Publish that it worked", (LIVE,), MEASURED, GROUP, ("measured", "consulted"), reason=True),
    Transition("T22F", "Publish that it did not work", (LIVE,), MEASURED, GROUP, ("measured", "consulted"),
               reason=True),
    Transition("T23", "Raise a block", OPEN, HELD, TEAM, ("owner",), reason=True,
               also=CONCLAVE_LANE),
    Transition("T23B", "Clear the block", (HELD,), "", TEAM, reason=True, also=CONCLAVE_LANE),
    Transition("T24", "Withdraw", (*OPEN, HELD), WITHDRAWN, GROUP, ("consulted",), reason=True),
    Transition("T13B", "Open again as a new version", (REJECTED,), DRAFTING, TEAM, reason=True),
)  # fmt: skip
TRANSITIONS: Mapping[str, Transition] = {way.id: way for way in _WAYS}
# The steps that sign a contract.
SIGNING = frozenset(way.id for way in _WAYS if "K10" in way.guards)
# The ways that carry out what the body decided, by the outcome in its register.
YES, BACK_TO_WORK, NO, RECOMMENDED = "approved", "returned", "refused", "agreed"
CARRY_OUT: Mapping[str, tuple[str, ...]] = {YES: ("T11", "T14"), BACK_TO_WORK: ("T12",), NO: ("T13",)}
# The stages at which a body decides in a meeting, each with the ways that carry out what it decided there.
DECIDED_AT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    APPROVAL: CARRY_OUT,
    CHOSEN: {RECOMMENDED: ("W02",)},
    CLINICAL: {RECOMMENDED: ("W04",), BACK_TO_WORK: ("W05",), NO: ("W05",)},
}
# What the conclave is asked at each stage of its own.
ASKED_OF_CONCLAVE: Mapping[str, str] = {CHOSEN: "choice as a shared pathway", CLINICAL: "clinical agreement"}


def stage_in(code: str, variant: str) -> Stage:
    """A stage as the process of a variant has it: what takes a case out of it may differ."""
    stage = STAGES[code]
    if variant == CONCLAVE and code in _WITH_CONCLAVE:
        return replace(stage, to_leave=_WITH_CONCLAVE[code])
    return stage


def ways_from(stage: str, variant: str) -> tuple[Transition, ...]:
    """Every way out of a stage in a variant of the process."""
    return tuple(way for way in _WAYS if stage in way.start and way.variant in ("", variant))
