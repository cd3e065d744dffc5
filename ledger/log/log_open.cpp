#include <algorithm>
#include <utility>

#include "ledger/log/bytes.h"
#include "ledger/log/files.h"
#include "ledger/log/log_state.h"
#include "ledger/log/profile.h"
#include "ledger/log/tree_store.h"

/// How a ledger is opened, step by step; each step says what it refuses. The order in which a ledger is made
/// is in docs/reference/log_format.md, section 1: FORMAT comes last, so without it nothing ever happened.
namespace daybook::log {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::size_t kFormatBytesMax = 4096;

/// Where everything lies.
struct Paths {
  explicit Paths(const std::string& directory)
      : format(directory + "/FORMAT"),
        log(directory + "/log"),
        witness(directory + "/witness"),
        keys(directory + "/keys"),
        signing_key(directory + "/keys/log_signing"),
        views(directory + "/views") {}

  std::string format;
  std::string log;
  std::string witness;
  std::string keys;
  std::string signing_key;
  std::string views;
};

tl::unexpected<OpenError> io_error(const std::string& path, const rocksdb::Status& status) {
  return refuse(ExitCode::IoError, path + ": " + status.ToString());
}

tl::unexpected<OpenError> damaged(const Error& error) {
  return refuse(error.code == "LOG_FORMAT_NEWER" ? ExitCode::Format : ExitCode::Corruption,
                error.detail);
}

Opening<void> enter_directory(rocksdb::FileSystem& files, const Options& options,
                              const std::string& directory) {
  const bool there = exists(files, directory);
  if (!there) {
    if (!options.create) {
      return refuse(ExitCode::Format, "there is no ledger in " + directory);
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
  return options.host_permissions ? check_private(directory) : Opening<void>();
}

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
  auto env = environment(state.trusted);
  rocksdb::Options options = log_options(env.get(), state.options.write_buffer_bytes);
  options.create_if_missing = create;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(options, path, &db);
  if (!opened.ok()) {
    return refuse(state.stopped->load() ? ExitCode::IoError : ExitCode::Corruption,
                  path + ": " + opened.ToString() +
                      ". Keep a copy of the directory as it is, then restore it from a backup.");
  }
  state.rows.emplace(std::move(env), std::unique_ptr<rocksdb::DB>(db));
  return {};
}

/// Makes what is not there yet of a ledger in which nothing has happened.
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

/// Everything that must be there beside FORMAT.
Opening<void> read_ledger(Log::State& state, const Paths& paths) {
  rocksdb::FileSystem& files = *state.trusted;
  std::string text;
  if (IOStatus read = read_file(files, paths.format, kFormatBytesMax, text); !read.ok()) {
    return io_error(paths.format, read);
  }
  const Opening<LedgerId> ledger = parse_format(text, paths.format);
  if (!ledger) {
    return tl::unexpected(ledger.error());
  }
  state.ledger_id = *ledger;
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
  auto witness = Witness::open(files, paths.witness);
  if (!witness) {
    return tl::unexpected(witness.error());
  }
  state.witness = std::move(*witness);
  if (state.witness->newest().ledger_id != state.ledger_id) {
    return refuse(ExitCode::HistoryLost, paths.witness + " is that of another ledger");
  }
  return open_database(state, paths.log, files, false);
}

/// The log must go at least as far as the witness, through the same group, and no more than two groups on.
/// Appends to `ends` the heads that end the witness's group and those after it.
Opening<void> hold_against_witness(const Log::State& state, const std::optional<FrameHead>& last,
                                   std::vector<FrameHead>& ends) {
  const Testimony& seen = state.witness->newest();
  const Position head = last ? last->last() : 0;
  if (head < seen.position) {
    return refuse(ExitCode::HistoryLost,
                  "the log ends at position " + std::to_string(head) + ", but positions " +
                      std::to_string(head + 1) + " to " + std::to_string(seen.position) +
                      " were acknowledged. Keep a copy of the directory as it is, then restore it "
                      "from a backup.");
  }
  if (last && !last->ends_group) {
    return refuse(ExitCode::Corruption, "the log's last group, at position " +
                                            std::to_string(last->first) + ", is not whole");
  }
  if (seen.position == 0 && seen.chain != first_chain(state.ledger_id)) {
    return refuse(ExitCode::HistoryLost, "the witness is that of another ledger");
  }
  if (head == 0) {
    return {};
  }
  const Position from = std::max<Position>(seen.position, 1);
  bool same = true;
  const Result<void> walked =
      state.rows->walk(from, head, [&](const FrameHead& row, Bytes, Bytes) -> Result<bool> {
        if (seen.position != 0 && row.first <= seen.position) {
          same = row.ends_group && row.last() == seen.position && row.group.chain == seen.chain;
        }
        if (row.ends_group) {
          ends.push_back(row);
        }
        return same && ends.size() <= 4;
      });
  if (!walked) {
    return damaged(walked.error());
  }
  if (!same) {
    return refuse(ExitCode::HistoryLost,
                  "the log at position " + std::to_string(seen.position) +
                      " is not the one that was acknowledged; restore the ledger from a backup");
  }
  if (ends.size() > (seen.position == 0 ? 2u : 3u)) {
    return refuse(ExitCode::Corruption,
                  "the witness is an old copy: it knows the log up to position " +
                      std::to_string(seen.position) + ", which ends at " + std::to_string(head));
  }
  return {};
}

/// Views of a ledger that went on without them are theirs to mend; those of another ledger, or of a future
/// that was undone by a restore, are removed.
Result<bool> views_belong(const Log::State& state, Views& views, std::uint64_t epoch_before) {
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
    if (row.size() != 24 || !std::equal(state.ledger_id.begin(), state.ledger_id.end(), row.begin()) ||
        load<std::uint64_t>(row.data() + 16) > epoch_before) {
      return false;
    }
  }
  std::array<std::byte, 24> row;
  std::copy(state.ledger_id.begin(), state.ledger_id.end(), row.begin());
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
    if (Result<void> removed = Views::remove(path, files); !removed) {
      return refuse(ExitCode::IoError, removed.error().detail);
    }
  }
  return refuse(ExitCode::IoError, path + " cannot be used; see that the disk is sound and has room");
}

