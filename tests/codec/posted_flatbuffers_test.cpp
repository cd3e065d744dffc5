#include <string>
#include <string_view>
#include <vector>

#include <flatbuffers/flatbuffers.h>
#include <gtest/gtest.h>

#include "event_generated.h"
#include "ledger/domain/facts/usage.h"
#include "tests/codec/cloudevents_fixture.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

/// An event as somebody with flatc writes it.
std::string posted(
    const std::function<flatbuffers::Offset<schema::Event>(flatbuffers::FlatBufferBuilder&)>&
        make) {
  flatbuffers::FlatBufferBuilder builder;
  schema::FinishSizePrefixedEventBuffer(builder, make(builder));
  return {static_cast<const char*>(static_cast<const void*>(builder.GetBufferPointer())),
          builder.GetSize()};
}

flatbuffers::Offset<schema::Event> posted_usage(flatbuffers::FlatBufferBuilder& builder,
                                                const char* meter, std::int64_t time) {
  const auto subscription = builder.CreateString("sub-01");
  const auto meter_id = builder.CreateString(meter);
  const auto region = builder.CreateString("EU West");
  schema::UsageRecordedBuilder usage(builder);
  const schema::Decimal quantity(240, 0, 1);  // not normalised
  usage.add_subscription_id(subscription);
  usage.add_meter_id(meter_id);
  usage.add_quantity(&quantity);
  usage.add_region(region);
  const auto data = usage.Finish();
  const auto actor = schema::CreateActor(builder);
  const auto source = builder.CreateString("//meter/eu-1");
  const auto id = builder.CreateString("u-1");
  schema::EventBuilder event(builder);
  event.add_source(source);
  event.add_id(id);
  event.add_actor(actor);
  if (time != 0) event.add_time(time);
  event.add_data_type(schema::EventData_UsageRecorded);
  event.add_data(data.Union());
  return event.Finish();
}

/// The event around `data`, by whoever has nothing to say about it.
flatbuffers::Offset<schema::Event> around(flatbuffers::FlatBufferBuilder& builder, schema::EventData type,
                                          flatbuffers::Offset<void> data, const char* tenant = nullptr) {
  const auto actor = schema::CreateActor(builder);
  const auto text = builder.CreateString("x");
  const auto of_tenant = tenant != nullptr ? builder.CreateString(tenant) : 0;
  schema::EventBuilder event(builder);
  event.add_source(text);
  event.add_id(text);
  if (tenant != nullptr) event.add_tenant(of_tenant);
  event.add_actor(actor);
  event.add_data_type(type);
  event.add_data(data);
  return event.Finish();
}

