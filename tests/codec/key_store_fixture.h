#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/codec/key_store.h"
#include "tests/codec/support.h"

namespace daybook::codec {

inline constexpr std::string_view kAddress = "jeroen@contoso.example";

/// Files in memory that can lose power: the n-th operation that changes something does only half of
/// it, and all that follow nothing.
class MemoryFiles final : public KeyFiles {
 public:
  using Disk = std::map<std::string, std::string>;
  MemoryFiles(Disk& disk, int& operations_left) : disk_(disk), left_(operations_left) {}

  Result<std::optional<std::string>> read(const std::string& path) override {
    const auto found = disk_.find(path);
    return found == disk_.end() ? std::nullopt : std::optional(found->second);
  }
  Result<void> write(const std::string& path, std::uint64_t offset,
                     std::string_view bytes) override {
    return change([&](bool whole) {
      std::string& file = disk_.at(path);
      const std::string_view part = whole ? bytes : bytes.substr(0, bytes.size() / 2);
      if (file.size() < offset + part.size()) file.resize(offset + part.size());
      file.replace(offset, part.size(), part);
    });
  }
  Result<void> replace(const std::string& path, std::string_view bytes) override {
    return change([&](bool whole) {
      if (whole) {
        disk_[path] = bytes;
      } else {
        disk_[path + ".new"] = bytes.substr(0, bytes.size() / 2);
      }
    });
  }
  Result<void> destroy(const std::string& path) override {
    return change([&](bool whole) {
      if (!disk_.contains(path)) return;
      disk_[path].assign(disk_[path].size(), '\0');
      if (whole) disk_.erase(path);
    });
  }
  Result<std::vector<std::string>> list(const std::string& directory) override {
    std::vector<std::string> names;
    for (const auto& [path, bytes] : disk_) names.push_back(path.substr(directory.size() + 1));
    return names;
  }

 private:
  template <class Change>
  Result<void> change(Change&& make) {
    if (left_ < 0) return failed(ErrorKind::Internal, "INTERNAL", "no power");
    if (left_-- > 0) {
      make(true);
      return {};
    }
    make(false);
    return failed(ErrorKind::Internal, "INTERNAL", "lost power");
  }

  Disk& disk_;
  int& left_;
};

class SeededSecrets final : public SecretSource {
 public:
  explicit SeededSecrets(std::uint64_t seed) : values_(seed) {}
  void fill(std::span<std::byte> out) override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(values_.u64());
  }

 private:
  RandomValues values_;
};

class KeyStoreTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<KeyStore>> try_open(bool log_is_empty = false) {
    return KeyStore::open("keys", log_is_empty,
                          std::make_unique<MemoryFiles>(disk, operations_left),
                          std::make_unique<SeededSecrets>(++seed));
  }
  std::unique_ptr<KeyStore> open(bool log_is_empty = false) {
    auto store = try_open(log_is_empty);
    EXPECT_TRUE(store.has_value()) << store.error().detail;
    return std::move(*store);
  }
  static std::string seal(KeyStore& store, std::string_view subject, std::string_view plain) {
    const std::array<std::byte, 16> binding{};
    return store.seal(subject, binding, plain).value();
  }

  MemoryFiles::Disk disk;
  int operations_left = 1 << 30;
  std::uint64_t seed = 0;
};

}  // namespace daybook::codec
