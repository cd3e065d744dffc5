#pragma once

#include <set>
#include <string>
#include <vector>

#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What Relation::OpenCharges names a purchase and a reservation.
[[nodiscard]] inline std::string open_member(const ChargeId& id) { return "c/" + id.text(); }
[[nodiscard]] inline std::string open_member(const ReservationId& id) { return "r/" + id.text(); }

/// A charge that stands on no document: a purchase, a refund, or an instalment of a reservation.
struct OpenCharge {
  DraftLine draft;
  std::string key;  ///< unique among all charges
  Date date;
  Position position = 0;
  bool is_refund = false;
  bool is_immediate = false;  ///< MOSP: its document is made on its own day (T-MOSP-8, -9)
  bool pays_by_card = false;  ///< of an immediate one
  InvoiceType type = InvoiceType::AzureMarketplace;  ///< of the document that it stands on
  AccountId account_id{};  ///< who pays it, or gets it back
};

/// Whether the charge stands on documents of a MOSP subscription as it stands, or stood, at one of
/// its places: by its date, a refund by who paid.
[[nodiscard]] bool is_of_place(const OpenCharge& charge, const Subscription& subscription);

/// Those of a MOSP subscription, a profile or an enrollment dated before `end`, in order of date,
/// then position.
[[nodiscard]] std::vector<OpenCharge> open_charges(const StateReader& state, const ScopeRef& scope,
                                                   Date end);

/// Charges on their way to a document of a period.
class ChargesOfDocument {
 public:
  /// Those dated before `end` that wait for a document of this type and are not in `done`.
  ChargesOfDocument(const StateReader& state, const ScopeRef& scope, InvoiceType type, Date end,
                    const std::set<std::string>& done);

  [[nodiscard]] bool empty() const { return charges_.empty(); }
  /// Leaves out those of other places of a MOSP subscription.
  void leave_out_elsewhere(const Subscription& subscription);
  /// Leaves out those dated before `date`.
  void leave_out_before(Date date);
  /// The lines that raise the sum.
  [[nodiscard]] std::vector<DraftLine> purchases() const;
  /// What lowers the sum, for bill_usage to say which of it has room.
  [[nodiscard]] std::vector<RefundInTurn> refunds() const;
  /// Adds them to the lines of `draft`, but for the refunds that are `waiting` (Bill::waiting), and
  /// the keys of those to `done`.
  void add_to(DraftDocument& draft, std::set<std::string>& done,
              const std::set<std::string>& waiting) const;

 private:
  std::vector<OpenCharge> charges_;
};

}  // namespace daybook
