"""Ways to tell the same story that must not change a bill, and what must hold of any ledger seen from outside.

Metamorphic: order within a day, cutting of batches, repetition of events. Invariants: 9.4 of the specification, as far as
they can be seen in answers.
"""

import copy
import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

from exact import ZERO

FREE = {"UsageRecorded"}   # what may change places with its like within a batch


def permuted(script, chance, _):
    """The usage rows of each batch in another order. Other facts keep their places."""
    script = copy.deepcopy(script)
    for step in script:
        if step["do"] == "post":
            free = [index for index, event in enumerate(step["events"]) if event["kind"] in FREE]
            shuffled = [step["events"][index] for index in chance.sample(free, len(free))]
            for index, event in zip(free, shuffled):
                step["events"][index] = event
    return script


def split(script, chance, _):
    """Each batch in pieces."""
    cut = []
    for step in script:
        if step["do"] == "post" and len(step["events"]) > 1:
            at = chance.randint(1, len(step["events"]) - 1)
            cut += [{**step, "events": step["events"][:at]}, {**step, "events": step["events"][at:]}]
        else:
            cut.append(step)
    return cut


def duplicated(script, chance, refused):
    """Some events again, in their own batch and in later ones; what was refused is not a repetition when it comes again."""
    script, told = copy.deepcopy(script), []
    for step in script:
        if step["do"] == "post":
            told += [event for event in step["events"] if (event["source"], event["id"]) not in refused]
            if told:
                step["events"] = step["events"] + [dict(chance.choice(told)) for _ in range(chance.randint(0, 3))]
    return script


TELLINGS = {"permuted": permuted, "split": split, "duplicated": duplicated}


def stated(said):
    """What a bill says, without what names and positions it has."""
    return sorted(
        (invoice["type"], invoice["scopeId"], invoice["supportPlanId"] or "", invoice["period"]["start"],
         invoice["issueDate"], invoice["status"], invoice["amountDue"]["amount"],
         tuple(sorted((name, total["amount"]) for name, total in invoice["totals"].items())))
        for invoice in said.invoices)


def told_otherwise(script, said, play, seed):
    """[(what, sentence)]: the same story told in other ways, and the bills that changed by it."""
    found = []
    refused = {(event["source"], event["id"]) for event, _ in said.refused if "id" in event}
    for name, tell in TELLINGS.items():
        other = play(tell(script, random.Random(seed), refused))
        before, after = stated(said), stated(other)
        if before != after:
            changed = [bill for bill in before if bill not in after] + [bill for bill in after if bill not in before]
            found.append(((name,), f"{len(changed)} bills differ, first {changed[0]}"))
    return found


def broken_invariants(said):
    found, seen = [(("again",), f"invariant broken: {words}") for words in said.again], defaultdict(list)
    noted = defaultdict(lambda: ZERO)
    for item in said.log:
        if item["type"] == "daybook.CreditNoteIssued":
            noted[item["data"]["creditForInvoiceId"]] += Decimal(item["data"]["amount"]["amount"])
    for invoice in said.invoices:
        name = (invoice["invoiceId"],)
        total = {word: Decimal(money["amount"]) for word, money in invoice["totals"].items()}
        due = Decimal(invoice["amountDue"]["amount"])
        paid = sum((Decimal(payment["amount"]["amount"]) - Decimal(payment["reversed"]["amount"])
                    for payment in invoice["payments"]), ZERO)
        lines = sum((Decimal(line["amount"]["amount"]) for line in invoice["lines"]), ZERO)
        credit = sum((Decimal(line["credit"]["amount"]) for line in invoice["lines"]), ZERO)
        checks = {
            "subTotal = billed - credits - creditApplied":
                total["subTotal"] == total["billed"] - total["credits"] - total["creditApplied"],
            "creditApplied = prepayment + free credit":
                total["creditApplied"] == total["azurePrepaymentApplied"] + total["freeAzureCreditApplied"],
            "total = subTotal + tax": total["total"] == total["subTotal"] + total["tax"],
            "tax is the sum of taxes": total["tax"] == sum((Decimal(tax["amount"]["amount"]) for tax in invoice["taxes"]), ZERO),
            "amounts add up to billed - credits": lines == total["billed"] - total["credits"],
            "credit of lines adds up": credit == total["creditApplied"],
            "nothing is below zero": min(due, total["subTotal"], total["total"], total["billed"]) >= 0,
            "amountDue = total - paid - credit notes":
                invoice["status"] == "Void" or due == max(ZERO, total["total"] - paid - noted[invoice["invoiceId"]]),
            "Paid or void if and only if nothing is due": (invoice["status"] in ("Paid", "Void")) == (due == 0),
            "one currency": {money["currency"] for money in invoice["totals"].values()} == {invoice["currency"]},
        }
        if invoice["sections"]:
            checks["sections add up to the total"] = total["total"] == sum(
                (Decimal(section["total"]["amount"]) for section in invoice["sections"]), ZERO)
        found += [(name, f"invariant broken: {words}") for words, holds in checks.items() if not holds]
        if invoice["supportPlanId"] is None and invoice["status"] != "Void":
            seen[invoice["type"], invoice["scopeId"]].append(
                (date.fromisoformat(invoice["period"]["start"]), date.fromisoformat(invoice["period"]["endExclusive"])))
    for scope, periods in seen.items():
        periods.sort()
        for (_, end), (start, _) in zip(periods, periods[1:]):
            if start < end:
                found.append((scope, f"invariant broken: periods overlap at {start}"))
    return found + _each_row_once(said)


def _each_row_once(said):
    """9.4.2: a usage row or purchase stands on at most one living document, by the counts its lines give."""
    rows = sum(line["rowCount"] for invoice in said.invoices if invoice["status"] != "Void" for line in invoice["lines"]
               if line["chargeType"] == "Usage")
    told = sum(1 for item in said.log if item["type"] in ("daybook.UsageRecorded",))
    charges = defaultdict(int)
    for invoice in said.invoices:
        if invoice["status"] != "Void":
            for line in invoice["lines"]:
                if line["chargeId"]:
                    charges[line["chargeId"], line["chargeType"]] += 1
    found = [(("rows",), f"invariant broken: {rows} rows on documents of {told} recorded")] if rows > told else []
    return found + [(charge, "invariant broken: on two living documents") for charge, times in charges.items() if times > 1]
