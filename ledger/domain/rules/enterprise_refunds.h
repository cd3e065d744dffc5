#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/beyond_invoice.h"
#include "ledger/domain/rules/credit_lot.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What was given back of a charge that stands on a closed month of an enrollment.
struct EnterpriseRefund {
  std::string name;    ///< of the reservation or the purchase
  std::string reason;  ///< what a note says of it
  Date charged_on;
  Money amount;  ///< without tax, in the currency of the documents
};

/// Which part of `minor` goes to the prepayment, and which was overage: in the proportion of the charge.
[[nodiscard]] Result<std::vector<std::int64_t>> as_it_was_paid(const InvoiceLine& charge, std::int64_t minor);

/// `NAME-refund`, `NAME-refund.2` …: the lots that have such a name.
[[nodiscard]] std::vector<LotId> refund_lots(const StateReader& state, const std::string& name);

/// The first such name that no lot has.
[[nodiscard]] LotId refund_lot_id(const StateReader& state, const std::string& name);

/// Prepayment from `day` for a time of its own (domain.md 2.6). `name`: of what was given back.
[[nodiscard]] CreditGranted prepayment_lot(const StateReader& state, const ScopeRef& enrollment, const std::string& name,
                                           Money amount, Date day);

/// What comes of refunds of closed months (T-EA-6): prepayment goes back to where it came from, for a time of its own where that
/// has ended; what was overage is a credit note, one an invoice, and beyond what that asked prepayment.
class EnterpriseRefunds {
 public:
  /// What a lot paid of the charge; nothing: what it paid of the period that holds it, under that invoice or none.
  using UsedOf = std::function<std::int64_t(const CreditLot&)>;

  EnterpriseRefunds(const StateReader& state, ScopeRef enrollment, Date day)
      : state_(state), enrollment_(std::move(enrollment)), day_(day) {}

  /// Of a charge that prepayment paid whole, in a period without a document.
  void add_covered(const EnterpriseRefund& refund, const UsedOf& used = {});
  /// Of a charge on a living invoice. Errors: AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] Result<void> add(const EnterpriseRefund& refund, const Invoice& invoice, const InvoiceLine& charge);
  /// The part of one that prepayment paid.
  void add_prepaid(const EnterpriseRefund& refund, std::int64_t minor, const UsedOf& used);

  /// CreditAdjusted or CreditGranted of each lot, then the notes, what they give back and what goes beyond them. Errors: AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] Result<std::vector<EventData>> events() const;

 private:
  struct Noted {
    const Invoice* invoice = nullptr;
    NetAndGross minor;
    std::string reason;
  };

  const StateReader& state_;
  ScopeRef enrollment_;
  Date day_;
  std::vector<EventData> prepaid_;
  std::map<std::string, std::int64_t> back_;  ///< what goes back to each lot
  std::map<std::string, Noted> notes_;        ///< by invoice
};

}  // namespace daybook
