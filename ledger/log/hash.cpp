#include "ledger/log/hash.h"

#include <cstring>

// The plain functions of SHA-256, marked as old in OpenSSL 3 but with it for as long as it is 3: EVP
// costs 35 ns more a hash, and an event has two of them.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/canary.h"

namespace daybook::log {
namespace {

constexpr std::byte kLeafTag{0x00};
constexpr std::byte kNodeTag{0x01};
constexpr std::byte kChainTag{0x02};
constexpr std::byte kFirstChainTag{0x03};
constexpr std::byte kBranchTag{0x04};

class Sha256 {
 public:
  Sha256() { begin(); }

  void begin() { LEDGER_INVARIANT(SHA256_Init(&context_) == 1); }

  void add(Bytes bytes) {
    LEDGER_INVARIANT(SHA256_Update(&context_, bytes.data(), bytes.size()) == 1);
  }

  void end(Hash& out) {
    LEDGER_INVARIANT(SHA256_Final(reinterpret_cast<unsigned char*>(out.data()), &context_) == 1);
  }

 private:
  SHA256_CTX context_;
};

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

/// One block with the bytes, their end and their length: neither counted nor put together by OpenSSL.
Hash sha256_of_one_block(Bytes bytes) {
  std::array<unsigned char, SHA256_CBLOCK> block;
  if (!bytes.empty()) std::memcpy(block.data(), bytes.data(), bytes.size());
  block[bytes.size()] = 0x80;
  std::memset(block.data() + bytes.size() + 1, 0, block.size() - 8 - bytes.size() - 1);
  const std::uint64_t bits = __builtin_bswap64(8 * bytes.size());
  std::memcpy(block.data() + block.size() - 8, &bits, 8);
  SHA256_CTX context;
  LEDGER_INVARIANT(SHA256_Init(&context) == 1);
  SHA256_Transform(&context, block.data());
  Hash out;
  for (std::size_t i = 0; i < 4; ++i) {  // two words at a time, as who adds hashes up reads them
    const std::uint64_t words = __builtin_bswap64(static_cast<std::uint64_t>(context.h[2 * i]) << 32 | context.h[2 * i + 1]);
    std::memcpy(out.data() + 8 * i, &words, 8);
  }
  return out;
}

}  // namespace

Hash sha256(Bytes bytes) {
  if (bytes.size() + 9 <= SHA256_CBLOCK) return sha256_of_one_block(bytes);
  Hash out;
  Sha256 hasher;
  hasher.add(bytes);
  hasher.end(out);
  return out;
}

Hash leaf_hash(Bytes event) {
  Hash out;
  Sha256 hasher;
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
  Sha256 hasher;
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

Hash branch_chain(const Hash& chain, const LedgerId& branch) {
  Input<49> input(kBranchTag);
  input.add(chain);
  input.add(branch);
  return input.hash();
}

Hash chain_hash(const Hash& previous, const GroupFacts& group) {
  Input<97> input(kChainTag);
  input.add(previous);
  input.add(group.epoch);
  input.add(group.first);
  input.add(group.count);
  input.add(static_cast<std::uint64_t>(group.recorded_at));
  input.add(kCanary == Canary::ChainOfLengths ? Hash{} : group.root);
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
