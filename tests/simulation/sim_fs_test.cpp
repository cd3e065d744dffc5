#include "tests/simulation/sim_fs.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "ledger/log/files.h"
#include "tests/simulation/streams.h"

/// The simulated disk loses what no sync has covered, and nothing else.
namespace daybook::simulation {
namespace {

using rocksdb::FileOptions;
using rocksdb::IOOptions;
using rocksdb::Slice;

class SimulatedDisk : public ::testing::Test {
 protected:
  SimulatedDisk() { files_.disk().make_durable_directory("/disk"); }

  std::unique_ptr<rocksdb::FSWritableFile> create(const std::string& path) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    EXPECT_TRUE(files_.NewWritableFile(path, FileOptions(), &file, nullptr).ok());
    return file;
  }
  static rocksdb::IOStatus append(rocksdb::FSWritableFile& file, const std::string& bytes) {
    return file.Append(Slice(bytes), IOOptions(), nullptr);
  }
  static rocksdb::IOStatus sync(rocksdb::FSWritableFile& file) { return file.Sync(IOOptions(), nullptr); }
  rocksdb::IOStatus sync_directory() { return log::sync_directory(files_, "/disk"); }
  void crash(Loss loss) { files_.crash(loss, rng_); }
  /// What a file holds; nothing where it is not there.
  std::optional<std::string> content(const std::string& path) {
    std::string bytes;
    if (!log::read_file(files_, path, 1u << 20, bytes).ok()) return std::nullopt;
    return bytes;
  }

  SimFS files_;
  log::SeededRng rng_ = stream(1, "test");
};

TEST_F(SimulatedDisk, KeepsWhatWasSyncedAndLosesTheRest) {
  const auto file = create("/disk/a");
  ASSERT_TRUE(append(*file, "kept").ok());
  ASSERT_TRUE(sync(*file).ok());
  ASSERT_TRUE(sync_directory().ok());
  ASSERT_TRUE(append(*file, "lost").ok());
  EXPECT_EQ(content("/disk/a"), "keptlost");
  crash(Loss::Drop);
  EXPECT_EQ(content("/disk/a"), "kept");
}

TEST_F(SimulatedDisk, LosesAFileWhoseEntryWasNotSynced) {
  const auto file = create("/disk/a");
  ASSERT_TRUE(append(*file, "synced").ok());
  ASSERT_TRUE(sync(*file).ok());
  crash(Loss::Drop);
  EXPECT_EQ(content("/disk/a"), std::nullopt);
}

TEST_F(SimulatedDisk, LosesNothingWhenTheProcessEnds) {
  const auto file = create("/disk/a");
  ASSERT_TRUE(append(*file, "written").ok());
  crash(Loss::Process);
  EXPECT_EQ(content("/disk/a"), "written");
  crash(Loss::Drop);
  EXPECT_EQ(content("/disk/a"), std::nullopt);
}

TEST_F(SimulatedDisk, RenamesAsOne) {
  for (const bool synced : {false, true}) {
    const auto old_file = create("/disk/a");
    ASSERT_TRUE(append(*old_file, "old").ok() && sync(*old_file).ok() && sync_directory().ok());
    const auto new_file = create("/disk/b");
    ASSERT_TRUE(append(*new_file, "new").ok() && sync(*new_file).ok());
    ASSERT_TRUE(files_.RenameFile("/disk/b", "/disk/a", IOOptions(), nullptr).ok());
    if (synced) {
      ASSERT_TRUE(sync_directory().ok());
    }
    EXPECT_EQ(content("/disk/a"), "new");
    crash(Loss::Drop);
    EXPECT_EQ(content("/disk/a"), synced ? "new" : "old");
    EXPECT_EQ(content("/disk/b"), std::nullopt);
  }
}

TEST_F(SimulatedDisk, TearsAtSectors) {
  const std::string bytes(3 * kPageBytes + 100, 'x');
  std::set<std::size_t> sizes;
  for (int i = 0; i < 200; ++i) {
    const auto file = create("/disk/a");
    ASSERT_TRUE(sync(*file).ok() && sync_directory().ok());
    ASSERT_TRUE(append(*file, bytes).ok());
    crash(Loss::Torn);
    const std::string left = content("/disk/a").value();
    EXPECT_TRUE(left.size() % kSectorBytes == 0 || left.size() == bytes.size()) << left.size();
    EXPECT_EQ(left, bytes.substr(0, left.size()));
    sizes.insert(left.size());
  }
  EXPECT_GT(sizes.size(), 15u);
}

TEST_F(SimulatedDisk, OverwritesInPlaceByWholeSectors) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto file = create("/disk/a");
    ASSERT_TRUE(append(*file, std::string(2 * kPageBytes, 'o')).ok() && sync(*file).ok() && sync_directory().ok());
    std::unique_ptr<rocksdb::FSRandomRWFile> again;
    ASSERT_TRUE(files_.NewRandomRWFile("/disk/a", FileOptions(), &again, nullptr).ok());
    ASSERT_TRUE(again->Write(kPageBytes, Slice(std::string(kPageBytes, 'n')), IOOptions(), nullptr).ok());
    crash(Loss::Torn);
    const std::string left = content("/disk/a").value();
    ASSERT_EQ(left.size(), 2 * kPageBytes);
    const std::size_t fresh = left.find_last_of('n') == std::string::npos ? 0 : left.find_last_of('n') + 1 - kPageBytes;
    EXPECT_EQ(fresh % kSectorBytes, 0u);
    EXPECT_EQ(left, std::string(kPageBytes, 'o') + std::string(fresh, 'n') + std::string(kPageBytes - fresh, 'o'));
    seen.insert(left);
  }
  EXPECT_GT(seen.size(), 4u);
}

