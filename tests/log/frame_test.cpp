#include "ledger/log/frame.h"

#include <cstring>

#include <gtest/gtest.h>

#include "ledger/log/bytes.h"
#include "ledger/log/crc32c.h"
#include "ledger/log/frame_head.h"
#include "ledger/log/rng.h"
#include "tests/log/log_fixture.h"

namespace daybook::log {
namespace {

using testing::Group;
using testing::random_group;

/// A frame of `group` as bytes of its own.
std::vector<std::byte> frame_of(const Group& group, Codec codec, bool ends_group, Position first = 1) {
  FrameWriter writer(codec);
  writer.begin(first, 1'700'000'000'000'000);
  for (const NewRecord& record : group.records()) {
    EXPECT_TRUE(writer.has_room(record.event.size()));
    writer.add(record);
  }
  const GroupEnd end{.epoch = 3, .first = first, .chain = sha256({})};
  const Bytes value = writer.finish(ends_group ? &end : nullptr);
  return {value.begin(), value.end()};
}

/// Whatever the bytes are: an answer, not a crash.
void read_all(Bytes key, Bytes value) {
  FrameReader reader;
  if (const auto head = read_frame_head(key, value)) {
    static_cast<void>(reader.records(*head, value));
  }
}

/// Makes the checksum right again, so that damage is met behind it.
void seal(Bytes key, std::vector<std::byte>& value) {
  if (value.size() >= kFrameHeadBytes) {
    store(value.data() + layout::kChecksum, row_checksum(key, value));
  }
}

TEST(Crc32c, IsCastagnolisByInstructionAndByTable) {
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xE3069283u);
  EXPECT_EQ(crc32c_by_table(as_bytes("123456789")), 0xE3069283u);
  SeededRng rng(4);
  std::vector<std::byte> bytes(300);
  rng.fill(bytes);
  for (std::size_t from = 0; from < bytes.size(); ++from) {
    const Bytes part = Bytes(bytes).subspan(from);
    ASSERT_EQ(crc32c(part), crc32c_by_table(part));
    ASSERT_EQ(crc32c(part, crc32c(Bytes(bytes).first(from))), crc32c(bytes));
  }
}

TEST(Frame, GivesBackWhatWasPutIn) {
  const Group group = random_group(1, 200);
  const auto wanted = group.records();
  for (const Codec codec : {Codec::Raw, Codec::Zstd, Codec::Lz4}) {
    for (const bool ends : {false, true}) {
      const auto value = frame_of(group, codec, ends, 77);
      const auto head = read_frame_head(key_of(77), value);
      ASSERT_TRUE(head);
      EXPECT_EQ(head->codec, codec);
      EXPECT_EQ(head->ends_group, ends);
      EXPECT_EQ(head->last(), 276u);
      EXPECT_EQ(head->recorded_at, 1'700'000'000'000'000);
      FrameReader reader;
      const auto records = reader.records(*head, value);
      ASSERT_TRUE(records);
      ASSERT_EQ(records->size(), wanted.size());
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        const RecordView& record = (*records)[i];
        EXPECT_EQ(record.position, 77 + i);
        EXPECT_EQ(record.stream, wanted[i].stream);
        EXPECT_EQ(record.version, wanted[i].version);
        EXPECT_EQ(record.type, wanted[i].type);
        EXPECT_EQ(record.code, wanted[i].code);
        EXPECT_EQ(as_text(record.event), as_text(wanted[i].event));
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(record.event.data()) % 8, 0u);
      }
    }
  }
}

TEST(Frame, SmallFramesAndThoseThatDoNotShrinkStayAsTheyAre) {
  const auto small = frame_of(random_group(1, 5), Codec::Zstd, true);
  EXPECT_EQ(read_frame_head(key_of(1), small)->codec, Codec::Raw);
  SeededRng rng(1);
  std::string noise(30'000, '\0');
  rng.fill(std::as_writable_bytes(std::span(noise)));
  const auto incompressible = frame_of(Group().add(noise), Codec::Zstd, true);
  EXPECT_EQ(read_frame_head(key_of(1), incompressible)->codec, Codec::Raw);
}

TEST(Frame, TheByteLayoutIsThatOfTheReference) {
  const auto value = frame_of(Group().add("abc", 65).add("defghijkl", 2), Codec::Raw, true, 5);
  EXPECT_EQ(hex(key_of(5)), "00000000000000000005");
  const std::string text = hex(value);
  EXPECT_EQ(text.substr(0, 56),
            "01" "00" "0100" "02000000" "38000000" "00401e18240a0600" "0600000000000000");
  EXPECT_EQ(text.substr(64, 16), "0300000000000000");
  EXPECT_EQ(text.substr(80, 16), "0500000000000000");
  EXPECT_EQ(text.substr(160),
            "03000000" "00000000" "00000000" "4100" "00" "00" "6162630000000000"
            "09000000" "01000000" "01000000" "0200" "01" "00" "6465666768696a6b6c00000000000000");
}

TEST(Frame, EveryTruncationIsRefused) {
  for (const Codec codec : {Codec::Raw, Codec::Zstd, Codec::Lz4}) {
    for (const bool ends : {false, true}) {
      const auto whole = frame_of(random_group(2, 60), codec, ends);
      const Key key = key_of(1);
      for (std::size_t size = 0; size < whole.size(); ++size) {
        std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        ASSERT_FALSE(read_frame_head(key, cut)) << size;
        // And where somebody made the checksum fit: refused by the head or by the records.
        seal(key, cut);
        const auto head = read_frame_head(key, cut);
        if (head) {
          FrameReader reader;
          ASSERT_FALSE(reader.records(*head, cut)) << size;
        }
      }
    }
  }
}

TEST(Frame, EveryFlippedBitIsRefused) {
  const Key key = key_of(1);
  auto value = frame_of(random_group(3, 6), Codec::Raw, true);
  for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
    value[bit / 8] ^= static_cast<std::byte>(1u << (bit % 8));
    ASSERT_FALSE(read_frame_head(key, value)) << bit;
    value[bit / 8] ^= static_cast<std::byte>(1u << (bit % 8));
  }
  EXPECT_TRUE(read_frame_head(key, value));
  EXPECT_FALSE(read_frame_head(key_of(2), value));  // a row in another's place
}

TEST(Frame, AnyBytesBehindARightChecksumAreReadWithoutHarm) {
  SeededRng rng(8);
  const Key key = key_of(1);
  for (int round = 0; round < 4'000; ++round) {
    const auto codec = static_cast<Codec>(rng.below(3));
    auto value = frame_of(random_group(rng.u64(), 1 + rng.below(40)), codec, rng.below(2) == 0);
    for (std::uint64_t edits = 1 + rng.below(6); edits > 0; --edits) {
      const std::size_t at = rng.below(2) == 0 ? rng.below(96) : rng.below(value.size());
      if (at < value.size()) {
        value[at] = static_cast<std::byte>(rng.below(3) == 0 ? 0xFF : rng.below(256));
      }
    }
    seal(key, value);
    read_all(key, value);
  }
}

TEST(Frame, AHigherFormatIsNamedAsSuch) {
  const Key key = key_of(1);
  auto value = frame_of(random_group(1, 3), Codec::Raw, true);
  value[layout::kFormat] = std::byte{2};
  seal(key, value);
  EXPECT_EQ(read_frame_head(key, value).error().code, "LOG_FORMAT_NEWER");
}

}  // namespace
}  // namespace daybook::log
