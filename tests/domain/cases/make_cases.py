#!/usr/bin/env python3
"""Writes cases for the values of ledger/domain, computed with Python's decimal, fractions and datetime.

    make_cases.py FOLDER COUNT     one file an operation, COUNT random cases each (a fifth of the slower ones)
    make_cases.py --sample FILE    a few of each in one file, as committed beside this script

A line is the operation, its operands and the expected answer, separated by spaces; an answer in
capitals is the code of the refusal. The random numbers are seeded: the same files every time.
"""

import datetime
import decimal
import pathlib
import random
import re
import sys
from fractions import Fraction

DIGITS = 38
PLACES = 28
MODES = {  # in the order of the enumeration Rounding
    "HalfAwayFromZero": decimal.ROUND_HALF_UP,
    "HalfEven": decimal.ROUND_HALF_EVEN,
    "Down": decimal.ROUND_DOWN,
    "Up": decimal.ROUND_UP,
    "Floor": decimal.ROUND_FLOOR,
    "Ceiling": decimal.ROUND_CEILING,
}
OUT = "AMOUNT_OUT_OF_RANGE"
# Exact for every sum and product here; ROUND_05UP lets a quotient be rounded a second time.
decimal.setcontext(decimal.Context(prec=200, rounding=decimal.ROUND_05UP, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX))
Decimal = decimal.Decimal
EXACT_LIMIT = Fraction(2**255 - 1, 10**56)


def plain(value):
    """Plain notation without superfluous zeros."""
    text = format(value.normalize(), "f")
    return "0" if text in ("-0", "0") else text


def kept(value, refusal=OUT):
    """The answer when a Decimal of the ledger holds `value`, else the refusal."""
    value = value.normalize()
    _, digits, exponent = value.as_tuple()
    if value and (len(digits) + max(exponent, 0) > DIGITS or exponent < -PLACES):
        return refusal
    return plain(value)


def number(rng):
    """A number within the limits, often at one of the edges."""
    kind = rng.randrange(12)
    count = rng.randint(1, DIGITS)
    if kind == 0:
        coefficient = 10**count - 1
    elif kind == 1:
        coefficient = 10 ** (count - 1)
    elif kind == 2:
        coefficient = 2 ** rng.choice((31, 32, 63, 64, 126)) + rng.randint(-2, 2)
    elif kind == 3:
        coefficient = rng.randrange(10 ** rng.randint(1, 6))
    elif kind == 4:
        coefficient = 5 * 10 ** rng.randint(0, DIGITS - 1)
    elif kind <= 8:
        coefficient = rng.randrange(10 ** rng.randint(1, 18))
    else:
        coefficient = rng.randrange(10**count)
    scale = rng.choice((0, 1, 2, 2, 4, PLACES, rng.randint(0, PLACES)))
    return Decimal(coefficient * rng.choice((1, 1, -1))).scaleb(-scale)


def pair(rng):
    """Two numbers, now and then near each other's negative."""
    left = number(rng)
    if rng.randrange(6):
        return left, number(rng)
    near = -left + Decimal(rng.randint(-2, 2)).scaleb(left.as_tuple().exponent)
    return (left, near) if kept(near) != OUT else (left, -left)


def add(rng):
    left, right = pair(rng)
    return plain(left), plain(right), kept(left + right)


def subtract(rng):
    left, right = pair(rng)
    return plain(left), plain(right), kept(left - right)


def multiply(rng):
    left, right = pair(rng)
    return plain(left), plain(right), kept(left * right)


def compare(rng):
    left, right = pair(rng)
    if rng.randrange(3) == 0:
        right = -right
    return plain(left), plain(right), str((left > right) - (left < right))


def divide(rng):
    left, right = pair(rng)
    mode, rounding = rng.choice(list(MODES.items()))
    scale = rng.choice((0, 2, PLACES, rng.randint(0, PLACES)))
    if rng.randrange(4) == 0:  # ties
        right = Decimal(rng.choice((2, 4, 8, 16, 2000)))
    answer = OUT
    if right:
        answer = kept((left / right).quantize(Decimal(1).scaleb(-scale), rounding))
    return plain(left), plain(right), str(scale), mode, answer


