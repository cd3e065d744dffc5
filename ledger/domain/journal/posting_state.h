#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/journal/chart.h"
#include "ledger/domain/money.h"
#include "ledger/domain/rules/invoice.h"

namespace daybook {

/// What of an invoice later entries need.
struct PostedInvoice {
  Invoice invoice;    ///< payments, notes, status, as the rules have them
  std::string payee;  ///< as on the document
  std::vector<TaxLine> taxes;
  InvoiceTotals totals;
  std::int32_t lines_missing = 0;  ///< its entry waits for them
  struct Earned {
    std::int64_t amount_minor = 0;
    std::int64_t credit_minor = 0;  ///< of it, covered by credit
  };
  std::map<Revenue, Earned> earned;
  std::int64_t credited_net_minor = 0;  ///< by credit notes, without tax

  /// What was paid back although it was owed, as far as no credit note covers it too.
  [[nodiscard]] std::int64_t written_off_minor() const;
};

/// A credit lot, by what is left of it.
struct PostedLot {
  std::string scope;
  CreditSource source = CreditSource::Other;
  bool is_for_reservations = false;
  Currency currency;
  std::int64_t left_minor = 0;
  std::int64_t expired_minor = 0;
  std::map<InvoiceId, std::int64_t> uses;  ///< by documents that are not void

  /// Somebody paid for it: a prepayment, or money held for a reservation.
  [[nodiscard]] bool is_paid_for() const {
    return source == CreditSource::Prepayment || is_for_reservations;
  }
  [[nodiscard]] std::int64_t current_minor() const {
    return left_minor > expired_minor ? left_minor - expired_minor : 0;
  }
};

/// What postings need of the events before: a fold like any other, made by `post`.
struct PostingState {
  std::map<InvoiceId, PostedInvoice> invoices;
  std::map<LotId, PostedLot> lots;
  struct Bought {
    PurchaseKind kind = PurchaseKind::Marketplace;
    Money amount;  ///< of a refund negative
  };
  std::map<ChargeId, Bought> purchases;  ///< and refunds of them
  std::map<ReservationId, Money> reservations;  ///< an instalment
  std::map<ReservationId, Money> given_back;    ///< of a reservation
  /// By scope: of payments for void documents, what went on to no other.
  struct Held {
    AccountId account_id;
    std::int64_t amount_minor = 0;
  };
  std::map<std::string, Held> held;
};

}  // namespace daybook
