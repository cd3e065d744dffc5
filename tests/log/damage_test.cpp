#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include <rocksdb/db.h>
#include <rocksdb/file_system.h>

#include "ledger/log/bytes.h"
#include "ledger/log/frame.h"
#include "ledger/log/log.h"
#include "ledger/log/profile.h"
#include "tests/log/log_fixture.h"

/// Damage on disk is met with a refusal or an error, never with a shorter or another log.
namespace daybook::log {
namespace {

namespace fs = std::filesystem;
using testing::open_log;
using testing::random_group;
using testing::read_bytes;
using testing::small_options;
using testing::TemporaryDirectory;
using testing::transcript;
using testing::write_bytes;

enum class File { Wal, Sst, Manifest, Current, Witness };
enum class Damage { Flip, Cut, Zero };

constexpr std::array kFiles = {File::Wal, File::Sst, File::Manifest, File::Current, File::Witness};
constexpr std::array kDamages = {Damage::Flip, Damage::Cut, Damage::Zero};

class DamageTest : public ::testing::Test {
 protected:
  DamageTest() {
    Options options = small_options(original().string());
    options.open_views = false;
    options.write_buffer_bytes = 64u << 10;
    options.codec = Codec::Raw;
    const auto log = open_log(options);
    // Some of it in sorted files, the rest in the write-ahead log alone.
    for (std::uint64_t i = 0; i < 40; ++i) {
      log->append(random_group(i, 25).records(), static_cast<std::int64_t>(i));
    }
    intact_ = transcript(*log);
  }

  [[nodiscard]] fs::path original() const { return directory_.path("original"); }
  [[nodiscard]] fs::path copy() const { return directory_.path("copy"); }

  void make_copy() const {
    fs::remove_all(copy());
    fs::copy(original(), copy(), fs::copy_options::recursive);
    for (const fs::path& path : {copy(), copy() / "keys"}) {
      fs::permissions(path, fs::perms::owner_all);
    }
  }

  /// The copy's files of that kind that hold anything, in order of name.
  [[nodiscard]] std::vector<fs::path> files_of(File file) const {
    if (file == File::Witness) {
      return {copy() / "witness"};
    }
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(copy() / "log")) {
      const std::string name = entry.path().filename().string();
      const bool is_it = file == File::Wal        ? name.ends_with(".log")
                         : file == File::Sst      ? name.ends_with(".sst")
                         : file == File::Manifest ? name.starts_with("MANIFEST")
                                                  : name == "CURRENT";
      if (is_it && entry.file_size() > 0) {
        found.push_back(entry.path());
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  /// What became of the damaged copy: "refused 76", "error", "identical", or "SILENT".
  [[nodiscard]] std::string outcome() const {
    SystemClock clock;
    SystemRng rng;
    bool stopped = false;
    Options options = small_options(copy().string());
    options.open_views = false;
    options.on_io_failure = [&](const IoFailure&) { stopped = true; };
    const auto log = Log::open(options, {nullptr, &clock, &rng});
    if (!log) {
      EXPECT_FALSE(log.error().detail.empty());
      return "refused " + std::to_string(static_cast<int>(log.error().exit_code));
    }
    const std::string found = transcript(**log);
    if (stopped) {
      return "refused 74";
    }
    if (found == intact_) {
      return (*log)->verify() ? "identical" : "SILENT";
    }
    return found.find("error: ") != std::string::npos ? "error" : "SILENT";
  }

  TemporaryDirectory directory_{TemporaryDirectory::In::Memory};
  std::string intact_;
};

void damage(const fs::path& file, Damage how, Rng& rng) {
  std::string bytes = read_bytes(file);
  const std::size_t at = rng.u64() % bytes.size();
  switch (how) {
    case Damage::Flip:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << (rng.u64() % 8)));
      break;
    case Damage::Cut:
      bytes.resize(at);
      break;
    case Damage::Zero:
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                  std::min<std::size_t>(512, bytes.size() - at), '\0');
      break;
  }
  write_bytes(file, bytes);
}

TEST_F(DamageTest, TwoHundredSeededDamagesNeverOpenSilentlyShort) {
  std::map<std::string, int> tally;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SeededRng rng(seed);
    make_copy();
    const File kind = kFiles[seed % kFiles.size()];
    const Damage how = kDamages[seed / kFiles.size() % kDamages.size()];
    const auto files = files_of(kind);
    ASSERT_FALSE(files.empty());
    const fs::path file = files[rng.below(files.size())];
    damage(file, how, rng);
    const std::string what = outcome();
    ++tally[what];
    ASSERT_NE(what, "SILENT") << "seed " << seed << " " << file;
    ASSERT_NE(what, "refused 1") << "seed " << seed << " " << file;
    if (kind == File::Witness) {
      ASSERT_EQ(what, "identical") << "the other slot is enough; seed " << seed;
    }
  }
  for (const auto& [what, count] : tally) {
    RecordProperty(what, std::to_string(count));
  }
  EXPECT_GT(tally["refused 76"], 20);
  EXPECT_GT(tally["refused 77"], 0);
}

TEST_F(DamageTest, AMissingFileIsNeverMissed) {
  for (const File kind : {File::Wal, File::Sst, File::Manifest, File::Current}) {
    make_copy();
    const std::size_t count = files_of(kind).size();
    for (std::size_t i = 0; i < count; ++i) {
      make_copy();
      fs::remove(files_of(kind)[i]);
      const std::string what = outcome();
      EXPECT_EQ(what, "refused 77") << static_cast<int>(kind) << " " << i;
    }
  }
}

