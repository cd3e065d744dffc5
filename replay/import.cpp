#include "replay/import.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <system_error>
#include <utility>

#include "ledger/codec/event.h"
#include "ledger/codec/key_store.h"
#include "ledger/domain/event_types.h"
#include "ledger/engine/key_files.h"
#include "ledger/engine/stream_directory.h"
#include "ledger/log/bytes.h"
#include "ledger/log/copy_failed.h"
#include "ledger/log/log.h"
#include "ledger/log/log_import.h"
#include "ledger/log/rng.h"
#include "ledger/log/side_files.h"
#include "replay/remains.h"

namespace daybook::replay {
namespace {

namespace fs = std::filesystem;

Result<void> check_absent_or_empty(const fs::path& path, const std::string& otherwise) {
  std::error_code error;
  if (!fs::exists(path, error) && !error) return {};
  if (!error && fs::is_directory(path, error) && fs::is_empty(path, error) && !error) return {};
  return conflict("ALREADY_EXISTS", path.string() + otherwise);
}

/// Opens nothing and remembers with which keys values were sealed.
class KeysInUse final : public codec::Sealer {
 public:
  Result<std::string> seal(std::string_view, codec::Binding, std::string_view) override {
    return failed(ErrorKind::Internal, "INTERNAL", "nothing is sealed here");
  }
  Result<std::optional<std::string>> open(std::string_view sealed) const override {
    keys_.emplace(sealed.substr(0, codec::KeyStore::kSealedKeyBytes));
    return std::nullopt;
  }
  [[nodiscard]] std::vector<std::string> keys() const { return {keys_.begin(), keys_.end()}; }

 private:
  mutable std::set<std::string> keys_;
};

/// Whether every event can be read, and stands where it says: a stream has its number by the order of first appearance, and
/// versions count up. Heads of records are not hashed, so nothing else would notice.
class StreamCheck {
 public:
  Result<void> operator()(const log::RecordView& record) {
    const Result<Event> event = codec::decode_event(record.event, &keys_);
    if (!event) return wrong(record, "its event cannot be read: " + event.error().detail);
    const auto type = static_cast<std::uint16_t>(event->data.type());
    if (type != record.type) return wrong(record, "its head says another type of event");
    const engine::StreamNumber number = streams_.find_or_add(*stream_of(event->data.type()), codec::stream_id(event->data));
    if (number != record.stream || streams_.next_version(number) != record.version)
      return wrong(record, "its head says another stream, or another place in it");
    return {};
  }

  [[nodiscard]] std::vector<std::string> keys_in_use() const { return keys_.keys(); }

 private:
  static tl::unexpected<Error> wrong(const log::RecordView& record, const std::string& what) {
    return failed(ErrorKind::Corruption, "LOG_DAMAGED", "segment: at position " + std::to_string(record.position) + ": " + what);
  }

  engine::StreamDirectory streams_;
  KeysInUse keys_;
};

log::ExitCode exit_code_of(const Error& error) {
  if (error.code == "CHAIN_DIFFERS" || error.code == "SIGNATURE_DIFFERS") return log::ExitCode::IntegrityFailed;
  return error.code == "LOG_FORMAT_NEWER" ? log::ExitCode::Format : log::ExitCode::Corruption;
}

Verdict verdict_of(const std::string& file, const Error& error) {
  Verdict verdict;
  verdict.damage = locate("", exit_code_of(error), error.detail);
  verdict.damage->file = file;
  return verdict;
}

/// Keys of its own, so that the ledger opens; what was sealed under those `in_use` reads as erased.
Result<void> make_keys(const std::string& directory, std::span<const std::string> in_use) {
  const Result<std::unique_ptr<codec::KeyStore>> keys = codec::KeyStore::open(
      directory, true, engine::key_files(log::SideFiles::of_host()), codec::system_secrets());
  return keys ? (*keys)->give_up(in_use) : tl::unexpected(keys.error());
}

Result<void> put_in_place(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return log::copy_failed(to, error.message());
  const fs::path parent = fs::path(to).parent_path();
  const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  const bool synced = folder >= 0 && ::fsync(folder) == 0;
  const int reason = errno;
  if (folder >= 0) ::close(folder);
  return synced ? Result<void>() : log::copy_failed(parent.string(), std::strerror(reason));
}

}  // namespace

Result<Verdict> import_segments(const ImportOptions& options, const StepProgress& progress) {
  std::string directory = options.directory;
  while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  const std::string unfinished = directory + ".unfinished";
  if (Result<void> free = check_absent_or_empty(directory, " has something in it; a ledger goes into a new or empty directory"); !free)
    return tl::unexpected(free.error());
  if (Result<void> free = check_absent_or_empty(unfinished, " is what an interrupted import left; remove it"); !free)
    return tl::unexpected(free.error());
  for (const std::string& segment : options.segments) {
    std::error_code error;
    if (!fs::exists(segment, error)) return failed(ErrorKind::NotFound, "NOT_FOUND", "There is no file " + segment + ".");
  }
  if (std::error_code error; !options.keys.empty() && !fs::is_directory(options.keys, error)) {
    return failed(ErrorKind::NotFound, "NOT_FOUND",
                  "There is no directory " + options.keys + "; name keys/ of the ledger that was exported, or none for new keys.");
  }
  if (!options.keys.empty()) {
    const std::string inside = options.keys + (options.keys.ends_with('/') ? "keys" : "/keys");
    std::error_code error;
    if (fs::is_directory(inside, error))
      return failed(ErrorKind::NotFound, "NOT_FOUND", options.keys + " is a whole ledger; name its keys alone: " + inside + ".");
    if (!fs::is_regular_file(options.keys + "/log_signing", error))
      return failed(ErrorKind::NotFound, "NOT_FOUND",
                    options.keys + " has no log_signing in it; name keys/ of the ledger that was exported, or none for new keys.");
  }
  Remains remains(unfinished);

  StreamCheck check;
  log::LogImport import;
  import.directory = unfinished;
  import.keys = options.keys;
  import.each = [&](const log::RecordView& record) { return check(record); };
  if (progress) import.progress = [&](log::Position position) { progress("importing", position, 0); };
  log::SystemRng rng;
  const auto facts = log::import_segments(options.segments, import, rng);
  if (!facts) {
    const log::SegmentFault& fault = facts.error();
    if (fault.file.empty() || fault.error.kind == ErrorKind::NotFound) return tl::unexpected(fault.error);
    if (fault.error.code == "COPY_FAILED") return tl::unexpected(fault.error);
    return verdict_of(fault.file, fault.error);
  }
  if (options.public_key) {
    if (facts->heads.empty() || facts->heads.back().head.position != facts->head.position ||
        facts->heads.back().public_key != *options.public_key) {
      const std::string who = facts->heads.empty() ? "nobody" : log::hex(facts->heads.back().public_key);
      return verdict_of(options.segments.back(), Error{ErrorKind::Corruption, "SIGNATURE_DIFFERS",
                                                               "The newest head is signed by " + who + " and not by the key that was given.", {}});
    }
  }
  if (options.keys.empty()) {
    if (Result<void> made = make_keys(unfinished + "/keys", check.keys_in_use()); !made) return tl::unexpected(made.error());
  }
  const Verdict verdict = verify_copy(unfinished, [&](log::Position done, log::Position total) {
    if (progress) progress("verifying", done, total);
  });
  if (verdict.damage) return verdict;
  if (Result<void> placed = put_in_place(unfinished, directory); !placed) return tl::unexpected(placed.error());
  remains.keep();
  return verdict;
}

}  // namespace daybook::replay
