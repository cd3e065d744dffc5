#include "ledger/codec/key_store_state.h"

#include <sodium.h>

namespace daybook::codec {

KeyId16 KeyStore::State::reference_of(std::string_view subject) const {
  KeyId16 reference;
  crypto_generichash(raw(reference.data()), reference.size(), raw(subject), subject.size(),
                     raw(reference_key.bytes.data()), reference_key.bytes.size());
  return reference;
}

KeyEntry KeyStore::State::entry_of(const Subject& subject) {
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

KeyHeader KeyStore::State::header() {
  KeyHeader made;
  made.epoch = epoch;
  fill(made.nonce);
  wrap(master, reference_key.bytes, wrapping_data(epoch, {}, {}), made.nonce,
       made.wrapped_reference_key);
  return made;
}

Result<void> KeyStore::State::write_anew(std::uint64_t new_epoch) {
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

tl::unexpected<Error> KeyStore::State::no_subjects() const {
  return keys_missing(subjects_path() +
                      " is missing beside a log that needs it: restore it from its backup");
}

Result<void> KeyStore::State::load(std::string_view bytes) {
  Result<KeyFile> file = read_key_file(bytes);
  if (!file) return keys_damaged(subjects_path() + " " + file.error().detail);
  epoch = file->header.epoch;
  Result<std::optional<std::string>> master_bytes = files->read(master_path(epoch));
  if (!master_bytes) return tl::unexpected(std::move(master_bytes.error()));
  if (!*master_bytes)
    return keys_missing(master_path(epoch) + " is missing: restore it from its backup");
  Result<Key32> key = read_master(**master_bytes, epoch);
  if (!key) return keys_damaged(master_path(epoch) + ": " + key.error().detail);
  master.bytes = *key;
  if (!unwrap(master, file->header.wrapped_reference_key, wrapping_data(epoch, {}, {}),
              file->header.nonce, reference_key.bytes)) {
    return keys_damaged(master_path(epoch) + " does not open " + subjects_path());
  }
  for (const KeyEntry& entry : file->entries) {
    Subject subject;
    subject.id = entry.id;
    subject.reference = entry.reference;
    subject.erased = entry.erased;
    if (!entry.erased) {
      if (!unwrap(master, entry.wrapped_key, wrapping_data(epoch, entry.id, entry.reference),
                  entry.nonce, subject.key.bytes)) {
        return keys_damaged(subjects_path() + " holds a key that its master key does not open");
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

Result<void> KeyStore::State::sync_what_was_read(std::string_view bytes) {
  if (end > slot.committed) {
    Result<void> tail = files->write(subjects_path(), slot.committed, bytes.substr(slot.committed, end - slot.committed));
    if (!tail) return tail;
  }
  return files->write(subjects_path(), kSlotOffset[slot_index], write_slot(slot, epoch));
}

Result<void> KeyStore::State::destroy_other_masters() {
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

KeyStore::State::Subject& KeyStore::State::subject_for(std::string_view name) {
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

}  // namespace daybook::codec
