#include "ledger/log/log_branch.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/copy_failed.h"
#include "ledger/log/files.h"
#include "ledger/log/log_state.h"
#include "ledger/log/opening.h"
#include "ledger/log/profile.h"
#include "ledger/log/signing_key.h"
#include "ledger/log/witness.h"

namespace daybook::log {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::size_t kKeysADelete = 4'096;
constexpr std::uint64_t kSmallFileMax = std::uint64_t{1} << 32;

}  // namespace

Result<Head> branch_head(const Log& log, Position position) {
  Result<Head> end = log.group_end(position);
  if (!end || end->position == position) return end;
  const Result<FrameHead> row = log.rows().head_at(end->position);
  if (!row) return tl::unexpected(row.error());
  return rejected("INSIDE_GROUP", "Position " + std::to_string(position) + " lies inside what was recorded at once; a branch can leave at " +
                                      std::to_string(row->group.first - 1) + " or at " + std::to_string(end->position) + ".");
}

/// Makes one branch.
class BranchMaker {
 public:
  BranchMaker(const Log& log, std::string directory)
      : log_(log), source_(*log.state_), from_(source_.options.directory), directory_(std::move(directory)), to_(directory_) {
    LEDGER_INVARIANT(source_.options.read_only);
  }

  Result<Branched> make(Position position, Rng& rng) {
    Result<Head> shared = branch_head(log_, position);
    if (!shared) return tl::unexpected(shared.error());
    LedgerId id;
    rng.fill(id);
    branched_.lineage = source_.lineage.branch(id, position);
    branched_.head = *shared;
    branched_.head.ledger_id = id;
    // The row says the chain as the ledger wrote it whose event this is.
    Result<Hash> chain = chain_in_row(position);
    if (!chain) return tl::unexpected(chain.error());
    branched_.head.chain = branched_.lineage.chain_after(position, *chain);

    if (Result<void> empty = check_empty(); !empty) return tl::unexpected(empty.error());
    if (Result<void> filled = fill(position, rng); !filled) {
      remove_what_was_made();
      return tl::unexpected(filled.error());
    }
    return branched_;
  }

 private:
  Result<void> fill(Position position, Rng& rng) {
    if (Result<void> made = make_directories(); !made) return made;
    if (Result<void> copied = copy_log(); !copied) return copied;
    if (Result<void> cut = cut_after(position); !cut) return cut;
    if (Result<void> copied = copy_keys(rng); !copied) return copied;
    return end();
  }

  /// Half a branch is of no use, and would keep its name taken. What cannot be removed stays.
  void remove_what_was_made() const {
    for (const std::string& path : {to_.log, to_.keys, directory_}) {
      std::vector<std::string> names;
      static_cast<void>(files().GetChildren(path, IOOptions(), &names, nullptr));
      for (const std::string& name : names) {
        if (name == "." || name == "..") continue;
        static_cast<void>(files().DeleteFile(path + "/" + name, IOOptions(), nullptr));
      }
      if (path != directory_ || made_directory_) static_cast<void>(files().DeleteDir(path, IOOptions(), nullptr));
    }
  }

  rocksdb::FileSystem& files() const { return *source_.files; }

  Result<Hash> chain_in_row(Position position) const {
    return source_.rows->head_at(position).map([](const FrameHead& head) { return head.group.chain; });
  }

  Result<void> check_empty() {
    std::vector<std::string> there;
    made_directory_ = !files().GetChildren(directory_, IOOptions(), &there, nullptr).ok();
    if (std::any_of(there.begin(), there.end(), [](const std::string& name) { return name != "." && name != ".."; }))
      return conflict("ALREADY_EXISTS", directory_ + " has something in it; name a new directory");
    return {};
  }

  Result<void> make_directories() const {
    for (const std::string& path : {directory_, to_.log, to_.keys}) {
      if (IOStatus status = files().CreateDirIfMissing(path, IOOptions(), nullptr); !status.ok()) return copy_failed(path, status);
      if (!source_.options.host_permissions) continue;
      if (Opening<void> done = make_private(path); !done) return failed(ErrorKind::Internal, "COPY_FAILED", done.error().detail);
    }
    return {};
  }

  Result<void> copy(const std::string& from, const std::string& to) {
    std::uint64_t size = 0;
    if (IOStatus status = files().GetFileSize(from, IOOptions(), &size, nullptr); !status.ok()) return copy_failed(from, status);
    std::string bytes;
    if (IOStatus status = read_file(files(), from, std::min(size, kSmallFileMax), bytes); !status.ok()) return copy_failed(from, status);
    if (bytes.size() != size) return copy_failed(from, IOStatus::Corruption("is not as long as it says"));
    if (IOStatus status = replace_file(files(), to, as_bytes(bytes)); !status.ok()) return copy_failed(to, status);
    branched_.copied += size;
    return {};
  }

