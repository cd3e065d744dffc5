/// A process that appends to a ledger until it is killed, for tests that need another process.
///
///   appender DIR FIRST_SEQUENCE [FAULT_FILE FAULT_NUMBER]
///
/// Prints `open POSITION`, then for every group, once it is acknowledged, `ack SEQUENCE POSITION COUNT`: events
/// with sequences from SEQUENCE on lie at positions from POSITION on. With a fault, the FAULT_NUMBER-th write
/// or sync of a file whose name contains FAULT_FILE, outside views/, fails.

#include <cstdio>
#include <cstdlib>
#include <string>

#include <rocksdb/file_system.h>
#include <unistd.h>

#include "ledger/log/bytes.h"
#include "ledger/log/guarded_files.h"
#include "ledger/log/log.h"
#include "tests/log/faulty_files.h"

namespace {

using namespace daybook::log;

void say(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    ::_exit(1);  // the parent is gone
  }
}

/// Event bytes that carry their sequence number.
std::string event_of(std::uint64_t sequence) {
  std::string event;
  append_bytes(event, sequence);
  event.append(20 + sequence % 300, static_cast<char>('a' + sequence % 26));
  return event;
}

std::shared_ptr<rocksdb::FileSystem> files_for(int argc, char** argv) {
  if (argc < 5) {
    return rocksdb::FileSystem::Default();
  }
  const std::string file = argv[3];
  const auto matches = [file](FileOp op, const std::string& name) {
    return (op == FileOp::Write || op == FileOp::Sync) && name.find(file) != std::string::npos &&
           name.find("/views/") == std::string::npos;
  };
  return guarded_files(rocksdb::FileSystem::Default(),
                       std::make_shared<testing::FaultyFiles>(
                           matches, std::strtoull(argv[4], nullptr, 10)));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    return 2;
  }
  SystemClock clock;
  SystemRng rng;
  Options options;
  options.directory = argv[1];
  options.write_buffer_bytes = 256u << 10;  // flushes and compactions are under way all the time
  const auto log = Log::open(options, {files_for(argc, argv), &clock, &rng});
  if (!log) {
    std::fprintf(stderr, "%s\n", log.error().detail.c_str());
    return static_cast<int>(log.error().exit_code);
  }
  say("open " + std::to_string((*log)->position()) + "\n");
  std::uint64_t sequence = std::strtoull(argv[2], nullptr, 10);
  SeededRng sizes(sequence);
  for (std::uint64_t group = 1;; ++group) {
    const std::uint64_t count = 1 + sizes.below(sizes.below(10) == 0 ? 900 : 40);
    std::vector<std::string> events;
    std::vector<NewRecord> records;
    for (std::uint64_t i = 0; i < count; ++i) {
      events.push_back(event_of(sequence + i));
    }
    for (const std::string& event : events) {
      records.push_back({.stream = 1,
                         .version = 1,
                         .type = 1,
                         .code = 0,
                         .event = as_bytes(event),
                         .leaf = leaf_hash(as_bytes(event))});
    }
    const Position first = (*log)->position() + 1;
    (*log)->append(records, clock.wall_micros());
    say("ack " + std::to_string(sequence) + " " + std::to_string(first) + " " + std::to_string(count) +
        "\n");
    sequence += count;
    if (group % 50 == 0 && !(*log)->save_tree()) {
      return 1;
    }
  }
}