TEST_F(CloudEvents, FlatbuffersAreDecodedAndEncodedAgain) {
  const std::string one =
      posted([&](auto& builder) { return posted_usage(builder, "vm-b1s", intake.now.micros); });
  const std::string two = posted([&](auto& builder) { return posted_usage(builder, "vm-b2s", 0); });
  stream.open(BodyForm::Flatbuffers, one + two, intake);
  auto* first = stream.next();
  ASSERT_TRUE(first && first->event) << first->event.error().code << first->event.error().detail;
  const UsageRecorded& usage = first->event->data.get<UsageRecorded>();
  EXPECT_EQ(usage.quantity, Decimal(24));
  EXPECT_EQ(usage.region, "EU West");
  EXPECT_EQ(first->event->envelope.tenant, "tenant-a");
  EXPECT_EQ(first->event->envelope.schema_version, 1);
  EXPECT_FALSE(first->event->envelope.time_from_clock);
  const Event kept = *first->event;
  auto* second = stream.next();
  ASSERT_TRUE(second && second->event);
  EXPECT_TRUE(second->event->envelope.time_from_clock);
  EXPECT_FALSE(stream.next());
  EXPECT_FALSE(stream.failure());
  // The same event as JSON has the same bytes.
  PlainSealer sealer;
  Buffer ours;
  Buffer theirs;
  ASSERT_TRUE(encode_event(kept, sealer, theirs));
  const auto json = read(
      R"({"specversion":"1.0","type":"daybook.UsageRecorded","source":"//meter/eu-1","id":"u-1","time":"2024-03-08T09:00:00Z","data":{"subscriptionId":"sub-01","meterId":"vm-b1s","quantity":24,"region":"EU West"}})");
  ASSERT_TRUE(encode_event(*json, sealer, ours));
  EXPECT_EQ(ours.view(), theirs.view());
}

TEST_F(CloudEvents, FlatbuffersThatMakeNoSenseAreRefusedOneByOne) {
  const std::string good =
      posted([&](auto& builder) { return posted_usage(builder, "vm-b1s", 0); });
  const std::string bad =
      posted([&](auto& builder) { return posted_usage(builder, "two words", 0); });
  const std::string none = posted([&](auto& builder) { return posted_usage(builder, "", 0); });
  EXPECT_EQ(read_all(BodyForm::Flatbuffers, good + bad + none + good),
            "ok INVALID_IDENTIFIER/data/meterId INVALID_IDENTIFIER/data/meterId ok ");
  EXPECT_EQ(read_all(BodyForm::Flatbuffers, good + good.substr(0, good.size() - 1)),
            "ok ! MALFORMED_FLATBUFFER");
  EXPECT_EQ(read_all(BodyForm::Flatbuffers, good + "abc"), "ok ! MALFORMED_FLATBUFFER");
  EXPECT_EQ(read_all(BodyForm::Flatbuffers, std::string("\4\0\0\0\1\0\0\0", 8)),
            "! MALFORMED_FLATBUFFER");
  EXPECT_EQ(read_all(BodyForm::Flatbuffers, good + std::string("\4\0\0\0\1\0\0\0", 8) + good), "ok ! MALFORMED_FLATBUFFER")
      << "as a batch with bytes that are no JSON";
  const std::string decided = posted([](auto& builder) {
    return around(builder, schema::EventData_ClockAdvanced, schema::CreateClockAdvanced(builder, 5).Union());
  });
  EXPECT_EQ(read_all(BodyForm::Flatbuffers, decided), "LEDGER_DECIDES/type ");
  const std::string personal = posted([](auto& builder) {
    const auto identity = builder.CreateString("i");
    const std::string address = "jeroen@contoso.example";
    const auto email = builder.CreateVector(
        static_cast<const std::uint8_t*>(static_cast<const void*>(address.data())), address.size());
    schema::EmailChangedBuilder changed(builder);
    changed.add_identity_id(identity);
    changed.add_email(email);
    return around(builder, schema::EventData_EmailChanged, changed.Finish().Union(), "somebody else's");
  });
  EXPECT_EQ(read_all(BodyForm::Flatbuffers, personal), "INVALID_FIELD/tenant ");
}

TEST_F(CloudEvents, RequiredTextIsEmptyWhereItsTypeSaysSoInBothForms) {
  const auto provider = [](const char* name, const char* product) {
    return posted([&](auto& builder) {
      const auto name_text = builder.CreateString(name);
      const auto product_text = builder.CreateString(product);
      schema::ProviderDetailsChangedBuilder details(builder);
      details.add_effective_on(19787);
      details.add_name(name_text);
      details.add_product(product_text);
      return around(builder, schema::EventData_ProviderDetailsChanged, details.Finish().Union());
    });
  };
  intake.import = true;  // what the ledger decides comes in from another ledger alone
  EXPECT_EQ(read_all(BodyForm::Flatbuffers, provider("Contoso", "") + provider("", "Cloud")),
            "ok INVALID_STRING/data/name ");
  const auto as_json = [](std::string_view name, std::string_view product) {
    return R"({"specversion":"1.0","type":"daybook.ProviderDetailsChanged","source":"x","id":"x","data":{"effectiveOn":"2024-03-05","name":")" +
           std::string(name) + R"(","product":")" + std::string(product) + "\"}}";
  };
  EXPECT_EQ(refused(as_json("Contoso", "")), "accepted");
  EXPECT_EQ(refused(as_json("", "Cloud")), "INVALID_STRING /data/name");
}

TEST_F(CloudEvents, FlatbuffersOfAnyBytesGiveAnswers) {
  RandomValues values(51);
  const std::string good =
      posted([&](auto& builder) { return posted_usage(builder, "vm-b1s", 0); });
  for (int i = 0; i < 50'000; ++i) {
    std::string bytes = good;
    for (std::size_t changes = 1 + values.below(6); changes > 0; --changes) {
      bytes[4 + values.below(bytes.size() - 4)] =
          static_cast<char>(values.one_in(2) ? values.below(8) : values.u64());
    }
    stream.open(BodyForm::Flatbuffers, bytes, intake);
    while (stream.next()) {
    }
  }
}

}  // namespace
}  // namespace daybook::codec
