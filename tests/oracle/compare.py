"""Two books of documents side by side: what the ledger says, and what the rules say. Differences as short sentences."""

from collections import Counter, defaultdict
from decimal import Decimal

from documents import rate_percent, split_sections
from exact import ZERO, amounts_of, number


def money(value):
    return Decimal(value["amount"])


def actual_key(invoice):
    return invoice["type"], invoice["supportPlanId"] or invoice["scopeId"], invoice["period"]["start"]


def differences(oracle, said):
    """Every difference, as a list of (what, sentence)."""
    found = []
    actual, expected = defaultdict(list), defaultdict(list)
    order = {item["data"]["invoiceId"]: item["position"] for item in said.log if item["type"] == "daybook.InvoiceIssued"}
    for invoice in said.invoices:
        actual[actual_key(invoice)].append(invoice)
    for document in oracle.documents:
        expected[document.key].append(document)
    for key in sorted(actual.keys() | expected.keys()):
        ours = sorted(expected[key], key=lambda document: document.position)
        theirs = sorted(actual[key], key=lambda invoice: order.get(invoice["invoiceId"], 0))
        for document, invoice in zip(ours, theirs):
            found += [(key, words) for words in of_document(document, invoice)]
        for document in ours[len(theirs):]:
            found.append((key, f"is missing: {document.issue_date}, {document.totals['total']} {document.currency}"))
        for invoice in theirs[len(ours):]:
            found.append((key, f"should not be: {invoice['invoiceId']} of {invoice['issueDate']}, "
                               f"{invoice['totals']['total']['amount']}"))
    upgraded, upgraded_there = sorted(oracle.limits.upgraded), sorted(oracle.limits.upgraded_there)
    found += [(("trials",), words) for words in _differ("became pay-as-you-go", upgraded_there, upgraded)]
    return found + oracle.enrollments.not_given_back() + oracle.mosp.void_without_cause() \
        + oracle.book.complaints + of_scopes(oracle, said)


def _differ(name, ledger, rules):
    return [] if ledger == rules else [f"{name}: the ledger says {ledger}, the rules {rules}"]


def of_document(document, invoice):
    found = []
    for name, rules in (("issueDate", document.issue_date), ("dueDate", document.due_date)):
        found += _differ(name, invoice[name], rules.isoformat())
    found += _differ("scope", (invoice["accountId"], invoice["scopeId"]), (document.account, document.scope))
    found += _differ("period end", invoice["period"]["endExclusive"], document.period[1].isoformat())
    found += _differ("currency", invoice["currency"], document.currency)
    found += _differ("paymentTermDays", int(invoice["paymentTermDays"]), document.term_days)
    found += _differ("isMonthly", invoice["isMonthly"], document.monthly)
    for name, value in document.totals.items():
        found += _differ(name, money(invoice["totals"][name]), value)
    found += _differ("amountDue", money(invoice["amountDue"]), document.amount_due)
    found += _differ("status", invoice["status"], document.status)
    rate = [] if document.tax_rate is None else [(document.tax_rate["name"], rate_percent(document))]
    found += _differ("taxes", [(tax["name"], number(tax["ratePercent"])) for tax in invoice["taxes"]], rate)
    found += _differ("payments", sorted((payment["paymentId"], money(payment["amount"]), money(payment["reversed"]))
                                        for payment in invoice["payments"]),
                     sorted((name, payment["amount"], payment["reversed"])
                            for name, payment in document.payments.items()))
    found += _differ("failed payments", sorted((failed["paymentId"], failed["reason"])
                                               for failed in invoice["failedPayments"]), sorted(document.failures))
    wrong = of_lines(document, invoice)
    return found + (wrong or of_sections(document, invoice))


def of_lines(document, invoice):
    """Values to the last digit; amounts by largest remainder in the order in which the ledger shows its lines."""
    found, theirs, ours = [], Counter(), Counter()
    for line in invoice["lines"]:
        late = (line["period"]["start"], line["period"]["endExclusive"]) != tuple(on.isoformat() for on in document.period)
        theirs.update(_shown(document, line["chargeType"], late, line["subscriptionId"], line["meterId"], line["region"],
                             line["chargeId"], line["sectionId"], number(line["value"]),
                             number(line["consumed"]), number(line["billable"])))
    for line in document.lines:
        late = line.period != document.period
        ours.update(_shown(document, line.kind, late, line.subscription, line.meter, line.region, line.name,
                           line.section, line.value, line.consumed, line.billable))
    theirs, ours = _summed(theirs), _summed(ours)
    for key in sorted(theirs.keys() | ours.keys(), key=str):
        if theirs.get(key) != ours.get(key):
            found.append(f"line {' '.join(str(word) for word in key if word)}: the ledger says {theirs.get(key)}, "
                         f"the rules {ours.get(key)}")
    if not found:
        found += of_amounts(document, invoice)
    return found


