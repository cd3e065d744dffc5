#include "ledger/domain/rules/prices.h"

namespace daybook {
namespace {

/// The version in force on `day` among those that `counts`: the latest `effective_on`, then the
/// latest position.
template <class Version, class Counts>
const Version* latest(const std::vector<Version>& versions, Date day, Counts counts) {
  const Version* best = nullptr;
  for (const Version& version : versions) {
    if (version.effective_on > day || !counts(version)) continue;
    if (best == nullptr || version.effective_on >= best->effective_on) best = &version;
  }
  return best;
}

}  // namespace

const TaxRateVersion* TaxRates::on(Date day, const AccountId& account) const {
  const TaxRateVersion* own = latest(
      versions, day, [&](const TaxRateVersion& version) { return version.account_id == account; });
  if (own != nullptr) return own;
  return latest(versions, day, [](const TaxRateVersion& version) { return !version.account_id; });
}

const ExchangeRateVersion* ExchangeRates::on(Date day) const {
  return latest(versions, day, [](const ExchangeRateVersion&) { return true; });
}

void apply(MeterPrices& prices, const PriceChanged& event, const Occurrence& at) {
  prices.meter_id = event.meter_id;
  if (event.replaces) {
    for (PriceVersion& version : prices.versions) {
      if (version.position == *event.replaces) version.replaced_by = at.position;
    }
  }
  PriceVersion version;
  version.position = at.position;
  version.currency = event.currency;
  version.effective_on = event.effective_on;
  version.tiers =
      event.unit_price ? std::vector<Tier>{{Decimal(0), *event.unit_price}} : event.tiers;
  version.tier_mode = event.tier_mode.value_or(TierMode::Graduated);
  version.included_quantity = event.included_quantity.value_or(Decimal(0));
  version.unit = event.unit;
  if (event.scope_type && event.scope_id)
    version.scope = ScopeRef(*event.scope_type, event.scope_id->text());
  prices.versions.push_back(std::move(version));
}

void apply(TaxRates& rates, const TaxRateChanged& event, const Occurrence& at) {
  rates.country = event.country;
  rates.versions.push_back({at.position, event.name, event.rate_percent, event.effective_on,
                            event.treatment.value_or(TaxTreatment::Standard), event.account_id});
}

void apply(ExchangeRates& rates, const ExchangeRateChanged& event, const Occurrence& at) {
  rates.from = event.from_currency;
  rates.to = event.to_currency;
  rates.versions.push_back({at.position, event.rate, event.effective_on});
}

}  // namespace daybook
