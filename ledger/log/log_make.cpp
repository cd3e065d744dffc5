#include "ledger/log/bytes.h"
#include "ledger/log/damaged_wal.h"
#include "ledger/log/files.h"
#include "ledger/log/found_rows.h"
#include "ledger/log/opening.h"
#include "ledger/log/profile.h"
#include "ledger/log/text_log.h"

namespace daybook::log::opening {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

namespace {

/// What RocksDB says. A table file that is missing it calls .ldb, the last name that it tries: ours never had that.
std::string in_words(const rocksdb::Status& status) {
  std::string text = status.ToString();
  for (std::size_t at = text.find(".ldb"); at != std::string::npos; at = text.find(".ldb", at)) text.replace(at, 4, ".sst");
  return text;
}

/// Of a table file that does not open RocksDB says so, and of a write-ahead log that it knows of; the system for all others.
bool tells_of_a_missing_file(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsPathNotFound() || text.find("No such file") != std::string::npos || text.find("Missing WAL") != std::string::npos;
}

/// CURRENT says which MANIFEST counts; a damaged one may name any.
std::string lost_manifest(rocksdb::FileSystem& files, const std::string& log) {
  constexpr std::size_t kNameMax = 64;
  std::string name;
  if (!read_file(files, log + "/CURRENT", kNameMax, name).ok()) return {};
  while (name.ends_with('\n')) name.pop_back();
  const bool lost = name.find('/') == std::string::npos && !exists(files, log + "/" + name);
  return lost ? " " + log + "/CURRENT names a file that is not there." : std::string();
}

/// The table files that do not open, which RocksDB does not always name.
std::string damaged_tables(rocksdb::FileSystem& files, const std::string& log) {
  std::vector<std::string> names;
  std::string text;
  if (!files.GetChildren(log, IOOptions(), &names, nullptr).ok()) return text;
  for (const std::string& name : names) {
    if (!name.ends_with(".sst")) continue;
    if (const FileFault fault = fault_of_table(log + "/" + name)) text += " " + log + "/" + name + " " + *fault + ".";
  }
  return text;
}

}  // namespace

Opening<void> open_database(Log::State& state, const std::string& path, rocksdb::FileSystem& files,
                            bool create) {
  const Position acknowledged = state.witness->newest().position;
  if (!create && !exists(files, path + "/CURRENT")) {
    return refuse(ExitCode::HistoryLost,
                  path + "/CURRENT is missing, and with it the log" +
                      (acknowledged > 0
                           ? " of positions 1 to " + std::to_string(acknowledged)
                           : std::string()) +
                      "; restore the ledger from a backup");
  }
  auto env = environment(state.trusted, state.environment);
  rocksdb::Options options = log_options(env.get(), {.write_buffer_bytes = state.options.write_buffer_bytes,
                                                     .block_cache_bytes = state.options.block_cache_bytes,
                                                     .file_opening_threads = state.options.file_opening_threads});
  options.create_if_missing = create;
  if (state.options.read_only) {
    options.info_log = no_text_log();  // RocksDB makes LOG anew whenever it opens, also what it only reads
  }
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = state.options.read_only ? rocksdb::DB::OpenForReadOnly(options, path, &db)
                                                         : rocksdb::DB::Open(options, path, &db);
  if (!opened.ok()) {
    const std::string no_manifest = lost_manifest(*state.files, path);
    const ExitCode found = !no_manifest.empty() || tells_of_a_missing_file(opened) ? ExitCode::HistoryLost : ExitCode::Corruption;
    return refuse(state.stopped->load() ? ExitCode::IoError : found,
                  path + ": " + in_words(opened) + "." + no_manifest +
                      (state.options.host_permissions ? damaged_tables(*state.files, path) : std::string()) +
                      (opened.IsCorruption() ? damaged_wal(*state.files, path, acknowledged) : std::string()) +
                      " Keep a copy of the directory as it is, then restore it from a backup.");
  }
  state.rows.emplace(std::move(env), std::unique_ptr<rocksdb::DB>(db));
  return {};
}

Opening<void> make_ledger(Log::State& state, const Paths& paths, Rng& rng) {
  rocksdb::FileSystem& files = *state.trusted;
  if (!state.options.create) {
    return refuse(ExitCode::Format, "there is no ledger in " + state.options.directory);
  }
  const bool begun = exists(files, paths.witness);
  if (!begun && exists(files, paths.log)) {
    return refuse(ExitCode::HistoryLost, paths.witness + " and " + paths.format +
                                             " are missing beside a log; restore them from a backup");
  }
  if (IOStatus made = files.CreateDirIfMissing(paths.keys, IOOptions(), nullptr); !made.ok()) {
    return io_error(paths.keys, made);
  }
  if (state.options.host_permissions) {
    if (Opening<void> done = make_private(paths.keys); !done) {
      return done;
    }
  }
  if (!exists(files, paths.signing_key)) {
    if (IOStatus made = SigningKey::create(files, paths.signing_key, rng); !made.ok()) {
      return io_error(paths.signing_key, made);
    }
  }
  if (!begun) {
    LedgerId ledger;
    rng.fill(ledger);
    if (IOStatus made = Witness::create(files, paths.witness, ledger, first_chain(ledger));
        !made.ok()) {
      return io_error(paths.witness, made);
    }
  }
  auto witness = Witness::open(files, paths.witness);
  if (!witness) {
    return tl::unexpected(witness.error());
  }
  state.witness = std::move(*witness);
  if (state.witness->newest().position != 0) {
    return refuse(ExitCode::HistoryLost,
                  paths.format + " is missing beside a ledger; restore it from a backup");
  }
  if (Opening<void> opened = open_database(state, paths.log, files, true); !opened) {
    return opened;
  }
  const auto last = state.rows->last();
  if (!last || last->has_value()) {
    return refuse(ExitCode::HistoryLost, paths.format + " is missing beside a log with events");
  }
  state.rows.reset();
  state.lineage.ledger_id = state.witness->newest().ledger_id;
  if (IOStatus made = replace_file(files, paths.format, as_bytes(format_text(state.lineage)));
      !made.ok()) {
    return io_error(paths.format, made);
  }
  return {};
}

}  // namespace daybook::log::opening
