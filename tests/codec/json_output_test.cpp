#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/codec/codec.h"
#include "ledger/codec/json_check.h"
#include "ledger/codec/json_schema.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/facts/usage.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <class Write>
std::string written(Write&& write) {
  std::string out;
  JsonWriter json(out);
  write(json);
  return out;
}

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  EXPECT_EQ(written([](JsonWriter& json) {
              json.begin_object()
                  .key("a")
                  .number(1)
                  .key("b")
                  .begin_array()
                  .text("x")
                  .null()
                  .boolean(true)
                  .end_array();
              json.key("c")
                  .begin_object()
                  .end_object()
                  .key("d")
                  .begin_array()
                  .begin_object()
                  .end_object();
              json.begin_object().end_object().end_array().end_object();
            }),
            R"({"a":1,"b":["x",null,true],"c":{},"d":[{},{}]})");
}

TEST(JsonWriter, EscapesWhatHasToBe) {
  EXPECT_EQ(written([](JsonWriter& json) {
              json.text(std::string_view("\"\\/\b\f\n\r\t\0\x1f\x7f é€🧾", 21));
            }),
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f é€🧾\"");
  EXPECT_EQ(written([](JsonWriter& json) { json.begin_object().key("a\"b").null().end_object(); }),
            R"({"a\"b":null})");
}

TEST(JsonWriter, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(written([](JsonWriter& json) { json.text("a\xff\xe2\x82z\xf0\x9f"); }),
            "\"a\uFFFD\uFFFD\uFFFDz\uFFFD\uFFFD\"");
  RandomValues values(61);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(values.below(12), '\0');
    for (char& byte : bytes) byte = static_cast<char>(values.u64());
    const std::string json = written([&](JsonWriter& out) { out.text(bytes); });
    const JsonCheck checked = check_json(json);
    ASSERT_FALSE(checked.error);
    ASSERT_EQ(checked.end, json.size());
  }
}

TEST(JsonWriter, NumbersAndValues) {
  EXPECT_EQ(
      written([](JsonWriter& json) { json.number(std::numeric_limits<std::int64_t>::min()); }),
      "-9223372036854775808");
  EXPECT_EQ(
      written([](JsonWriter& json) { json.number(std::numeric_limits<std::uint64_t>::max()); }),
      "18446744073709551615");
  EXPECT_EQ(written([](JsonWriter& json) {
              json.money({1234, kEur});
            }),
            R"({"amount":"12.34","currency":"EUR"})");
  EXPECT_EQ(written([](JsonWriter& json) {
              json.money({0, kJpy});
            }),
            R"({"amount":"0","currency":"JPY"})");
  EXPECT_EQ(written([](JsonWriter& json) { json.decimal(Decimal::parse("2.50e1").value()); }),
            "\"25\"");
  EXPECT_EQ(written([](JsonWriter& json) {
              json.period({Date::of(2024, 3, 5), Date::of(2024, 4, 5)});
            }),
            R"({"start":"2024-03-05","endExclusive":"2024-04-05"})");
  EXPECT_EQ(written([](JsonWriter& json) { json.instant({1}); }),
            "\"1970-01-01T00:00:00.000001Z\"");
  for (const auto& [bytes, text] :
       {std::pair("", ""), std::pair("f", "Zg=="), std::pair("fo", "Zm8="),
        std::pair("foo", "Zm9v"), std::pair("foob", "Zm9vYg==")}) {  // RFC 4648, 10
    EXPECT_EQ(written([&](JsonWriter& json) { json.base64(bytes); }),
              "\"" + std::string(text) + "\"");
  }
}

TEST(JsonValues, UsageAsTheContractShowsIt) {
  UsageRecorded usage;
  usage.subscription_id = SubscriptionId("sub-01");
  usage.meter_id = MeterId("vm-b1s");
  usage.quantity = Decimal(24);
  usage.tags = {{"env", "prod"}};
  usage.additional_info = JsonText{R"({"cores":2})"};
  usage.pricing_model = PricingModel::OnDemand;
  const std::string json =
      written([&](JsonWriter& out) { codec(EventType::UsageRecorded).to_json(usage, out); });
  EXPECT_THAT(
      json,
      HasSubstr(R"("subscriptionId":"sub-01","meterId":"vm-b1s","quantity":"24","usageId":null)"));
  EXPECT_THAT(json, HasSubstr(R"("pricingModel":"OnDemand")"));
  EXPECT_THAT(json, HasSubstr(R"("tags":{"env":"prod"},"additionalInfo":{"cores":2}})"));
  EXPECT_EQ(
      codec(EventType::UsageVoided).print(EventData(UsageVoided{SubscriptionId("s"), "u", "r"})),
      R"(UsageVoided subscriptionId="s" usageId="u" reason="r")");
}

TEST(JsonSchema, SaysWhatARequestMayHold) {
  const std::string schema =
      written([](JsonWriter& json) { codec(EventType::UsageRecorded).json_schema(json); });
  EXPECT_THAT(schema, HasSubstr(R"("subscriptionId":{"$ref":"#/components/schemas/Identifier"})"));
  EXPECT_THAT(schema, HasSubstr(R"("required":["subscriptionId","meterId","quantity"])"));
  EXPECT_THAT(schema, HasSubstr(R"("additionalProperties":false)"));
  EXPECT_THAT(
      schema,
      HasSubstr(
          R"("unitPrice":{"anyOf":[{"$ref":"#/components/schemas/Decimal"},{"type":"null"}]})"));
}

TEST(JsonSchema, SaysThatAnswersHaveEveryMember) {
  const std::string schema = written(
      [](JsonWriter& json) { write_json_schema(type_info<TaxLine>(), SchemaUse::Answer, json); });
  EXPECT_THAT(
      schema,
      HasSubstr(R"("required":["name","ratePercent","base","amount","treatment","country"])"));
  EXPECT_THAT(schema, Not(HasSubstr("additionalProperties")));
}

TEST(JsonSchema, NamesEveryComponentThatIsReferredTo) {
  SchemaComponents components;
  for (const EventCodec* table : event_codecs()) components.add(*table->info, SchemaUse::Request);
  for (const CommandCodec* table : command_codecs())
    components.add(*table->info, SchemaUse::Request);
  const std::string all = written([&](JsonWriter& json) {
    json.begin_object();
    components.write(json);
    json.end_object();
  });
  const JsonCheck checked = check_json(all);
  ASSERT_FALSE(checked.error) << checked.error->detail << checked.error->pointer;
  ASSERT_EQ(checked.end, all.size());
  constexpr std::string_view kReference = "#/components/schemas/";
  for (std::size_t at = all.find(kReference); at != std::string::npos;
       at = all.find(kReference, at + 1)) {
    const std::size_t begin = at + kReference.size();
    const std::string name = all.substr(begin, all.find('"', begin) - begin);
    EXPECT_NE(all.find("\"" + name + "\":{\"type\":"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace daybook::codec