TEST_F(DamageTest, AFileThatIsReadAgainShowsAByteThatNobodyAskedFor) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    make_copy();
    Options options = small_options(copy().string());
    options.open_views = false;
    const auto log = open_log(options);
    for (const TableFile& file : log->table_files()) {
      ASSERT_TRUE(log->check(file)) << file.path;
    }
    SeededRng rng(seed);
    const auto tables = files_of(File::Sst);
    const fs::path damaged = tables[rng.u64() % tables.size()];
    damage(damaged, Damage::Flip, rng);
    ASSERT_FALSE(log->damage()) << "nobody has read it";
    for (const TableFile& file : log->table_files()) {
      ASSERT_EQ(log->check(file).has_value(), file.name() != damaged.filename().string()) << "seed " << seed << " " << file.path;
    }
    ASSERT_TRUE(log->damage());
    EXPECT_NE(log->damage()->detail.find("log/" + damaged.filename().string()), std::string::npos) << log->damage()->detail;
  }
}

/// Of a log that is open already, so that every position can be asked for.
TEST_F(DamageTest, WhatCannotBeReadIsNamedAndItsNeighboursAreRead) {
  int damaged = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    make_copy();
    Options options = small_options(copy().string());
    options.open_views = false;
    const auto log = open_log(options);
    SeededRng rng(seed);
    const auto tables = files_of(File::Sst);
    damage(tables[rng.u64() % tables.size()], Damage::Flip, rng);
    Position from = 0;
    Position to = 0;
    for (Position position = 1; position <= log->position(); ++position) {
      if (log->read(position)) continue;
      if (from == 0) from = position;
      ASSERT_TRUE(to == 0 || to + 1 == position) << "one block is damaged, seed " << seed;
      to = position;
    }
    const auto verified = log->verify();
    ASSERT_EQ(verified.has_value(), from == 0) << seed;
    if (from == 0) continue;  // what was hit is read at the opening alone
    ++damaged;
    const std::string range = "positions " + std::to_string(from) + " to " + std::to_string(to) + " cannot be read";
    EXPECT_TRUE(verified.error().detail.starts_with(range)) << range << "; " << verified.error().detail;
    EXPECT_TRUE(log->read(from).error().detail.starts_with(range)) << range << "; " << log->read(from).error().detail;
    EXPECT_TRUE(log->read(to).error().detail.starts_with(range)) << range << "; " << log->read(to).error().detail;
  }
  EXPECT_GT(damaged, 20);
}

TEST_F(DamageTest, ExchangedSortedFilesAreNoticed) {
  make_copy();
  const auto files = files_of(File::Sst);
  ASSERT_GE(files.size(), 2u);
  fs::rename(files[0], copy() / "aside");
  fs::rename(files[1], files[0]);
  fs::rename(copy() / "aside", files[1]);
  const std::string what = outcome();
  EXPECT_TRUE(what.starts_with("refused") || what == "error") << what;
}

TEST_F(DamageTest, BytesAfterTheEndOfTheWriteAheadLogAreWhatAPowerCutLeaves) {
  make_copy();
  const fs::path file = files_of(File::Wal).back();
  SeededRng rng(1);
  std::string bytes = read_bytes(file);
  std::string garbage(700, '\0');
  rng.fill(std::as_writable_bytes(std::span(garbage)));
  write_bytes(file, bytes + garbage);
  EXPECT_EQ(outcome(), "identical");
}

/// Rewrites one row through RocksDB, so that every checksum is right and only the hashes can tell.
void rewrite_row(const std::string& directory, Position position, std::size_t event_byte) {
  auto env = environment(rocksdb::FileSystem::Default());
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(log_options(env.get(), {.write_buffer_bytes = 1u << 20}), directory, &raw).ok());
  const std::unique_ptr<rocksdb::DB> db(raw);
  const std::unique_ptr<rocksdb::Iterator> row(db->NewIterator(log_read_options()));
  const Key wanted = key_of(position);
  row->SeekForPrev({as_text(wanted).data(), wanted.size()});
  ASSERT_TRUE(row->Valid());
  const std::string key = row->key().ToString();
  std::string value = row->value().ToString();
  const auto head = read_frame_head(as_bytes(key), as_bytes(value));
  ASSERT_TRUE(head);
  FrameReader reader;
  const auto records = reader.records(*head, as_bytes(value));
  ASSERT_TRUE(records);
  FrameWriter writer(Codec::Raw);
  writer.begin(head->first, head->recorded_at);
  for (const RecordView& record : *records) {
    std::vector<std::byte> event(record.event.begin(), record.event.end());
    if (record.position == position) {
      event[event_byte % event.size()] ^= std::byte{1};
    }
    writer.add({.stream = record.stream,
                .version = record.version,
                .type = record.type,
                .code = record.code,
                .event = event,
                .leaf = {}});
  }
  const std::string_view forged = as_text(writer.finish(head->ends_group ? &head->group : nullptr));
  ASSERT_TRUE(db->Put(log_write_options(), key, {forged.data(), forged.size()}).ok());
}

TEST_F(DamageTest, AnEventRewrittenWithRightChecksumsDoesNotFitTheChain) {
  SeededRng rng(5);
  for (int i = 0; i < 20; ++i) {
    make_copy();
    const Position position = 1 + rng.below(1'000);
    rewrite_row((copy() / "log").string(), position, rng.below(1'000));
    EXPECT_EQ(outcome(), "refused 76") << position;  // the tree up to the head is proven at open
  }
}

}  // namespace
}  // namespace daybook::log
