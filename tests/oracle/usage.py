"""Usage of a scope and period as charges, and what came too late for a period that was closed (R-59, R-81)."""

from dataclasses import dataclass, field
from datetime import date

from documents import Charge
from exact import NotUnderstood, ZERO, number
from rating import rate_rows


@dataclass
class Closed:
    """A period that was billed (or found to owe nothing): through its last day, at a position of the log."""
    start: date
    end: date
    position: int
    issue_date: date
    counted: set = field(default_factory=set)   # positions of rows and changes that are billed
    prices: dict = field(default_factory=dict)  # row position -> position up to which its prices are known
    settled: bool = False    # a spending limit ended it: nothing of what credit covers is told anew (decision 0098)


class Shelf:
    """The usage of one scope that shares tiers, seen by one kind of document."""

    def __init__(self, book, subscriptions_on, wanted, currency, inactive, section_of=lambda row: None):
        """`subscriptions_on(day)`: who belongs here; `wanted(row)`: is it of this kind of document?
        `inactive(subscription, day)`: does the day lie wholly in a state that is not charged (R-64)?"""
        self.book, self.subscriptions_on, self.wanted = book, subscriptions_on, wanted
        self.currency, self.inactive, self.section_of = currency, inactive, section_of
        self.closed = []

    def rows(self, start, end):
        found = []
        for subscription in self.subscriptions_on():
            for row in self.book.rows[subscription]:
                if start <= row.date < end and self.wanted(row):
                    found.append(row)
        return found

    def charges(self, start, end, issue_date):
        """(charges, closing) of an open period, by all that is known now."""
        known = self.book.position
        closing = Closed(start, end, known, issue_date)
        wanted, voided = [], []
        for row in self.rows(start, end):
            seen = row.as_of(lambda position: True)
            if seen is None:
                voided.append(row)
            elif not self.inactive(row.subscription, row.date):
                wanted.append((row, seen, known))
        rated, _ = rate_rows(self.book, wanted, self.currency, issue_date)
        charges = []
        for item in rated:
            charge = self._charge(item, (start, end), item.value, item.discount)
            charge.after = lambda item=item: self._count(closing, item.row, known)
            charges.append(charge)
        for row in voided:
            self._count(closing, row, known)   # before it was billed: nothing is left to correct
        return charges, closing

    def close(self, closing):
        self.closed.append(closing)

    def corrections(self, waiting=frozenset()):
        """Charges for what came after a period was closed, one after another in their turn (R-65): each is worth what it adds
        to those before it. `waiting`: positions of what the document has no room for, which counts for nothing."""
        found = []
        for closing in self.closed:
            counted, prices = set(closing.counted), dict(closing.prices)
            for position, row, late in self._news(closing):
                if position in waiting:
                    continue
                charge = self._correction(closing, counted, prices, position, row, late)
                if charge is not None:
                    found.append(charge)
        return found

    def _news(self, closing):
        news = []
        for row in self.rows(closing.start, closing.end):
            if closing.settled and row.data["isCreditEligible"] is not False:
                continue
            if row.position not in closing.counted:
                if not self.inactive(row.subscription, row.date):
                    news.append((row.position, row, True))
            else:    # billed, so it was charged, whatever was told of that day since
                news += [(position, row, False) for position, _ in row.changes if position not in closing.counted]
        return sorted(news, key=lambda item: (item[1].date, item[0]))

    def _correction(self, closing, counted, prices, position, row, late):
        """What the period is worth with it, less what it was worth without (R-81)."""
        if late:
            upto = self._prices_for(closing, row)
            if upto is None:
                return None
            new, extra = {row.position, *(at for at, _ in row.changes)}, {row.position: upto}
        else:
            new, extra = {position}, {}
        without, _ = self._worth(closing, counted, prices, row.meter)
        counted |= new
        prices.update(extra)
        with_it, rated = self._worth(closing, counted, prices, row.meter)

        def count():
            closing.counted |= new
            closing.prices.update(extra)
        own = rated.get(row.position)
        if late and own is None:
            count()       # voided before it was ever billed
            return None
        seen = own.seen if own else row.data
        return Charge(row.data["chargeType"] if late else "Adjustment", with_it - without, row.date, position,
                      (closing.start, closing.end), row.subscription, self.section_of(row), row.meter, seen["region"],
                      seen["pricingModel"], seen["publisherType"], eligible=seen["isCreditEligible"] is not False,
                      correction="late" if late else "changed", after=count, shelf=self)

    def _prices_for(self, closing, row):
        """Prices of the manifest; a row that then had none takes what it has now. None: it has none yet."""
        for upto in (closing.position, self.book.position):
            rated, _ = rate_rows(self.book, [(row, row.data, upto)], self.currency, closing.issue_date)
            if rated:
                return upto
        return None

    def _worth(self, closing, counted, prices, meter):
        wanted = []
        for row in self.rows(closing.start, closing.end):
            if row.meter == meter and row.position in counted:
                seen = row.as_of(lambda position: position in counted)
                if seen is not None:
                    wanted.append((row, seen, prices.get(row.position, closing.position)))
        rated, unmatched = rate_rows(self.book, wanted, self.currency, closing.issue_date)
        if unmatched:
            raise NotUnderstood(f"a billed row without a price: {unmatched[0][1]}")
        return (sum((item.worth for item in rated), ZERO), {item.row.position: item for item in rated})

    def _count(self, closing, row, known):
        closing.counted |= {row.position, *(position for position, _ in row.changes if position <= known)}
        closing.prices[row.position] = known

    def _charge(self, item, period, value, discount):
        row, seen = item.row, item.seen
        priced = item.price is not None
        return Charge(row.data["chargeType"], value, row.date, row.position, period, row.subscription,
                      self.section_of(row), row.meter, seen["region"], seen["pricingModel"], seen["publisherType"],
                      discount, item.discount_id, seen["isCreditEligible"] is not False, number(seen["quantity"]),
                      item.billable, item.price.position if priced else (0 if seen["cost"] is not None else 1),
                      priced=priced)
