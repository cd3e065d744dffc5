#include "ledger/log/log_import.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "ledger/log/bytes.h"
#include "ledger/log/copy_failed.h"
#include "ledger/log/directory.h"
#include "ledger/log/files.h"
#include "ledger/log/opening.h"
#include "ledger/log/profile.h"
#include "ledger/log/signing_key.h"
#include "ledger/log/witness.h"

namespace daybook::log {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::size_t kBatchBytes = std::size_t{4} << 20;
constexpr std::size_t kKeyFileBytesMax = std::size_t{1} << 30;

Result<void> done(const std::string& path, const rocksdb::Status& status) {
  return status.ok() ? Result<void>() : copy_failed(path, status.ToString());
}

/// DIR/log, while rows go in.
class NewRows {
 public:
  explicit NewRows(std::string path) : path_(std::move(path)), env_(environment(rocksdb::FileSystem::Default())) {}

  Result<void> open() {
    rocksdb::Options options = log_options(env_.get(), {});
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    const rocksdb::Status opened = rocksdb::DB::Open(options, path_, &db);
    db_.reset(db);
    return done(path_, opened);
  }

  /// The row with its frame compressed again, as a ledger writes it.
  Result<void> add(const FrameHead& head, std::span<const RecordView> records) {
    writer_.begin(head.first, head.recorded_at);
    for (const RecordView& record : records) {
      writer_.add({.stream = record.stream, .version = record.version, .type = record.type, .code = record.code,
                   .event = record.event, .leaf = {}});
    }
    const std::string_view value = as_text(writer_.finish(head.ends_group ? &head.group : nullptr));
    const Key key = key_of(head.first);
    const std::string_view key_text = as_text(key);
    const rocksdb::Status put =
        batch_.Put(rocksdb::Slice(key_text.data(), key_text.size()), rocksdb::Slice(value.data(), value.size()));
    if (!put.ok()) return done(path_, put);
    // A batch may end inside a group: before FORMAT is there, nobody opens this.
    return batch_.GetDataSize() < kBatchBytes ? Result<void>() : write();
  }

  Result<void> write() {
    if (batch_.Count() == 0) return {};
    const rocksdb::Status written = db_->Write(log_write_options(), &batch_);
    batch_.Clear();
    return done(path_, written);
  }

  Result<void> close() {
    if (Result<void> written = write(); !written) return written;
    if (Result<void> flushed = done(path_, db_->Flush({})); !flushed) return flushed;
    const rocksdb::Status closed = db_->Close();
    db_.reset();
    return done(path_, closed);
  }

 private:
  std::string path_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<rocksdb::DB> db_;
  FrameWriter writer_{Codec::Zstd};
  rocksdb::WriteBatch batch_{0, 0, 8, 0};
};

Result<void> make_directory(const std::string& path) {
  if (Result<void> made = done(path, rocksdb::FileSystem::Default()->CreateDirIfMissing(path, IOOptions(), nullptr)); !made) return made;
  const Opening<void> closed = make_private(path);
  return closed ? Result<void>() : copy_failed(path, closed.error().detail);
}

Result<void> copy_keys(rocksdb::FileSystem& files, const std::string& from, const std::string& to) {
  std::vector<std::string> names;
  if (Result<void> listed = done(from, files.GetChildren(from, IOOptions(), &names, nullptr)); !listed) return listed;
  for (const std::string& name : names) {
    if (name == "." || name == "..") continue;
    std::uint64_t size = 0;
    std::string bytes;
    IOStatus status = files.GetFileSize(from + "/" + name, IOOptions(), &size, nullptr);
    if (status.ok()) status = read_file(files, from + "/" + name, std::min<std::uint64_t>(size, kKeyFileBytesMax), bytes);
    if (Result<void> read = done(from + "/" + name, status); !read) return read;
    if (Result<void> written = done(to + "/" + name, replace_file(files, to + "/" + name, as_bytes(bytes))); !written) return written;
  }
  return {};
}

/// Makes one ledger.
class Maker {
 public:
  Maker(const LogImport& import, Rng& rng) : import_(import), rng_(rng), paths_(import.directory), rows_(paths_.log) {}

  Result<void> begin() {
    for (const std::string& path : {import_.directory, paths_.log, paths_.keys}) {
      if (Result<void> made = make_directory(path); !made) return made;
    }
    Result<void> keys = import_.keys.empty() ? done(paths_.signing_key, SigningKey::create(files_, paths_.signing_key, rng_))
                                             : copy_keys(files_, import_.keys, paths_.keys);
    return keys ? rows_.open() : keys;
  }

  Result<void> add(const FrameHead& head, Bytes value) {
    const auto records = reader_.records(head, value);
    if (!records) return tl::unexpected(records.error());
    if (import_.each) {
      for (const RecordView& record : *records) {
        if (Result<void> seen = import_.each(record); !seen) return seen;
      }
    }
    if (import_.progress) import_.progress(head.last());
    return rows_.add(head, *records);
  }

  Result<void> end(const SegmentFacts& facts) {
    if (Result<void> closed = rows_.close(); !closed) return closed;
    if (Result<void> same = check_key(facts); !same) return same;
    const Head& head = facts.head;
    const Testimony begun{.generation = 0, .ledger_id = head.ledger_id, .epoch = head.epoch, .position = head.position,
                          .chain = head.chain, .recorded_at = head.recorded_at};
    if (Result<void> made = done(paths_.witness, Witness::create(files_, paths_.witness, begun)); !made) return made;
    const std::string heads = import_.directory + "/heads";
    if (Result<void> kept = done(heads, replace_file(files_, heads, as_bytes(heads_bytes(facts.heads)))); !kept) return kept;
    if (Result<void> synced = done(paths_.log, sync_directory(files_, paths_.log)); !synced) return synced;
    return done(paths_.format, replace_file(files_, paths_.format, as_bytes(format_text(facts.lineage))));
  }

 private:
  /// Keys that were brought along have to be the ledger's.
  Result<void> check_key(const SegmentFacts& facts) const {
    if (import_.keys.empty() || facts.heads.empty()) return {};
    const Opening<SigningKey> key = SigningKey::read(files_, paths_.signing_key);
    if (!key) return failed(ErrorKind::NotFound, "KEYS_DIFFER", key.error().detail);
    if (key->sign(facts.head).public_key == facts.heads.back().public_key) return {};
    return rejected("KEYS_DIFFER", import_.keys + " holds another signing key than that of the ledger's newest head, " +
                                       hex(facts.heads.back().public_key) + "; give the keys/ of the ledger that was exported.");
  }

  const LogImport& import_;
  Rng& rng_;
  opening::Paths paths_;
  rocksdb::FileSystem& files_ = *rocksdb::FileSystem::Default();
  NewRows rows_;
  FrameReader reader_;
};

}  // namespace

tl::expected<SegmentFacts, SegmentFault> import_segments(std::span<const std::string> paths, const LogImport& import, Rng& rng) {
  const auto fault = [](Error error) { return tl::unexpected(SegmentFault{std::string(), std::move(error)}); };
  Maker maker(import, rng);
  if (Result<void> begun = maker.begin(); !begun) return fault(std::move(begun.error()));
  auto facts = read_segments(paths, [&](const FrameHead& head, Bytes value) { return maker.add(head, value); });
  if (!facts) return facts;
  if (Result<void> ended = maker.end(*facts); !ended) return fault(std::move(ended.error()));
  return facts;
}

}  // namespace daybook::log
