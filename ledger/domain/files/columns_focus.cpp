#include "ledger/domain/files/column_tables.h"

#include <array>
#include <string>

#include "ledger/domain/files/column_values.h"

namespace daybook {
namespace {

namespace c = columns;

Cell words(std::string_view text) { return std::string(text); }

Cell billing_account_type(const FileRow&, const FileSubject& subject) {
  if (subject.profile != nullptr) return words("Billing Profile");
  return words(subject.enrollment != nullptr ? "Enrollment" : "Billing Account");
}
Cell sub_account_type(const FileRow& row, const FileSubject&) {
  return row.subscription != nullptr ? words("Subscription") : Cell();
}

/// Ends are exclusive here. Only 1.2 has seconds.
template <bool kSeconds>
Cell period_start(const FileRow&, const FileSubject& subject) {
  return DayStart{subject.period.start, kSeconds};
}
template <bool kSeconds>
Cell period_end(const FileRow&, const FileSubject& subject) {
  return DayStart{subject.period.end_exclusive, kSeconds};
}
template <bool kSeconds>
Cell charge_start(const FileRow& row, const FileSubject&) {
  return DayStart{row.service.start, kSeconds};
}
template <bool kSeconds>
Cell charge_end(const FileRow& row, const FileSubject&) {
  return DayStart{row.service.end_exclusive, kSeconds};
}

Cell category_of_charge(const FileRow& row, const FileSubject&) {
  switch (row.charge_type) {
    case ChargeType::Usage:
    case ChargeType::UnusedReservation:
      return words("Usage");
    case ChargeType::Purchase:
    case ChargeType::Refund:
      return words("Purchase");
    case ChargeType::Credit:
      return words("Credit");
    case ChargeType::Tax:
      return words("Tax");
    case ChargeType::Adjustment:
    case ChargeType::Discount:
    case ChargeType::RoundingAdjustment:
      break;
  }
  return words("Adjustment");
}
Cell charge_class(const FileRow& row, const FileSubject&) {
  return row.is_correction ? words("Correction") : Cell();
}
Cell charge_frequency(const FileRow& row, const FileSubject& subject) {
  const Cell plain = c::frequency(row, subject);
  const auto* text = std::get_if<std::string>(&plain);
  if (text == nullptr) return plain;
  if (*text == "Recurring") return plain;
  return words(*text == "OneTime" ? "One-Time" : "Usage-Based");
}
Cell consumed_quantity(const FileRow& row, const FileSubject& subject) {
  return row.usage != nullptr ? c::quantity(row, subject) : Cell();
}
Cell consumed_unit(const FileRow& row, const FileSubject& subject) {
  return row.usage != nullptr ? c::unit(row, subject) : Cell();
}
Cell pricing_category(const FileRow& row, const FileSubject&) {
  if (row.line == nullptr && row.reservation != nullptr) return words("Committed");
  if (row.line == nullptr || !row.line->pricing_model) return {};
  switch (*row.line->pricing_model) {
    case PricingModel::Spot:
      return words("Dynamic");
    case PricingModel::Reservation:
    case PricingModel::SavingsPlan:
      return words("Committed");
    case PricingModel::OnDemand:
      break;
  }
  return words("Standard");
}
/// What the provider publishes itself.
bool is_own(PublisherType type) { return type == PublisherType::Azure || type == PublisherType::Microsoft; }
Cell publisher_category(const FileRow& row, const FileSubject&) {
  if (row.line == nullptr || !row.line->publisher_type) return {};
  return words(is_own(*row.line->publisher_type) ? "Cloud Provider" : "Vendor");
}
/// The provider of the document's day (PROV-1); nothing until it is configured.
Cell provider_name(const FileRow&, const FileSubject& subject) {
  const ProviderDetailsChanged* provider = subject.state.provider().on(subject.rate_date);
  return provider != nullptr ? words(provider->name) : Cell();
}
Cell publisher_name(const FileRow& row, const FileSubject& subject) {
  if (row.line == nullptr || !row.line->publisher_type || !is_own(*row.line->publisher_type)) return {};
  return provider_name(row, subject);
}
Cell commitment_type(const FileRow& row, const FileSubject&) {
  const bool is_bought = row.line != nullptr && row.line->reservation_id;
  return is_bought || row.reservation != nullptr ? words("Reservation") : Cell();
}
/// What is bought is principal; what has a part of it, where it is amortised, is charged for it.
Cell amortization_class(const FileRow& row, const FileSubject&) {
  if (row.line != nullptr && row.line->reservation_id) return words("Principal");
  const bool has_part = row.reservation != nullptr ||
                        (row.usage != nullptr && row.effective_cost && *row.effective_cost != row.cost);
  return has_part ? words("Amortized Charge") : Cell();
}

/// FOCUS 1.0: `BilledCost` is what is invoiced, `SubAccount` the subscription.
constexpr auto kFocus10 = std::to_array<Column>({
    {"BilledCost", c::cost},
    {"BillingAccountId", c::document_scope_id},
    {"BillingAccountName", c::document_scope_name},
    {"BillingAccountType", billing_account_type},
    {"BillingCurrency", c::currency},
    {"BillingPeriodEnd", period_end<false>},
    {"BillingPeriodStart", period_start<false>},
    {"ChargeCategory", category_of_charge},
    {"ChargeClass", charge_class},
    {"ChargeDescription", c::meter_name},
    {"ChargeFrequency", charge_frequency},
    {"ChargePeriodEnd", charge_end<false>},
    {"ChargePeriodStart", charge_start<false>},
    {"CommitmentDiscountCategory", c::nothing},
    {"CommitmentDiscountId", c::reservation_id},
    {"CommitmentDiscountName", c::nothing},
    {"CommitmentDiscountStatus", c::nothing},
    {"CommitmentDiscountType", commitment_type},
    {"ConsumedQuantity", consumed_quantity},
    {"ConsumedUnit", consumed_unit},
    {"ContractedCost", c::cost},
    {"ContractedUnitPrice", c::unit_price},
    {"EffectiveCost", c::effective_cost},
    {"InvoiceIssuerName", provider_name},
    {"ListCost", c::list_cost},
    {"ListUnitPrice", c::list_price},
    {"PricingCategory", pricing_category},
    {"PricingQuantity", c::quantity},
    {"PricingUnit", c::unit},
    {"ProviderName", provider_name},
    {"PublisherName", publisher_name},
    {"RegionId", c::region},
    {"RegionName", c::region},
    {"ResourceId", c::resource_id},
    {"ResourceName", c::resource_name},
    {"ResourceType", c::nothing},
    {"ServiceCategory", c::category},
    {"ServiceName", c::category},
    {"SkuId", c::meter_id},
    {"SkuPriceId", c::nothing},
    {"SubAccountId", c::subscription_id},
    {"SubAccountName", c::subscription_name},
    {"SubAccountType", sub_account_type},
    {"Tags", c::tags},
    {"x_AccountId", c::enrollment_account_id},
    {"x_AccountName", c::enrollment_account_name},
    {"x_AccountOwnerId", c::enrollment_account_owner},
    {"x_BilledCostInUsd", c::cost_in_usd},
    {"x_BilledUnitPrice", c::effective_price},
    {"x_BillingAccountId", c::account_id},
    {"x_BillingAccountName", c::account_name},
    {"x_BillingExchangeRate", c::exchange_rate},
    {"x_BillingExchangeRateDate", c::exchange_rate_date},
    {"x_BillingProfileId", c::profile_id},
    {"x_BillingProfileName", c::profile_name},
    {"x_ContractedCostInUsd", c::cost_in_usd},
    {"x_CostAllocationRuleName", c::nothing},
    {"x_CostCenter", c::nothing},
    {"x_CustomerId", c::customer_id},
    {"x_CustomerName", c::customer_name},
    {"x_EffectiveCostInUsd", c::effective_cost_in_usd},
    {"x_EffectiveUnitPrice", c::effective_unit_price},
    {"x_InvoiceId", c::invoice_id},
    {"x_InvoiceIssuerId", c::nothing},
    {"x_InvoiceSectionId", c::section_id},
    {"x_InvoiceSectionName", c::section_name},
    {"x_ListCostInUsd", c::list_cost_in_usd},
    {"x_PartnerCreditApplied", c::nothing},
    {"x_PartnerCreditRate", c::nothing},
    {"x_PricingBlockSize", c::nothing},
    {"x_PricingCurrency", c::pricing_currency},
    {"x_PricingSubcategory", c::nothing},
    {"x_PricingUnitDescription", c::nothing},
    {"x_PublisherCategory", publisher_category},
    {"x_PublisherId", c::nothing},
    {"x_ResellerId", c::reseller_id},
    {"x_ResellerName", c::nothing},
    {"x_ResourceGroupName", c::resource_group},
    {"x_ResourceType", c::nothing},
    {"x_ServicePeriodEnd", charge_end<false>},
    {"x_ServicePeriodStart", charge_start<false>},
    {"x_SkuDescription", c::product},
    {"x_SkuDetails", c::additional_info},
    {"x_SkuIsCreditEligible", c::is_credit_eligible},
    {"x_SkuMeterCategory", c::category},
    {"x_SkuMeterId", c::meter_id},
    {"x_SkuMeterName", c::meter_name},
    {"x_SkuMeterSubcategory", c::sub_category},
    {"x_SkuOfferId", c::offer_id},
    {"x_SkuOrderId", c::charge_id},
    {"x_SkuOrderName", c::nothing},
    {"x_SkuPartNumber", c::nothing},
    {"x_SkuRegion", c::region},
    {"x_SkuServiceFamily", c::category},
    {"x_SkuTerm", c::nothing},
    {"x_SkuTier", c::nothing},
});
static_assert(kFocus10.size() == 96);

/// FOCUS 1.2-preview.
constexpr auto kFocus12 = std::to_array<Column>({
    {"BilledCost", c::cost},
    {"BillingAccountId", c::document_scope_id},
    {"BillingAccountName", c::document_scope_name},
    {"BillingAccountType", billing_account_type},
    {"BillingCurrency", c::currency},
    {"BillingPeriodEnd", period_end<true>},
    {"BillingPeriodStart", period_start<true>},
    {"CapacityReservationId", c::nothing},
    {"CapacityReservationStatus", c::nothing},
    {"ChargeCategory", category_of_charge},
    {"ChargeClass", charge_class},
    {"ChargeDescription", c::meter_name},
    {"ChargeFrequency", charge_frequency},
    {"ChargePeriodEnd", charge_end<true>},
    {"ChargePeriodStart", charge_start<true>},
    {"CommitmentDiscountCategory", c::nothing},
    {"CommitmentDiscountId", c::reservation_id},
    {"CommitmentDiscountName", c::nothing},
    {"CommitmentDiscountQuantity", c::nothing},
    {"CommitmentDiscountStatus", c::nothing},
    {"CommitmentDiscountType", commitment_type},
    {"CommitmentDiscountUnit", c::nothing},
    {"ConsumedQuantity", consumed_quantity},
    {"ConsumedUnit", consumed_unit},
    {"ContractedCost", c::cost},
    {"ContractedUnitPrice", c::unit_price},
    {"EffectiveCost", c::effective_cost},
    {"InvoiceId", c::invoice_id},
    {"InvoiceIssuerName", provider_name},
    {"ListCost", c::list_cost},
    {"ListUnitPrice", c::list_price},
    {"PricingCategory", pricing_category},
    {"PricingCurrency", c::pricing_currency},
    {"PricingQuantity", c::quantity},
    {"PricingUnit", c::unit},
    {"ProviderName", provider_name},
    {"PublisherName", publisher_name},
    {"RegionId", c::region},
    {"RegionName", c::region},
    {"ResourceId", c::resource_id},
    {"ResourceName", c::resource_name},
    {"ResourceType", c::nothing},
    {"ServiceCategory", c::category},
    {"ServiceName", c::category},
    {"ServiceSubcategory", c::sub_category},
    {"SkuId", c::meter_id},
    {"SkuMeter", c::meter_name},
    {"SkuPriceDetails", c::nothing},
    {"SkuPriceId", c::nothing},
    {"SubAccountId", c::subscription_id},
    {"SubAccountName", c::subscription_name},
    {"SubAccountType", sub_account_type},
    {"Tags", c::tags},
    {"x_AccountId", c::enrollment_account_id},
    {"x_AccountName", c::enrollment_account_name},
    {"x_AccountOwnerId", c::enrollment_account_owner},
    {"x_AmortizationClass", amortization_class},
    {"x_BilledCostInUsd", c::cost_in_usd},
    {"x_BilledUnitPrice", c::effective_price},
    {"x_BillingAccountId", c::account_id},
    {"x_BillingAccountName", c::account_name},
    {"x_BillingExchangeRate", c::exchange_rate},
    {"x_BillingExchangeRateDate", c::exchange_rate_date},
    {"x_BillingProfileId", c::profile_id},
    {"x_BillingProfileName", c::profile_name},
    {"x_ContractedCostInUsd", c::cost_in_usd},
    {"x_CostAllocationRuleName", c::nothing},
    {"x_CostCenter", c::nothing},
    {"x_CustomerId", c::customer_id},
    {"x_CustomerName", c::customer_name},
    {"x_EffectiveCostInUsd", c::effective_cost_in_usd},
    {"x_EffectiveUnitPrice", c::effective_unit_price},
    {"x_InvoiceSectionId", c::section_id},
    {"x_InvoiceSectionName", c::section_name},
    {"x_ListCostInUsd", c::list_cost_in_usd},
    {"x_PartnerCreditApplied", c::nothing},
    {"x_PartnerCreditRate", c::nothing},
    {"x_PricingBlockSize", c::nothing},
    {"x_PricingCurrency", c::pricing_currency},
    {"x_PricingSubcategory", c::nothing},
    {"x_PricingUnitDescription", c::nothing},
    {"x_PublisherCategory", publisher_category},
    {"x_PublisherId", c::nothing},
    {"x_ResellerId", c::reseller_id},
    {"x_ResellerName", c::nothing},
    {"x_ResourceGroupName", c::resource_group},
    {"x_ResourceType", c::nothing},
    {"x_ServiceModel", c::nothing},
    {"x_ServicePeriodEnd", charge_end<true>},
    {"x_ServicePeriodStart", charge_start<true>},
    {"x_SkuDescription", c::product},
    {"x_SkuDetails", c::additional_info},
    {"x_SkuIsCreditEligible", c::is_credit_eligible},
    {"x_SkuMeterCategory", c::category},
    {"x_SkuMeterId", c::meter_id},
    {"x_SkuMeterName", c::meter_name},
    {"x_SkuMeterSubcategory", c::sub_category},
    {"x_SkuOfferId", c::offer_id},
    {"x_SkuOrderId", c::charge_id},
    {"x_SkuOrderName", c::nothing},
    {"x_SkuPartNumber", c::nothing},
    {"x_SkuPlanName", c::nothing},
    {"x_SkuRegion", c::region},
    {"x_SkuServiceFamily", c::category},
    {"x_SkuTier", c::nothing},
});
static_assert(kFocus12.size() == 105);

}  // namespace

std::span<const Column> focus_1_0_columns() { return kFocus10; }
std::span<const Column> focus_1_2_columns() { return kFocus12; }

}  // namespace daybook
