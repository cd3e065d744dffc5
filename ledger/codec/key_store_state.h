#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/codec/key_file.h"
#include "ledger/codec/key_store.h"
#include "ledger/codec/key_wrap.h"

/// What a key store holds in memory, and how it lies in its files. Nothing but the store includes this.
namespace daybook::codec {

[[nodiscard]] inline tl::unexpected<Error> keys_damaged(std::string detail) {
  return failed(ErrorKind::Corruption, "CORRUPTION", std::move(detail));
}

/// A file of the keys is gone.
[[nodiscard]] inline tl::unexpected<Error> keys_missing(std::string detail) {
  return failed(ErrorKind::NotFound, "CORRUPTION", std::move(detail));
}

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

  [[nodiscard]] KeyId16 reference_of(std::string_view subject) const;

  [[nodiscard]] KeyEntry entry_of(const Subject& subject);

  [[nodiscard]] KeyHeader header();

  /// Writes both files anew under a fresh master key, then destroys the one before.
  [[nodiscard]] Result<void> write_anew(std::uint64_t new_epoch);

  /// What is said where there is no file of subjects and there has to be one.
  [[nodiscard]] tl::unexpected<Error> no_subjects() const;

  /// Errors: CORRUPTION, naming the file.
  [[nodiscard]] Result<void> load(std::string_view bytes);

  /// A process that was killed may have written what was read now and not have synced it: then it is in the system's memory
  /// alone, and would be relied on all the same.
  [[nodiscard]] Result<void> sync_what_was_read(std::string_view bytes);

  /// What an erasure that was cut off has left: a master key of another epoch.
  [[nodiscard]] Result<void> destroy_other_masters();

  /// Its key, made where there is none.
  [[nodiscard]] Subject& subject_for(std::string_view name);
};

}  // namespace daybook::codec
