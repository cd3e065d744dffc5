"""The oracle's own rules against the figures that the specification gives: periods, runs, rounding, tiers, refunds."""

import unittest
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import exact
from credit import apply_credit
from documents import Charge, affordable
from facts import Timed
from periods import ONE_DAY, anchored, next_anchor_on_or_after
from rating import Used, value_of

# 2.7, month-end and leap cases: creation, then the first days of the periods in order.
PERIODS = {
    "2024-01-31": ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30", "2024-07-31", "2024-08-31"],
    "2023-01-31": ["2023-02-28", "2023-03-31", "2023-04-30"],
    "2024-01-30": ["2024-02-29", "2024-03-30", "2024-04-30"],
    "2023-01-30": ["2023-02-28", "2023-03-30", "2023-04-30"],
    "2023-01-29": ["2023-02-28", "2023-03-29", "2023-04-29"],
    "2024-02-29": ["2024-03-29", "2024-04-29"],
    "2023-12-31": ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"],
    "2024-01-01": ["2024-02-01", "2024-03-01"],
}


def price(**data):
    return Timed(1, date(2024, 1, 1), {"unitPrice": None, "tiers": [], "tierMode": "Graduated", "includedQuantity": "0",
                                       **data})


class Periods(unittest.TestCase):
    def test_are_computed_from_the_original_day(self):
        for created, starts in PERIODS.items():
            origin = date.fromisoformat(created)
            self.assertEqual([anchored(origin, k + 1).isoformat() for k in range(len(starts))], starts)
        self.assertEqual(anchored(date(2024, 2, 29), 12) - ONE_DAY, date(2025, 2, 27))     # SC-07
        self.assertEqual(anchored(date(2024, 2, 29), 12), date(2025, 2, 28))

    def test_are_invoiced_on_the_accounts_day(self):
        account = date(2024, 2, 2)                                                          # TC-3
        for end in (date(2024, 4, 5), date(2024, 4, 10)):
            self.assertEqual(next_anchor_on_or_after(account, end), date(2024, 5, 2))
        self.assertEqual(next_anchor_on_or_after(date(2024, 1, 31), date(2024, 2, 1)), date(2024, 2, 29))   # TC-8


class Rounding(unittest.TestCase):
    def test_is_half_even_for_enrollments_alone(self):
        for value in ("2.315", "2.325"):                                                    # SC-42
            self.assertEqual(exact.rounded(Decimal(value), "EUR", half_even=True), Decimal("2.32"))
        self.assertEqual(exact.rounded(Decimal("2.325"), "EUR"), Decimal("2.33"))
        self.assertEqual(exact.rounded(Decimal("0.5"), "JPY"), Decimal(1))

    def test_refuses_to_lose_a_digit(self):
        with self.assertRaises(exact.decimal.Inexact):
            Decimal(1) / Decimal(3)
        with self.assertRaises(TypeError):
            exact.number(0.1)

    def test_parts_add_up(self):
        self.assertEqual(exact.parts(Decimal("200.00"), [400, 600], "EUR"), [Decimal("80.00"), Decimal("120.00")])  # SC-38
        self.assertEqual(exact.parts(Decimal("1.00"), [1, 1, 1], "EUR"), [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")])
        self.assertEqual(exact.amounts_of(Decimal("174.85"), [Decimal("2.866593"), Decimal("171.9874")], "EUR"),
                         [Decimal("2.86"), Decimal("171.99")])


class Rating(unittest.TestCase):
    def test_counts_the_included_quantity_first(self):
        included = price(unitPrice="0.12", includedQuantity="100")
        self.assertEqual(value_of(included, Decimal("130.5")), Decimal("3.66"))             # SC-39
        self.assertEqual(value_of(included, Decimal(90)), 0)                                # SC-40

    def test_keeps_the_boundary_unit_in_the_lower_tier(self):
        tiers = [{"from": "0", "unitPrice": "1.84"}, {"from": "50", "unitPrice": "1.77"}]
        self.assertEqual(value_of(price(tiers=tiers), Decimal(100)), Decimal("180.50"))     # SC-41
        self.assertEqual(2 * value_of(price(tiers=tiers), Decimal(50)), Decimal("184.00"))
        volume = price(tiers=tiers, tierMode="Volume")
        used = Used()
        self.assertEqual(used.more(volume, Decimal(50)), (Decimal("92.00"), 50))
        self.assertEqual(used.more(volume, Decimal(50)), (Decimal("85.00"), 50))             # 177.00 in all

    def test_prices_units_of_a_volume_price_by_that_price_alone(self):
        flat = price(unitPrice="0.10")
        volume = price(tiers=[{"from": "0", "unitPrice": "1"}, {"from": "100", "unitPrice": "0.50"}], tierMode="Volume")
        used = Used()
        self.assertEqual(used.more(flat, Decimal(100)), (Decimal("10.00"), 100))
        self.assertEqual(used.more(volume, Decimal(10)), (Decimal("5.00"), 10))


class Refunds(unittest.TestCase):
    def charge(self, value, days=0):
        return Charge("Refund" if value < 0 else "Usage", Decimal(value), date(2024, 1, 1) + timedelta(days=days), days, None)

    def test_stand_only_while_the_sum_is_not_below_zero(self):
        stand, left = affordable([self.charge(-7, 1), self.charge(10), self.charge(-5, 2), self.charge(-3, 3)])
        self.assertEqual([charge.value for charge in stand], [10, -7, -3])
        self.assertEqual([charge.value for charge in left], [-5])


class Credit(unittest.TestCase):
    @staticmethod
    def line(amount, *on):
        return SimpleNamespace(amount=Decimal(amount), by_day=dict.fromkeys(on, Decimal(amount)), eligible=True, reservation=False)

    @staticmethod
    def lot(name, start, expires, left):
        return {"lotId": name, "source": "MonthlyCredit", "start": start, "expires": expires, "left": Decimal(left)}

    def test_covers_what_is_dated_in_its_days_less_the_discounts_on_it(self):
        march, late = date(2024, 3, 1), date(2024, 2, 28)
        for left, covered in (("50.00", "50.00"), ("500.00", "70.00")):                      # 2.8.6, R-52
            lots = [self.lot("february", date(2024, 1, 31), date(2024, 2, 29), "0.00"),
                    self.lot("march", date(2024, 2, 29), date(2024, 3, 31), left)]
            document = SimpleNamespace(lines=[self.line("-30.00", march), self.line("100.00", march), self.line("20.00", late)], currency="EUR")
            self.assertEqual(apply_credit(document, lots)["creditApplied"], Decimal(covered))

    def test_says_nothing_where_two_lots_could_cover_what_is_lowered(self):
        march, late = date(2024, 3, 1), date(2024, 2, 28)
        lots = [self.lot("march", date(2024, 2, 29), date(2024, 3, 31), "10.00"),
                self.lot("all", date(2024, 1, 1), None, "10.00")]
        document = SimpleNamespace(lines=[self.line("-30.00", march), self.line("100.00", march), self.line("20.00", late)], currency="EUR")
        with self.assertRaises(exact.NotUnderstood):
            apply_credit(document, lots)


if __name__ == "__main__":
    unittest.main()