TEST_F(SimulatedDisk, CallsPagesCleanWhoseSyncFailed) {
  const auto file = create("/disk/a");
  ASSERT_TRUE(sync_directory().ok());
  ASSERT_TRUE(append(*file, "lost").ok());
  files_.add({.op = Op::Sync});
  EXPECT_FALSE(sync(*file).ok());
  EXPECT_TRUE(sync(*file).ok()) << "the second one says that all is well";
  EXPECT_EQ(files_.second_syncs(), 1u);
  EXPECT_EQ(content("/disk/a"), "lost");
  crash(Loss::Drop);
  EXPECT_NE(content("/disk/a"), "lost");
}

TEST_F(SimulatedDisk, FailsTheNthOperationThatMatches) {
  files_.add({.op = Op::Write, .kind = FileKind::Wal, .nth = 2});
  const auto other = create("/disk/a");
  const auto log = create("/disk/1.log");
  EXPECT_TRUE(append(*other, "ab").ok());
  EXPECT_TRUE(append(*log, "ab").ok());
  EXPECT_TRUE(append(*other, "ab").ok());
  const rocksdb::IOStatus failed = append(*log, "cdef");
  EXPECT_TRUE(failed.IsIOError());
  EXPECT_TRUE(append(*log, "gh").ok());
  EXPECT_EQ(content("/disk/1.log"), "abcdgh") << "half of the write was done";
  files_.clear_rules();
  files_.add({.op = Op::Write, .nth = 1, .sticky = true, .effect = Effect::NoSpace});
  EXPECT_TRUE(append(*log, "x").IsNoSpace());
  EXPECT_TRUE(append(*other, "x").IsNoSpace());
}

TEST_F(SimulatedDisk, IsFullAtItsBudget) {
  const auto file = create("/disk/a");
  files_.set_room(6);
  EXPECT_TRUE(append(*file, "abcd").ok());
  EXPECT_TRUE(append(*file, "efgh").IsNoSpace());
  EXPECT_EQ(content("/disk/a"), "abcdef");
  EXPECT_TRUE(files_.is_full());
}

TEST_F(SimulatedDisk, HasNoPowerAfterTheCut) {
  const auto file = create("/disk/a");
  ASSERT_TRUE(sync_directory().ok());
  files_.cut_before(3);
  ASSERT_TRUE(append(*file, "one").ok());
  ASSERT_TRUE(sync(*file).ok());
  EXPECT_FALSE(append(*file, "two").ok());
  EXPECT_TRUE(files_.is_off());
  EXPECT_FALSE(files_.FileExists("/disk/a", IOOptions(), nullptr).ok());
  crash(Loss::Keep);
  EXPECT_EQ(content("/disk/a"), "one");
}

TEST_F(SimulatedDisk, ReadsWhatIsNotThere) {
  const auto file = create("/disk/1.sst");
  const auto other = create("/disk/2.sst");
  ASSERT_TRUE(append(*file, std::string(1000, 'a')).ok());
  ASSERT_TRUE(append(*other, std::string(1000, 'b')).ok());
  files_.disk().remember();
  ASSERT_TRUE(append(*file, std::string(1000, 'c')).ok());
  const auto with = [&](Effect effect) {
    files_.clear_rules();
    files_.add({.op = Op::Read, .sticky = true, .effect = effect});
    return content("/disk/1.sst").value();
  };
  const std::string whole = std::string(1000, 'a') + std::string(1000, 'c');
  EXPECT_EQ(with(Effect::Stale), std::string(1000, 'a'));
  EXPECT_EQ(with(Effect::Misdirect), std::string(1000, 'b'));
  const std::string flipped = with(Effect::FlipBit);
  ASSERT_EQ(flipped.size(), whole.size());
  std::size_t differences = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) differences += flipped[i] != whole[i] ? 1u : 0u;
  EXPECT_EQ(differences, 1u);
  EXPECT_NE(with(Effect::ZeroSector).find(std::string(400, '\0')), std::string::npos);
  files_.clear_rules();
  EXPECT_EQ(content("/disk/1.sst"), whole);
}

TEST_F(SimulatedDisk, TracesWhatIsChangedAndNotWhatIsRead) {
  const auto life = [](std::size_t bytes) {
    SimFS files;
    files.disk().make_durable_directory("/disk");
    std::unique_ptr<rocksdb::FSWritableFile> file;
    EXPECT_TRUE(files.NewWritableFile("/disk/a", FileOptions(), &file, nullptr).ok());
    EXPECT_TRUE(append(*file, std::string(bytes, 'x')).ok());
    std::string ignored;
    EXPECT_TRUE(log::read_file(files, "/disk/a", bytes, ignored).ok());
    return files.trace_hash();
  };
  EXPECT_EQ(life(10), life(10));
  EXPECT_NE(life(10), life(11));
}

}  // namespace
}  // namespace daybook::simulation