  /// Links the file; where the file system has no links, or not between these two places, copies it.
  Result<void> link(const std::string& from, const std::string& to) {
    if (!files().LinkFile(from, to, IOOptions(), nullptr).ok()) return copy(from, to);
    std::uint64_t size = 0;
    if (IOStatus status = files().GetFileSize(to, IOOptions(), &size, nullptr); !status.ok()) return copy_failed(to, status);
    branched_.linked += size;
    return {};
  }

  Result<void> copy_log() {
    std::vector<std::string> names;
    if (IOStatus status = files().GetChildren(from_.log, IOOptions(), &names, nullptr); !status.ok()) return copy_failed(from_.log, status);
    for (const std::string& name : names) {
      // LOG and its like are for people; LOCK is made again.
      if (name == "." || name == ".." || name == "LOCK" || name.starts_with("LOG")) continue;
      const std::string from = from_.log + "/" + name;
      const std::string to = to_.log + "/" + name;
      if (Result<void> done = name.ends_with(".sst") ? link(from, to) : copy(from, to); !done) return done;
    }
    const IOStatus synced = sync_directory(files(), to_.log);
    return synced.ok() ? Result<void>() : copy_failed(to_.log, synced);
  }

  /// Deletes the rows that the branch does not share, each by its key.
  Result<void> cut_after(Position position) const {
    const Position head = log_.position();
    if (position == head) return {};
    auto env = environment(source_.files);
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(log_options(env.get(), {.write_buffer_bytes = source_.options.write_buffer_bytes}), to_.log, &opened);
    if (!status.ok()) return copy_failed(to_.log, status);
    const Rows rows(std::move(env), std::unique_ptr<rocksdb::DB>(opened));
    rocksdb::WriteBatch batch{0, 0, 8, 0};
    const auto write = [&]() -> Result<void> {
      if (batch.Count() == 0) return {};
      if (rocksdb::Status written = rows.db().Write(log_write_options(), &batch); !written.ok()) return copy_failed(to_.log, written);
      batch.Clear();
      return {};
    };
    const Result<void> walked = rows.walk(position + 1, head, [&](const FrameHead&, Bytes key, Bytes) -> Result<bool> {
      const std::string_view text = as_text(key);
      if (rocksdb::Status added = batch.Delete(rocksdb::Slice(text.data(), text.size())); !added.ok()) return copy_failed(to_.log, added);
      if (batch.Count() < kKeysADelete) return true;
      return write().map([] { return true; });
    });
    return walked ? write() : walked;
  }

  Result<void> copy_keys(Rng& rng) {
    std::vector<std::string> names;
    if (IOStatus status = files().GetChildren(from_.keys, IOOptions(), &names, nullptr); !status.ok()) return copy_failed(from_.keys, status);
    for (const std::string& name : names) {
      const std::string from = from_.keys + "/" + name;
      if (name == "." || name == ".." || from == from_.signing_key) continue;
      if (Result<void> done = copy(from, to_.keys + "/" + name); !done) return done;
    }
    const IOStatus made = SigningKey::create(files(), to_.signing_key, rng);
    return made.ok() ? Result<void>() : copy_failed(to_.signing_key, made);
  }

  /// Witness and FORMAT.
  Result<void> end() const {
    const Head& head = branched_.head;
    const Testimony begun{.generation = 0, .ledger_id = head.ledger_id, .epoch = head.epoch, .position = head.position,
                          .chain = head.chain, .recorded_at = head.recorded_at};
    if (IOStatus made = Witness::create(files(), to_.witness, begun); !made.ok()) return copy_failed(to_.witness, made);
    if (IOStatus made = replace_file(files(), to_.format, as_bytes(format_text(branched_.lineage))); !made.ok())
      return copy_failed(to_.format, made);
    const std::size_t slash = directory_.find_last_of('/');
    const std::string parent = slash == std::string::npos ? "." : directory_.substr(0, std::max<std::size_t>(slash, 1));
    const IOStatus synced = sync_directory(files(), parent);
    return synced.ok() ? Result<void>() : copy_failed(parent, synced);
  }

  const Log& log_;
  const Log::State& source_;
  opening::Paths from_;
  std::string directory_;
  opening::Paths to_;
  Branched branched_;
  bool made_directory_ = false;  ///< it was not there before
};

Result<Branched> make_branch(const Log& log, Position position, const std::string& directory, Rng& rng) {
  std::string path = directory;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return BranchMaker(log, std::move(path)).make(position, rng);
}

}  // namespace daybook::log
