#include <algorithm>

#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// What holds for everybody is not for a key of one tenant to set.
Result<void> check_for_everybody(const FactChecker& checker, std::string_view what) {
  if (!checker.is_bound()) return {};
  return failed(ErrorKind::Forbidden, "FORBIDDEN",
                "a key bound to a tenant cannot set " + std::string(what) + " for everybody");
}

Result<void> check_tiers(const PriceChanged& fact) {
  if (fact.unit_price.has_value() == !fact.tiers.empty()) {
    return rejected("INVALID_FIELD", "a price has either unitPrice or tiers", "/data/unitPrice");
  }
  if (fact.unit_price && fact.unit_price->is_negative()) {
    return rejected("INVALID_AMOUNT", "a price is not negative", "/data/unitPrice");
  }
  for (std::size_t i = 0; i < fact.tiers.size(); ++i) {
    const std::string pointer = "/data/tiers/" + std::to_string(i);
    const bool in_order =
        i == 0 ? fact.tiers[i].from.is_zero() : fact.tiers[i - 1].from < fact.tiers[i].from;
    if (!in_order) {
      return rejected("INVALID_FIELD",
                      "the first tier is from \"0\", each later one from more than the one before",
                      pointer + "/from");
    }
    if (fact.tiers[i].unit_price.is_negative()) {
      return rejected("INVALID_AMOUNT", "a price is not negative", pointer + "/unitPrice");
    }
  }
  if (fact.included_quantity && fact.included_quantity->is_negative()) {
    return rejected("INVALID_AMOUNT", "an included quantity is not negative",
                    "/data/includedQuantity");
  }
  return {};
}

Result<void> check_scope(const FactChecker& checker, const PriceChanged& fact) {
  if (fact.scope_type.has_value() != fact.scope_id.has_value()) {
    return rejected("INVALID_FIELD", "scopeType and scopeId come together",
                    fact.scope_type ? "/data/scopeId" : "/data/scopeType");
  }
  if (!fact.scope_type) return check_for_everybody(checker, "prices");
  switch (*fact.scope_type) {
    case ScopeType::Account:
    case ScopeType::Profile:
    case ScopeType::Subscription:
    case ScopeType::Enrollment:
      break;
    default:
      return rejected("INVALID_FIELD",
                      "prices have the scope Account, Profile, Enrollment or Subscription",
                      "/data/scopeType");
  }
  if (checker.account_of({*fact.scope_type, fact.scope_id->text()}) == nullptr) {
    return unknown_reference(wire_name(*fact.scope_type), fact.scope_id->text(), "/data/scopeId");
  }
  return {};
}

bool is_same_price(const PriceVersion& version, const PriceChanged& fact) {
  const auto scope = fact.scope_type && fact.scope_id
                         ? std::optional(ScopeRef(*fact.scope_type, fact.scope_id->text()))
                         : std::nullopt;
  return version.currency == fact.currency && version.effective_on == fact.effective_on &&
         version.scope == scope;
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const PriceChanged& fact) {
  LEDGER_CHECK(check_tiers(fact));
  LEDGER_CHECK(check_scope(checker, fact));
  const MeterPrices* prices = checker.state().prices(fact.meter_id.text());
  bool replaces_one = false;
  if (prices != nullptr) {
    for (const PriceVersion& version : prices->versions) {
      if (version.replaced_by || !is_same_price(version, fact)) continue;
      if (fact.replaces == version.position) {
        replaces_one = true;
        continue;
      }
      return conflict(
          "ALREADY_EXISTS",
          "this meter has a price in this currency and scope from that day on, at position " +
              std::to_string(version.position) +
              "; name it in `replaces` to put this one in its place",
          "/data/effectiveOn");
    }
  }
  if (fact.replaces && !replaces_one) {
    return unknown_reference("price of the same meter, currency, scope and day at position",
                             std::to_string(*fact.replaces), "/data/replaces");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const TaxRateChanged& fact) {
  LEDGER_CHECK(check_country(fact.country, "/data/country"));
  if (fact.account_id) {
    if (checker.account(*fact.account_id) == nullptr) {
      return unknown_reference("account", fact.account_id->text(), "/data/accountId");
    }
  } else {
    LEDGER_CHECK(check_for_everybody(checker, "tax rates"));
  }
  if (fact.rate_percent.is_negative() || fact.rate_percent > Decimal(100)) {
    return rejected("INVALID_AMOUNT", "a tax rate is 0 to 100 per cent", "/data/ratePercent");
  }
  if (fact.treatment.value_or(TaxTreatment::Standard) != TaxTreatment::Standard &&
      !fact.rate_percent.is_zero()) {
    return rejected("INVALID_AMOUNT", "ReverseCharge and Exempt have the rate 0",
                    "/data/ratePercent");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const ExchangeRateChanged& fact) {
  LEDGER_CHECK(check_for_everybody(checker, "exchange rates"));
  if (fact.from_currency == fact.to_currency) {
    return rejected("INVALID_CURRENCY", "an exchange rate is between two currencies",
                    "/data/toCurrency");
  }
  if (fact.rate.is_negative() || fact.rate.is_zero()) {
    return rejected("INVALID_AMOUNT", "an exchange rate is more than nothing", "/data/rate");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const UsageRecorded& fact) {
  const ChargeType charge_type = fact.charge_type.value_or(ChargeType::Usage);
  if (charge_type == ChargeType::Discount || charge_type == ChargeType::RoundingAdjustment) {
    return rejected("INVALID_FIELD", "rows of this charge type are made by the ledger",
                    "/data/chargeType");
  }
  if (charge_type != ChargeType::Usage && !fact.cost) {
    return rejected("INVALID_FIELD", "a row that is not Usage brings its cost", "/data/cost");
  }
  if (fact.usage_id && fact.usage_id->empty()) {
    return rejected("INVALID_STRING", "is empty: give the row's own id, or leave it out", "/data/usageId");
  }
  if (!Exact::from(fact.quantity)) {
    return rejected("AMOUNT_OUT_OF_RANGE", "no price makes money of such a quantity",
                    "/data/quantity");
  }
  if (fact.cost && !Exact::from(*fact.cost)) {
    return rejected("AMOUNT_OUT_OF_RANGE", "such a cost is beyond any amount of money",
                    "/data/cost");
  }
  if (fact.unit_price && !Exact::product(fact.quantity, *fact.unit_price)) {
    return rejected("AMOUNT_OUT_OF_RANGE", "quantity × unitPrice is beyond any amount of money",
                    "/data/unitPrice");
  }
  const Subscription* subscription = checker.subscription(fact.subscription_id);
  if (subscription == nullptr && checker.is_bound()) {
    // Kept as unmatched it would be billed to whoever is or will be called so.
    return unknown_reference("subscription", fact.subscription_id.text(), "/data/subscriptionId");
  }
  if (subscription != nullptr && subscription->status == SubscriptionStatus::Deleted) {
    return conflict("SUBSCRIPTION_DELETED", "the subscription is deleted", "/data/subscriptionId");
  }
  return {};
}

}  // namespace daybook
