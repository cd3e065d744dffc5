"""Which tax a document bears: R-21, 2.8.7. Computed on subTotal, rounded once."""

from exact import NotUnderstood, ZERO, number, rounded


def tax_rate(book, account_id, issue_date):
    """The rate in force on `issue_date`: of the account itself, else of the country of soldTo, else of the account.

    None where nobody told one: then no tax.
    """
    account = book.accounts[account_id]
    country = account["soldTo"]["country"] if account["soldTo"] else account["country"]
    own = [rate for rate in book.taxes if rate.data["accountId"] == account_id and rate.on <= issue_date]
    general = [rate for rate in book.taxes
               if rate.data["accountId"] is None and rate.data["country"] == country and rate.on <= issue_date]
    for candidates in (own, general):
        if candidates:
            latest = max(rate.on for rate in candidates)
            there = [rate for rate in candidates if rate.on == latest]
            if len(there) > 1:
                raise NotUnderstood(f"two tax rates of {country} from {latest}")
            return there[0].data
    return None


def tax_of(rate, sub_total, currency, half_even):
    return ZERO if rate is None else rounded(sub_total * number(rate["ratePercent"]).scaleb(-2), currency, half_even)