def round_(rng):
    value = number(rng)
    scale = rng.choice((0, 2, rng.randint(0, PLACES)))
    if rng.randrange(4) == 0 and scale < PLACES:  # ties
        value = value.quantize(Decimal(1).scaleb(-scale), decimal.ROUND_DOWN)
        value += Decimal(5).scaleb(-scale - 1) * (-1 if value < 0 else 1)
        if kept(value) == OUT:
            value = Decimal(5).scaleb(-scale - 1)
    unit = Decimal(1).scaleb(-scale)
    answers = [plain(value if -value.as_tuple().exponent <= scale else value.quantize(unit, r)) for r in MODES.values()]
    return (plain(value), str(scale), *answers)


def parse(rng):
    """Texts as they come: exponents, zeros before and behind, too many digits, another syntax."""
    value = number(rng)
    sign, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits))
    cut = rng.randint(0, len(text))
    shift = exponent + len(text) - cut
    text = ("0" * rng.choice((0, 0, 0, 1, 5, 40)) + text[:cut] or "0") + (
        "." + text[cut:] + "0" * rng.choice((0, 0, 0, 2, 30)) if cut < len(text) else rng.choice(("", "", ".0"))
    )
    if shift or rng.randrange(4) == 0:
        shift += rng.choice((0, 0, 0, 0, 0, 0, 1, -1, 12, -30))
        text += rng.choice("eE") + ("" if shift < 0 else rng.choice(("", "+"))) + str(shift)
    text = ("-" if sign else "") + text
    if rng.randrange(10) == 0:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice((",", ".", "-", "+", "e", "_", "NaN", "x", "")) + text[at + 1 :]
    grammar = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text, re.ASCII)
    return text or "-", kept(Decimal(text), "INVALID_AMOUNT") if grammar else "INVALID_AMOUNT"


def exact_answer(value):
    """Every place of a Fraction whose denominator divides 10^56."""
    if abs(value) > EXACT_LIMIT:
        return OUT
    scaled = value * 10**56
    assert scaled.denominator == 1
    return plain(Decimal(scaled.numerator).scaleb(-56))


def product(rng):
    left, right = pair(rng)
    return plain(left), plain(right), exact_answer(Fraction(left) * Fraction(right))


def total(rng):
    """The sum of a few products."""
    terms = []
    value = Fraction(0)
    for _ in range(rng.randint(1, 6)):
        while True:
            left, right = pair(rng)
            term = Fraction(left) * Fraction(right)
            if abs(value + term) <= EXACT_LIMIT and abs(term) <= EXACT_LIMIT:
                break
        value += term
        terms += [plain(left), plain(right)]
    return ",".join(terms), exact_answer(value)


def minor(rng):
    """A product rounded to minor units in every mode, and its display."""
    left, right = pair(rng)
    if rng.randrange(3) == 0:  # ties
        left = Decimal(rng.randint(-(10**6), 10**6)).scaleb(-1)
        right = Decimal(5).scaleb(-rng.randint(0, 4))
    value = left * right
    digits = rng.choice((0, 2, 2, 2, 3, 4))
    if abs(Fraction(value)) > EXACT_LIMIT:
        left = right = value = Decimal(0)
    answers = []
    for rounding in MODES.values():
        units = int(value.scaleb(digits).quantize(Decimal(1), rounding))
        answers.append(str(units) if -(2**63) <= units < 2**63 else OUT)
    whole = len(str(abs(int(value)))) if abs(value) >= 1 else 0
    places = min(PLACES, DIGITS - whole)
    shown = plain(value.quantize(Decimal(1).scaleb(-places), decimal.ROUND_DOWN))
    return (plain(left), plain(right), str(digits), *answers, shown)


