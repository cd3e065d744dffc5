#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/credit_lot.h"
#include "ledger/domain/rules/document_line.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// The lots of a scope in the order in which they are used: the earliest to expire first, then the
/// earliest to start, then the earliest granted (domain.md 2.8, step 6).
[[nodiscard]] std::vector<CreditLot> credit_lots(const StateReader& state, const ScopeRef& scope);

/// Whether credit may cover the line: neither Marketplace nor what is billed separately.
[[nodiscard]] bool is_credit_eligible(const InvoiceLine& line);

/// A purchase of a reservation, an instalment of it, or a refund of either.
[[nodiscard]] bool is_reservation(const InvoiceLine& line);

/// What a document took of a lot.
struct CreditTaken {
  LotId lot_id;
  CreditSource source = CreditSource::Other;
  Money amount;
};

/// The credit of one scope while documents are made: lots in the order in which they are used, with
/// what is left of them.
class CreditPool {
 public:
  CreditPool() = default;
  /// `without`: an invoice that gives back what it took, since another takes its place. What void invoices of an enrollment
  /// took whose charges wait is set aside for them (decision 0023).
  CreditPool(const StateReader& state, const ScopeRef& scope, const InvoiceId* without = nullptr);

  /// A lot that takes the place of `previous` from its period on.
  void renew(const MonthlyCreditRenewed& renewed, const CreditLot& previous);
  /// What an earlier document took too much of a lot.
  void put_back(const LotId& id, std::int64_t amount_minor);
  /// The charges of a void invoice are billed now: what was set aside for them can be taken.
  void release(const InvoiceId& invoice);
  /// Takes aside up to `most` of the prepayment that covers `on`, except `but`, the last in the order of
  /// use first; what was taken of which lot, for `put_back`.
  [[nodiscard]] std::vector<CreditTaken> hold_prepayment(Date on, std::int64_t but,
                                                         std::int64_t most);
  [[nodiscard]] bool has_lots() const { return !lots_.empty(); }
  /// The days on which a lot begins or ends to cover: eligible values are summed apart between
  /// them.
  [[nodiscard]] std::vector<Date> edges() const;
  /// What is left of the lots in `currency` that cover a day of `period`; nothing where there is no such
  /// lot.
  [[nodiscard]] std::optional<std::int64_t> left_in(Period period, Currency currency) const;
  /// Whether `period` of `subscription`, whose pool this is, is charged no further than its credit: its spending limit
  /// is on at its end, and it has credit in `currency`, granted up to `upto` (nothing: whenever).
  [[nodiscard]] bool ends(const Subscription& subscription, Period period, Currency currency,
                          std::optional<Position> upto = {}) const;

  /// Covers the eligible ones of `lines`, whose amounts are rounded, before tax: each lot in turn
  /// in proportion to what is left, over sections, then lines, by largest remainder (domain.md 2.8
  /// step 6); together not more than `most`, since refunds of other lines may leave less to pay.
  /// A lot covers lines in its own currency alone (decision 0076).
  /// Sets `credit` of the lines and lowers the lots. Errors: AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] Result<std::vector<CreditTaken>> cover(
      std::vector<DraftLine>& lines, InvoiceType type, std::int64_t most,
      const std::function<std::string(const InvoiceLine&)>& section_of);

 private:
  void set_aside(const StateReader& state, const ScopeRef& scope);

  std::vector<CreditLot> lots_;
  std::map<std::string, std::vector<CreditTaken>> aside_;  ///< by void invoice
};

}  // namespace daybook
