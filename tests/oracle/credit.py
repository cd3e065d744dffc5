"""Which credit covers what: R-14, R-52, R-76, R-79, T-MOSP-12, 2.8.6."""

import itertools

from exact import NotUnderstood, ZERO, parts
from periods import period_of

PREPAYMENT = {"Prepayment"}


def covers(lot, on):
    return lot["start"] <= on and (lot["expires"] is None or on < lot["expires"])


def _takes(lot, line):
    """What was given back of a reservation pays for reservations alone (R-73)."""
    return line.reservation if lot.get("reservations") else line.eligible


def apply_credit(document, lots):
    """What each kind of credit takes off, and whom it is taken from. The lots are drawn on by `draw`, once it is issued."""
    pieces = [piece for line in document.lines if any(_takes(lot, line) for lot in lots)
              for piece in _pieces(line, lots, document.currency)]   # [line, a day of it, amount still uncovered]
    refunds = sum((amount for _, _, amount in pieces if amount < 0), ZERO)
    # What is given back beside it has lowered the document first (2.8.5): credit covers no more than is left.
    room = max(ZERO, min(sum((amount for _, _, amount in pieces), ZERO), sum((line.amount for line in document.lines), ZERO)))
    document.drawn = []
    if refunds < 0 and lots and room:
        _same_days(document, lots)
    applied = {"azurePrepaymentApplied": ZERO, "freeAzureCreditApplied": ZERO}
    for lot in lots:
        if lot["left"] <= 0 or room <= 0:
            continue
        within = [piece for piece in pieces if _takes(lot, piece[0]) and covers(lot, piece[1])]
        took = min(lot["left"], room, max(ZERO, sum((piece[2] for piece in within), ZERO)))
        if took <= 0:
            continue
        document.drawn.append((lot, took))
        applied["azurePrepaymentApplied" if lot["source"] in PREPAYMENT else "freeAzureCreditApplied"] += took
        room -= took
        rest = took
        for piece in within:   # what this lot covered, the next one need not
            part = min(rest, max(ZERO, piece[2]))
            piece[2] -= part
            rest -= part
    applied["creditApplied"] = sum(applied.values(), ZERO)
    return applied


def _pieces(line, lots, currency):
    """A line whose days are not all covered alike is split between them by value (R-52)."""
    groups = {}
    for on in sorted(line.by_day):
        groups.setdefault(tuple(covers(lot, on) for lot in lots if lot["left"] > 0), []).append(on)
    days = list(groups.values())
    values = [sum((line.by_day[on] for on in group), ZERO) for group in days]
    if len(days) < 2 or not any(values):
        return [[line, min(line.by_day), line.amount]]
    if sum(values) == 0:
        raise NotUnderstood("a line that is worth nothing, of days that credit covers in part")
    return [[line, group[0], amount] for group, amount in zip(days, parts(line.amount, values, currency))]


def _same_days(document, lots):
    """Negative eligible lines lower what the lot of their own days covers (2.8.6). Where two lots cover a line, but not both all
    of the document, it is not said which of them they lower."""
    for one, other in itertools.combinations([lot for lot in lots if lot["left"] > 0], 2):
        by_both = [_holds(one, line) and _holds(other, line) for line in document.lines if _takes(one, line) or _takes(other, line)]
        if any(by_both) and not all(by_both):
            raise NotUnderstood(f"refunds beside lots {one['lotId']} and {other['lotId']} that cover parts of the document")


def _holds(lot, line):
    return _takes(lot, line) and all(covers(lot, on) for on in line.by_day)


def draw(document):
    """The document stands: its credit is used."""
    for lot, took in document.drawn:
        lot["left"] -= took


def open_lots(book, scope_type, scope_id, through):
    """The lots of a scope in the order they are used. Those of a document that looks as far as `through`."""
    there = [lot for lot in book.lots if (lot["scopeType"], lot["scopeId"]) == (scope_type, scope_id)
             and lot["start"] < through]
    return sorted(there, key=lambda lot: (lot["expires"] is None, lot["expires"] or lot["start"], lot["start"],
                                          lot["position"]))


def renew_monthly(book, today, origin_of):
    """MonthlyCredit begins anew on the first day of each billing period (T-MOSP-12). `origin_of(lot)`: its anchor."""
    for lot in [lot for lot in book.lots if lot["source"] == "MonthlyCredit" and not lot.get("renewed")]:
        if "ends" not in lot:
            lot["ends"] = lot["expires"]
            lot["expires"] = _end(period_of(origin_of(lot), lot["start"])[1], lot["ends"])
        origin, full = origin_of(lot), lot.setdefault("full", lot["left"])
        # `stops`: an upgrade of the offer ended it; the lot of the running period stays to its end.
        while lot["expires"] <= today and (lot["ends"] is None or lot["expires"] < lot["ends"]) \
                and ("stops" not in lot or lot["expires"] < lot["stops"]):
            lot["renewed"] = True
            start, end = period_of(origin, lot["expires"])
            lot = {**lot, "start": start, "expires": _end(end, lot["ends"]), "left": full, "renewed": False,
                   "lotId": f"{lot['lotId']}.{start.isoformat()}"}
            book.lots.append(lot)


def _end(end, last):
    return end if last is None else min(end, last)
