#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include <rocksdb/env.h>

#include "ledger/log/bytes.h"
#include "ledger/log/files.h"
#include "ledger/log/opening.h"
#include "ledger/log/text_log.h"

namespace daybook::log {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;
using namespace opening;

constexpr std::size_t kFormatBytesMax = 4096;

std::string parent_of(const std::string& directory) {
  const std::size_t slash = directory.find_last_of('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : directory.substr(0, slash);
}

Opening<void> enter_directory(rocksdb::FileSystem& files, const Options& options,
                              const std::string& directory) {
  const bool there = exists(files, directory);
  if (!there) {
    if (!options.create) {
      return refuse(ExitCode::Format, "there is no ledger in " + directory + "; name the directory of one");
    }
    if (IOStatus made = files.CreateDirIfMissing(directory, IOOptions(), nullptr); !made.ok()) {
      return io_error(directory, made);
    }
    if (options.host_permissions) {
      if (Opening<void> done = make_private(directory); !done) {
        return done;
      }
    }
  }
  if (options.host_permissions) {
    if (Opening<void> entered = check_private(directory); !entered) {
      return entered;
    }
  }
  // Before anything is locked: a directory that is no ledger stays as it is.
  if (!options.create && !exists(files, Paths(directory).format)) {
    return refuse(ExitCode::Format, "there is no ledger in " + directory + "; name the directory of one");
  }
  return {};
}

/// Whoever was here before may have been killed between making an entry and syncing it. What is relied on from now on has
/// to be on disk: the directory before there is a FORMAT, what is in it once there is.
Opening<void> sync_entries(rocksdb::FileSystem& files, const std::string& directory, const Paths& paths) {
  std::vector<std::string> places = {parent_of(directory)};
  if (exists(files, paths.format)) {
    places = {directory};
    if (exists(files, paths.keys)) {
      places.push_back(paths.keys);
    }
  }
  for (const std::string& place : places) {
    if (IOStatus synced = sync_directory(files, place); !synced.ok()) {
      return io_error(place, synced);
    }
  }
  return {};
}

/// Everything that must be there beside FORMAT.
Opening<void> read_ledger(Log::State& state, const Paths& paths) {
  rocksdb::FileSystem& files = *state.trusted;
  std::string text;
  if (IOStatus read = read_file(files, paths.format, kFormatBytesMax, text); !read.ok()) {
    return io_error(paths.format, read);
  }
  Opening<Lineage> lineage = parse_format(text, paths.format);
  if (!lineage) {
    return tl::unexpected(lineage.error());
  }
  state.lineage = std::move(*lineage);
  if (state.options.host_permissions && exists(files, paths.keys)) {
    if (Opening<void> is_private = check_private(paths.keys); !is_private) {
      return is_private;
    }
  }
  Opening<SigningKey> key = SigningKey::read(files, paths.signing_key);
  if (!key) {
    return tl::unexpected(key.error());
  }
  state.signing_key = *key;
  auto witness = Witness::open(files, paths.witness, !state.options.read_only);
  if (!witness) {
    return tl::unexpected(witness.error());
  }
  state.witness = std::move(*witness);
  if (state.witness->newest().ledger_id != state.lineage.ledger_id) {
    return refuse(ExitCode::HistoryLost, paths.witness + " is that of another ledger");
  }
  return open_database(state, paths.log, files, false);
}

/// Views of a ledger that went on without them are theirs to mend; those of another ledger, or of a future
/// that was undone by a restore, are removed.
Result<bool> views_belong(const Log::State& state, Views& views, std::uint64_t epoch_before) {
  const LedgerId& ledger_id = state.lineage.ledger_id;
  Result<Family> family = views.family("ledger");
  if (!family) {
    return tl::unexpected(family.error());
  }
  const auto opened = family->get("opened");
  if (!opened) {
    return tl::unexpected(opened.error());
  }
  if (opened->has_value()) {
    const Bytes row = as_bytes(**opened);
    if (row.size() != 24 || !std::equal(ledger_id.begin(), ledger_id.end(), row.begin()) ||
        load<std::uint64_t>(row.data() + 16) > epoch_before) {
      return false;
    }
  }
  std::array<std::byte, 24> row;
  std::copy(ledger_id.begin(), ledger_id.end(), row.begin());
  store(row.data() + 16, state.epoch);
  ViewBatch batch(*family);
  batch.put("opened", as_text(row));
  if (Result<void> written = batch.write(); !written) {
    return tl::unexpected(written.error());
  }
  if (Result<void> flushed = family->flush(); !flushed) {
    return tl::unexpected(flushed.error());
  }
  return true;
}

Opening<void> open_views(Log::State& state, const std::string& path,
                         const std::shared_ptr<rocksdb::FileSystem>& files,
                         std::uint64_t epoch_before) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto views = Views::open(path, files, state.options.views);
    if (!views) {
      return refuse(ExitCode::IoError, views.error().detail);
    }
    const Result<bool> belong = views_belong(state, **views, epoch_before);
    if (belong && *belong) {
      state.views = std::move(*views);
      return {};
    }
    views->reset();
    if (Result<void> removed = Views::remove(path, files, state.environment); !removed) {
      return refuse(ExitCode::IoError, removed.error().detail);
    }
  }
  return refuse(ExitCode::IoError, path + " cannot be used; see that the disk is sound and has room");
}

