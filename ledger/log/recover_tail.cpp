#include "ledger/log/recover_tail.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <rocksdb/db.h>

#include "ledger/log/directory.h"
#include "ledger/log/files.h"
#include "ledger/log/history.h"
#include "ledger/log/opening.h"
#include "ledger/log/profile.h"

namespace daybook::log {
namespace {

constexpr std::size_t kFormatBytesMax = 4096;
constexpr std::size_t kWriteBufferBytes = std::size_t{64} << 20;

/// The database up to the first damaged record of its write-ahead log; `looking`: without writing anything.
Opening<void> open_to_the_damage(Log::State& state, const std::string& path, bool looking) {
  auto env = environment(state.trusted);
  rocksdb::Options options = log_options(env.get(), {.write_buffer_bytes = kWriteBufferBytes});
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.track_and_verify_wals_in_manifest = false;  // chain and witness say whether anything is missing
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = looking ? rocksdb::DB::OpenForReadOnly(options, path, &db) : rocksdb::DB::Open(options, path, &db);
  if (!opened.ok()) {
    return refuse(ExitCode::Corruption, path + ": " + opened.ToString() +
                                            ". This is more than a damaged end; `daybook salvage` reads what can be read.");
  }
  state.rows.emplace(std::move(env), std::unique_ptr<rocksdb::DB>(db));
  return {};
}

Opening<void> read_beside(Log::State& state, const opening::Paths& paths) {
  std::string text;
  if (const rocksdb::IOStatus read = read_file(*state.trusted, paths.format, kFormatBytesMax, text); !read.ok()) {
    return refuse(ExitCode::Format, "there is no ledger in " + state.options.directory + ": " + paths.format + " cannot be read");
  }
  Opening<Lineage> lineage = parse_format(text, paths.format);
  if (!lineage) return tl::unexpected(lineage.error());
  state.lineage = std::move(*lineage);
  auto witness = Witness::open(*state.trusted, paths.witness, false);
  if (!witness) return tl::unexpected(witness.error());
  state.witness = std::move(*witness);
  if (state.witness->newest().ledger_id != state.lineage.ledger_id)
    return refuse(ExitCode::HistoryLost, paths.witness + " is that of another ledger");
  return {};
}

/// Every row from the first on. Errors: Corruption, IntegrityFailed.
Opening<Head> prove(const Log::State& state, Position to, const std::function<void(Position)>& progress) {
  HistoryCheck check(state.lineage);
  const Result<void> walked = state.rows->walk(1, to, [&](const FrameHead&, Bytes key, Bytes value) -> Result<bool> {
    if (Result<void> added = check.add(key, value); !added) return tl::unexpected(added.error());
    if (progress) progress(check.position());
    return true;
  });
  const Result<Head> head = walked ? check.end() : tl::unexpected(walked.error());
  if (head) return *head;
  return refuse(head.error().code == "CHAIN_DIFFERS" ? ExitCode::IntegrityFailed : ExitCode::Corruption, head.error().detail);
}

}  // namespace

Opening<Position> recover_tail(const std::string& directory, const std::function<void(Position)>& progress) {
  Log::State state;
  state.options.directory = directory;
  while (state.options.directory.size() > 1 && state.options.directory.ends_with('/')) state.options.directory.pop_back();
  state.files = rocksdb::FileSystem::Default();
  state.trusted = state.files;
  const opening::Paths paths(state.options.directory);
  if (!exists(*state.files, paths.format) && !exists(*state.files, paths.log))
    return refuse(ExitCode::Format, "there is no ledger in " + state.options.directory);
  auto lock = DirectoryLock::acquire(state.files, state.options.directory);
  if (!lock) return tl::unexpected(lock.error());
  if (Opening<void> read = read_beside(state, paths); !read) return tl::unexpected(read.error());
  if (!exists(*state.files, paths.log + "/CURRENT"))
    return refuse(ExitCode::HistoryLost, paths.log + "/CURRENT is missing; `daybook salvage` reads what can be read.");

  if (Opening<void> opened = open_to_the_damage(state, paths.log, true); !opened) return tl::unexpected(opened.error());
  const auto last = state.rows->last();
  if (!last) return opening::damaged(last.error());
  std::vector<FrameHead> ends;
  if (Opening<void> held = opening::hold_against_witness(state, *last, ends); !held) return tl::unexpected(held.error());
  const Opening<Head> head = prove(state, *last ? (*last)->last() : 0, progress);
  if (!head) return tl::unexpected(head.error());

  // Opened to be written, the database writes what it recovered to table files and drops the damaged log.
  state.rows.reset();
  if (Opening<void> opened = open_to_the_damage(state, paths.log, false); !opened) return tl::unexpected(opened.error());
  const auto now = state.rows->last();
  if (!now) return opening::damaged(now.error());
  if ((*now ? (*now)->last() : 0) != head->position)
    return refuse(ExitCode::Corruption, paths.log + " does not end at position " + std::to_string(head->position) + " any more");
  return head->position;
}

}  // namespace daybook::log