/// Builds the tree from `blocks` and the events after them.
Result<void> build_tree(Log::State& state, const std::vector<Hash>& blocks) {
  state.tree.emplace(blocks);
  std::vector<Hash> leaves;
  FrameReader reader;
  const Position from = state.tree->size() + 1;
  return state.rows->walk(
      from, state.head.position, [&](const FrameHead& head, Bytes, Bytes value) -> Result<bool> {
        const auto records = reader.records(head, value);
        if (!records) {
          return tl::unexpected(records.error());
        }
        leaves.clear();
        for (const RecordView& record : *records) {
          if (record.position >= from) {
            leaves.push_back(leaf_hash(record.event));
          }
        }
        state.tree->append(leaves);
        return true;
      });
}

Result<bool> all_verify(const Log::State& state, const std::vector<FrameHead>& ends) {
  for (const FrameHead& end : ends) {
    if (Result<bool> verified = state.group_verifies(end); !verified || !*verified) {
      return verified;
    }
  }
  return true;
}

/// The tree from views/ if the chain agrees with it, else from the log.
Opening<void> prove_tree(Log::State& state, const std::vector<FrameHead>& ends) {
  std::vector<Hash> blocks;
  if (state.views != nullptr) {
    if (auto loaded = load_blocks(*state.views)) {
      blocks = std::move(*loaded);
    }
    if (blocks.size() > (state.head.position >> kBlockLevel)) {
      blocks.clear();
    }
  }
  for (const bool last_try : {blocks.empty(), true}) {
    if (const Result<void> built = build_tree(state, blocks); !built) {
      return damaged(built.error());
    }
    const Result<bool> verified = all_verify(state, ends);
    if (!verified) {
      return damaged(verified.error());
    }
    if (*verified) {
      state.saved_blocks = blocks.size();
      state.head.root = state.tree->root();
      return {};
    }
    if (last_try) {
      break;
    }
    blocks.clear();
    if (const Result<void> dropped = drop_blocks(*state.views); !dropped) {
      return refuse(ExitCode::IoError, dropped.error().detail);
    }
  }
  return refuse(ExitCode::Corruption, "the chain of the last groups, up to position " +
                                          std::to_string(state.head.position) +
                                          ", does not follow from the events before it");
}

}  // namespace

Log::Opened Log::open(const Options& options, const Seams& seams) {
  auto files = seams.files != nullptr ? seams.files : rocksdb::FileSystem::Default();
  auto state = std::make_unique<State>();
  state->options = options;
  while (state->options.directory.size() > 1 && state->options.directory.ends_with('/')) {
    state->options.directory.pop_back();
  }
  state->trusted = fail_stop_files(
      files, [stopped = state->stopped, tell = options.on_io_failure](const IoFailure& failure) {
        if (!stopped->exchange(true)) {
          tell(failure);
        }
      });
  const std::string& directory = state->options.directory;
  const Paths paths(directory);

  if (auto entered = enter_directory(*state->trusted, options, directory); !entered) {
    return tl::unexpected(entered.error());
  }
  auto lock = DirectoryLock::acquire(files, directory);
  if (!lock) {
    return tl::unexpected(lock.error());
  }
  state->lock = std::move(*lock);
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
  head.ledger_id = state->ledger_id;
  head.chain = first_chain(state->ledger_id);
  head.root = empty_root();
  if (*last) {
    head.position = (*last)->last();
    head.chain = (*last)->group.chain;
    head.epoch = (*last)->group.epoch;
    head.recorded_at = (*last)->recorded_at;
  }

  const std::uint64_t epoch_before = std::max(head.epoch, state->witness->newest().epoch);
  state->epoch = epoch_before + 1;
  if (options.open_views) {
    if (auto opened = open_views(*state, paths.views, files, epoch_before); !opened) {
      return tl::unexpected(opened.error());
    }
  }
  if (auto proven = prove_tree(*state, ends); !proven) {
    return tl::unexpected(proven.error());
  }
  // The log is on disk up to its head (RocksDB has written what it recovered), so the witness may say so.
  if (IOStatus witnessed = state->witness->write(state->epoch, head.position, head.chain,
                                                 head.recorded_at);
      !witnessed.ok()) {
    return io_error(paths.witness, witnessed);
  }
  state->lock->sign(state->epoch);
  state->writer = std::make_unique<FrameWriter>(options.codec);
  state->position.store(head.position, std::memory_order_release);
  return std::unique_ptr<Log>(new Log(std::move(state)));
}

}  // namespace daybook::log
