#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/codec/seal.h"
#include "ledger/domain/result.h"

namespace daybook::codec {

/// The file operations that the key store needs: the engine's go the way of log and witness, tests
/// lose power between any two of them.
///
/// Paths are those of the store's directory. Every error is final: after a failed write or sync the
/// outcome is unknown, and the caller stops (architecture.md 2).
class KeyFiles {
 public:
  KeyFiles() = default;
  KeyFiles(const KeyFiles&) = delete;
  KeyFiles& operator=(const KeyFiles&) = delete;
  virtual ~KeyFiles() = default;

  /// The whole content; nothing where there is no such file.
  [[nodiscard]] virtual Result<std::optional<std::string>> read(const std::string& path) = 0;
  /// Writes `bytes` at `offset` of a file that is there, and waits until they are on disk.
  [[nodiscard]] virtual Result<void> write(const std::string& path, std::uint64_t offset,
                                           std::string_view bytes) = 0;
  /// Writes a new file (mode 0600) under another name, syncs it, puts it in place of `path`, syncs
  /// the directory.
  [[nodiscard]] virtual Result<void> replace(const std::string& path, std::string_view bytes) = 0;
  /// Overwrites the file with zeros, syncs, removes it, syncs the directory. No file: nothing to
  /// do.
  [[nodiscard]] virtual Result<void> destroy(const std::string& path) = 0;
  [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;
};

/// Where keys and nonces come from; fit for secrets. Need not be thread-safe: the store calls it
/// under its lock.
class SecretSource {
 public:
  virtual ~SecretSource() = default;
  virtual void fill(std::span<std::byte> out) = 0;
};

/// libsodium's generator.
[[nodiscard]] std::unique_ptr<SecretSource> system_secrets();

/// The keys of the subjects of personal values, and the sealing with them.
///
/// Kept in two files beside the log (key_file.h has their layout): the subjects' keys, each wrapped
/// by a master key, and the master key of the present epoch. Erasing a subject writes both anew: a
/// new master key wraps the keys that remain, and the old master key is destroyed, so that no old
/// block or backup of the subjects' file can be opened again. Thread-safe.
class KeyStore final : public Sealer {
 public:
  /// Opens the store in `directory`, which is there, and makes it when it is new. `log_is_empty`:
  /// without a log that names keys, missing files mean a new store; otherwise they are an error.
  ///
  /// Errors: CORRUPTION (a damaged file, named; of the kind NotFound where it is missing), INTERNAL (the file system).
  [[nodiscard]] static Result<std::unique_ptr<KeyStore>> open(
      const std::string& directory, bool log_is_empty, std::unique_ptr<KeyFiles> files,
      std::unique_ptr<SecretSource> secrets);
  /// Whether `open` would find every key that it needs; changes nothing. Errors: as `open`.
  [[nodiscard]] static Result<void> check(const std::string& directory, bool log_is_empty,
                                          std::unique_ptr<KeyFiles> files);
  ~KeyStore() override;

  [[nodiscard]] Result<std::string> seal(std::string_view subject, Binding binding,
                                         std::string_view plain) override;
  [[nodiscard]] Result<std::optional<std::string>> open(std::string_view sealed) const override;

  /// Puts the keys made since the last time on disk: called before the group that uses them is
  /// written. Without new keys it costs one look. An error is final (exit 74).
  [[nodiscard]] Result<void> sync();
  /// Destroys the keys of `subjects`; those that are not there are passed over. Returns how many
  /// were. An error is final.
  [[nodiscard]] Result<std::size_t> erase(std::span<const std::string> subjects);
  [[nodiscard]] Result<std::size_t> erase(const std::string& subject) {
    return erase(std::span(&subject, 1));
  }

  /// The same of keys named by `reference`.
  [[nodiscard]] Result<std::size_t> erase_references(std::span<const std::string> references);

  /// Keys that are not to be had, by values that they sealed (their first `kSealedKeyBytes` are enough): such values read as those of
  /// erased subjects. Keys that are there stay. An error is final.
  static constexpr std::size_t kSealedKeyBytes = 17;
  [[nodiscard]] Result<void> give_up(std::span<const std::string> sealed);

  /// What stands for a subject where its name must not: a keyed digest, 32 hex digits
  /// (SubjectErased).
  [[nodiscard]] std::string reference(std::string_view subject) const;
  [[nodiscard]] bool has_key(std::string_view subject) const {
    return has_reference(reference(subject));
  }
  [[nodiscard]] bool has_reference(std::string_view reference) const;
  [[nodiscard]] std::size_t size() const;
  /// Another one after every erasure.
  [[nodiscard]] std::uint64_t epoch() const;

 private:
  struct State;
  explicit KeyStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace daybook::codec
