#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "ledger/codec/event.h"
#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/log/log.h"

namespace daybook::bench {

/// Wall time of `work`.
[[nodiscard]] double seconds_of(const std::function<void()>& work);

/// The value of `result`; throws what it says instead where it failed.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(std::string(result.error().code) + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Leaves personal values as they are: no bench has any.
class NoSealer final : public codec::Sealer {
 public:
  Result<std::string> seal(std::string_view, codec::Binding, std::string_view plain) override { return std::string(plain); }
  Result<std::optional<std::string>> open(std::string_view sealed) const override { return std::string(sealed); }
};

/// Fills a log with events that nobody admits: in groups of 8,000, with sources and ids of its own.
class LogWriter {
 public:
  explicit LogWriter(log::Log& log) : log_(log) {}

  /// Appends `event`, whose source and id are filled in. `stream` from 1 in order of first appearance, `version` from 1.
  void add(Event& event, std::uint32_t stream, std::uint32_t version);
  /// Writes what is not written yet.
  void flush();

 private:
  struct Mark {
    std::uint32_t stream;
    std::uint32_t version;
    std::uint16_t type;
    std::size_t begin;
  };
  log::Log& log_;
  NoSealer sealer_;
  codec::Buffer buffer_;
  std::vector<Mark> marks_;
  std::uint64_t ids_ = 0;
};

}  // namespace daybook::bench
