#include "bench/billed_past.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace daybook::bench {
namespace {

constexpr std::uint64_t kAccountHas = 3;  // subscriptions
constexpr std::uint64_t kPaidAfter = 2;   // months
constexpr std::uint64_t kUnpaidEvery = 50;
constexpr std::uint64_t kEventsAnInvoice = 3;
constexpr std::uint64_t kBigSubscriptionsMost = 1'000;

}  // namespace

BilledPast::BilledPast(std::uint64_t invoices, std::uint64_t usage, std::uint64_t big)
    : subscriptions_(invoices / kMonths) {
  if (subscriptions_ < 10) throw std::runtime_error("240 invoices at least");
  big_subscriptions_ = std::min({kBigSubscriptionsMost, subscriptions_ / 2, std::max<std::uint64_t>(1, big / 400)});
  const std::uint64_t of_invoices = kEventsAnInvoice * kMonths;
  const std::uint64_t each = big / big_subscriptions_;
  rows_of_big_ = each > of_invoices ? each - of_invoices : 0;
  const std::uint64_t left = usage > rows_of_big_ * big_subscriptions_ ? usage - rows_of_big_ * big_subscriptions_ : 0;
  used_subscriptions_ = std::min(subscriptions_, big_subscriptions_ + left / (kMeters * kDays));
}

Date BilledPast::month(std::uint64_t number) {
  return Date::of(2023 + static_cast<int>(number / 12), static_cast<int>(number % 12 + 1), 1);
}

std::string BilledPast::subscription(std::uint64_t number) { return fmt::format("sub-{:07}", number); }

std::string BilledPast::account(std::uint64_t subscription) const {
  return subscription < big_subscriptions_ ? big_account() : fmt::format("acc-{:07}", subscription / kAccountHas);
}

std::string BilledPast::invoice(std::uint64_t month, std::uint64_t subscription) const {
  return fmt::format("E{:09}", month * subscriptions_ + subscription);
}

std::int64_t BilledPast::amount(std::uint64_t month, std::uint64_t subscription, std::uint64_t line) {
  return static_cast<std::int64_t>(100 + (subscription * 2654435761U + month * 40503U + line * 977U) % 50'000);
}

InvoiceStatus BilledPast::status(std::uint64_t month, std::uint64_t subscription) const {
  if (month + kPaidAfter >= kMonths) return InvoiceStatus::Due;
  return (month * subscriptions_ + subscription) % kUnpaidEvery == 0 ? InvoiceStatus::PastDue : InvoiceStatus::Paid;
}

std::uint64_t BilledPast::tell(Listener& listener) const {
  std::uint64_t position = 0;
  std::string last;
  for (std::uint64_t s = 0; s < subscriptions_; ++s) {
    const std::string owner = account(s);
    if (owner != last) listener.opened(owner, ++position);
    last = owner;
    listener.created(s, ++position);
  }
  for (std::uint64_t m = 0; m < kMonths; ++m) {
    for (std::uint64_t s = 0; s < subscriptions_; ++s) {
      listener.issued(m, s, ++position);
      ++position;
    }
    if (m < kPaidAfter) continue;
    for (std::uint64_t s = 0; s < subscriptions_; ++s) {
      listener.settled(m - kPaidAfter, s, status(m - kPaidAfter, s), ++position);
    }
  }
  tell_usage(listener, position);
  listener.end();
  return position;
}

void BilledPast::tell_usage(Listener& listener, std::uint64_t& position) const {
  const std::uint64_t a_day_of_big = (rows_of_big_ + kDays - 1) / kDays;
  for (std::uint64_t day = 0; day < kDays; ++day) {
    const Date date = month(kMonths - 1).plus_days(static_cast<std::int32_t>(day));
    for (std::uint64_t s = 0; s < used_subscriptions_; ++s) {
      const std::uint64_t rows = s < big_subscriptions_
                                     ? std::min(a_day_of_big, rows_of_big_ - std::min(rows_of_big_, day * a_day_of_big))
                                     : kMeters;
      for (std::uint64_t row = 0; row < rows; ++row) {
        listener.used(s, date, row % kMeters, (s * 31 + day * 7 + row) * 2654435761U % 100'000 + 1, ++position);
      }
    }
  }
}

}  // namespace daybook::bench
