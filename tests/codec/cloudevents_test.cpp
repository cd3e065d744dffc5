#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/codec/cloudevents.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/clock.h"
#include "ledger/domain/facts/usage.h"
#include "tests/codec/cloudevents_fixture.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

TEST_F(CloudEvents, TheUsageEventOfTheContract) {
  const Result<Event> event = read(kUsage);
  ASSERT_TRUE(event.has_value()) << event.error().detail;
  EXPECT_EQ(event->envelope.source, "//meter/eu-1");
  EXPECT_EQ(event->envelope.id, "u-000017");
  EXPECT_EQ(event->envelope.time.text(), "2024-03-07T10:00:00Z");
  EXPECT_FALSE(event->envelope.time_from_clock);
  EXPECT_EQ(event->envelope.tenant, "tenant-a");
  EXPECT_EQ(event->envelope.actor.key_id, "key-1");
  const UsageRecorded& usage = event->data.get<UsageRecorded>();
  EXPECT_EQ(usage.quantity, Decimal(24));
  EXPECT_EQ(usage.category, "Virtual Machines");
  EXPECT_EQ(usage.usage_date->text(), "2024-03-07");  // filled in
}

TEST_F(CloudEvents, DefaultsComeFromTimeWithItsOffsetAndFromTheClock) {
  const auto usage_date = [&](const Result<Event>& event) {
    return event->data.get<UsageRecorded>().usage_date->text();
  };
  EXPECT_EQ(usage_date(read(usage_with("2024-03-07T10:00:00Z", "2024-03-07T23:30:00-05:00"))),
            "2024-03-08");
  const Result<Event> without = read(usage_with(R"("time":"2024-03-07T10:00:00Z",)", ""));
  ASSERT_TRUE(without.has_value());
  EXPECT_TRUE(without->envelope.time_from_clock);
  EXPECT_EQ(without->envelope.time, intake.now);
  EXPECT_EQ(usage_date(without), "2024-03-08");
}

TEST_F(CloudEvents, MembersMayComeInAnyOrder) {
  const Result<Event> first = read(
      R"({"data":{"reason":"r","usageId":"u","subscriptionId":"s"},"id":"1","type":"daybook.UsageVoided","source":"x","specversion":"1.0","time":"2024-03-07T10:00:00Z"})");
  ASSERT_TRUE(first.has_value()) << first.error().detail << first.error().pointer;
  EXPECT_EQ(first->data.get<UsageVoided>().reason, "r");
  EXPECT_EQ(
      refused(
          R"({"data":{"reason":1},"id":"1","type":"daybook.UsageVoided","source":"x","specversion":"1.0"})"),
      "INVALID_FIELD /data/reason");
  EXPECT_EQ(
      refused(
          R"({"data":[],"id":"1","type":"daybook.UsageVoided","source":"x","specversion":"1.0"})"),
      "INVALID_FIELD /data");
  EXPECT_EQ(
      refused(
          R"({"data":{"a":tru},"id":"1","type":"daybook.UsageVoided","source":"x","specversion":"1.0"})"),
      "MALFORMED_JSON ");
}

