#include "server/app/history_tokens.h"

#include <algorithm>
#include <cstring>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "ledger/codec/base64.h"
#include "ledger/domain/invariant.h"
#include "ledger/log/key_rotation.h"

namespace daybook::server {
namespace {

constexpr std::string_view kKeyName = "daybook/token-key/1\n";

std::string_view text_of(std::span<const std::byte> bytes) {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

void append_position(std::string& out, log::Position position) {
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>((position >> shift) & 0xff));
}

log::Position read_position(std::string_view bytes) {
  log::Position position = 0;
  for (std::size_t i = 8; i-- > 0;) position = position << 8 | static_cast<unsigned char>(bytes[i]);
  return position;
}

/// 48 bytes are 64 characters: no padding is ever needed.
std::string base64url(std::string_view bytes) {
  std::string text;
  codec::append_base64(bytes, text);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

tl::unexpected<Error> altered() {
  return rejected("BAD_TOKEN",
                  "This Daybook-Token is not one that this ledger gave. Send the newest one as it came, or none.");
}

tl::unexpected<Error> rolled_back(const std::string& what) {
  return conflict("HISTORY_ROLLED_BACK",
                  what + " Stop writing, and tell the operator: the ledger was replaced by an older or another copy.");
}

}  // namespace

HistoryTokens::HistoryTokens(const log::Log& log, log::Rng& rng) : log_(log) {
  rng.fill(std::as_writable_bytes(std::span(opening_)));
  const std::array<std::byte, 64> secret = log::lasting_secret(log, kKeyName);
  unsigned size = 0;
  LEDGER_INVARIANT(EVP_Digest(secret.data(), secret.size(), key_.data(), &size, EVP_sha256(), nullptr) == 1 &&
                   size == key_.size());
}

std::array<std::uint8_t, HistoryTokens::kMac> HistoryTokens::mac(std::string_view content) const {
  std::array<std::uint8_t, 32> whole{};
  unsigned size = 0;
  const void* const data = content.data();
  LEDGER_INVARIANT(HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), static_cast<const unsigned char*>(data),
                        content.size(), whole.data(), &size) != nullptr);
  std::array<std::uint8_t, kMac> cut{};
  std::copy_n(whole.begin(), cut.size(), cut.begin());
  return cut;
}

std::string HistoryTokens::newest() {
  const std::lock_guard lock(mutex_);
  if (text_.empty() || log_.position() != position_) {
    const log::Head head = log_.head();
    std::string bytes(opening_.begin(), opening_.end());
    append_position(bytes, head.position);
    bytes += text_of(head.chain).substr(0, kChain);
    const auto seal = mac(bytes);
    bytes.append(seal.begin(), seal.end());
    text_ = base64url(bytes);
    position_ = head.position;
  }
  return text_;
}

Result<void> HistoryTokens::check(std::string_view token) {
  constexpr std::size_t kText = (kSigned + kMac) / 3 * 4;
  if (token.size() != kText || token.find_first_of("+/=") != std::string_view::npos) return altered();
  std::string standard(token);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  codec::ByteVector decoded;
  if (!codec::decode_base64(standard, decoded) || decoded.size() != kSigned + kMac) return altered();
  const std::string_view bytes = text_of(std::as_bytes(std::span(decoded)));
  const auto seal = mac(bytes.substr(0, kSigned));
  if (CRYPTO_memcmp(seal.data(), bytes.data() + kSigned, kMac) != 0) return altered();

  const std::string_view opening = bytes.substr(0, opening_.size());
  if (std::memcmp(opening.data(), opening_.data(), opening_.size()) == 0) return {};
  const log::Position position = read_position(bytes.substr(8, 8));
  {
    const std::lock_guard lock(mutex_);
    const auto seen = seen_.find(std::string(opening));
    if (seen != seen_.end() && position <= seen->second) return {};
  }
  if (Result<void> same = compare(position, bytes.substr(16, kChain)); !same) return same;
  const std::lock_guard lock(mutex_);
  if (seen_.size() >= kOpeningsKept) seen_.clear();
  log::Position& through = seen_[std::string(opening)];
  through = std::max(through, position);
  return {};
}

Result<void> HistoryTokens::compare(log::Position position, std::string_view chain) const {
  if (position > log_.position()) {
    return rolled_back("The log ends at position " + std::to_string(log_.position()) + "; you have seen position " +
                       std::to_string(position) + ".");
  }
  if (position == 0) return {};
  const Result<log::Head> end = log_.group_end(position);
  if (!end) return tl::unexpected(end.error());
  if (end->position != position || text_of(end->chain).substr(0, kChain) != chain) {
    return rolled_back("The log has another history at position " + std::to_string(position) + " than the one you saw.");
  }
  return {};
}

}  // namespace daybook::server
