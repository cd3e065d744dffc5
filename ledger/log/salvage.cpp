#include "ledger/log/salvage.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include <rocksdb/db.h>
#include <rocksdb/file_system.h>
#include <rocksdb/write_batch.h>

#include "ledger/log/bytes.h"
#include "ledger/log/directory.h"
#include "ledger/log/files.h"
#include "ledger/log/found_rows.h"
#include "ledger/log/history.h"
#include "ledger/log/opening.h"
#include "ledger/log/profile.h"
#include "ledger/log/row_spool.h"
#include "ledger/log/salvage_target.h"
#include "ledger/log/signing_key.h"
#include "ledger/log/witness.h"

namespace daybook::log {
namespace {

namespace fs = std::filesystem;

/// One that was being written, and one more where the witness's newer slot was torn.
constexpr int kGroupsBehindTheWitness = 2;

/// The damaged ledger: what can be read of it beside its rows.
struct Source {
  explicit Source(const std::string& directory) : paths(directory) {}

  opening::Paths paths;
  Lineage lineage;  ///< of FORMAT; else the witness's ledger, as if it were no branch
  std::optional<Testimony> seen;
};

/// Reads FORMAT, witness and signing key; what is wrong with them goes to `found.damaged`. Errors: Format, for rows of a newer
/// format would be written in this one.
Opening<void> read_beside(Source& source, Salvage& found) {
  const std::shared_ptr<rocksdb::FileSystem> files = rocksdb::FileSystem::Default();
  std::string text;
  constexpr std::size_t kFormatBytesMax = 4096;
  if (!read_file(*files, source.paths.format, kFormatBytesMax, text).ok()) {
    found.damaged.push_back({"FORMAT", "is missing"});
  } else if (Opening<Lineage> lineage = parse_format(text, source.paths.format)) {
    source.lineage = std::move(*lineage);
    found.ledger_id = source.lineage.ledger_id;
  } else if (lineage.error().exit_code == ExitCode::Format) {
    return refuse(ExitCode::Format, lineage.error().detail + " Where FORMAT itself is damaged, take it away from a copy and salvage that.");
  } else {
    found.damaged.push_back({"FORMAT", lineage.error().detail});
  }
  if (const auto witness = Witness::open(*files, source.paths.witness, false)) {
    source.seen = (*witness)->newest();
    found.acknowledged = source.seen->position;
    if (!found.ledger_id) found.ledger_id = source.lineage.ledger_id = source.seen->ledger_id;
    if (*found.ledger_id != source.seen->ledger_id) {
      found.damaged.push_back({"witness", "is that of another ledger"});
      source.seen.reset();
      found.acknowledged.reset();
    }
  } else {
    found.damaged.push_back({"witness", witness.error().detail});
  }
  if (const Opening<SigningKey> key = SigningKey::read(*files, source.paths.signing_key); !key)
    found.damaged.push_back({"keys/log_signing", key.error().detail});
  return {};
}

/// The files of DIR/log that hold rows, in order of name.
std::vector<fs::path> row_files(const std::string& log, Salvage& found) {
  std::vector<fs::path> files;
  std::error_code error;
  bool current = false;
  bool manifest = false;
  for (const fs::directory_entry& entry : fs::directory_iterator(log, error)) {
    const std::string name = entry.path().filename().string();
    current = current || name == "CURRENT";
    manifest = manifest || name.starts_with("MANIFEST");
    if (name.ends_with(".sst") || name.ends_with(".log")) files.push_back(entry.path());
  }
  if (error) {
    found.damaged.push_back({"log", error.message()});
  } else {
    if (!current) found.damaged.push_back({"log/CURRENT", "is missing"});
    if (!manifest) found.damaged.push_back({"log/MANIFEST", "is missing"});
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Reads every row of every file into the spool.
void read_rows(const std::vector<fs::path>& files, RowSpool& spool, Salvage& found, const SalvageProgress& progress) {
  std::error_code ignored;
  std::uint64_t total = 0;
  for (const fs::path& file : files) total += fs::file_size(file, ignored);
  std::uint64_t done = 0;
  const EachFound each = [&](const FoundRow& row) { spool.add(row); };
  for (const fs::path& file : files) {
    const std::string name = "log/" + file.filename().string();
    std::string bytes;
    FileFault fault;
    if (!rocksdb::ReadFileToString(rocksdb::FileSystem::Default().get(), file.string(), &bytes).ok()) {
      fault = "cannot be read";
    } else if (file.extension() == ".log") {
      fault = rows_of_wal(as_bytes(bytes), each);
    } else {
      rows_by_blocks(as_bytes(bytes), each);
      fault = rows_by_index(file.string(), each);
    }
    if (fault) found.damaged.push_back({name, *fault});
    done += bytes.size();
    if (progress) progress(done, total);
  }
}

/// Which stretches there are, and which are not.
void find_gaps(const RowSpool& spool, Salvage& found) {
  Position next = 1;
  for (const RowSpool::Place& row : spool.rows()) {
    if (row.first != next) {
      found.lost.push_back({next, row.first - 1});
      found.parts.push_back({row.first, row.last});
    } else if (found.parts.empty()) {
      found.parts.push_back({row.first, row.last});
    } else {
      found.parts.back().to = row.last;
    }
    found.recovered += row.last - row.first + 1;
    next = row.last + 1;
  }
  if (found.acknowledged && *found.acknowledged >= next) found.lost.push_back({next, *found.acknowledged});
}

/// Follows the chain from position 1 as far as it leads. Answers its head where it leads to the end of what there is, and
/// through the group that was acknowledged last.
std::optional<Head> prove(RowSpool& spool, const Source& source, Salvage& found) {
  if (!found.ledger_id || found.parts.empty() || found.parts.front().from != 1) return std::nullopt;
  HistoryCheck check(source.lineage);
  bool same = source.seen && source.seen->position == 0;
  int behind = 0;  // groups that end behind the witness
  for (const RowSpool::Place& row : spool.rows()) {
    if (row.first > found.parts.front().to) break;
    const SpooledRow bytes = spool.read(row);
    if (const Result<void> added = check.add(bytes.key(), bytes.value()); !added) {
      found.damaged.push_back({"log", added.error().detail});
      return std::nullopt;
    }
    if (const Result<Head> head = check.end()) {
      found.proven = head->position;
      behind += source.seen && head->position > source.seen->position ? 1 : 0;
      same = same || (source.seen && head->position == source.seen->position && head->chain == source.seen->chain);
    }
  }
  if (behind > kGroupsBehindTheWitness) {
    found.damaged.push_back({"witness", "is an old copy: it knows the log up to position " + std::to_string(source.seen->position)});
    found.acknowledged.reset();
    return std::nullopt;
  }
  const Result<Head> head = check.end();
  if (!head || found.parts.size() != 1 || !source.seen) return std::nullopt;
  if (found.lost.empty() && !same)
    found.damaged.push_back({"witness", "knows another history at position " + std::to_string(source.seen->position)});
  return same ? std::optional<Head>(*head) : std::nullopt;
}

}  // namespace

Opening<Salvage> salvage(const std::string& directory, const std::string& target, const SalvageProgress& progress) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) return refuse(ExitCode::Format, "there is no ledger in " + directory);
  if (fs::is_empty(directory, error)) return refuse(ExitCode::Format, "there is nothing of a ledger in " + directory);
  Source source(directory);
  auto lock = DirectoryLock::acquire(rocksdb::FileSystem::Default(), directory);
  if (!lock) return tl::unexpected(lock.error());
  Salvage found;
  if (const Opening<void> read = read_beside(source, found); !read) return tl::unexpected(read.error());
  const std::vector<fs::path> files = row_files(source.paths.log, found);
  if (!found.ledger_id && files.empty()) return refuse(ExitCode::Format, "there is nothing of a ledger in " + directory);
  Opening<SalvageTarget> made = SalvageTarget::make(target);
  if (!made) return tl::unexpected(made.error());

  RowSpool spool(made->spool_path());
  read_rows(files, spool, found, progress);
  if (const Opening<void> spooled = spool.settle(); !spooled) return tl::unexpected(spooled.error());
  find_gaps(spool, found);
  const std::optional<Head> head = prove(spool, source, found);
  const bool signs = std::none_of(found.damaged.begin(), found.damaged.end(),
                                  [](const DamagedFile& file) { return file.file == "keys/log_signing"; });
  const bool empty = found.parts.empty() && source.seen && source.seen->position == 0;
  found.whole = signs && !empty && head.has_value();
  const Opening<void> written = found.whole ? made->write_ledger(source.paths, spool, *head, source.lineage)
                                            : made->write_parts(found.ledger_id.value_or(LedgerId{}), spool, found.parts);
  if (!written) return tl::unexpected(written.error());
  return found;
}

}  // namespace daybook::log
