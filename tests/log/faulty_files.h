#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ledger/log/guarded_files.h"

namespace daybook::log::testing {

/// Lets the n-th matching operation fail with an I/O error, once, and counts them.
class FaultyFiles final : public FileGuard {
 public:
  using Matches = std::function<bool(FileOp op, const std::string& file)>;

  FaultyFiles(Matches matches, std::uint64_t nth) : matches_(std::move(matches)), nth_(nth) {}

  rocksdb::IOStatus before(FileOp op, const std::string& file) override {
    if (matches_(op, file) && seen_.fetch_add(1) + 1 == nth_) {
      return rocksdb::IOStatus::IOError("injected", file);
    }
    return rocksdb::IOStatus::OK();
  }

  rocksdb::IOStatus after(FileOp, const std::string&, rocksdb::IOStatus outcome) override {
    return outcome;
  }

  /// Did the n-th come?
  [[nodiscard]] bool fired() const { return seen_.load() >= nth_; }

 private:
  Matches matches_;
  std::uint64_t nth_;
  std::atomic<std::uint64_t> seen_{0};
};

}  // namespace daybook::log::testing