def shares(total_units, weights):
    """Largest remainder: each exact share rounded down, ties in the order given."""
    whole = sum(weights)
    if whole == 0:
        return OUT if total_units else ",".join("0" for _ in weights)
    quotas = [Fraction(total_units) * weight / whole for weight in weights]
    parts = [quota.numerator // quota.denominator for quota in quotas]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - quotas[i], i))
    for i in order[: total_units - sum(parts)]:
        parts[i] += 1
    if any(not -(2**63) <= part < 2**63 for part in parts):
        return OUT
    return ",".join(map(str, parts))


def allocate(rng):
    count = rng.choice((1, 2, 3, 7, rng.randint(1, 30)))
    size = rng.choice((3, 100, 10**6, 2**62))
    least = rng.choice((0, 0, 0, -size // 4))
    weights = [rng.randint(least, size) for _ in range(count)]
    if rng.randrange(4) == 0:
        weights = [weights[0]] * count
    units = rng.choice((rng.randint(-100, 1000), rng.randint(0, 10**9), rng.randint(-(2**63), 2**63 - 1), 2**63 - 1))
    return str(units), ",".join(map(str, weights)), shares(units, weights)


def apportion(rng):
    """As allocate, by exact weights."""
    weights = []
    for _ in range(rng.randint(1, 12)):
        weights.append(Decimal(rng.randint(-2, 10 ** rng.randint(1, 19))).scaleb(-rng.randint(0, PLACES)))
    units = rng.choice((rng.randint(-100, 1000), rng.randint(0, 10**9), rng.randint(-(2**63), 2**63 - 1)))
    return str(units), ",".join(map(plain, weights)), shares(units, [Fraction(weight) for weight in weights])


def day(rng):
    date = datetime.date.fromordinal(rng.randint(1, datetime.date.max.toordinal()))
    if rng.randrange(5) == 0:  # around the ends of months
        date = date.replace(day=1, year=min(date.year, 9998)) + datetime.timedelta(days=rng.randint(0, 1))
    return date.isoformat(), str(date.toordinal() - datetime.date(1970, 1, 1).toordinal())


def instant(rng):
    zone = rng.choice(("Z", "z", None, None))
    offset = 0
    if zone is None:
        offset = rng.randint(-(23 * 60 + 59), 23 * 60 + 59)
        zone = "%s%02d:%02d" % ("-" if offset < 0 else "+", abs(offset) // 60, abs(offset) % 60)
    moment = datetime.datetime.min + datetime.timedelta(
        days=rng.randint(1, (datetime.date.max - datetime.date.min).days - 2), seconds=rng.randrange(86400)
    )
    places = rng.choice((0, 0, 1, 3, 6, 9))
    fraction = rng.randrange(10**places) if places else 0
    text = moment.strftime("%m-%dT%H:%M:%S")
    text = "%04d-%s%s%s" % (moment.year, text, ".%0*d" % (places, fraction) if places else "", zone)
    micros = fraction * 10**6 // 10**places
    utc = moment - datetime.timedelta(minutes=offset) + datetime.timedelta(microseconds=micros)
    back = "%04d-%s" % (utc.year, utc.strftime("%m-%dT%H:%M:%S"))
    if utc.microsecond:
        back += (".%06d" % utc.microsecond).rstrip("0")
    since = utc - datetime.datetime(1970, 1, 1)
    return text, str((since.days * 86400 + since.seconds) * 10**6 + since.microseconds), back + "Z"


OPERATIONS = {
    "add": add, "subtract": subtract, "multiply": multiply, "compare": compare, "divide": divide,
    "round": round_, "parse": parse, "product": product, "total": total, "minor": minor,
    "allocate": allocate, "apportion": apportion, "day": day, "instant": instant,
}  # fmt: skip
SLOWER = ("total", "minor", "product", "apportion", "day", "instant", "compare")


def lines(name, count):
    rng = random.Random("daybook " + name)
    make = OPERATIONS[name]
    for _ in range(count):
        yield " ".join((name, *make(rng))) + "\n"


def main(arguments):
    if arguments[0] == "--sample":
        with open(arguments[1], "w", encoding="ascii") as out:
            for name in OPERATIONS:
                out.writelines(lines(name, 12))
        return
    folder = pathlib.Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name in OPERATIONS:
        with open(folder / (name + ".txt"), "w", encoding="ascii") as out:
            out.writelines(lines(name, int(arguments[1]) // (5 if name in SLOWER else 1)))


if __name__ == "__main__":
    main(sys.argv[1:])
