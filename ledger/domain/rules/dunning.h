#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// The subscriptions that an unpaid invoice concerns: those of its profile, else its own and all on
/// the same card (domain.md 3.6). In ascending order.
[[nodiscard]] std::set<std::string> subscriptions_concerned(const StateReader& state,
                                                            const Invoice& invoice);

/// The subscription whose own invoice it is; nothing: of a profile or an enrollment, or of one that another account has now.
[[nodiscard]] std::optional<std::string> own_subscription(const StateReader& state, const Invoice& invoice);

/// The card that was tried last, else the one the invoice was to be paid with; nothing: unknown, or
/// not by card.
[[nodiscard]] std::optional<MethodId> card_of(const Invoice& invoice);

/// Since when an invoice that is past due since `past_due` counts against its card: since then where that was to pay it, else
/// since it was first declined for it (decision 0121).
[[nodiscard]] Date tried_since(const Invoice& invoice, const MethodId& card, Date past_due);

/// The subscriptions whose way to pay an invoice of MOSP shows: its own, and all on the same card.
[[nodiscard]] std::set<std::string> subscriptions_paid_like(const StateReader& state,
                                                            const Invoice& invoice);

/// The first day on which `invoice` is past due by date alone: wire after its due date, a card only
/// where unreported charges count (CF-20). Nothing: never, or not Due.
[[nodiscard]] std::optional<Date> past_due_by_date(const Policies& policies,
                                                   const Invoice& invoice);

/// The first day after the charge window (CF-17) of a Due invoice that a card was to pay: nobody
/// reported whether it did. Nothing: paid, declined, or not by card.
[[nodiscard]] std::optional<Date> unreported_since(const Policies& policies,
                                                   const Invoice& invoice);

/// The next day of policy `dunning.retryDays` on which a card that was declined is to be tried again, counted from the
/// first decline: the first one after the last try. Nothing: it was not declined, nothing is owed, or all days are used
/// up.
[[nodiscard]] std::optional<Date> retry_day(const Policies& policies, const Invoice& invoice);

/// SubscriptionBecamePastDue for every Active subscription that `invoice` concerns, but those in
/// `already`, which grows by them.
[[nodiscard]] std::vector<EventData> become_past_due(const StateReader& state,
                                                     const Invoice& invoice, Date day,
                                                     std::set<std::string>& already);

/// What facts of one body and their consequences change before they are folded.
struct PaymentChanges {
  std::set<std::string> past_due;   ///< invoices that become past due
  std::set<std::string> paid;       ///< invoices that become paid
  std::set<std::string> suspended;  ///< subscriptions that become past due
  std::set<std::string> reenabled;  ///< subscriptions (and profiles) that are active again
  std::set<std::string> notices;    ///< see notices_of
};

/// SubscriptionReenabled for every subscription that `paid` concerned, that was suspended for
/// non-payment, and that no PastDue invoice concerns any more, also for those of the account
/// that got another card meanwhile (decision 0062); BillingProfileStatusChanged where the profile was.
[[nodiscard]] std::vector<EventData> reenable(const StateReader& state, const Invoice& paid,
                                              Date day, PaymentChanges& changes);

}  // namespace daybook
