#include "ledger/domain/journal/chart.h"

namespace daybook {
namespace chart {

LedgerAccount receivable(const AccountId& account) { return {"assets:receivable", {account.text()}}; }
LedgerAccount bank() { return {"assets:bank", {}}; }
LedgerAccount tax(const TaxLine& line) {
  return {"liabilities:tax", {line.country, line.rate_percent.to_string()}};
}
LedgerAccount income(Revenue revenue) {
  switch (revenue) {
    case Revenue::Usage:
      return {"income:usage", {}};
    case Revenue::Marketplace:
      return {"income:marketplace", {}};
    case Revenue::Reservation:
      return {"income:reservation", {}};
    case Revenue::Support:
      return {"income:support", {}};
    case Revenue::Licence:
      return {"income:licence", {}};
    case Revenue::Discount:
      return {"income:discount", {}};
  }
  return {"income:usage", {}};
}
LedgerAccount given_back() { return {"income:refund", {}}; }
LedgerAccount expired() { return {"income:expired", {}}; }
LedgerAccount credits() { return {"equity:credits", {}}; }
LedgerAccount credits_granted() { return {"equity:credits:granted", {}}; }
LedgerAccount credits_open() { return {"equity:credits:open", {}}; }
LedgerAccount prepayment() { return {"liabilities:prepayment", {}}; }
LedgerAccount prepayment_bought() { return {"equity:prepayment", {}}; }
LedgerAccount opening() { return {"equity:opening", {}}; }

}  // namespace chart

bool is_income(const LedgerAccount& account) { return account.path.starts_with("income:"); }

}  // namespace daybook
