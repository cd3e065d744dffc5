"""Exact numbers: decimals that refuse to lose a digit, rounding where a rule asks for it, parts that add up.

MONEY-1, MONEY-2, R-20 of the specification. Nothing here is a float, and a sum that did not fit would raise.
"""

import decimal
from decimal import Decimal
from fractions import Fraction

# Any operation that would have to round raises, except in `rounded`.
EXACT = decimal.Context(prec=400, traps=[decimal.Inexact, decimal.InvalidOperation, decimal.DivisionByZero])
_ROUNDING = decimal.Context(prec=400, traps=[decimal.InvalidOperation])
decimal.setcontext(EXACT)

ZERO = Decimal(0)
NO_MINOR = {"JPY", "KRW"}


class NotUnderstood(Exception):
    """The log holds something these rules say nothing about yet. Never skipped in silence."""


def number(text):
    """A decimal of an answer or event; None stays None."""
    if text is None:
        return None
    if isinstance(text, float):
        raise TypeError(f"a binary float where an exact number belongs: {text!r}")
    return Decimal(text)


def minor_digits(currency):
    return 0 if currency in NO_MINOR else 2


def rounded(value, currency, half_even=False):
    """`value` (Decimal or Fraction) in whole minor units: half away from zero, of EA half to even (MONEY-2)."""
    digits = minor_digits(currency)
    if isinstance(value, Fraction):
        scaled = value * 10 ** digits
        whole, rest = divmod(abs(scaled), 1)
        up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (not half_even or whole % 2 == 1))
        minor = int(whole) + (1 if up else 0)
        return Decimal(minor if scaled >= 0 else -minor).scaleb(-digits)
    how = decimal.ROUND_HALF_EVEN if half_even else decimal.ROUND_HALF_UP
    return value.quantize(Decimal(1).scaleb(-digits), rounding=how, context=_ROUNDING)


def parts(total, weights, currency):
    """`total` split in proportion to `weights` by largest remainder: rounded down, then by remainder, ties by order."""
    digits = minor_digits(currency)
    units = int(total.scaleb(digits))
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    if whole == 0:
        if units != 0:
            raise NotUnderstood(f"{total} cannot be split over weights that add up to nothing")
        return [Decimal(0).scaleb(-digits) for _ in weights]
    exact = [Fraction(weight) * units / whole for weight in weights]
    floors = [share.numerator // share.denominator for share in exact]
    order = sorted(range(len(exact)), key=lambda index: (floors[index] - exact[index], index))
    for index in order[:units - sum(floors)]:
        floors[index] += 1
    return [Decimal(units_of).scaleb(-digits) for units_of in floors]


def amounts_of(total, values, currency):
    """The amounts of lines: each exact value rounded down, then one unit more by remainder, ties by order (2.8.5)."""
    digits = minor_digits(currency)
    floors = [int(value.scaleb(digits).to_integral_value(decimal.ROUND_FLOOR, context=_ROUNDING)) for value in values]
    order = sorted(range(len(values)), key=lambda index: (floors[index] - values[index].scaleb(digits), index))
    for index in order[:int(total.scaleb(digits)) - sum(floors)]:
        floors[index] += 1
    return [Decimal(floor).scaleb(-digits) for floor in floors]


def amount_of(money, currency):
    """The amount of a Money of the log, which must be in `currency`."""
    if money["currency"] != currency:
        raise NotUnderstood(f"an amount in {money['currency']} on a document in {currency}")
    return Decimal(money["amount"])
