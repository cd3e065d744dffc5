"""Dates: anchored days, billing periods, days of runs. TIME-1, T-MOSP-2 … T-MOSP-7, T-MCA-2, T-MCA-3, T-EA-3, T-EA-4."""

import calendar
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def day(text):
    """The date of `2024-03-05` or of an instant's UTC day; None stays None."""
    return date.fromisoformat(text[:10]) if text else None


def in_month(year, month, wanted):
    """Day `wanted` of a month, or its last one (T-MOSP-5). `month` counts on past 12 and below 1."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(wanted, calendar.monthrange(year, month)[1]))


def anchored(origin, months):
    """`months` after `origin`, always computed from the original day, never chained."""
    return in_month(origin.year, origin.month + months, origin.day)


def months_between(origin, on):
    """The k for which anchored(origin, k) <= on < anchored(origin, k + 1)."""
    k = (on.year - origin.year) * 12 + on.month - origin.month
    return k if anchored(origin, k) <= on else k - 1


def period_of(origin, on):
    """The anchored period that holds `on`: (start, end exclusive)."""
    k = months_between(origin, on)
    return anchored(origin, k), anchored(origin, k + 1)


def month_of(on):
    """The calendar month that holds `on`."""
    return date(on.year, on.month, 1), in_month(on.year, on.month + 1, 1)


def days(first, end_exclusive):
    while first < end_exclusive:
        yield first
        first += ONE_DAY


def is_anchor_day(origin, on):
    """Is `on` a billing run of an account opened on `origin` (T-MOSP-3)? The opening itself is none."""
    return on > origin and on == in_month(on.year, on.month, origin.day)


def next_anchor_on_or_after(origin, on):
    """The first run on or after `on`, and after the opening."""
    k = 1
    while anchored(origin, k) < on:
        k += 1
    return anchored(origin, k)
