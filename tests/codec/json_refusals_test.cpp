#include <string>

#include <gtest/gtest.h>

#include "ledger/codec/codec.h"
#include "ledger/codec/json_check.h"
#include "ledger/codec/json_reader.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/charge.h"
#include "ledger/domain/facts/policy.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/profile.h"
#include "ledger/domain/facts/usage.h"

namespace daybook::codec {
namespace {

struct Refused {
  std::string code;
  std::string pointer;
  friend bool operator==(const Refused&, const Refused&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Refused& r) {
    return out << r.code << " at '" << r.pointer << "'";
  }
};

/// What the reader of `type` says to `text`.
Refused refused(EventType type, std::string_view text) {
  const Result<EventData> data = codec(type).from_json(text);
  if (data) return {"accepted", ""};
  EXPECT_FALSE(data.error().detail.empty());
  return {std::string(data.error().code), data.error().pointer};
}

/// A usage row with one member more, or another one in its place.
std::string usage_with(std::string_view member) {
  std::string text = R"({"subscriptionId":"sub-01","meterId":"vm-b1s")";
  if (member.find("\"quantity\"") == std::string_view::npos) text += R"(,"quantity":"1")";
  return text + "," + std::string(member) + "}";
}
Refused usage(std::string_view member) {
  return refused(EventType::UsageRecorded, usage_with(member));
}

const Refused kAccepted{"accepted", ""};
const Refused kMalformed{"MALFORMED_JSON", ""};

TEST(JsonRefusals, ATextThatIsNoJsonIsCalledSo) {
  const auto voided = [](std::string_view text) { return refused(EventType::UsageVoided, text); };
  const std::string good = R"({"subscriptionId":"s","usageId":"u","reason":"r"})";
  EXPECT_EQ(voided(good), kAccepted);
  EXPECT_EQ(voided(" \n\t" + good + "\r\n "), kAccepted);
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(voided(good.substr(0, size)), kMalformed) << size;
  for (const char* text : {
           R"({"subscriptionId":"s","usageId":"u","reason":"r"} {})",
           R"({"subscriptionId":"s","usageId":"u","reason":"r"}x)",
           R"({"subscriptionId":"s","usageId":"u","reason":"r",})",
           R"({"subscriptionId":"s",,"usageId":"u","reason":"r"})",
           R"({"subscriptionId":"s" "usageId":"u","reason":"r"})",
           R"({"subscriptionId":"s","usageId":"u","reason":"\x"})",
           R"({"subscriptionId":"s","usageId":"u","reason":"\ud800"})",
           R"({"subscriptionId":"s","usageId":"u","reason":r})",
           R"({'subscriptionId':'s','usageId':'u','reason':'r'})",
           R"({"subscriptionId":"s","usageId":"u","reason":tru})",
           R"({"subscriptionId":"s","usageId":"u","reason":01})",
           R"({"subscriptionId":"s","usageId":"u","reason":"r"}})",
           "{\"subscriptionId\":\"s\",\"usageId\":\"u\",\"reason\":\"a\nb\"}",
           "{\"subscriptionId\":\"s\",\"usageId\":\"u\",\"reason\":\"\xff\"}",
           "\xEF\xBB\xBF{}",
           "",
           " ",
           "nul",
       }) {
    EXPECT_EQ(voided(text), kMalformed) << text;
  }
  // Unvisited parts are looked at too: an unknown member does not hide that this is no JSON.
  EXPECT_EQ(voided(R"({"unknown":{"a":tru}})"), kMalformed);
  EXPECT_EQ(voided(R"({"unknown":[1,2)"), kMalformed);
}

TEST(JsonRefusals, OtherJsonThanAnObject) {
  for (const char* text : {"[]", "null", "17", "\"a\"", "true"}) {
    EXPECT_EQ(refused(EventType::UsageVoided, text).code, "INVALID_FIELD") << text;
  }
}

TEST(JsonRefusals, DeepNesting) {
  const std::string open(17, '[');
  const std::string close(17, ']');
  EXPECT_EQ(usage("\"x\":" + open + close).code, "JSON_TOO_DEEP");
  EXPECT_EQ(usage("\"additionalInfo\":" + open + close).code, "JSON_TOO_DEEP");
  EXPECT_EQ(refused(EventType::UsageVoided, open + close).code, "JSON_TOO_DEEP");
  EXPECT_EQ(refused(EventType::UsageVoided, std::string(1'000'000, '[')).code, "JSON_TOO_DEEP");
}

TEST(JsonRefusals, UnknownMissingAndDoubleMembers) {
  EXPECT_EQ(usage(R"("quantitee":1)"), (Refused{"INVALID_FIELD", "/quantitee"}));
  EXPECT_EQ(usage(R"("a/b~c":1)"), (Refused{"INVALID_FIELD", "/a~1b~0c"}));
  EXPECT_EQ(usage(R"("__proto__":1)"), (Refused{"INVALID_FIELD", "/__proto__"}));
  EXPECT_EQ(usage(R"("Unit":"h")"), (Refused{"INVALID_FIELD", "/Unit"}));
  EXPECT_EQ(usage(R"("unit ":"h")"), (Refused{"INVALID_FIELD", "/unit "}));
  EXPECT_EQ(usage(R"("uni":"h")"), (Refused{"INVALID_FIELD", "/uni"}));
  EXPECT_EQ(usage(R"("unit":"h","unit":"h")"), (Refused{"DUPLICATE_MEMBER", "/unit"}));
  EXPECT_EQ(usage("\"unit\":\"h\",\"\\u0075nit\":\"h\""), (Refused{"DUPLICATE_MEMBER", "/unit"}));
  EXPECT_EQ(usage("\"\\u0075nit\":\"h\""), kAccepted);
  EXPECT_EQ(usage(R"("tags":{"a":"1","a":"2"})"), (Refused{"DUPLICATE_MEMBER", "/tags/a"}));
  EXPECT_EQ(usage(R"("unknown":{"b":1,"b":2})"), (Refused{"DUPLICATE_MEMBER", "/unknown/b"}));
  EXPECT_EQ(refused(EventType::UsageVoided, R"({"subscriptionId":"s","usageId":"u"})"),
            (Refused{"INVALID_FIELD", "/reason"}));
  EXPECT_EQ(refused(EventType::UsageVoided, "{}"), (Refused{"INVALID_FIELD", "/subscriptionId"}));
  EXPECT_EQ(
      refused(
          EventType::PriceChanged,
          R"({"meterId":"m","currency":"EUR","effectiveOn":"2024-01-01","tiers":[{"from":"0","unitPrice":"1"},{"from":"5"}]})"),
      (Refused{"INVALID_FIELD", "/tiers/1/unitPrice"}));
}

TEST(JsonRefusals, WrongTypes) {
  EXPECT_EQ(usage(R"("unit":17)"), (Refused{"INVALID_FIELD", "/unit"}));
  EXPECT_EQ(usage(R"("unit":{})"), (Refused{"INVALID_FIELD", "/unit"}));
  EXPECT_EQ(usage(R"("isCreditEligible":"true")"), (Refused{"INVALID_FIELD", "/isCreditEligible"}));
  EXPECT_EQ(usage(R"("tags":[])"), (Refused{"INVALID_FIELD", "/tags"}));
  EXPECT_EQ(usage(R"("tags":{"a":null})"), (Refused{"INVALID_FIELD", "/tags/a"}));
  EXPECT_EQ(usage(R"("quantity":true)"), (Refused{"INVALID_FIELD", "/quantity"}));
  EXPECT_EQ(usage(R"("quantity":null)"), (Refused{"INVALID_FIELD", "/quantity"}));
  EXPECT_EQ(usage(R"("quantity":[1])"), (Refused{"INVALID_FIELD", "/quantity"}));
  EXPECT_EQ(usage(R"("chargeType":"Gift")"), (Refused{"INVALID_FIELD", "/chargeType"}));
  EXPECT_EQ(usage(R"("chargeType":1)"), (Refused{"INVALID_FIELD", "/chargeType"}));
  EXPECT_EQ(usage(R"("unit":null,"tags":null,"cost":null)"), kAccepted);
  const auto day = [](std::string_view value) {
    return refused(EventType::InvoiceDayChanged,
                   R"({"profileId":"p","newValue":)" + std::string(value) + "}");
  };
  EXPECT_EQ(day("5"), kAccepted);
  for (const char* value : {"5.0", "1e1", "-0", "2147483648", "\"5\"", "true", "null"}) {
    EXPECT_EQ(day(value), (Refused{"INVALID_FIELD", "/newValue"})) << value;
  }
}

TEST(JsonRefusals, AmountsThatAreNotExact) {
  const auto quantity = [](std::string_view value) {
    return usage("\"quantity\":" + std::string(value));
  };
  for (const char* value :
       {"24", "-3", "0", "9223372036854775807", "9223372036854775808",
        "-18446744073709551616", "\"24\"", "\"1e2\"", "\"-0.5\"", "\"00.10\""}) {
    EXPECT_EQ(quantity(value), kAccepted) << value;
  }
  for (const char* value : {"1.5",
                            "1e2",
                            "1E2",
                            "-0",
                            "1e400",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "\"1,00\"",
                            "\"\xD9\xA3\"",
                            "\"\"",
                            "\" 1\"",
                            "\"+1\"",
                            "\".5\"",
                            "\"1.\"",
                            "\"NaN\"",
                            "\"0x10\"",
                            "\"1e400\""}) {
    EXPECT_EQ(quantity(value), (Refused{"INVALID_AMOUNT", "/quantity"})) << value;
  }
  EXPECT_EQ(quantity(std::string(38, '9')), kAccepted);
  EXPECT_EQ(quantity("-" + std::string(38, '9')), kAccepted);
  EXPECT_EQ(quantity("1" + std::string(37, '0')), kAccepted);
  EXPECT_EQ(quantity(std::string(39, '9')), (Refused{"INVALID_AMOUNT", "/quantity"}));
  EXPECT_EQ(quantity(std::string(10'000, '9')), (Refused{"INVALID_AMOUNT", "/quantity"}));
  EXPECT_EQ(quantity("\"" + std::string(39, '9') + "\""), (Refused{"INVALID_AMOUNT", "/quantity"}));
}

TEST(JsonRefusals, Money) {
  const auto amount = [](std::string_view value) {
    return refused(EventType::PurchaseCharged,
                   R"({"chargeId":"c","kind":"Marketplace","amount":)" + std::string(value) + "}");
  };
  EXPECT_EQ(amount(R"({"amount":"12.34","currency":"EUR"})"), kAccepted);
  EXPECT_EQ(amount(R"({"currency":"JPY","amount":12})"), kAccepted);
  EXPECT_EQ(amount(R"({"amount":"1.50","currency":"JPY"})"),
            (Refused{"INVALID_AMOUNT", "/amount/amount"}));
  EXPECT_EQ(amount(R"({"amount":"1.234","currency":"EUR"})"),
            (Refused{"INVALID_AMOUNT", "/amount/amount"}));
  EXPECT_EQ(amount(R"({"amount":"9223372036854775808","currency":"JPY"})"),
            (Refused{"AMOUNT_OUT_OF_RANGE", "/amount/amount"}));
  for (const char* currency : {"usd", "XXX", "BTC", "", "EURO"}) {
    EXPECT_EQ(amount(R"({"amount":"1","currency":")" + std::string(currency) + "\"}"),
              (Refused{"INVALID_CURRENCY", "/amount/currency"}))
        << currency;
  }
  EXPECT_EQ(amount(R"({"amount":"1"})"), (Refused{"INVALID_FIELD", "/amount/currency"}));
  EXPECT_EQ(amount(R"({"amount":"1","currency":"EUR","tax":1})"),
            (Refused{"INVALID_FIELD", "/amount/tax"}));
  EXPECT_EQ(amount(R"({"amount":"1","amount":"1000","currency":"EUR"})"),
            (Refused{"DUPLICATE_MEMBER", "/amount/amount"}));
  EXPECT_EQ(amount(R"("12.34")"), (Refused{"INVALID_FIELD", "/amount"}));
}

TEST(JsonRefusals, TimesAndIdentifiers) {
  for (const char* date :
       {"2024-02-30", "2024-3-5", "20240305", "2024-03-05T00:00:00Z", "", "0000-01-01"}) {
    EXPECT_EQ(usage("\"usageDate\":\"" + std::string(date) + "\""),
              (Refused{"INVALID_TIME", "/usageDate"}))
        << date;
  }
  EXPECT_EQ(usage(R"("usageDate":20240305)"), (Refused{"INVALID_FIELD", "/usageDate"}));
  for (const std::string& id : {std::string(), std::string("a b"), std::string("a/b"),
                                std::string("é"), std::string(129, 'a')}) {
    EXPECT_EQ(refused(EventType::UsageVoided,
                      R"({"subscriptionId":")" + id + R"(","usageId":"u","reason":"r"})"),
              (Refused{"INVALID_IDENTIFIER", "/subscriptionId"}))
        << id;
  }
}

TEST(JsonRefusals, Strings) {
  const auto unit = [](const std::string& value) { return usage("\"unit\":\"" + value + "\""); };
  EXPECT_EQ(unit(std::string(65'536, 'x')), kAccepted);
  EXPECT_EQ(unit(std::string(65'537, 'x')), (Refused{"INVALID_STRING", "/unit"}));
  EXPECT_EQ(unit("\\u0000"), (Refused{"INVALID_STRING", "/unit"}));
  EXPECT_EQ(unit("\\u001b[31m"), (Refused{"INVALID_STRING", "/unit"}));
  EXPECT_EQ(unit("\x7f"), (Refused{"INVALID_STRING", "/unit"}));
  EXPECT_EQ(unit("two\\nlines\\tand a tab"), kAccepted);
  EXPECT_EQ(unit("\\ud83e\\uddfe"), kAccepted);
  EXPECT_EQ(usage(R"("tags":{"a\u0007":"1"})").code, "INVALID_STRING");
  EXPECT_EQ(refused(EventType::UsageVoided, R"({"subscriptionId":"s","usageId":"u","reason":""})"),
            (Refused{"INVALID_STRING", "/reason"}));
  EXPECT_EQ(refused(EventType::PoNumberChanged, R"({"profileId":"p","newValue":""})"), kAccepted);
}

TEST(JsonRefusals, TooManyMembers) {
  const auto tags = [](int count) {
    std::string text = "\"tags\":{";
    for (int i = 0; i < count; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":\"\"";
    return usage(text + "}");
  };
  EXPECT_EQ(tags(9'000), kAccepted);
  EXPECT_EQ(tags(10'001).code, "TOO_MANY_MEMBERS");
}

TEST(JsonRefusals, AnyJsonIsKeptWithoutWhiteSpace) {
  const auto kept = [](std::string_view value) {
    const auto data = codec(EventType::PolicyChanged)
                          .from_json(R"({"policy":"p","value":)" + std::string(value) + "}");
    return data ? data->get<PolicyChanged>().value.text : std::string(data.error().code);
  };
  EXPECT_EQ(kept(R"( { "b" : [ 1 , 2.50 ] , "a" : " x " } )"), R"({"b":[1,2.50],"a":" x "})");
  EXPECT_EQ(kept("false"), "false");
  EXPECT_EQ(kept("null"), "null");
  EXPECT_EQ(kept("1e400"), "1e400");
  EXPECT_EQ(kept("NaN"), "MALFORMED_JSON");
  EXPECT_EQ(kept(R"({"a":1,"a":2})"), "DUPLICATE_MEMBER");
  for (const char* none :
       {"[1,2", "-03", "01", "1 2", "tru", "truee", "\"a\" \"b\"", "1.", "[1]2", "{}{}"}) {
    EXPECT_EQ(kept(none), "MALFORMED_JSON") << none;
  }
  EXPECT_EQ(kept("\"" + std::string(70'000, 'x') + "\""), "INVALID_STRING");
}

TEST(JsonRefusals, Base64) {
  const auto content = [](std::string_view value) {
    return refused(EventType::KeyCreated,
                   R"({"keyId":"k","name":"n","rights":["act-as"],"secretHash":")" +
                       std::string(value) + "\"}");
  };
  EXPECT_EQ(content(""), kAccepted);
  EXPECT_EQ(content("AAECAw=="), kAccepted);
  for (const char* value : {"AAECAw", "AAECAx==", "AAEC Aw=", "A===", "====", "AA==AAEC", "_-_-"}) {
    EXPECT_EQ(content(value), (Refused{"INVALID_FIELD", "/secretHash"})) << value;
  }
}

/// Whatever bytes come: what the fast reader accepts, the strict check accepts too.
TEST(JsonRefusals, NothingIsAcceptedThatIsNoJson) {
  RandomValues values(41);
  JsonReader reader;
  std::size_t accepted = 0;
  for (int i = 0; i < 100'000; ++i) {
    const EventCodec& table = *event_codecs()[values.below(event_codecs().size())];
    std::string text;
    JsonWriter json(text);
    table.to_json(table.random(values), json);
    for (std::size_t changes = 1 + values.below(3); changes > 0 && !text.empty(); --changes) {
      static constexpr std::string_view kLikely = "{}[]:,\"\\ 0-.etrufalsn\n\x01\xff";
      const std::size_t at = values.below(text.size());
      switch (values.below(3)) {
        case 0:
          text[at] = kLikely[values.below(kLikely.size())];
          break;
        case 1:
          text.insert(at, 1, kLikely[values.below(kLikely.size())]);
          break;
        default:
          text.erase(at, 1 + values.below(3));
          break;
      }
    }
    EventData data = table.make();
    const Result<void> read = reader.read(*table.info, data.raw(), text);
    const JsonCheck checked = check_json(text);
    if (read) {
      ++accepted;
      ASSERT_FALSE(checked.error) << text << checked.error->detail;
      ASSERT_EQ(checked.end, text.size()) << text;
    } else if (checked.error && checked.error->code == "MALFORMED_JSON") {
      ASSERT_EQ(read.error().code, "MALFORMED_JSON") << text;
      ASSERT_EQ(read.error().pointer, "");
    }
  }
  EXPECT_GT(accepted, 1'000U);
}

}  // namespace
}  // namespace daybook::codec