/// Where the views of a ledger lie that is only read: they are folded anew, and written nowhere.
std::shared_ptr<rocksdb::FileSystem> files_in_memory() {
  const std::unique_ptr<rocksdb::Env> memory(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  return memory->GetFileSystem();
}

}  // namespace

Log::Opened Log::open(const Options& options, const Seams& seams) {
  auto files = seams.files != nullptr ? seams.files : rocksdb::FileSystem::Default();
  auto state = std::make_unique<State>();
  state->options = options;
  state->options.create = options.create && !options.read_only;
  while (state->options.directory.size() > 1 && state->options.directory.ends_with('/')) {
    state->options.directory.pop_back();
  }
  state->files = files;
  state->environment = seams.environment;
  state->options.views.environment = seams.environment;
  state->trusted = fail_stop_files(
      files, [stopped = state->stopped, tell = options.on_io_failure](const IoFailure& failure) {
        if (!stopped->exchange(true)) {
          tell(failure);
        }
      });
  const std::string& directory = state->options.directory;
  const Paths paths(directory);

  if (auto entered = enter_directory(*state->trusted, state->options, directory); !entered) {
    return tl::unexpected(entered.error());
  }
  // What may not be written nobody can serve either, and then there is nothing to hold.
  const std::string lock_file = directory + "/LOCK";
  const bool can_be_held = exists(*files, lock_file) && (!options.host_permissions || ::access(lock_file.c_str(), W_OK) == 0);
  if (!options.read_only || (options.keep_others_out && can_be_held)) {
    auto lock = DirectoryLock::acquire(files, directory);
    if (!lock) {
      return tl::unexpected(lock.error());
    }
    state->lock = std::move(*lock);
  }
  if (!options.read_only) {
    if (auto synced = sync_entries(*state->trusted, directory, paths); !synced) {
      return tl::unexpected(synced.error());
    }
  }
  if (!exists(*state->trusted, paths.format)) {
    if (auto made = make_ledger(*state, paths, *seams.rng); !made) {
      return tl::unexpected(made.error());
    }
  }
  if (auto read = read_ledger(*state, paths); !read) {
    return tl::unexpected(read.error());
  }

  const auto last = state->rows->last();
  if (!last) {
    return damaged(last.error());
  }
  std::vector<FrameHead> ends;
  if (auto held = hold_against_witness(*state, *last, ends); !held) {
    return tl::unexpected(held.error());
  }
  Head& head = state->head;
  head.ledger_id = state->lineage.ledger_id;
  head.chain = state->lineage.first_chain();
  head.root = empty_root();
  if (*last) {
    head.position = (*last)->last();
    head.chain = state->lineage.chain_after(head.position, (*last)->group.chain);
    head.epoch = (*last)->group.epoch;
    head.recorded_at = (*last)->recorded_at;
  }

  const std::uint64_t epoch_before = std::max(head.epoch, state->witness->newest().epoch);
  state->epoch = epoch_before + 1;
  if (options.open_views) {
    if (options.read_only) {
      state->options.views.environment = [](std::shared_ptr<rocksdb::FileSystem> in_memory) {
        return rocksdb::NewCompositeEnv(without_text_log(std::move(in_memory)));
      };
    }
    if (auto opened = open_views(*state, paths.views, options.read_only ? files_in_memory() : files, epoch_before); !opened) {
      return tl::unexpected(opened.error());
    }
  }
  if (auto proven = prove_tree(*state, ends); !proven) {
    return tl::unexpected(proven.error());
  }
  state->position.store(head.position, std::memory_order_release);
  if (options.read_only) {
    return std::unique_ptr<Log>(new Log(std::move(state)));
  }
  // The log is on disk up to its head (RocksDB has written what it recovered), so the witness may say so.
  if (IOStatus witnessed = state->witness->write(state->epoch, head.position, head.chain,
                                                 head.recorded_at);
      !witnessed.ok()) {
    return io_error(paths.witness, witnessed);
  }
  state->lock->sign(state->epoch);
  state->writer = std::make_unique<FrameWriter>(options.codec);
  return std::unique_ptr<Log>(new Log(std::move(state)));
}

}  // namespace daybook::log
