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
        name, currency = profile["profileId"], profile["currency"]
        shelf = self.shelf("Profile", name, currency, lambda: self._members(name),
                           section=lambda row: self._section(row.subscription, name))
        charges = self.usage(shelf, month, today)
        charges += self.purchases(
            month[1], currency, month, lambda data: self._on(data, name), KINDS,
            lambda data: self._section(data["subscriptionId"], name))
        self.issue("Profile", self.book.accounts[profile["accountId"]], name, currency, month, today, charges,
                   open_lots(self.book, "Profile", name, month[1]), always=True)

    def _members(self, name):
        return [sub for sub in self.book.subscriptions if self.book.profile_of(sub) == name]

    def _section(self, subscription, profile):
        """The section of a subscription, else that of the profile's own id."""
        return (self.book.subscriptions[subscription]["invoiceSectionId"] if subscription else None) or profile

    def _on(self, purchase, name):
        subscription = purchase["subscriptionId"]
        return purchase["profileId"] == name or (subscription is not None and self.book.profile_of(subscription) == name)

    def next_date(self, name):
        profile = self.book.profiles[name]
        month = month_of(profile["created"])
        while self.run_date(profile, month) <= self.oracle.performed:
            month = month_of(month[1])
        return self.run_date(profile, month)