TEST_F(CloudEvents, ExtensionsAreKept) {
  const Result<Event> event = read(usage_with(
      "\"id\":", R"("traceparent":"00-ab","partition":7,"sampled":true,"subject":null,"id":)"));
  ASSERT_TRUE(event.has_value()) << event.error().detail << event.error().pointer;
  const std::vector<Extension> expected = {
      {"partition", "7"}, {"sampled", "true"}, {"traceparent", "00-ab"}};
  EXPECT_EQ(event->envelope.extensions, expected);
  EXPECT_EQ(refused(usage_with("\"id\":", R"("tracE":"x","id":)")), "INVALID_FIELD /tracE");
  EXPECT_EQ(refused(usage_with("\"id\":", R"("a_b":"x","id":)")), "INVALID_FIELD /a_b");
  EXPECT_EQ(refused(usage_with("\"id\":", R"("data_base64":"AA==","id":)")),
            "INVALID_FIELD /data_base64");
  EXPECT_EQ(refused(usage_with("\"id\":", R"("trace":{},"id":)")), "INVALID_FIELD /trace");
  EXPECT_EQ(refused(usage_with("\"id\":", R"("trace":1.5,"id":)")), "INVALID_FIELD /trace");
  EXPECT_EQ(refused(usage_with("\"id\":", R"("trace":Infinity,"id":)")), "INVALID_FIELD /trace");
  EXPECT_EQ(refused(usage_with("\"id\":", R"("trace":"1","trace":"1","id":)")),
            "DUPLICATE_MEMBER /trace");
  EXPECT_EQ(refused(usage_with("\"id\":",
                               R"("datacontenttype":"application/json; charset=utf-8","id":)")),
            "accepted");
  EXPECT_EQ(refused(usage_with("\"id\":", R"("datacontenttype":"text/xml","id":)")),
            "INVALID_FIELD /datacontenttype");
  std::string many;
  for (char c = 'a'; c <= 'q'; ++c) many += std::string("\"x") + c + "\":\"1\",";
  EXPECT_EQ(refused(usage_with("\"id\":", many + "\"id\":")), "TOO_MANY_MEMBERS /xq");
}

