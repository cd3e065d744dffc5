/// Everything that the databases of a ledger hold, uncompressed, for tests that look for what must not be there.
///
///   row_dump DIR
///
/// Prints to stdout the bytes of every event of the log, then key and value of every row in every table file
/// of log/ and views/, those that later rows stand for included. Nobody else may have DIR.

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include <rocksdb/options.h>
#include <rocksdb/sst_file_reader.h>

#include "ledger/log/bytes.h"
#include "ledger/log/log.h"

namespace {

using namespace daybook::log;

void put(std::string_view bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  std::fputc('\n', stdout);
}

int fail(const std::string& why) {
  std::fprintf(stderr, "row_dump: %s\n", why.c_str());
  return 1;
}

int dump_events(const std::string& directory) {
  SystemClock clock;
  SeededRng rng(1);
  Options options;
  options.directory = directory;
  options.create = false;
  options.open_views = false;
  const Log::Opened log = Log::open(options, {.files = nullptr, .clock = &clock, .rng = &rng});
  if (!log) {
    return fail(log.error().detail);
  }
  const auto scanned =
      (*log)->scan(1, (*log)->position(), [](const RecordView& record) { put(as_text(record.event)); });
  return scanned ? 0 : fail(scanned.error().detail);
}

int dump_table(const std::string& file) {
  rocksdb::SstFileReader reader{rocksdb::Options()};
  rocksdb::Status status = reader.Open(file);
  if (!status.ok()) {
    return fail(file + ": " + status.ToString());
  }
  const std::unique_ptr<rocksdb::Iterator> rows(reader.NewIterator(rocksdb::ReadOptions()));
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    put(rows->key().ToStringView());
    put(rows->value().ToStringView());
  }
  return rows->status().ok() ? 0 : fail(file + ": " + rows->status().ToString());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    return fail("give the directory of a ledger");
  }
  int outcome = dump_events(argv[1]);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1])) {
    if (entry.path().extension() == ".sst" && outcome == 0) {
      outcome = dump_table(entry.path().string());
    }
  }
  return outcome;
}
