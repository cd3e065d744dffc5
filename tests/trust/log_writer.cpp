/// A log whose process ends at a named point inside RocksDB.
///
///   log_writer DIR GROUPS           appends so many groups; each event holds its position
///   log_writer DIR GROUPS POINT@N   the same; the N-th time that RocksDB comes by POINT the process is killed
///   log_writer DIR GROUPS POINTS    the same, POINTS being a file of names; those it came by are told on stderr
///   log_writer DIR                  opens it, compares every event with its position, verifies
///
/// Prints `at POSITION` when it is open and after every group that is durable.

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/log/bytes.h"
#include "ledger/log/log.h"
#include "ledger/log/rng.h"

// Of RocksDB's sync_point.h, which is not installed; Debian's library has the points.
namespace rocksdb {
class SyncPoint {
 public:
  static SyncPoint* GetInstance();
  void SetCallBack(const std::string& point, const std::function<void(void*)>& callback);
  void EnableProcessing();
};
}  // namespace rocksdb

namespace {

using namespace daybook::log;

void kill_at(const std::string& where) {
  const std::size_t at = where.rfind('@');
  const long nth = std::strtol(where.c_str() + at + 1, nullptr, 10);
  auto met = std::make_shared<std::atomic<long>>(0);
  rocksdb::SyncPoint::GetInstance()->SetCallBack(where.substr(0, at), [met, nth](void*) {
    if (++*met == nth) ::kill(::getpid(), SIGKILL);
  });
  rocksdb::SyncPoint::GetInstance()->EnableProcessing();
}

/// How often it came by each.
using Counts = std::map<std::string, std::shared_ptr<std::atomic<long>>>;

Counts count(const std::string& file) {
  Counts counts;
  std::ifstream names(file);
  for (std::string name; std::getline(names, name);) {
    auto met = counts[name] = std::make_shared<std::atomic<long>>(0);
    rocksdb::SyncPoint::GetInstance()->SetCallBack(name, [met](void*) { ++*met; });
  }
  rocksdb::SyncPoint::GetInstance()->EnableProcessing();
  return counts;
}

void say(Position position) {
  std::printf("at %lu\n", static_cast<unsigned long>(position));
  std::fflush(stdout);
}

/// Events of the positions from `first` on.
std::vector<std::string> events(Position first, std::size_t number) {
  std::vector<std::string> made(number);
  for (std::size_t i = 0; i < number; ++i) {
    append_bytes(made[i], first + i);
    made[i].append(200 + (first + i) % 300, static_cast<char>('a' + i % 26));
  }
  return made;
}

void append(Log& log, std::int64_t now) {
  std::vector<NewRecord> records;
  const std::vector<std::string> made = events(log.position() + 1, 25);
  for (const std::string& event : made) {
    records.push_back({.stream = 1, .version = 1, .type = 1, .code = 0, .event = as_bytes(event), .leaf = leaf_hash(as_bytes(event))});
  }
  log.append(records, now);
}

int check(const Log& log) {
  bool equal = true;
  const daybook::Result<void> scanned = log.scan(1, log.position(), [&](const RecordView& record) {
    equal = equal && load<std::uint64_t>(record.event.data()) == record.position;
  });
  const daybook::Result<Head> verified = log.verify();
  if (scanned && verified && equal) return 0;
  std::fprintf(stderr, "%s\n", !scanned ? scanned.error().detail.c_str() : !verified ? verified.error().detail.c_str() : "another event is in its place");
  return static_cast<int>(ExitCode::IntegrityFailed);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string point = argc > 3 ? argv[3] : "";
  Counts counts;
  if (point.find('@') != std::string::npos) {
    kill_at(point);
  } else if (!point.empty()) {
    counts = count(point);
  }
  SystemClock clock;
  SystemRng rng;
  Options options;
  options.directory = argv[1];
  options.codec = Codec::Raw;
  options.write_buffer_bytes = 64u << 10;  // tables are written and merged all the time
  {
    const Log::Opened log = Log::open(options, {nullptr, &clock, &rng});
    if (!log) {
      std::fprintf(stderr, "%s\n", log.error().detail.c_str());
      return static_cast<int>(log.error().exit_code);
    }
    say((*log)->position());
    if (argc == 2) return check(**log);
    for (long group = std::strtol(argv[2], nullptr, 10); group > 0; --group) {
      append(**log, clock.wall_micros());
      say((*log)->position());
      if (group % 20 == 0 && !(*log)->save_tree()) return 1;
    }
  }
  for (const auto& [name, met] : counts) {
    if (*met > 0) std::fprintf(stderr, "%s %ld\n", name.c_str(), met->load());
  }
  return 0;
}
