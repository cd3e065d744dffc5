#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/codec/cloudevents.h"
#include "ledger/codec/intake.h"
#include "ledger/domain/facts/usage.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

/// Decodes a copy that ends where its memory ends, so that a sanitizer sees every byte read beyond.
Result<Event> decode_exactly(std::string_view bytes) {
  const std::vector<std::byte> copy(as_bytes(bytes).begin(), as_bytes(bytes).end());
  return decode_event(copy, nullptr);
}

std::string encoded(const EventCodec& table, RandomValues& values) {
  PlainSealer sealer;
  Buffer bytes;
  EXPECT_TRUE(encode_event(random_event(table, values), sealer, bytes).has_value());
  return std::string(bytes.view());
}

const EventCodec& any_table(RandomValues& values) {
  return *event_codecs()[values.below(event_codecs().size())];
}

TEST(HostileBytes, RandomBytesAreRefused) {
  RandomValues values(21);
  for (int i = 0; i < 50'000; ++i) {
    std::string bytes(values.below(300), '\0');
    for (char& byte : bytes)
      byte = static_cast<char>(values.one_in(3) ? values.below(16) : values.u64());
    const Result<Event> decoded = decode_exactly(bytes);
    EXPECT_TRUE(decoded || !decoded.error().code.empty());
  }
}

TEST(HostileBytes, EveryTruncationIsRefused) {
  RandomValues values(22);
  for (int i = 0; i < 300; ++i) {
    const std::string whole = encoded(any_table(values), values);
    if (whole.size() > 4'000) continue;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Result<Event> decoded = decode_exactly(std::string_view(whole).substr(0, size));
      // What was cut off may have been a string's last NULs and padding; nothing else.
      EXPECT_TRUE(!decoded || size + 8 >= whole.size());
    }
  }
}

TEST(HostileBytes, MutationsGiveAnEventOrAnError) {
  RandomValues values(23);
  PlainSealer sealer;
  Buffer again;
  std::size_t survived = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string bytes = encoded(any_table(values), values);
    for (std::size_t changes = 1 + values.below(4); changes > 0; --changes) {
      const std::size_t at = values.below(bytes.size());
      switch (values.below(3)) {
        case 0:
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << values.below(8)));
          break;
        case 1:
          bytes[at] = static_cast<char>(values.u64());
          break;
        default: {
          // Offsets and lengths are what leads a reader astray.
          const std::uint32_t word =
              static_cast<std::uint32_t>(values.one_in(2) ? values.below(64) : values.u64());
          const std::size_t place =
              (at & ~std::size_t{3}) + 4 <= bytes.size() ? at & ~std::size_t{3} : 0;
          std::memcpy(bytes.data() + place, &word, sizeof word);
        }
      }
    }
    const Result<Event> decoded = decode_exactly(bytes);
    if (!decoded) continue;
    ++survived;
    // What is accepted can be written and read again.
    again.clear();
    ASSERT_TRUE(encode_event(*decoded, sealer, again).has_value());
    const Result<Event> second = decode_event(again.bytes(), nullptr);
    ASSERT_TRUE(second.has_value());
    ASSERT_EQ(*second, *decoded);
  }
  EXPECT_GT(survived, 1'000U);  // else the mutations would test nothing but the first check
}

TEST(HostileBytes, OffsetsBackIntoTheSameThingDoNotUnfold) {
  // An array whose elements all are the same long string: short bytes, endless text.
  Buffer bytes;
  PlainSealer sealer;
  Event event;
  event.envelope.source = "s";
  event.envelope.id = "i";
  UsageRecorded usage;
  usage.subscription_id = SubscriptionId("a");
  usage.meter_id = MeterId("m");
  for (int i = 0; i < 2'000; ++i) usage.tags[std::to_string(i)] = "";
  usage.tags["long"] = std::string(60'000, 'x');
  event.data = usage;
  ASSERT_TRUE(encode_event(event, sealer, bytes).has_value());
  std::string text(bytes.view());
  // Find the vector of entries: 2,001 offsets in a row.
  const std::uint32_t count = 2'001;
  std::size_t at = 0;
  for (std::size_t i = 0; i + 4 <= text.size(); i += 4) {
    std::uint32_t word = 0;
    std::memcpy(&word, text.data() + i, 4);
    if (word == count) at = i + 4;
  }
  ASSERT_NE(at, 0U);
  const auto last = static_cast<std::uint32_t>(at + 4 * (count - 1));
  std::uint32_t offset = 0;
  std::memcpy(&offset, text.data() + last, 4);
  const std::uint32_t target = last + offset;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t slot = static_cast<std::uint32_t>(at + 4 * i);
    const std::uint32_t relative = target - slot;
    std::memcpy(text.data() + slot, &relative, 4);
  }
  const Result<Event> decoded = decode_exactly(text);
  ASSERT_FALSE(decoded.has_value());
}

TEST(HostileBytes, UnknownFieldsAndTypesAreRefused) {
  Buffer bytes;
  FlatbuffersWriter writer(bytes);
  const std::string text = "x";
  writer.fields(writer.begin_root(), FlatbuffersWriter::kNone, std::uint16_t{1},
                std::optional<std::string>(), text, text, Instant{}, false, std::uint8_t{0},
                std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{9},
                text, text);
  EXPECT_FALSE(decode_event(bytes.bytes(), nullptr).has_value());
}

}  // namespace
}  // namespace daybook::codec
