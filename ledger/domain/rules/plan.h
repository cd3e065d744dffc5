#pragma once

#include <optional>
#include <vector>

#include "ledger/domain/enums.h"
#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"

namespace daybook {

/// Which work of a day is wanted.
struct WorkKinds {
  bool services = true;     ///< MOSP subscriptions, on the account's day
  bool marketplace = true;  ///< MOSP Marketplace and spot, on the 9th
  bool support = true;      ///< MOSP support terms and card-paid reservations
  bool profiles = true;     ///< MCA and MPA, on the profile's invoice day
  bool dunning = true;      ///< due dates and the ladder of domain.md 3.4
  bool enrollments = true;  ///< EA, on the 14th day after the period, and overage notices
  bool invitations = true;  ///< those that nobody accepted in time
  bool credits = true;      ///< expiry and renewal of credit
  bool limits = true;       ///< spending limits: of the clock's day alone
  bool corrections = false;  ///< notes for corrected invoices at once: asked for, never due

  [[nodiscard]] static constexpr WorkKinds none() {
    return {false, false, false, false, false, false, false, false, false, false};
  }
  /// Documents, and the credit that they count with.
  [[nodiscard]] static constexpr WorkKinds invoicing() {
    WorkKinds kinds = none();
    kinds.services = kinds.marketplace = kinds.support = true;
    kinds.profiles = kinds.enrollments = kinds.credits = true;
    return kinds;
  }
  [[nodiscard]] static constexpr WorkKinds only_mosp() {
    WorkKinds kinds = none();
    kinds.services = kinds.support = kinds.credits = true;
    return kinds;
  }
  [[nodiscard]] static constexpr WorkKinds only_marketplace() {
    WorkKinds kinds = none();
    kinds.marketplace = true;
    return kinds;
  }
  [[nodiscard]] static constexpr WorkKinds only_profiles() {
    WorkKinds kinds = none();
    kinds.profiles = kinds.credits = true;
    return kinds;
  }
  [[nodiscard]] static constexpr WorkKinds only_enrollments() {
    WorkKinds kinds = none();
    kinds.enrollments = kinds.credits = true;
    return kinds;
  }
  [[nodiscard]] static constexpr WorkKinds only_corrections() {
    WorkKinds kinds = none();
    kinds.corrections = true;
    return kinds;
  }
  [[nodiscard]] static constexpr WorkKinds only_dunning() {
    WorkKinds kinds = none();
    kinds.dunning = true;
    return kinds;
  }
};

/// One account's work of one day.
struct Work {
  Date date;
  AccountId account_id;

  friend auto operator<=>(const Work&, const Work&) = default;
};

/// The first day on which something may fall due for `account`; nothing: never by what is known
/// now. What fell due before `from` and is not done counts on `from`; what leaves no mark when it
/// finds nothing is looked at from `from` on: give the day after the last one whose work is done.
/// Cheap: reads the account's own rows, no usage. Changes only when one of the account's own
/// streams (or a policy) does, so that an agenda keeps it per account.
[[nodiscard]] std::optional<Date> next_work(const StateReader& state, const AccountId& account,
                                            Date from, WorkKinds kinds);

/// Every day in [from, through] on which something falls due for an account, by what is known now,
/// in order of date, then account: what RunInvoicing works through. An account may stand there for
/// several days.
[[nodiscard]] std::vector<Work> due(const StateReader& state, Date from, Date through,
                                    WorkKinds kinds);

/// What RunMarketplaceInvoicing of one day works through: the runs of that day, and before them those of earlier days that were
/// not performed, as far as what is billed depends on each of them (decision 0116). In the same order.
[[nodiscard]] std::vector<Work> due_by_marketplace_run(const StateReader& state, Date run_date);

/// A mark as it was when a plan was made.
struct MarkSeen {
  ScopeRef scope;
  InvoiceType type = InvoiceType::AzureServices;
  Date through;
  Position position = 0;
  std::int32_t place = 0;

  friend auto operator<=>(const MarkSeen&, const MarkSeen&) = default;
};

/// The work of one account on one day, ready to be recorded as one command.
struct Plan {
  Work work;
  std::vector<EventData> events;
  std::vector<Alarm> alarms;
  Position position = 0;  ///< P: state, rows and prices up to there were looked at
  std::vector<StreamKey>
      relied_on;                ///< holds while none of these has an event after P (sorted, unique)
  std::vector<MarkSeen> marks;  ///< and while these marks stand as they did
};

/// Whether the marks that `plan` was made from stand in `state` as they did: nobody billed in
/// between.
[[nodiscard]] bool marks_unchanged(const StateReader& state, const Plan& plan);

/// Plans what is due for `work.account_id` on `work.date`. `today` is the clock's day: documents
/// are dated `work.date` while today is at most two days later, else today, with INVOICE_LATE
/// . Idempotent: what is marked as billed is not billed again, so a repeated run gives no
/// events. Errors: those of `usage`; AMOUNT_OUT_OF_RANGE for a document that no int64 holds.
[[nodiscard]] Result<Plan> plan(const StateReader& state, const UsageSource& usage,
                                const Work& work, Date today, WorkKinds kinds);

}  // namespace daybook
