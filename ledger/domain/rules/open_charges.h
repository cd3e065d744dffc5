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
  Money amount{};          ///< as it was recorded, below zero where it gives back; `draft` has its worth
  const ExchangeRateVersion* exchange = nullptr;  ///< into the document's currency, where that is another
};

/// Of which documents charges are asked for: amounts in other currencies are worth what they come to by the
/// rate in force on the day of issue (domain.md 2.8, step 4).
struct ChargesAsked {
  InvoiceType type = InvoiceType::AzureMarketplace;
  Currency currency;
  Date rate_date;
};

/// Gives the charge its worth in `currency`, once. False where there is no rate: it waits until there is one,
/// as usage does. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<bool> exchange_charge(const StateReader& state, OpenCharge& charge, Currency currency,
                                           Date rate_date);

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
  /// Those dated before `end` that wait for such a document, have a worth in its currency and are not in
  /// `done`. Errors: AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] static Result<ChargesOfDocument> of(const StateReader& state, const ScopeRef& scope,
                                                    const ChargesAsked& asked, Date end,
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
  /// The rates that were looked up, also in vain.
  [[nodiscard]] const std::set<StreamKey>& relied_on() const { return relied_on_; }
  /// The refunds that are `waiting` (Bill::waiting).
  [[nodiscard]] std::vector<OpenCharge> waiting_refunds(const std::set<std::string>& waiting) const;
  /// Adds them to the lines of `draft`, and their rates to its manifest, but for the refunds that are `waiting` (Bill::waiting), and
  /// the keys of those to `done`.
  void add_to(DraftDocument& draft, std::set<std::string>& done,
              const std::set<std::string>& waiting) const;

 private:
  std::vector<OpenCharge> charges_;
  std::set<StreamKey> relied_on_;
};

}  // namespace daybook
