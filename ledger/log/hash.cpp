#include "ledger/log/hash.h"

#include <cstring>

#include <openssl/evp.h>

#include "ledger/domain/invariant.h"

namespace daybook::log {
namespace {

constexpr std::byte kLeafTag{0x00};
constexpr std::byte kNodeTag{0x01};
constexpr std::byte kChainTag{0x02};
constexpr std::byte kFirstChainTag{0x03};

/// Looked up once for the process: asking by name each time costs more than the hash of a small event.
const EVP_MD* sha256_digest() {
  static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  LEDGER_INVARIANT(digest != nullptr);
  return digest;
}

/// A thread's own context, used again for every hash.
class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new()) {
    LEDGER_INVARIANT(context_ != nullptr);
    LEDGER_INVARIANT(EVP_DigestInit_ex2(context_, sha256_digest(), nullptr) == 1);
  }
  ~Sha256() { EVP_MD_CTX_free(context_); }
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void begin() { LEDGER_INVARIANT(EVP_DigestInit_ex2(context_, nullptr, nullptr) == 1); }

  void add(Bytes bytes) {
    LEDGER_INVARIANT(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
  }

  void end(Hash& out) {
    LEDGER_INVARIANT(
        EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(out.data()), nullptr) == 1);
  }

 private:
  EVP_MD_CTX* context_;
};

Sha256& own_sha256() {
  thread_local Sha256 sha256;
  return sha256;
}

/// Bytes of a hash's input put together: small, fixed, on the stack.
template <std::size_t Size>
class Input {
 public:
  explicit Input(std::byte tag) { bytes_[0] = tag; }

  void add(Bytes bytes) {
    std::memcpy(bytes_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  void add(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) {
      bytes_[size_++] = static_cast<std::byte>(value >> (8 * i));
    }
  }

  [[nodiscard]] Hash hash() const {
    LEDGER_INVARIANT(size_ == Size);
    return sha256(bytes_);
  }

 private:
  std::array<std::byte, Size> bytes_;
  std::size_t size_ = 1;
};

}  // namespace

Hash sha256(Bytes bytes) {
  Hash out;
  Sha256& hasher = own_sha256();
  hasher.begin();
  hasher.add(bytes);
  hasher.end(out);
  return out;
}

Hash leaf_hash(Bytes event) {
  Hash out;
  Sha256& hasher = own_sha256();
  hasher.begin();
  hasher.add(Bytes(&kLeafTag, 1));
  hasher.add(event);
  hasher.end(out);
  return out;
}

Hash node_hash(const Hash& left, const Hash& right) {
  Input<65> input(kNodeTag);
  input.add(left);
  input.add(right);
  return input.hash();
}

void node_hashes(std::span<const Hash> children, std::span<Hash> parents) {
  LEDGER_INVARIANT(children.size() == 2 * parents.size());
  Sha256& hasher = own_sha256();
  std::array<std::byte, 65> input;
  input[0] = kNodeTag;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    std::memcpy(input.data() + 1, children[2 * i].data(), 64);
    hasher.begin();
    hasher.add(input);
    hasher.end(parents[i]);
  }
}

const Hash& empty_root() {
  static const Hash root = sha256({});
  return root;
}

Hash first_chain(const LedgerId& ledger) {
  Input<17> input(kFirstChainTag);
  input.add(ledger);
  return input.hash();
}

Hash chain_hash(const Hash& previous, const GroupFacts& group) {
  Input<97> input(kChainTag);
  input.add(previous);
  input.add(group.epoch);
  input.add(group.first);
  input.add(group.count);
  input.add(static_cast<std::uint64_t>(group.recorded_at));
  input.add(group.root);
  return input.hash();
}

struct RunningHash::State {
  Sha256 sha256;
};

RunningHash::RunningHash() : state_(std::make_unique<State>()) {}
RunningHash::~RunningHash() = default;

void RunningHash::add(Bytes bytes) { state_->sha256.add(bytes); }

Hash RunningHash::end() {
  Hash out;
  state_->sha256.end(out);
  state_->sha256.begin();
  return out;
}

}  // namespace daybook::log