def _shown(document, kind, late, subscription, meter, region, name, section, value, consumed, billable):
    group = kind
    if late and kind in ("Usage", "Adjustment", "Discount"):
        # Late rows and corrections of one meter lean on each other: only their sum is certain.
        group, consumed, billable, region, subscription, section = "Correction", None, None, None, None, None
    if kind != "Usage":
        consumed = billable = None
    if kind == "Discount":
        region = None
    if kind in ("Usage", "Adjustment", "Discount") or document.type == "AzureSupport":
        name = None
    elif name is not None and name.startswith("reservation-"):
        name = None   # a reservation is no charge that somebody named
    return {(group, subscription, meter, region, name, section, value, consumed, billable): 1}


def _summed(lines):
    total = {}
    for (group, *words, value, consumed, billable), times in lines.items():
        key = (group, *words)
        before = total.get(key, (ZERO, ZERO, ZERO))
        total[key] = (before[0] + times * value, before[1] + times * (consumed or ZERO),
                      before[2] + times * (billable or ZERO))
    return {key: sums for key, sums in total.items() if key[0] not in ("Correction", "Discount") or sums[0] != 0}


def of_amounts(document, invoice):
    found = []
    for returned, total in ((False, document.totals["billed"]), (True, document.totals["credits"])):
        lines = [line for line in invoice["lines"] if (line["chargeType"] == "Refund") == returned]
        values = [number(line["value"]) * (-1 if returned else 1) for line in lines]
        for line, share in zip(lines, amounts_of(total, values, document.currency)):
            found += _differ(f"amount of line {line['lineId']}", money(line["amount"]), -share if returned else share)
    return found


def of_sections(document, invoice):
    """Asked once lines agree: from the ledger's own lines, whose amounts are then known to be right."""
    if document.type != "Profile":
        return _differ("sections", invoice["sections"], [])
    theirs = {section["sectionId"]: {name: money(section[name]) for name in ("charges", "credit", "tax", "total")}
              for section in invoice["sections"]}
    order = [section["sectionId"] for section in invoice["sections"]]
    lines = sorted(((line["sectionId"], money(line["amount"]), line["isCreditEligible"]) for line in invoice["lines"]),
                   key=lambda line: order.index(line[0]) if line[0] in order else len(order))
    ours = split_sections(document, lines)
    nothing = {"charges": ZERO, "credit": ZERO, "tax": ZERO, "total": ZERO}
    return [words for name in sorted(theirs.keys() | ours.keys())
            for words in _differ(f"section {name}", theirs.get(name, nothing), ours.get(name, nothing))]


def of_scopes(oracle, said):
    found = []
    for name, answer in said.subscriptions.items():
        scope = ("subscription", name)
        found += [(scope, words) for words in
                  _differ("nextInvoiceDate", answer["nextInvoiceDate"], _text(oracle.next_invoice_date(name)))
                  + _differ("status", answer["status"], oracle.payments.status(name))
                  + _differ("balance", money(answer["balance"]), _owed(oracle, lambda document: (
                      document.scope, document.account) == (name, answer["accountId"])))]
    for name, answer in said.profiles.items():
        found += [(("profile", name), words) for words in
                  _differ("nextInvoiceDate", answer["nextInvoiceDate"], _text(oracle.profiles.next_date(name)))
                  + _differ("status", answer["status"], oracle.payments.profile_status(name))
                  + _differ("balance", money(answer["balance"]), _owed(oracle, lambda document: document.scope == name))]
    for name, answer in said.enrollments.items():
        scope = ("enrollment", name)
        left = sum((lot["left"] for lot in oracle.book.lots if (lot["scopeId"], lot["source"]) == (name, "Prepayment")
                    and (lot["expires"] is None or lot["expires"] > oracle.clock)), ZERO)
        left += oracle.enrollments.set_aside(name)
        found += [(scope, words) for words in
                  _differ("nextInvoiceDate", answer["nextInvoiceDate"], _text(oracle.enrollments.next_date(name)))
                  + _differ("prepaymentBalance", money(answer["prepaymentBalance"]), left)
                  + _differ("balance", money(answer["balance"]), _owed(oracle, lambda document: document.scope == name))]
    return found


def _text(on):
    return on.isoformat() if on else None


def _owed(oracle, wanted):
    return sum((document.amount_due for document in oracle.documents
                if document.status in ("Due", "PastDue", "Locked") and wanted(document)), ZERO)
