#include "ledger/domain/files/column_tables.h"

#include <array>

#include "ledger/domain/files/column_values.h"

namespace daybook {
namespace {

namespace c = columns;

/// A line of the document each.
constexpr auto kStatementV1 = std::to_array<Column>({
    {"Billing Period", c::period_text},
    {"Name", c::category},
    {"Type", c::sub_category},
    {"Resource", c::meter_name},
    {"Region", c::region},
    {"SKU", c::nothing},
    {"Unit", c::unit},
    {"Consumed", c::quantity},
    {"Included", c::included},
    {"Billable", c::billable},
    {"Within Commitment", c::within_commitment},
    {"Currency", c::currency},
    {"Overage", c::billable},
    {"Commitment Rate", c::nothing},
    {"Rate", c::rate},
    {"Value", c::cost},
});
static_assert(kStatementV1.size() == 16);

constexpr auto kStatementV2 = std::to_array<Column>({
    {"Billing Period", c::period_text},
    {"Meter Category", c::category},
    {"Meter Sub-Category", c::sub_category},
    {"Meter Name", c::meter_name},
    {"Meter Region", c::region},
    {"SKU", c::nothing},
    {"Unit", c::unit},
    {"Consumed Quantity", c::quantity},
    {"Included Quantity", c::included},
    {"Overage Quantity", c::billable},
    {"Within Commitment", c::within_commitment},
    {"Currency", c::currency},
    {"Overage", c::billable},
    {"Commitment Rate", c::nothing},
    {"Rate", c::rate},
    {"Value", c::cost},
});
static_assert(kStatementV2.size() == 16);

/// A row of usage each. What it cost is its share of its line's value.
constexpr auto kDailyV1 = std::to_array<Column>({
    {"Usage Date", c::date},
    {"Name", c::category},
    {"Resource GUID", c::meter_id},
    {"Type", c::sub_category},
    {"Resource", c::meter_name},
    {"Region", c::region},
    {"Unit", c::unit},
    {"Consumed", c::quantity},
    {"Sub Region", c::region},
    {"Service", c::category},
    {"Component", c::resource_id},
    {"Additional Info", c::additional_info},
    {"Service Info 1", c::nothing},
    {"Service Info 2", c::nothing},
});
static_assert(kDailyV1.size() == 14);

constexpr auto kDailyV2 = std::to_array<Column>({
    {"Usage Date", c::date},
    {"Meter Category", c::category},
    {"Meter ID", c::meter_id},
    {"Meter Sub-Category", c::sub_category},
    {"Meter Name", c::meter_name},
    {"Meter Region", c::region},
    {"Unit", c::unit},
    {"Consumed Quantity", c::quantity},
    {"Resource Location", c::region},
    {"Consumed Service", c::category},
    {"Resource Group", c::resource_group},
    {"Instance ID", c::resource_id},
    {"Tags", c::tags},
    {"Additional Info", c::additional_info},
    {"Service Info 1", c::nothing},
    {"Service Info 2", c::nothing},
});
static_assert(kDailyV2.size() == 16);

/// Pay-as-you-go 2019-11-01.
constexpr auto kPayg = std::to_array<Column>({
    {"SubscriptionGuid", c::subscription_id},
    {"ResourceGroup", c::resource_group},
    {"ResourceLocation", c::region},
    {"UsageDateTime", c::date},
    {"MeterCategory", c::category},
    {"MeterSubCategory", c::sub_category},
    {"MeterId", c::meter_id},
    {"MeterName", c::meter_name},
    {"MeterRegion", c::region},
    {"UsageQuantity", c::quantity},
    {"ResourceRate", c::effective_price},
    {"PreTaxCost", c::cost},
    {"ConsumedService", c::category},
    {"ResourceType", c::nothing},
    {"InstanceId", c::resource_id},
    {"Tags", c::tags},
    {"OfferId", c::offer_id},
    {"AdditionalInfo", c::additional_info},
    {"ServiceInfo1", c::nothing},
    {"ServiceInfo2", c::nothing},
    {"ServiceName", c::category},
    {"ServiceTier", c::sub_category},
    {"Currency", c::currency},
    {"UnitOfMeasure", c::unit},
});
static_assert(kPayg.size() == 24);

}  // namespace

std::span<const Column> statement_columns_v1() { return kStatementV1; }
std::span<const Column> statement_columns_v2() { return kStatementV2; }
std::span<const Column> daily_columns_v1() { return kDailyV1; }
std::span<const Column> daily_columns_v2() { return kDailyV2; }
std::span<const Column> payg_columns() { return kPayg; }

}  // namespace daybook
