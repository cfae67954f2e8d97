"""Every page that a person can open, with who opens it: what the browser tests visit, check and photograph."""

from __future__ import annotations

from dataclasses import dataclass

HERE, ELSEWHERE = "/p/west-herts-2008", "/p/blmk-2023"
MONTH = "2008-11"
SMALL_MONTH = "2008-04"


@dataclass(frozen=True)
class Visit:
    """A page: the name of its screenshot, its route, its path, who opens it (empty: nobody), and its status.

    A ``tall`` page's picture shows more of it.
    """

    name: str
    route: str
    path: str
    who: str = "finance@demo"
    status: int = 200
    tall: bool = False


VISITS = (
    Visit("sign-in", "account:sign-in", "/sign-in", ""),
    Visit("password", "account:password", "/account"),
    Visit("password-changed", "account:password-changed", "/account/changed"),
    Visit("people", "people:listing", "/people", "admin@demo"),
    Visit("invite", "people:invite", "/people/invite", "admin@demo"),
    Visit("start", "start", "/", "finance@demo"),
    Visit("home-finance", "place", HERE, "finance@demo"),
    Visit("home-analyst", "place", HERE, "analyst@demo"),
    Visit("home-contracts", "place", HERE, "contracts@demo"),
    Visit("home-group", "place", HERE, "group@demo"),
    Visit("home-gp", "place", HERE, "gp@demo"),
    Visit("home-administrator", "place", HERE, "admin@demo"),
    Visit("home-other-place", "place", ELSEWHERE),
    Visit("plan", "finance:plan", f"{HERE}/plan"),
    Visit("plan-other-deposit", "finance:plan", f"{HERE}/plan?deposit=10000"),
    Visit("plan-mistake", "finance:plan", f"{HERE}/plan?deposit=ten"),
    Visit("plan-other-place", "finance:plan", f"{ELSEWHERE}/plan"),
    Visit("fair-shares", "finance:fair-shares", f"{HERE}/fair-shares"),
    Visit("fair-shares-cap", "finance:fair-shares", f"{HERE}/fair-shares?scenario=deposit_as_budgeted"),
    Visit("what-if", "finance:fair-shares", f"{HERE}/fair-shares?floor=5&deposit=10000", tall=True),
    Visit("what-if-mistake", "finance:fair-shares", f"{HERE}/fair-shares?floor=much&deposit=99999999"),
    Visit("fair-shares-other-place", "finance:fair-shares", f"{ELSEWHERE}/fair-shares"),
    Visit("compare", "finance:compare", f"{HERE}/fair-shares/compare", "group@demo", tall=True),
    Visit(
        "compare-solver",
        "finance:compare",
        f"{HERE}/fair-shares/compare?cap=7&deposit=15600&with=no_deposit&with=deposit_as_budgeted",
        tall=True,
    ),
    Visit(
        "scenario-save",
        "finance:scenario-save",
        f"{HERE}/fair-shares/save?query=scenario%3Dno_deposit%26cap%3D68000",
        "group@demo",
    ),
    Visit("multi-year", "finance:multi-year", f"{HERE}/multi-year", "sha@demo", tall=True),
    Visit("multi-year-tried", "finance:multi-year", f"{HERE}/multi-year?growth=3&lower=0.5", tall=True),
    Visit("multi-year-other-place", "finance:multi-year", f"{ELSEWHERE}/multi-year"),
    Visit("return-add", "finance:reserve-add", f"{HERE}/multi-year/returns/add"),
    Visit("scope", "finance:scope", f"{HERE}/scope", "group@demo"),
    Visit("scope-other-place", "finance:scope", f"{ELSEWHERE}/scope"),
    Visit("scope-add", "finance:scope-add", f"{HERE}/scope/add"),
    Visit("compare-other-place", "finance:compare", f"{ELSEWHERE}/fair-shares/compare"),
    Visit("checks", "finance:checks", f"{HERE}/plan/checks"),
    Visit("checks-other-place", "finance:checks", f"{ELSEWHERE}/plan/checks"),
    Visit("papers", "finance:papers", f"{HERE}/papers"),
    Visit("paper-board", "finance:paper-board", f"{HERE}/papers/board", tall=True),
    Visit("paper-board-asked", "finance:paper-board", f"{HERE}/papers/board?scenario=deposit_as_asked", "sha@demo"),
    Visit("paper-board-other-place", "finance:paper-board", f"{ELSEWHERE}/papers/board"),
    Visit("paper-submission", "finance:paper-submission", f"{HERE}/papers/submission", "sha@demo"),
    Visit("paper-letter", "finance:paper-letter", f"{HERE}/papers/letters/WATCOM", "group@demo", tall=True),
    Visit("need", "finance:need-shares", f"{ELSEWHERE}/fair-shares/need"),
    Visit("need-other-place", "finance:need-shares", f"{HERE}/fair-shares/need"),
    Visit("group-plans", "finance:plans", f"{HERE}/commissioning-plans"),
    Visit("group-plans-scenario", "finance:plans", f"{HERE}/commissioning-plans?scenario=no_deposit", "group@demo"),
    Visit("group-plans-other-place", "finance:plans", f"{ELSEWHERE}/commissioning-plans"),
    Visit("group-plan", "finance:plan-of-unit", f"{HERE}/units/DATCOM/plan", "group@demo"),
    Visit("group-plan-context", "finance:plan-context", f"{HERE}/units/DATCOM/plan/context", "group@demo"),
    Visit("group-plan-item-add", "finance:plan-item-add", f"{HERE}/units/DATCOM/plan/items/add", "group@demo"),
    Visit("group-plan-item", "finance:plan-item", f"{HERE}/units/DATCOM/plan/items/1", "group@demo"),
    Visit("group-plan-remove", "finance:plan-item-remove", f"{HERE}/units/DATCOM/plan/items/1/remove", "group@demo"),
    Visit("group-plan-support", "finance:plan-support", f"{HERE}/units/DATCOM/plan/support", "group@demo"),
    Visit("group-plan-submit", "finance:plan-submit", f"{HERE}/units/DATCOM/plan/submit", "group@demo"),
    Visit("group-plan-answer", "finance:plan-answer", f"{HERE}/units/DATCOM/plan/answer"),
    Visit("group-plan-publish", "finance:plan-publish", f"{HERE}/units/DATCOM/plan/publish"),
    Visit("priority-add", "finance:priority-add", f"{HERE}/commissioning-plans/priorities/add"),
    Visit("plan-staff", "finance:plan-staff", f"{HERE}/commissioning-plans/staff"),
    Visit("published-plans", "finance:published-plans", "/plans/west-herts-2008", ""),
    Visit("incentives", "finance:incentives", f"{HERE}/incentives"),
    Visit("competency-add", "finance:competency-add", f"{HERE}/incentives/competencies/add"),
    Visit("competency", "finance:competency", f"{HERE}/incentives/competencies/C01"),
    Visit("achievement", "finance:achievement", f"{HERE}/incentives/shown"),
    Visit("incentive-credit", "finance:incentive-credit", f"{HERE}/incentives/DATCOM/credit"),
    Visit("innovation-fund", "finance:innovation", f"{HERE}/innovation-fund"),
    Visit("innovation-feed", "finance:innovation-feed", f"{HERE}/innovation-fund/set-aside"),
    Visit("innovation-bid-add", "finance:innovation-bid-add", f"{HERE}/innovation-fund/bids/add", "group@demo"),
    Visit("innovation-bid", "finance:innovation-bid", f"{HERE}/innovation-fund/bids/1"),
    Visit("innovation-decide", "finance:innovation-decide", f"{HERE}/innovation-fund/bids/2/decide"),
    Visit("innovation-pay", "finance:innovation-pay", f"{HERE}/innovation-fund/bids/1/pay"),
    Visit("innovation-return", "finance:innovation-return", f"{HERE}/innovation-fund/bids/1/return"),
    Visit("innovation-evaluate", "finance:innovation-evaluate", f"{HERE}/innovation-fund/bids/1/evaluate"),
    Visit("calendar", "finance:calendar", f"{HERE}/calendar?on=2008-02-01&show=open", "group@demo"),
    Visit("calendar-other-place", "finance:calendar", f"{ELSEWHERE}/calendar"),
    Visit("calendar-entry", "finance:calendar-entry", f"{HERE}/calendar/entries/CAL-28"),
    Visit("calendar-add", "finance:calendar-add", f"{HERE}/calendar/add"),
    Visit("calendar-outcome", "finance:calendar-outcome", f"{HERE}/calendar/entries/CAL-28/outcome"),
    Visit("calendar-reminder", "finance:calendar-reminder", f"{HERE}/calendar/entries/CAL-28/reminder"),
    Visit("calendar-feed", "finance:calendar-feed-address", f"{HERE}/calendar/feed"),
    Visit("ledger", "finance:ledger", f"{HERE}/ledger"),
    Visit("ledger-of-groups", "finance:ledger", f"{HERE}/ledger?kind=group"),
    Visit("ledger-other-place", "finance:ledger", f"{ELSEWHERE}/ledger"),
    Visit("ledger-account", "finance:ledger-account", f"{HERE}/ledger/accounts/group/WATCOM/in-scope"),
    Visit("ledger-journals", "finance:ledger-journals", f"{HERE}/ledger/journals"),
    Visit("ledger-journal", "finance:ledger-journal", f"{HERE}/ledger/journals/1"),
    Visit("ledger-reverse", "finance:ledger-reverse", f"{HERE}/ledger/journals/1/reverse"),
    Visit("ledger-virement", "finance:ledger-virement", f"{HERE}/ledger/virement"),
    Visit("months", "monitoring:months", f"{HERE}/months"),
    Visit("month", "monitoring:month", f"{HERE}/months/{MONTH}", tall=True),
    Visit("month-by-provider", "monitoring:month", f"{HERE}/months/{MONTH}?by=provider"),
    Visit("month-by-pod", "monitoring:month", f"{HERE}/months/{SMALL_MONTH}?by=pod"),
    Visit("month-by-practice", "monitoring:month", f"{HERE}/months/{SMALL_MONTH}?by=practice"),
    Visit("month-not-closed", "monitoring:month", f"{HERE}/months/2009-02"),
    Visit("months-other-place", "monitoring:months", f"{ELSEWHERE}/months"),
    Visit("month-other-place", "monitoring:month", f"{ELSEWHERE}/months/2023-04"),
    Visit("unit", "monitoring:unit", f"{HERE}/units/DATCOM", "group@demo"),
    Visit("unit-other-place", "monitoring:unit", f"{ELSEWHERE}/units/{{unit}}"),
    Visit("practice", "monitoring:practice", f"{HERE}/practices/{{practice}}"),
    Visit("submissions", "activity:submissions", f"{HERE}/submissions", "analyst@demo"),
    Visit("submissions-of-month", "activity:submissions", f"{HERE}/submissions?month={MONTH}", "analyst@demo"),
    Visit("submission", "activity:submission", f"{HERE}/submissions/{{submission}}", "analyst@demo"),
    Visit("submissions-other-place", "activity:submissions", f"{ELSEWHERE}/submissions", "analyst@demo"),
    Visit("contracts", "contracts:register", f"{HERE}/contracts", "contracts@demo"),
    Visit("contracts-other-place", "contracts:register", f"{ELSEWHERE}/contracts", "contracts@demo"),
    Visit("organisations", "organisations:listing", f"{HERE}/organisations"),
    Visit("organisations-other-place", "organisations:listing", f"{ELSEWHERE}/organisations"),
    Visit("decisions", "governance:decisions", f"{HERE}/decisions", "secretary@demo"),
    Visit("decisions-other-place", "governance:decisions", f"{ELSEWHERE}/decisions"),
    Visit("decision", "governance:decision", f"{HERE}/decisions/1"),
    Visit("decision-new", "governance:record", f"{HERE}/decisions/new", "secretary@demo"),
    Visit("rulebook", "rulebook", f"{HERE}/rulebook"),
    Visit("rulebook-not-set", "rulebook", f"{ELSEWHERE}/rulebook?status=not+set"),
    Visit("rulebook-value", "rulebook-subject", f"{HERE}/rulebook/fair_shares.minimum_growth"),
    Visit("rulebook-table", "rulebook-subject", f"{HERE}/rulebook/payment.tariff_ae"),
    Visit("rulebook-gap", "rulebook-subject", f"{ELSEWHERE}/rulebook/finance.plan_lines"),
    Visit("explain-budget", "explain", "/explain/fair-shares/west-herts-2008/WATCOM/amount?scenario=no_deposit"),
    Visit("explain-check", "explain", "/explain/finance/west-herts-2008/checks/T2.committed/difference"),
    Visit(
        "explain-activity",
        "explain",
        f"/explain/position/west-herts-2008/{MONTH}/WATCOM/RWG/all/actual-charge",
        "analyst@demo",
    ),
    Visit("explain-price", "explain", "/explain/{price}", "analyst@demo"),
    Visit("no-such-page", "", f"{HERE}/nothing", status=404),
    Visit("may-not", "activity:submissions", f"{HERE}/submissions", "chair@demo", 403),
    Visit("no-such-scenario", "finance:fair-shares", f"{HERE}/fair-shares?scenario=none", status=422),
)
# Pages that show themselves only once, or only to the holder of a link; their templates are visited by other tests.
NOT_VISITED = {
    "account:invitation",
    "people:invited",
    "people:person",
    "account:sign-out",
    "finance:calendar-file",
    "finance:calendar-feed",
}
