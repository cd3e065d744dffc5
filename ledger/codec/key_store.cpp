#include "ledger/codec/key_store.h"

#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include <sodium.h>

#include "ledger/codec/buffer.h"
#include "ledger/codec/key_file.h"
#include "ledger/domain/invariant.h"

namespace daybook::codec {
namespace {

// A sealed value: format:u8 (1), key id[16], binding[16], nonce[24], ciphertext with its tag[16].
// What stands before the nonce is associated data.
constexpr char kFormat = 1;
constexpr std::size_t kBound = 1 + 16 + 16;
constexpr std::size_t kOverhead = kBound + kNonceBytes + kTagBytes;

unsigned char* raw(std::byte* bytes) {
  return static_cast<unsigned char*>(static_cast<void*>(bytes));
}
const unsigned char* raw(const std::byte* bytes) {
  return static_cast<const unsigned char*>(static_cast<const void*>(bytes));
}
unsigned char* raw(std::string& text) {
  return static_cast<unsigned char*>(static_cast<void*>(text.data()));
}
const unsigned char* raw(std::string_view text) {
  return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

tl::unexpected<Error> damaged(std::string detail) {
  return failed(ErrorKind::Corruption, "CORRUPTION", std::move(detail));
}

/// What a wrapped key is bound to.
std::string wrapping_data(std::uint64_t epoch, const KeyId16& id, const KeyId16& reference) {
  std::string data = "daybook/key/1";
  for (std::size_t i = 0; i < 8; ++i) data.push_back(static_cast<char>(epoch >> (8 * i)));
  data.append(as_text(id)).append(as_text(reference));
  return data;
}

/// What `KeyStore::reference` wrote.
std::optional<KeyId16> read_reference(std::string_view hex) {
  KeyId16 reference{};
  std::size_t size = 0;
  const int read = sodium_hex2bin(raw(reference.data()), reference.size(), hex.data(), hex.size(),
                                  nullptr, &size, nullptr);
  if (read != 0 || size != reference.size()) return std::nullopt;
  return reference;
}

struct Secret {
  Key32 bytes{};
  Secret() = default;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() { sodium_memzero(bytes.data(), bytes.size()); }
};

void wrap(const Secret& master, const Key32& key, std::string_view data,
          std::span<const std::byte, kNonceBytes> nonce, std::array<std::byte, 48>& out) {
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(out.data()), nullptr, raw(key.data()), key.size(),
                                             raw(data), data.size(), nullptr, raw(nonce.data()),
                                             raw(master.bytes.data()));
}

bool unwrap(const Secret& master, const std::array<std::byte, 48>& wrapped, std::string_view data,
            std::span<const std::byte, kNonceBytes> nonce, Key32& out) {
  return crypto_aead_xchacha20poly1305_ietf_decrypt(
             raw(out.data()), nullptr, nullptr, raw(wrapped.data()), wrapped.size(), raw(data),
             data.size(), raw(nonce.data()), raw(master.bytes.data())) == 0;
}

}  // namespace

struct KeyStore::State {
  struct Subject {
    KeyId16 id{};
    KeyId16 reference{};
    Secret key;
    bool erased = false;
  };

  std::string directory;
  std::unique_ptr<KeyFiles> files;
  std::unique_ptr<SecretSource> secrets;

  mutable std::shared_mutex mutex;
  std::uint64_t epoch = 1;
  Secret master;
  Secret reference_key;
  std::map<KeyId16, Subject> by_id;
  std::map<KeyId16, KeyId16> by_reference;  ///< living subjects
  KeySlot slot;
  int slot_index = 0;
  std::uint64_t end = kFirstBatch;
  std::vector<KeyEntry> pending;  ///< keys not yet on disk
  std::atomic<bool> has_pending{false};
  std::optional<Error> broken;  ///< after a failed write nothing is tried again

  [[nodiscard]] std::string subjects_path() const { return directory + "/subjects"; }
  [[nodiscard]] std::string master_path(std::uint64_t of_epoch) const {
    return directory + "/master-" + std::to_string(of_epoch);
  }

  void fill(std::span<std::byte> out) { secrets->fill(out); }

  [[nodiscard]] KeyId16 reference_of(std::string_view subject) const {
    KeyId16 reference;
    crypto_generichash(raw(reference.data()), reference.size(), raw(subject), subject.size(),
                       raw(reference_key.bytes.data()), reference_key.bytes.size());
    return reference;
  }

  KeyEntry entry_of(const Subject& subject) {
    KeyEntry entry;
    entry.erased = subject.erased;
    entry.id = subject.id;
    if (subject.erased) return entry;
    entry.reference = subject.reference;
    fill(entry.nonce);
    wrap(master, subject.key.bytes, wrapping_data(epoch, subject.id, subject.reference),
         entry.nonce, entry.wrapped_key);
    return entry;
  }

  KeyHeader header() {
    KeyHeader made;
    made.epoch = epoch;
    fill(made.nonce);
    wrap(master, reference_key.bytes, wrapping_data(epoch, {}, {}), made.nonce,
         made.wrapped_reference_key);
    return made;
  }

