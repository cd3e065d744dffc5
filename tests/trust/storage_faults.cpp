/// Faults of RocksDB 7.8.3 that are known, each played twice: as RocksDB comes, where it has to show (else the fault is none any more,
/// and this says so), and as the ledger's log uses it, where it must not.
///
///   storage_faults DIR CASES
///
/// Prints a line a fault: its name, of how many cases RocksDB alone opened with rows missing and no word, and of how many the log did.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <rocksdb/db.h>

#include "ledger/log/bytes.h"
#include "ledger/log/log.h"
#include "ledger/log/rng.h"

namespace {

namespace fs = std::filesystem;
using namespace daybook::log;

constexpr std::uint64_t kRows = 300;

enum class Way { Flip, Zero, Cut, Remove };

struct Fault {
  const char* name;
  const char* file;  ///< what the file's name begins or ends with
  Way way;
};

constexpr Fault kFaults[] = {
    {"a bit of the write-ahead log flips", ".log", Way::Flip},
    {"512 bytes of the write-ahead log are zero", ".log", Way::Zero},
    {"the write-ahead log is cut", ".log", Way::Cut},
    {"the write-ahead log is missing", ".log", Way::Remove},
    {"MANIFEST is cut", "MANIFEST", Way::Cut},
};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The largest file of that name.
fs::path file_of(const fs::path& directory, std::string_view name) {
  fs::path found;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string file = entry.path().filename().string();
    const bool is_it = file.starts_with(name) || file.ends_with(name);
    if (is_it && (found.empty() || entry.file_size() > fs::file_size(found))) found = entry.path();
  }
  return found;
}

void spoil(const fs::path& file, Way way, SeededRng& rng) {
  if (way == Way::Remove) {
    fs::remove(file);
    return;
  }
  std::string bytes = read(file);
  const std::size_t at = rng.below(bytes.size());
  if (way == Way::Flip) bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.below(8)));
  if (way == Way::Zero) std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), std::min<std::size_t>(512, bytes.size() - at), '\0');
  if (way == Way::Cut) bytes.resize(at);
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// RocksDB as it comes -------------------------------------------------------------------------------------

rocksdb::Options as_it_comes() {
  rocksdb::Options options;
  options.create_if_missing = true;
  return options;
}

void fill_plain(const fs::path& directory) {
  // Two lives: some rows in a table, the others in the write-ahead log alone.
  for (const std::uint64_t first : {std::uint64_t{0}, kRows / 2}) {
    rocksdb::DB* opened = nullptr;
    if (!rocksdb::DB::Open(as_it_comes(), directory.string(), &opened).ok()) std::exit(1);
    const std::unique_ptr<rocksdb::DB> db(opened);
    rocksdb::WriteOptions synced;
    synced.sync = true;
    for (std::uint64_t row = first; row < first + kRows / 2; ++row) {
      if (!db->Put(synced, std::to_string(row), std::string(300, 'x')).ok()) std::exit(1);
    }
  }
}

/// It opens, says that all is well, and rows are missing.
bool plain_is_silent(const fs::path& directory) {
  rocksdb::DB* opened = nullptr;
  rocksdb::Options options = as_it_comes();
  options.create_if_missing = false;
  if (!rocksdb::DB::Open(options, directory.string(), &opened).ok()) return false;
  const std::unique_ptr<rocksdb::DB> db(opened);
  const std::unique_ptr<rocksdb::Iterator> rows(db->NewIterator({}));
  std::uint64_t found = 0;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) ++found;
  return rows->status().ok() && found < kRows;
}

// The log --------------------------------------------------------------------------------------------------

Log::Opened open_log(const fs::path& directory) {
  static SystemClock clock;
  static SystemRng rng;
  Options options;
  options.directory = directory.string();
  options.codec = Codec::Raw;
  options.open_views = false;
  options.write_buffer_bytes = 64u << 10;
  options.on_io_failure = [](const IoFailure&) {};
  return Log::open(options, {nullptr, &clock, &rng});
}

void fill_log(const fs::path& directory) {
  for (int life = 0; life < 2; ++life) {
    const Log::Opened log = open_log(directory);
    if (!log) std::exit(1);
    for (std::uint64_t row = 0; row < kRows / 2; ++row) {
      const std::string event(300, 'x');
      const NewRecord record{.stream = 1, .version = 1, .type = 1, .code = 0, .event = as_bytes(event), .leaf = leaf_hash(as_bytes(event))};
      (*log)->append(std::span(&record, 1), 1);
    }
  }
}

bool log_is_silent(const fs::path& directory) {
  const Log::Opened log = open_log(directory);
  if (!log) return false;
  std::uint64_t found = 0;
  const daybook::Result<void> scanned = (*log)->scan(1, kRows, [&](const RecordView&) { ++found; });
  return scanned.has_value() && found < kRows;
}

/// Of `cases` copies that are damaged, how many are silent.
template <class IsSilent>
int silent(const fs::path& original, const fs::path& files, const Fault& fault, std::uint64_t cases, IsSilent&& is_silent) {
  int count = 0;
  const fs::path copy = original.string() + ".copy";
  for (std::uint64_t number = 0; number < cases; ++number) {
    SeededRng rng(number);
    fs::remove_all(copy);
    fs::copy(original, copy, fs::copy_options::recursive);
    for (const fs::path& path : {copy, copy / "keys"}) {
      if (fs::exists(path)) fs::permissions(path, fs::perms::owner_all);
    }
    spoil(file_of(copy / files, fault.file), fault.way, rng);
    count += is_silent(copy) ? 1 : 0;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const fs::path folder = argv[1];
  const std::uint64_t cases = std::strtoull(argv[2], nullptr, 10);
  fill_plain(folder / "plain");
  fill_log(folder / "ledger");
  for (const Fault& fault : kFaults) {
    const std::uint64_t number = fault.way == Way::Remove ? 1 : cases;
    std::printf("%s: %d %d of %lu\n", fault.name, silent(folder / "plain", "", fault, number, plain_is_silent),
                silent(folder / "ledger", "log", fault, number, log_is_silent), static_cast<unsigned long>(number));
    std::fflush(stdout);
  }
  return 0;
}
