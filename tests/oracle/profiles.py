"""MCA and MPA: a document per profile and calendar month, always. T-MCA-1 … T-MCA-4, T-MPA-1, CF-10, R-55, R-56."""

from credit import open_lots
from periods import ONE_DAY, in_month, month_of
from scopes import Scopes

USUAL_DAY = {"Representative": 5, "Website": 9, "Partner": 8}
KINDS = ("Marketplace", "Reservation", "Support", "Licence")


class Profiles(Scopes):
    def run_date(self, profile, month):
        """The day on which a profile's document for `month` is due."""
        account = self.book.accounts[profile["accountId"]]
        usual = USUAL_DAY["Partner" if account["type"] == "MPA" else account["channel"]]
        wanted = int(profile["invoiceDay"] or usual)
        for told, new in profile["invoice_days"]:
            if told < month[1]:   # holds from the next calendar month on
                wanted = new
        return in_month(month[1].year, month[1].month, wanted)

    def day(self, profile, today):
        month = month_of(today.replace(day=1) - ONE_DAY)
        if today != self.run_date(profile, month) or month[1] <= profile["created"]:
            return
        self._bill(profile, (max(month[0], profile.get("first", month[0])), month[1]), today)

    def _shelf(self, name, currency):
        return self.shelf("Profile", name, currency, lambda: list(self.book.subscriptions),
                          lambda row: self.book.profile_of(row.subscription, row.date) == name,
                          lambda row: self._section(row.subscription, name, row.date))

    def _bill(self, profile, month, today, corrections=True):
        name, currency = profile["profileId"], profile["currency"]
        shelf = self._shelf(name, currency)
        charges, closing = shelf.charges(*month, self.issue_date(today))
        charges = (shelf.corrections() if corrections else []) + charges
        shelf.close(closing)
        charges += self.purchases(
            month[1], currency, month, lambda data, on: self._on(data, name, on), KINDS,
            lambda data, on: self._section(data["subscriptionId"], name, on))
        document = self.issue("Profile", self.book.accounts[profile["accountId"]], name, currency, month, today, charges,
                              open_lots(self.book, "Profile", name, month[1]), always=True)
        document.closing, document.billed = closing, set(closing.counted)
        return document

    def again(self, document, today):
        """The document of the same month at what is now known (R-30)."""
        self.free(document, self._shelf(document.scope, document.currency))
        return self._bill(self.book.profiles[document.scope], document.period, today, corrections=False)

    def _section(self, subscription, profile, on):
        """The section of a subscription, else that of the profile's own id."""
        return (self.book.place_of(subscription, on)[0] if subscription else None) or profile

    def _on(self, purchase, name, on):
        subscription = purchase["subscriptionId"]
        return purchase["profileId"] == name or (
            subscription is not None and self.book.profile_of(subscription, on) == name)

    def next_date(self, name):
        profile = self.book.profiles[name]
        month = month_of(profile["created"])
        while self.run_date(profile, month) <= self.oracle.performed:
            month = month_of(month[1])
        return self.run_date(profile, month)
