#include <gtest/gtest.h>

#include "ledger/codec/event_view.h"
#include "ledger/domain/facts/usage.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

TEST(EventView, ReadsEveryMemberOfUsageInPlace) {
  PlainSealer sealer;
  RandomValues values(31);
  Buffer bytes;
  for (int i = 0; i < 20'000; ++i) {
    const Event event = random_event(codec(EventType::UsageRecorded), values);
    const UsageRecorded& usage = event.data.get<UsageRecorded>();
    bytes.clear();
    ASSERT_TRUE(encode_event(event, sealer, bytes).has_value());
    const EventView view(bytes.bytes());
    ASSERT_EQ(view.type(), EventType::UsageRecorded);
    ASSERT_EQ(view.causation(), event.envelope.causation.value_or(""));
    ASSERT_EQ(view.usage_subscription_id(), usage.subscription_id.text());
    ASSERT_EQ(view.usage_meter_id(), usage.meter_id.text());
    ASSERT_EQ(view.usage_quantity(), usage.quantity);
    ASSERT_EQ(view.usage_id(), usage.usage_id.value_or(event.envelope.id));
    ASSERT_EQ(view.usage_date(), usage.usage_date.value_or(event.envelope.time.date()));
    ASSERT_EQ(view.usage_is_credit_eligible(), usage.is_credit_eligible);
    ASSERT_EQ(view.usage_charge_type(), usage.charge_type.value_or(ChargeType::Usage));
    ASSERT_EQ(view.usage_unit(), usage.unit.value_or(""));
    ASSERT_EQ(view.usage_category(), usage.category.value_or(""));
    ASSERT_EQ(view.usage_region(), usage.region.value_or(""));
    ASSERT_EQ(view.usage_resource_id(), usage.resource_id.value_or(""));
    ASSERT_EQ(view.usage_resource_group(), usage.resource_group.value_or(""));
    ASSERT_EQ(view.usage_meter_name(), usage.meter_name.value_or(""));
    ASSERT_EQ(view.usage_meter_sub_category(), usage.meter_sub_category.value_or(""));
    ASSERT_EQ(view.usage_product(), usage.product.value_or(""));
    ASSERT_EQ(view.usage_unit_price(), usage.unit_price);
    ASSERT_EQ(view.usage_cost(), usage.cost);
    ASSERT_EQ(view.usage_has_own_value(), usage.cost || usage.unit_price);
    ASSERT_EQ(view.usage_currency(), usage.currency);
    ASSERT_EQ(view.usage_pricing_model(), usage.pricing_model);
    ASSERT_EQ(view.usage_publisher_type(), usage.publisher_type);
    ASSERT_EQ(view.usage_additional_info(),
              usage.additional_info ? usage.additional_info->text : "");
    Texts tags;
    view.each_usage_tag(
        [&](std::string_view key, std::string_view value) { tags[std::string(key)] = value; });
    ASSERT_EQ(tags, usage.tags);
  }
}

TEST(EventView, DoesNotMistakeOtherTypesForUsage) {
  PlainSealer sealer;
  RandomValues values(32);
  Buffer bytes;
  for (const EventCodec* table : event_codecs()) {
    bytes.clear();
    ASSERT_TRUE(encode_event(random_event(*table, values), sealer, bytes).has_value());
    EXPECT_EQ(EventView(bytes.bytes()).type(), table->type);
  }
}

}  // namespace
}  // namespace daybook::codec