  /// Writes both files anew under a fresh master key, then destroys the one before.
  Result<void> write_anew(std::uint64_t new_epoch) {
    const std::uint64_t old_epoch = std::exchange(epoch, new_epoch);
    fill(master.bytes);
    std::vector<KeyEntry> entries;
    for (const auto& [id, subject] : by_id) entries.push_back(entry_of(subject));
    const std::string bytes = write_key_file(header(), entries);
    std::string master_bytes = write_master(epoch, master.bytes);
    Result<void> done = files->replace(master_path(epoch), master_bytes);
    sodium_memzero(master_bytes.data(), master_bytes.size());
    if (done) done = files->replace(subjects_path(), bytes);
    if (done && old_epoch != epoch) done = files->destroy(master_path(old_epoch));
    if (!done) {
      broken = done.error();
      return done;
    }
    slot = {1, bytes.size()};
    slot_index = 0;
    end = bytes.size();
    pending.clear();
    has_pending = false;
    return {};
  }

  Result<void> load(std::string_view bytes) {
    Result<KeyFile> file = read_key_file(bytes);
    if (!file) return damaged(subjects_path() + " " + file.error().detail);
    epoch = file->header.epoch;
    Result<std::optional<std::string>> master_bytes = files->read(master_path(epoch));
    if (!master_bytes) return tl::unexpected(std::move(master_bytes.error()));
    if (!*master_bytes)
      return damaged(master_path(epoch) + " is missing: restore it from its backup");
    Result<Key32> key = read_master(**master_bytes, epoch);
    if (!key) return damaged(master_path(epoch) + ": " + key.error().detail);
    master.bytes = *key;
    if (!unwrap(master, file->header.wrapped_reference_key, wrapping_data(epoch, {}, {}),
                file->header.nonce, reference_key.bytes)) {
      return damaged(master_path(epoch) + " does not open " + subjects_path());
    }
    for (const KeyEntry& entry : file->entries) {
      Subject subject;
      subject.id = entry.id;
      subject.reference = entry.reference;
      subject.erased = entry.erased;
      if (!entry.erased) {
        if (!unwrap(master, entry.wrapped_key, wrapping_data(epoch, entry.id, entry.reference),
                    entry.nonce, subject.key.bytes)) {
          return damaged(subjects_path() + " holds a key that its master key does not open");
        }
        by_reference[entry.reference] = entry.id;
      }
      by_id[entry.id] = subject;
    }
    slot = file->slot;
    slot_index = file->slot_index;
    end = file->end;
    return {};
  }

  /// A process that was killed may have written what was read now and not have synced it: then it is in the system's memory
  /// alone, and would be relied on all the same.
  Result<void> sync_what_was_read(std::string_view bytes) {
    if (end > slot.committed) {
      Result<void> tail = files->write(subjects_path(), slot.committed, bytes.substr(slot.committed, end - slot.committed));
      if (!tail) return tail;
    }
    return files->write(subjects_path(), kSlotOffset[slot_index], write_slot(slot, epoch));
  }

  /// What an erasure that was cut off has left: a master key of another epoch.
  Result<void> destroy_other_masters() {
    Result<std::vector<std::string>> names = files->list(directory);
    if (!names) return tl::unexpected(std::move(names.error()));
    const std::string present = "master-" + std::to_string(epoch);
    for (const std::string& name : *names) {
      const bool stale = (name.starts_with("master-") && name != present) || name == "subjects.new";
      if (!stale) continue;
      if (Result<void> done = files->destroy(directory + "/" + name); !done) return done;
    }
    return {};
  }

  Subject& subject_for(std::string_view name) {
    const KeyId16 reference = reference_of(name);
    if (const auto found = by_reference.find(reference); found != by_reference.end())
      return by_id[found->second];
    Subject made;
    fill(made.id);
    fill(made.key.bytes);
    made.reference = reference;
    by_reference[reference] = made.id;
    Subject& kept = by_id[made.id] = made;
    pending.push_back(entry_of(kept));
    has_pending = true;
    return kept;
  }
};

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
    return damaged(state->subjects_path() +
                   " is missing beside a log that needs it: restore it from its backup");
  }
  if (opened) opened = state->destroy_other_masters();
  if (!opened) return tl::unexpected(std::move(opened.error()));
  return std::unique_ptr<KeyStore>(new KeyStore(std::move(state)));
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
    return damaged("a sealed value is damaged");
  KeyId16 id;
  std::memcpy(id.data(), sealed.data() + 1, id.size());
  Secret key;
  {
    const std::shared_lock lock(state_->mutex);
    const auto found = state_->by_id.find(id);
    if (found == state_->by_id.end()) {
      return damaged("a value is sealed with a key that " + state_->subjects_path() +
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
    return damaged("a sealed value is damaged");
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
    if (value.size() < kSealedKeyBytes || value[0] != kFormat) return damaged("a sealed value is damaged");
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
