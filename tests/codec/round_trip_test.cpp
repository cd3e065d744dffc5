#include <gtest/gtest.h>

#include "ledger/codec/codec.h"
#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"
#include "ledger/codec/json_reader.h"
#include "ledger/codec/json_values.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

/// Over all types together, in every test below.
constexpr std::size_t kRounds = 100'000;

TEST(RoundTrip, EveryEventTypeAndCommandTypeHasItsTable) {
  EXPECT_EQ(event_codecs().size(), kEventTypes.size());
  EXPECT_EQ(command_codecs().size(), kCommandTypes.size());
  for (const EventTypeEntry& entry : kEventTypes) {
    const EventCodec& table = codec(entry.type);
    EXPECT_EQ(table.name, entry.name);
    EXPECT_EQ(table.info->name, entry.name);
    EXPECT_EQ(table.stream, entry.stream);
  }
  for (const CommandTypeEntry& entry : kCommandTypes)
    EXPECT_EQ(codec(entry.type).info->name, entry.name);
}

TEST(RoundTrip, EncodedEventsDecodeToTheSame) {
  PlainSealer sealer;
  RandomValues values(1);
  Buffer bytes;
  Buffer again;
  for (std::size_t i = 0; i < kRounds; ++i) {
    const EventCodec& table = *event_codecs()[i % event_codecs().size()];
    const Event event = random_event(table, values);
    bytes.clear();
    ASSERT_TRUE(encode_event(event, sealer, bytes).has_value());
    const Result<Event> decoded = decode_event(bytes.bytes(), &sealer);
    ASSERT_TRUE(decoded.has_value())
        << table.name << " " << decoded.error().detail << decoded.error().pointer;
    ASSERT_EQ(decoded->envelope, event.envelope) << table.name;
    ASSERT_EQ(decoded->data, event.data) << table.print(event.data) << "\n"
                                         << table.print(decoded->data);
    // Sealed forms are kept, so that the same value gives the same bytes.
    again.clear();
    ASSERT_TRUE(encode_event(*decoded, sealer, again).has_value());
    ASSERT_EQ(again.view(), bytes.view()) << table.name;
    const EventView view(bytes.bytes());
    ASSERT_EQ(view.type(), table.type);
    ASSERT_EQ(view.source(), event.envelope.source);
    ASSERT_EQ(view.id(), event.envelope.id);
    ASSERT_EQ(view.tenant(), event.envelope.tenant.value_or(""));
    ASSERT_EQ(view.has_tenant(), event.envelope.tenant.has_value());
    ASSERT_EQ(view.time(), event.envelope.time);
    ASSERT_EQ(view.time_from_clock(), event.envelope.time_from_clock);
    ASSERT_EQ(view.correlation(), event.envelope.correlation.value_or(""));
    ASSERT_EQ(view.has_idempotency(), event.envelope.idempotency.has_value());
    if (event.envelope.idempotency) {
      ASSERT_EQ(view.idempotency_owner(), event.envelope.idempotency->owner);
      ASSERT_EQ(view.idempotency_key(), event.envelope.idempotency->key);
      ASSERT_EQ(view.idempotency_digest(), event.envelope.idempotency->digest);
    }
  }
}

TEST(RoundTrip, JsonReadsBackWhatItWrote) {
  RandomValues values(2);
  const std::size_t types = event_codecs().size() + command_codecs().size();
  JsonReader reader;
  std::string text;
  std::string again;
  for (std::size_t i = 0; i < kRounds; ++i) {
    const std::size_t which = i % types;
    const auto check = [&](const auto& table) {
      const auto data = table.random(values);
      text.clear();
      JsonWriter json(text);
      table.to_json(data, json);
      auto read = table.make();
      const Result<void> done = reader.read(*table.info, read.raw(), text);
      ASSERT_TRUE(done.has_value()) << table.name << " " << done.error().code << " "
                                    << done.error().pointer << " " << done.error().detail << "\n"
                                    << text;
      ASSERT_TRUE(read == data) << text << "\n" << differences(*table.info, read.raw(), data.raw());
      again.clear();
      JsonWriter second(again);
      table.to_json(read, second);
      ASSERT_EQ(again, text);
    };
    if (which < event_codecs().size()) {
      check(*event_codecs()[which]);
    } else {
      check(*command_codecs()[which - event_codecs().size()]);
    }
    if (HasFatalFailure()) return;
  }
}

TEST(RoundTrip, EqualValuesHaveEqualBytes) {
  // Built in another way, and with a buffer that was used before.
  PlainSealer sealer;
  for (const EventCodec* table : event_codecs()) {
    RandomValues first(7);
    RandomValues second(7);
    Buffer fresh;
    Buffer used;
    used.append(std::string(999, '\xff'));
    used.clear();
    ASSERT_TRUE(encode_event(random_event(*table, first), sealer, fresh).has_value());
    const Event copy = random_event(*table, second);
    const Event moved = Event{copy.envelope, EventData(copy.data)};
    ASSERT_TRUE(encode_event(moved, sealer, used).has_value());
    EXPECT_EQ(fresh.view(), used.view()) << table->name;
  }
}

TEST(RoundTrip, AppendedEventsBeginAtMultiplesOfEight) {
  PlainSealer sealer;
  RandomValues values(3);
  Buffer all;
  for (int i = 0; i < 200; ++i) {
    const EventCodec& table = *event_codecs()[static_cast<std::size_t>(i) % event_codecs().size()];
    const Event event = random_event(table, values);
    Buffer alone;
    ASSERT_TRUE(encode_event(event, sealer, alone).has_value());
    all.append("x");
    ASSERT_TRUE(encode_event(event, sealer, all).has_value());
    const std::size_t begin = all.size() - alone.size();
    EXPECT_EQ(begin % 8, 0U);
    EXPECT_EQ(all.view().substr(begin), alone.view());
  }
}

}  // namespace
}  // namespace daybook::codec
