#include "ledger/codec/key_store.h"

#include <cstring>
#include <mutex>
#include <utility>

#include <sodium.h>

#include "ledger/codec/key_store_state.h"
#include "ledger/domain/invariant.h"

namespace daybook::codec {
namespace {

// A sealed value: format:u8 (1), key id[16], binding[16], nonce[24], ciphertext with its tag[16].
// What stands before the nonce is associated data.
constexpr char kFormat = 1;
constexpr std::size_t kBound = 1 + 16 + 16;
constexpr std::size_t kOverhead = kBound + kNonceBytes + kTagBytes;

/// What `KeyStore::reference` wrote.
std::optional<KeyId16> read_reference(std::string_view hex) {
  KeyId16 reference{};
  std::size_t size = 0;
  const int read = sodium_hex2bin(raw(reference.data()), reference.size(), hex.data(), hex.size(),
                                  nullptr, &size, nullptr);
  if (read != 0 || size != reference.size()) return std::nullopt;
  return reference;
}

}  // namespace

KeyStore::KeyStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
KeyStore::~KeyStore() = default;

Result<std::unique_ptr<KeyStore>> KeyStore::open(const std::string& directory, bool log_is_empty,
                                                 std::unique_ptr<KeyFiles> files,
                                                 std::unique_ptr<SecretSource> secrets) {
  LEDGER_INVARIANT(sodium_init() >= 0);
  auto state = std::make_unique<State>();
  state->directory = directory;
  state->files = std::move(files);
  state->secrets = std::move(secrets);
  Result<std::optional<std::string>> bytes = state->files->read(state->subjects_path());
  if (!bytes) return tl::unexpected(std::move(bytes.error()));
  Result<void> opened;
  if (*bytes) {
    opened = state->load(**bytes);
    if (opened) opened = state->sync_what_was_read(**bytes);
  } else if (log_is_empty) {
    state->fill(state->reference_key.bytes);
    opened = state->write_anew(1);
  } else {
    opened = state->no_subjects();
  }
  if (opened) opened = state->destroy_other_masters();
  if (!opened) return tl::unexpected(std::move(opened.error()));
  return std::unique_ptr<KeyStore>(new KeyStore(std::move(state)));
}

Result<void> KeyStore::check(const std::string& directory, bool log_is_empty,
                             std::unique_ptr<KeyFiles> files) {
  LEDGER_INVARIANT(sodium_init() >= 0);
  State state;
  state.directory = directory;
  state.files = std::move(files);
  const Result<std::optional<std::string>> bytes = state.files->read(state.subjects_path());
  if (!bytes) return tl::unexpected(bytes.error());
  if (*bytes) return state.load(**bytes);
  return log_is_empty ? Result<void>() : state.no_subjects();
}

Result<std::string> KeyStore::seal(std::string_view subject, Binding binding,
                                   std::string_view plain) {
  std::string sealed(kOverhead + plain.size(), '\0');
  Secret key;
  {
    const std::unique_lock lock(state_->mutex);
    const State::Subject& owner = state_->subject_for(subject);
    key = owner.key;
    sealed[0] = kFormat;
    std::memcpy(sealed.data() + 1, owner.id.data(), owner.id.size());
    std::array<std::byte, kNonceBytes> nonce;
    state_->fill(nonce);
    std::memcpy(sealed.data() + kBound, nonce.data(), nonce.size());
  }
  std::memcpy(sealed.data() + 17, binding.data(), binding.size());
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(sealed) + kBound + kNonceBytes, nullptr,
                                             raw(plain), plain.size(), raw(sealed), kBound, nullptr,
                                             raw(sealed) + kBound, raw(key.bytes.data()));
  return sealed;
}

Result<std::optional<std::string>> KeyStore::open(std::string_view sealed) const {
  if (sealed.size() < kOverhead || sealed[0] != kFormat)
    return keys_damaged("a sealed value is damaged");
  KeyId16 id;
  std::memcpy(id.data(), sealed.data() + 1, id.size());
  Secret key;
  {
    const std::shared_lock lock(state_->mutex);
    const auto found = state_->by_id.find(id);
    if (found == state_->by_id.end()) {
      return keys_damaged("a value is sealed with a key that " + state_->subjects_path() +
                     " does not have: restore that file from its backup");
    }
    if (found->second.erased) return std::nullopt;
    key = found->second.key;
  }
  std::string plain(sealed.size() - kOverhead, '\0');
  const std::string_view ciphertext = sealed.substr(kBound + kNonceBytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          raw(plain), nullptr, nullptr, raw(ciphertext), ciphertext.size(), raw(sealed), kBound,
          raw(sealed.substr(kBound)), raw(key.bytes.data())) != 0) {
    return keys_damaged("a sealed value is damaged");
  }
  return plain;
}

