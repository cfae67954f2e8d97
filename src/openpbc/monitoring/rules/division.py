"""How a group's budget divides over service lines, and with it each account that carries a part of it."""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.kernel.money import pounds, share_out
from openpbc.kernel.problems import UserError


def divide(balances: Mapping[str, int], amounts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Divide accounts over service lines so that both margins hold to the penny: account -> line -> pence.

    ``amounts`` is what each line shall have over all accounts. Accounts follow in the order of their codes; each takes
    its share of what the lines still want, so the last one closes every line. The amounts may leave a part of the
    balances undivided, and may not ask for more.
    """
    held, wanted = sum(balances.values()), sum(amounts.values())
    if any(amount < 0 for amount in amounts.values()):
        raise UserError("a service line's part may not be below nought", do="Give nought or more.")
    if any(balance < 0 for balance in balances.values()):
        raise UserError("an account that is overdrawn cannot be divided", do="Put it right with a virement first.")
    if wanted > held:
        raise UserError(
            f"the parts come to {pounds(wanted)}, and {pounds(held)} can be divided",
            do=f"Take {pounds(wanted - held)} off.",
        )
    rest = "~"  # sorts after every service line: what stays undivided
    left = {**amounts, rest: held - wanted}
    divided: dict[str, dict[str, int]] = {}
    for account in sorted(balances):
        shares = share_out(balances[account], left) if sum(left.values()) else dict.fromkeys(left, 0)
        divided[account] = {line: pence for line, pence in shares.items() if line != rest and pence}
        left = {line: left[line] - shares[line] for line in left}
    return divided
