#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/log/log.h"
#include "ledger/log/rng.h"

/// What the tests of the log have in common: a directory that goes away, events of arbitrary bytes, logs.
namespace daybook::log::testing {

/// A private directory under the system's temporary one, removed at the end.
class TemporaryDirectory {
 public:
  /// Memory: on /dev/shm where there is one, for tests that sync thousands of small files.
  enum class In { Temporary, Memory };
  explicit TemporaryDirectory(In place = In::Temporary);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] std::string path(const std::string& name = {}) const;

 private:
  std::filesystem::path path_;
};

/// Events to append, with bytes of their own.
class Group {
 public:
  /// Adds an event of `size` bytes drawn from `rng`; every other byte repeats, so that it compresses.
  Group& add(Rng& rng, std::size_t size, std::uint16_t type = 1);
  Group& add(std::string_view event, std::uint16_t type = 1);

  [[nodiscard]] std::vector<NewRecord> records() const;
  [[nodiscard]] std::size_t size() const { return events_.size(); }

 private:
  struct Item {
    std::vector<std::byte> bytes;
    std::uint16_t type;
  };
  std::vector<Item> events_;
};

/// `events` events of 40 to 400 bytes and types 0 to 9, drawn from `seed`.
[[nodiscard]] Group random_group(std::uint64_t seed, std::size_t events);

/// Options for `directory` with small buffers.
[[nodiscard]] Options small_options(const std::string& directory);

/// Opens with the host's files and a generator seeded with `seed`; fails the test if it does not open.
[[nodiscard]] std::unique_ptr<Log> open_log(const Options& options, std::uint64_t seed = 1);

/// Every file below a directory, by its path, with its bytes.
[[nodiscard]] std::map<std::string, std::string> every_file(const std::string& directory);

/// A whole file.
[[nodiscard]] std::string read_bytes(const std::filesystem::path& file);
void write_bytes(const std::filesystem::path& file, std::string_view bytes);

/// The whole log as one text: every record with its bytes and times, and the head's hashes. An error is part
/// of it, as "error: …".
[[nodiscard]] std::string transcript(const Log& log);

}  // namespace daybook::log::testing