Result<void> KeyStore::sync() {
  if (!state_->has_pending.load(std::memory_order_acquire)) return {};
  const std::unique_lock lock(state_->mutex);
  State& state = *state_;
  if (state.broken) return tl::unexpected(*state.broken);
  if (state.pending.empty()) return {};
  const std::string batch = write_batch(state.pending, state.epoch, state.end);
  const KeySlot slot{state.slot.sequence + 1, state.end + batch.size()};
  const int other = 1 - state.slot_index;
  Result<void> written = state.files->write(state.subjects_path(), state.end, batch);
  if (written)
    written = state.files->write(state.subjects_path(), kSlotOffset[other],
                                 write_slot(slot, state.epoch));
  if (!written) {
    state.broken = written.error();
    return written;
  }
  state.slot = slot;
  state.slot_index = other;
  state.end = slot.committed;
  state.pending.clear();
  state.has_pending = false;
  return {};
}

Result<std::size_t> KeyStore::erase(std::span<const std::string> subjects) {
  std::vector<std::string> references;
  for (const std::string& subject : subjects) references.push_back(reference(subject));
  return erase_references(references);
}

Result<std::size_t> KeyStore::erase_references(std::span<const std::string> references) {
  const std::unique_lock lock(state_->mutex);
  State& state = *state_;
  if (state.broken) return tl::unexpected(*state.broken);
  std::size_t erased = 0;
  for (const std::string& hex : references) {
    const std::optional<KeyId16> reference = read_reference(hex);
    if (!reference) continue;  // anything may stand in a history that was copied
    const auto found = state.by_reference.find(*reference);
    if (found == state.by_reference.end()) continue;
    State::Subject& subject = state.by_id[found->second];
    subject.erased = true;
    subject.reference = {};
    subject.key = Secret();
    state.by_reference.erase(found);
    ++erased;
  }
  if (erased == 0) return erased;
  if (Result<void> written = state.write_anew(state.epoch + 1); !written) {
    return tl::unexpected(std::move(written.error()));
  }
  return erased;
}

Result<void> KeyStore::give_up(std::span<const std::string> sealed) {
  const std::unique_lock lock(state_->mutex);
  State& state = *state_;
  if (state.broken) return tl::unexpected(*state.broken);
  bool any = false;
  for (const std::string& value : sealed) {
    if (value.size() < kSealedKeyBytes || value[0] != kFormat) return keys_damaged("a sealed value is damaged");
    State::Subject gone;
    std::memcpy(gone.id.data(), value.data() + 1, gone.id.size());
    gone.erased = true;
    any = state.by_id.try_emplace(gone.id, gone).second || any;
  }
  return any ? state.write_anew(state.epoch + 1) : Result<void>();
}

std::string KeyStore::reference(std::string_view subject) const {
  const KeyId16 reference = state_->reference_of(subject);
  std::string hex(2 * reference.size() + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), raw(reference.data()), reference.size());
  hex.pop_back();
  return hex;
}

bool KeyStore::has_reference(std::string_view reference) const {
  const std::optional<KeyId16> id = read_reference(reference);
  const std::shared_lock lock(state_->mutex);
  return id && state_->by_reference.contains(*id);
}

std::uint64_t KeyStore::epoch() const {
  const std::shared_lock lock(state_->mutex);
  return state_->epoch;
}

std::size_t KeyStore::size() const {
  const std::shared_lock lock(state_->mutex);
  return state_->by_reference.size();
}

namespace {

class SystemSecrets final : public SecretSource {
 public:
  void fill(std::span<std::byte> out) override { randombytes_buf(out.data(), out.size()); }
};

}  // namespace

std::unique_ptr<SecretSource> system_secrets() {
  LEDGER_INVARIANT(sodium_init() >= 0);
  return std::make_unique<SystemSecrets>();
}

}  // namespace daybook::codec