TEST_F(CloudEvents, RefusalsOfTheEnvelopeHavePointers) {
  EXPECT_EQ(refused(usage_with("\"1.0\"", "\"0.3\"")), "INVALID_FIELD /specversion");
  EXPECT_EQ(refused(usage_with(R"("specversion":"1.0",)", "")), "INVALID_FIELD /specversion");
  EXPECT_EQ(refused(usage_with(R"("type":"daybook.UsageRecorded",)", "")), "INVALID_FIELD /type");
  EXPECT_EQ(refused(usage_with(R"("source":"//meter/eu-1",)", "")), "INVALID_FIELD /source");
  EXPECT_EQ(refused(usage_with(R"("id":"u-000017",)", "")), "INVALID_FIELD /id");
  EXPECT_EQ(
      refused(R"({"specversion":"1.0","type":"daybook.UsageRecorded","source":"s","id":"i"})"),
      "INVALID_FIELD /data");
  EXPECT_EQ(refused(usage_with("\"u-000017\"", "17")), "INVALID_FIELD /id");
  EXPECT_EQ(refused(usage_with("\"u-000017\"", "\"\"")), "INVALID_STRING /id");
  EXPECT_EQ(refused(usage_with("\"u-000017\"", "\"a\\u0000\"")), "INVALID_STRING /id");
  EXPECT_EQ(refused(usage_with("daybook.UsageRecorded", "daybook.UsageForgotten")),
            "UNKNOWN_EVENT_TYPE /type");
  EXPECT_EQ(refused(usage_with("daybook.UsageRecorded", "UsageRecorded")),
            "UNKNOWN_EVENT_TYPE /type");
  EXPECT_EQ(refused(usage_with("daybook.UsageRecorded", "daybook.InvoiceIssued")),
            "LEDGER_DECIDES /type");
  EXPECT_EQ(refused(usage_with("2024-03-07T10:00:00Z", "2024-03-07")), "INVALID_TIME /time");
  EXPECT_EQ(refused(usage_with("2024-03-07T10:00:00Z", "2024-03-09T09:00:00Z")), "accepted");
  EXPECT_EQ(refused(usage_with("2024-03-07T10:00:00Z", "2024-03-09T09:00:00.000001Z")),
            "INVALID_TIME /time");
  EXPECT_EQ(refused(usage_with("\"id\":", R"("id":"u-000017","id":)")), "DUPLICATE_MEMBER /id");
  EXPECT_EQ(refused(usage_with("\"quantity\":\"24\"", "\"quantity\":1.5")),
            "INVALID_AMOUNT /data/quantity");
  EXPECT_EQ(refused(usage_with("\"data\":", "\"data\":{},\"data\":")), "DUPLICATE_MEMBER /data");
  EXPECT_EQ(
      refused(
          R"({"specversion":"1.0","type":"daybook.UsageVoided","source":"s","id":"i","data":null})"),
      "INVALID_FIELD /data");
  EXPECT_EQ(
      refused(
          R"({"specversion":"1.0","type":"daybook.AccountAdministratorChanged","source":"s","id":"i","data":{"accountId":"a","identityId":"b","previousIdentityId":"c"}})"),
      "INVALID_FIELD /data/previousIdentityId");
  EXPECT_EQ(refused("[]"), "INVALID_FIELD ");
  EXPECT_EQ(refused(std::string(kUsage) + "x"), "MALFORMED_JSON ");
  EXPECT_EQ(
      refused(std::string(1'000'000, '[')), "JSON_TOO_DEEP" + std::string(" ") + [] {
        std::string pointer;
        for (int i = 0; i < 16; ++i) pointer += "/0";
        return pointer;
      }());
}

TEST_F(CloudEvents, ItemsOfTheLogCanBePostedAgainWithTheRightImport) {
  PlainSealer sealer;
  Event original = read(kUsage).value();
  original.envelope.causation = "s i";
  original.envelope.correlation = "c";
  std::string item;
  JsonWriter json(item);
  event_json(original, {17, intake.now, 3}, json);
  EXPECT_EQ(
      item,
      R"({"position":17,"specversion":"1.0","type":"daybook.UsageRecorded","source":"//meter/eu-1","id":"u-000017","time":"2024-03-07T10:00:00Z","recordedAt":"2024-03-08T09:00:00Z","streamType":"UsageLedger","streamId":"sub-01","version":3,"actor":{"keyId":"key-1","identityId":null,"tenantId":null},"causationId":"s i","correlationId":"c","schemaVersion":1,"data":)" +
          item.substr(item.find("\"data\":") + 7));
  EXPECT_EQ(refused(item), "INVALID_FIELD /recordedAt");
  intake.import = true;
  const Result<Event> again = read(item);
  ASSERT_TRUE(again.has_value()) << again.error().detail << again.error().pointer;
  EXPECT_TRUE(same_body(original, *again));
  EXPECT_EQ(refused(usage_with("daybook.UsageRecorded\"", "daybook.ClockAdvanced\"")),
            "INVALID_FIELD /data/subscriptionId");
  EXPECT_EQ(
      refused(
          R"({"specversion":"1.0","type":"daybook.ClockAdvanced","source":"daybook","id":"1","time":"2999-01-01T00:00:00Z","data":{"to":"2999-01-01T00:00:00Z"}})"),
      "accepted");
  EXPECT_EQ(refused(usage_with("\"id\":", R"("position":NaN,"id":)")), "MALFORMED_JSON ");
  EXPECT_EQ(refused(usage_with("\"id\":", R"("position":-03,"id":)")), "MALFORMED_JSON ");
  // An erased value comes back as null.
  EXPECT_EQ(
      refused(
          R"({"specversion":"1.0","type":"daybook.EmailChanged","source":"s","id":"1","data":{"identityId":"i","email":null}})"),
      "accepted");
  intake.import = false;
  EXPECT_EQ(
      refused(
          R"({"specversion":"1.0","type":"daybook.EmailChanged","source":"s","id":"1","data":{"identityId":"i","email":null}})"),
      "INVALID_FIELD /data/email");
}

TEST_F(CloudEvents, ABatchYieldsEveryItemAndGoesOnBehindBadOnes) {
  const std::string good(kUsage);
  const std::string bad = usage_with("\"quantity\":\"24\"", "\"quantity\":1.5");
  const std::string unknown =
      usage_with("\"unit\":\"1 Hour\"", R"("nothing":{"a":[1,{"b":2}],"c":"}"})");
  const std::string twice = usage_with("\"unit\":\"1 Hour\"", R"("nothing":{"a":1,"a":2})");
  const std::string deep = usage_with("\"unit\":\"1 Hour\"",
                                      "\"nothing\":" + std::string(20, '[') + std::string(20, ']'));
  EXPECT_EQ(read_all(BodyForm::Batch, "[" + good + "," + good + "]"), "ok ok ");
  EXPECT_EQ(read_all(BodyForm::Batch, "[]"), "");
  EXPECT_EQ(read_all(BodyForm::Batch, "[" + bad + "," + good + "," + unknown + "," + good + "]"),
            "INVALID_AMOUNT/data/quantity ok INVALID_FIELD/data/nothing ok ");
  EXPECT_EQ(read_all(BodyForm::Batch, "[" + twice + ",17,\"x\",null,[1,[2]]," + good + "]"),
            "DUPLICATE_MEMBER/data/nothing/a INVALID_FIELD INVALID_FIELD INVALID_FIELD "
            "INVALID_FIELD ok ");
  EXPECT_EQ(read_all(BodyForm::Batch, "[" + usage_with("\"24\"", "NaN") + "," + good + "]"),
            "INVALID_AMOUNT/data/quantity ok ");
  EXPECT_EQ(read_all(BodyForm::Batch, "[" + deep + "," + good + "]").substr(0, 13),
            "JSON_TOO_DEEP");
}

TEST_F(CloudEvents, ABatchThatIsNoJsonIsRefusedAsAWhole) {
  const std::string good(kUsage);
  for (const std::string& body :
       {"[" + good, "[" + good + ",", "[" + good + ",]", "[" + good + "," + good.substr(0, 100),
        "[" + good + "]x", "[" + good + "][]", "[" + good + " " + good + "]",
        "[" + usage_with("\"24\"", "tru") + "," + good + "]", std::string(), std::string("["),
        "[" + good + "}", "[\"{a\":1,\"b\":2}," + good + "]", "[{}:" + good + "]",
        "[17 " + good + "]"}) {
    const std::string answer = read_all(BodyForm::Batch, body);
    EXPECT_TRUE(answer.ends_with("! MALFORMED_JSON")) << body << answer;
  }
  EXPECT_EQ(read_all(BodyForm::Batch, good), "! INVALID_FIELD");
  EXPECT_EQ(read_all(BodyForm::Batch, std::string(8 << 20, '[')), "! JSON_TOO_DEEP");
}

/// Storage is used again from one event to the next, values are not.
TEST_F(CloudEvents, AnEventReadOverAnotherHasNothingOfIt) {
  intake.import = true;
  RandomValues values(23);
  for (const EventCodec* table : event_codecs()) {
    std::vector<std::string> bodies;
    std::string batch;
    for (int i = 0; i < 60; ++i) {
      const Event event = random_event(*table, values);
      std::string data;
      JsonWriter writer(data);
      table->to_json(event.data, writer);
      const std::string time = i % 2 == 0 ? R"("time":"2024-03-07T10:00:00Z",)" : "";
      const std::string more = i % 3 == 0 ? R"("more":"than that",)" : "";
      // Now and then one that breaks off in the middle.
      const std::string end = i % 7 == 0 ? R"(,"nothing":1})" : "}";
      bodies.push_back(R"({"specversion":"1.0","type":"daybook.)" + std::string(table->name) +
                       R"(","source":"s","id":"i)" + std::to_string(i) + "\"," + time + more +
                       R"("data":)" + data.substr(0, data.size() - 1) +
                       (data == "{}" && end != "}" ? end.substr(1) : end) + "}");
      batch += (i == 0 ? "[" : ",") + bodies.back();
    }
    batch += "]";
    stream.open(BodyForm::Batch, batch, intake);
    for (const std::string& body : bodies) {
      auto* used = stream.next();
      ASSERT_TRUE(used) << table->name;
      CloudEventStream fresh;
      fresh.open(BodyForm::Single, body, intake);
      auto* expected = fresh.next();
      ASSERT_EQ(used->event.has_value(), expected->event.has_value()) << body;
      if (expected->event) {
        EXPECT_EQ(*used->event, *expected->event) << body;
      } else {
        EXPECT_EQ(used->event.error().pointer, expected->event.error().pointer) << body;
      }
    }
    ASSERT_FALSE(stream.next()) << table->name;
    ASSERT_FALSE(stream.failure()) << table->name;
  }
}

TEST_F(CloudEvents, ABatchHoldsTenThousand) {
  std::string body = "[";
  for (int i = 0; i < 10'000; ++i)
    body +=
        (i == 0 ? "" : ",") +
        std::string(
            R"({"specversion":"1.0","type":"daybook.UsageVoided","source":"s","id":"i","data":{"subscriptionId":"s","usageId":"u","reason":"r"}})");
  stream.open(BodyForm::Batch, body + "]", intake);
  std::size_t count = 0;
  while (auto* item = stream.next()) count += item->event.has_value();
  EXPECT_EQ(count, 10'000U);
  EXPECT_FALSE(stream.failure());
  stream.open(BodyForm::Batch, body + ",{}]", intake);
  while (stream.next()) {
  }
  ASSERT_TRUE(stream.failure());
  EXPECT_EQ(stream.failure()->code, "BODY_TOO_LARGE");
}

TEST_F(CloudEvents, LinesStandAlone) {
  std::string line(kUsage);
  line.erase(line.find('\n'), 1);
  EXPECT_EQ(read_all(BodyForm::Lines, line + "\n" + line + "\r\n\n  \n" + line), "ok ok ok ");
  EXPECT_EQ(read_all(BodyForm::Lines, line + "\n{\n" + line + "x\n" + line + "\n[]\n"),
            "ok MALFORMED_JSON MALFORMED_JSON ok INVALID_FIELD ");
  EXPECT_EQ(read_all(BodyForm::Lines, ""), "");
}

TEST_F(CloudEvents, TheLedgersOwnSourceIsNobodyElses) {
  const std::vector<std::pair<std::string_view, std::string_view>> attributes = {
      {"specversion", "1.0"}, {"type", "daybook.UsageVoided"}, {"source", "daybook"}, {"id", "1"}};
  const std::string_view data = R"({"subscriptionId":"a","usageId":"u","reason":"r"})";
  const auto refused = parse_binary_event(attributes, data, intake);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().pointer, "/source");
  Intake import = intake;
  import.import = true;
  EXPECT_TRUE(parse_binary_event(attributes, data, import).has_value());
}

TEST_F(CloudEvents, TheBinaryForm) {
  const std::vector<std::pair<std::string_view, std::string_view>> attributes = {
      {"specversion", "1.0"},
      {"type", "daybook.UsageVoided"},
      {"source", "s"},
      {"id", "1"},
      {"time", "2024-03-07T10:00:00Z"},
      {"traceparent", "00"}};
  const auto event = parse_binary_event(
      attributes, R"({"subscriptionId":"a","usageId":"u","reason":"r"})", intake);
  ASSERT_TRUE(event.has_value()) << event.error().detail;
  EXPECT_EQ(event->data.get<UsageVoided>().usage_id, "u");
  EXPECT_EQ(event->envelope.extensions.size(), 1U);
  const auto refuse = [&](std::string_view data) {
    const auto result = parse_binary_event(attributes, data, intake);
    return result ? "accepted" : std::string(result.error().code) + " " + result.error().pointer;
  };
  EXPECT_EQ(refuse("{}"), "INVALID_FIELD /data/subscriptionId");
  EXPECT_EQ(refuse("[]"), "INVALID_FIELD /data");
  EXPECT_EQ(refuse("{"), "MALFORMED_JSON ");
  EXPECT_EQ(refuse(""), "MALFORMED_JSON ");
  auto escaped = attributes;
  escaped[3].second = "a%20b%25";
  EXPECT_EQ(parse_binary_event(escaped, R"({"subscriptionId":"a","usageId":"u","reason":"r"})", intake)->envelope.id, "a b%");
  for (const std::string_view broken : {"%", "%2", "%zz", "a%2"}) {
    escaped[3].second = broken;
    const auto result = parse_binary_event(escaped, "{}", intake);
    ASSERT_FALSE(result.has_value()) << broken;
    EXPECT_EQ(result.error().pointer, "/id") << broken;
  }
  const std::vector<std::pair<std::string_view, std::string_view>> few = {{"specversion", "1.0"}};
  EXPECT_EQ(parse_binary_event(few, "{}", intake).error().pointer, "/type");
}

}  // namespace
}  // namespace daybook::codec
