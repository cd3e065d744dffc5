#include "ledger/log/bytes.h"
#include "ledger/log/files.h"
#include "ledger/log/opening.h"
#include "ledger/log/profile.h"

namespace daybook::log::opening {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

Opening<void> open_database(Log::State& state, const std::string& path, rocksdb::FileSystem& files,
                            bool create) {
  if (!create && !exists(files, path + "/CURRENT")) {
    const Position acknowledged = state.witness->newest().position;
    return refuse(ExitCode::HistoryLost,
                  path + "/CURRENT is missing, and with it the log" +
                      (acknowledged > 0
                           ? " of positions 1 to " + std::to_string(acknowledged)
                           : std::string()) +
                      "; restore the ledger from a backup");
  }
  auto env = environment(state.trusted, state.environment);
  rocksdb::Options options = log_options(env.get(), state.options.write_buffer_bytes,
                                         state.options.file_opening_threads);
  options.create_if_missing = create;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = state.options.read_only ? rocksdb::DB::OpenForReadOnly(options, path, &db)
                                                         : rocksdb::DB::Open(options, path, &db);
  if (!opened.ok()) {
    return refuse(state.stopped->load() ? ExitCode::IoError : ExitCode::Corruption,
                  path + ": " + opened.ToString() +
                      ". Keep a copy of the directory as it is, then restore it from a backup.");
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
    return refuse(ExitCode::Corruption,
                  paths.format + " is missing beside a ledger; restore it from a backup");
  }
  if (Opening<void> opened = open_database(state, paths.log, files, true); !opened) {
    return opened;
  }
  const auto last = state.rows->last();
  if (!last || last->has_value()) {
    return refuse(ExitCode::Corruption, paths.format + " is missing beside a log with events");
  }
  state.rows.reset();
  state.ledger_id = state.witness->newest().ledger_id;
  if (IOStatus made = replace_file(files, paths.format, as_bytes(format_text(state.ledger_id)));
      !made.ok()) {
    return io_error(paths.format, made);
  }
  return {};
}

}  // namespace daybook::log::opening
