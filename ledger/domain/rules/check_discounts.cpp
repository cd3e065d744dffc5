#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

Result<void> check_scope(const FactChecker& checker, const DiscountGranted& fact) {
  if (fact.scope_type.has_value() != fact.scope_id.has_value()) {
    return rejected("INVALID_FIELD", "scopeType and scopeId come together",
                    fact.scope_type ? "/data/scopeId" : "/data/scopeType");
  }
  if (!fact.scope_type) {
    if (!checker.is_bound()) return {};
    return failed(ErrorKind::Forbidden, "FORBIDDEN",
                  "a key bound to a tenant cannot set discounts for everybody");
  }
  switch (*fact.scope_type) {
    case ScopeType::Account:
    case ScopeType::Profile:
    case ScopeType::Subscription:
    case ScopeType::Enrollment:
      break;
    default:
      return rejected("INVALID_FIELD",
                      "discounts have the scope Account, Profile, Enrollment or Subscription",
                      "/data/scopeType");
  }
  if (checker.account_of({*fact.scope_type, fact.scope_id->text()}) == nullptr)
    return unknown_reference(wire_name(*fact.scope_type), fact.scope_id->text(), "/data/scopeId");
  return {};
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const DiscountGranted& fact) {
  if (checker.state().find<Discount>(fact.discount_id.text()) != nullptr)
    return already_exists("discount", fact.discount_id.text(), "/data/discountId");
  LEDGER_CHECK(check_scope(checker, fact));
  if (fact.percent.is_negative() || fact.percent.is_zero() || fact.percent > Decimal(100)) {
    return rejected("INVALID_AMOUNT", "a discount is more than 0 and at most 100 per cent",
                    "/data/percent");
  }
  if (fact.end_on && *fact.end_on <= fact.start_on) {
    return rejected("INVALID_TIME", "the first day without it comes after the first day with it",
                    "/data/endOn");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const DiscountEnded& fact) {
  const Discount* discount = checker.state().find<Discount>(fact.discount_id.text());
  const bool is_seen =
      discount != nullptr &&
      (discount->scope ? checker.account_of(*discount->scope) != nullptr : !checker.is_bound());
  if (!is_seen) return unknown_reference("discount", fact.discount_id.text(), "/data/discountId");
  if (fact.end_on < discount->start_on) {
    return rejected("INVALID_TIME", "the discount begins on " + discount->start_on.text(),
                    "/data/endOn");
  }
  return {};
}

}  // namespace daybook
