#include "ledger/log/signing_key.h"

#include <cstring>

#include <sodium.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/crc32c.h"
#include "ledger/log/files.h"

namespace daybook::log {
namespace {

using rocksdb::IOStatus;

constexpr std::string_view kHeadMagic = "daybook signed head v1";
constexpr std::string_view kKeyMagic = "DBKSIGN1";
constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kKeyFileBytes = 44;

void add(std::vector<std::byte>& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void add(std::vector<std::byte>& out, std::uint64_t value) {
  std::array<std::byte, 8> bytes;
  store(bytes.data(), value);
  add(out, bytes);
}

const unsigned char* raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}
unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

void need_sodium() {
  static const bool ready = sodium_init() >= 0;
  LEDGER_INVARIANT(ready);
}

}  // namespace

std::vector<std::byte> signed_bytes(const Head& head) {
  std::vector<std::byte> out;
  add(out, as_bytes(kHeadMagic));
  add(out, head.ledger_id);
  add(out, head.position);
  add(out, head.epoch);
  add(out, static_cast<std::uint64_t>(head.recorded_at));
  add(out, head.chain);
  add(out, head.root);
  return out;
}

bool verify_signature(Bytes message, const std::array<std::byte, 32>& public_key,
                      const std::array<std::byte, 64>& signature) {
  need_sodium();
  return crypto_sign_verify_detached(raw(signature.data()), raw(message.data()), message.size(),
                                     raw(public_key.data())) == 0;
}

bool verify_signature(const SignedHead& signed_head) {
  return verify_signature(signed_bytes(signed_head.head), signed_head.public_key,
                          signed_head.signature);
}

IOStatus SigningKey::create(rocksdb::FileSystem& files, const std::string& path, Rng& rng) {
  std::array<std::byte, kKeyFileBytes> bytes;
  std::memcpy(bytes.data(), kKeyMagic.data(), kKeyMagic.size());
  rng.fill(std::span(bytes).subspan(kKeyMagic.size(), kSeedBytes));
  store(bytes.data() + kKeyFileBytes - 4, crc32c(Bytes(bytes).first(kKeyFileBytes - 4)));
  const IOStatus status = replace_file(files, path, bytes);
  sodium_memzero(bytes.data(), bytes.size());
  return status;
}

Opening<SigningKey> SigningKey::read(rocksdb::FileSystem& files, const std::string& path) {
  need_sodium();
  std::string text;
  const IOStatus read = read_file(files, path, kKeyFileBytes + 1, text);
  if (!read.ok() && !is_missing(read)) {
    return refuse(ExitCode::IoError, path + ": " + read.ToString());
  }
  const Bytes bytes = as_bytes(text);
  if (bytes.size() != kKeyFileBytes || as_text(bytes.first(kKeyMagic.size())) != kKeyMagic ||
      load<std::uint32_t>(bytes.data() + kKeyFileBytes - 4) !=
          crc32c(bytes.first(kKeyFileBytes - 4))) {
    return refuse(read.ok() ? ExitCode::Corruption : ExitCode::HistoryLost,
                  path + (read.ok() ? " is damaged" : " is missing") +
                      ": heads cannot be signed as before. Restore it from a backup.");
  }
  SigningKey key;
  crypto_sign_seed_keypair(raw(key.public_key_.data()), raw(key.secret_key_.data()),
                           raw(bytes.data() + kKeyMagic.size()));
  sodium_memzero(text.data(), text.size());
  return key;
}

SigningKey::~SigningKey() { sodium_memzero(secret_key_.data(), secret_key_.size()); }

SignedHead SigningKey::sign(const Head& head) const {
  SignedHead out{.head = head, .public_key = public_key_, .signature = {}};
  out.signature = sign(signed_bytes(head));
  return out;
}

std::array<std::byte, 64> SigningKey::sign(Bytes message) const {
  std::array<std::byte, 64> signature{};
  crypto_sign_detached(raw(signature.data()), nullptr, raw(message.data()), message.size(),
                       raw(secret_key_.data()));
  return signature;
}

}  // namespace daybook::log
