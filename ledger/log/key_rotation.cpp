#include "ledger/log/key_rotation.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <sstream>
#include <utility>

#include <rocksdb/file_system.h>

#include "ledger/log/bytes.h"
#include "ledger/log/crc32c.h"
#include "ledger/log/files.h"
#include "ledger/log/signing_key.h"

namespace daybook::log {
namespace {

constexpr std::size_t kHistoryBytesMax = std::size_t{1} << 20;
/// The one name that a secret has been given so far: that of callers' tokens (server/app/history_tokens.cpp).
constexpr std::string_view kTokenSecret = "daybook/token-key/1\n";

std::string keys_of(const Log& log) { return log.directory() + "/keys"; }
std::string history_of(const Log& log) { return keys_of(log) + "/log_signing_history"; }
std::string secret_of(const Log& log) { return keys_of(log) + "/token_secret"; }

std::string line_of(const KeyRotation& rotation) {
  return std::to_string(rotation.position) + " " + hex(rotation.root) + " " + hex(rotation.chain) + " " +
         hex(rotation.previous_key) + " " + hex(rotation.public_key) + " " + hex(rotation.signature) + " " +
         hex(rotation.new_signature) + "\n";
}

std::optional<KeyRotation> read_line(const std::string& line, const LedgerId& ledger) {
  std::istringstream words(line);
  KeyRotation rotation;
  rotation.ledger_id = ledger;
  std::string root, chain, previous, next, signature, new_signature;
  if (!(words >> rotation.position >> root >> chain >> previous >> next >> signature >> new_signature)) return std::nullopt;
  const bool good = from_hex(root, rotation.root) && from_hex(chain, rotation.chain) && from_hex(previous, rotation.previous_key) &&
                    from_hex(next, rotation.public_key) && from_hex(signature, rotation.signature) &&
                    from_hex(new_signature, rotation.new_signature) && line_of(rotation) == line + "\n";
  const std::string text = rotation.signed_text();
  if (!good || !verify_signature(as_bytes(text), rotation.previous_key, rotation.signature) ||
      !verify_signature(as_bytes(text), rotation.public_key, rotation.new_signature)) {
    return std::nullopt;
  }
  return rotation;
}

tl::unexpected<Error> damaged(const std::string& path) {
  return failed(ErrorKind::Corruption, "LOG_DAMAGED", path + " is damaged: it does not lead from the first signing key to the present one");
}

tl::unexpected<OpenError> not_written(const std::string& path, const rocksdb::IOStatus& status) {
  return refuse(ExitCode::IoError, path + ": " + status.ToString());
}

/// The secret as it is kept once its key is gone: itself[64] ‖ crc32c u32.
std::optional<std::array<std::byte, 64>> kept_secret(const Log& log) {
  std::string text;
  std::array<std::byte, 64> secret{};
  if (!read_file(*log.trusted_files(), secret_of(log), secret.size() + 5, text).ok()) return std::nullopt;
  const Bytes bytes = as_bytes(text);
  if (bytes.size() != secret.size() + 4 ||
      load<std::uint32_t>(bytes.data() + secret.size()) != crc32c(bytes.first(secret.size()))) {
    return std::nullopt;
  }
  std::memcpy(secret.data(), bytes.data(), secret.size());
  return secret;
}

rocksdb::IOStatus keep_secret(const Log& log) {
  if (exists(*log.trusted_files(), secret_of(log))) return rocksdb::IOStatus::OK();
  const std::array<std::byte, 64> secret = log.sign(as_bytes(kTokenSecret));
  std::string text(as_text(secret));
  append_bytes(text, crc32c(secret));
  return replace_file(*log.trusted_files(), secret_of(log), as_bytes(text));
}

}  // namespace

std::string KeyRotation::signed_text() const {
  return "daybook/signing-key/1\n" + hex(ledger_id) + "\n" + std::to_string(position) + "\n" + hex(root) + "\n" + hex(chain) + "\n" +
         hex(previous_key) + "\n" + hex(public_key) + "\n";
}

Result<std::vector<KeyRotation>> key_rotations(const Log& log) {
  std::vector<KeyRotation> rotations;
  const std::string path = history_of(log);
  if (!exists(*log.trusted_files(), path)) return rotations;
  std::string text;
  if (!read_file(*log.trusted_files(), path, kHistoryBytesMax, text).ok()) return damaged(path);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::optional<KeyRotation> rotation = read_line(line, log.ledger_id());
    if (!rotation || (!rotations.empty() && rotations.back().public_key != rotation->previous_key)) return damaged(path);
    rotations.push_back(*rotation);
  }
  const std::array<std::byte, 32> present = log.signed_head().public_key;
  // The last one was said but not done, when its writer was interrupted.
  if (!rotations.empty() && rotations.back().public_key != present && rotations.back().previous_key == present) rotations.pop_back();
  if (!rotations.empty() && rotations.back().public_key != present) return damaged(path);
  return rotations;
}

Opening<KeyRotation> rotate_signing_key(const std::string& directory, const Seams& seams) {
  Options options;
  options.directory = directory;
  options.create = false;
  options.open_views = false;
  const Log::Opened log = Log::open(options, seams);
  if (!log) return tl::unexpected(log.error());
  rocksdb::FileSystem& files = *(*log)->trusted_files();
  Result<std::vector<KeyRotation>> rotations = key_rotations(**log);
  if (!rotations) return refuse(ExitCode::Corruption, rotations.error().detail);

  const std::string path = keys_of(**log) + "/log_signing";
  const std::string aside = path + ".next";
  if (const auto kept = keep_secret(**log); !kept.ok()) return not_written(secret_of(**log), kept);
  if (const auto made = SigningKey::create(files, aside, *seams.rng); !made.ok()) return not_written(aside, made);
  const Opening<SigningKey> next = SigningKey::read(files, aside);
  if (!next) return tl::unexpected(next.error());
  const SignedHead head = (*log)->signed_head();
  KeyRotation rotation{head.head.ledger_id, head.head.position, head.head.root, head.head.chain, head.public_key,
                       next->sign(head.head).public_key, {}, {}};
  const std::string text = rotation.signed_text();
  rotation.signature = (*log)->sign(as_bytes(text));
  rotation.new_signature = next->sign(as_bytes(text));
  rotations->push_back(rotation);
  std::string history;
  for (const KeyRotation& each : *rotations) history += line_of(each);
  if (const auto written = replace_file(files, history_of(**log), as_bytes(history)); !written.ok())
    return not_written(history_of(**log), written);
  auto moved = files.RenameFile(aside, path, rocksdb::IOOptions(), nullptr);
  if (moved.ok()) moved = sync_directory(files, keys_of(**log));
  if (!moved.ok()) return not_written(path, moved);
  return rotation;
}

std::array<std::byte, 64> lasting_secret(const Log& log, std::string_view name) {
  if (name == kTokenSecret) {
    if (const auto kept = kept_secret(log)) return *kept;
  }
  return log.sign(as_bytes(name));
}

}  // namespace daybook::log
