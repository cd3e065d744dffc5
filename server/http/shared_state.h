#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "server/http/router.h"
#include "server/http/server.h"
#include "server/http/strict_head.h"

namespace daybook::http {

/// Counted by one I/O thread, read by any.
struct Counters {
  using Count = std::atomic<std::uint64_t>;
  Count open{0};
  Count accepted{0};
  Count requests{0};
  Count heads_refused{0};
  std::array<Count, 6> responses{};
  Count timeouts{0};
  Count bytes_in{0};
  Count bytes_out{0};

  static void add(Count& count, std::uint64_t more = 1) {
    count.store(count.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }
};

/// How many connections there are, of all and of each address. Any thread.
class ConnectionCaps {
 public:
  enum class Verdict : std::uint8_t { Admitted, TooManyInAll, TooManyOfAddress };

  [[nodiscard]] Verdict admit(const std::string& address, const Limits& limits);
  void release(const std::string& address);

  std::atomic<std::uint64_t> refused_in_all{0};
  std::atomic<std::uint64_t> refused_of_address{0};

 private:
  std::mutex mutex_;
  std::size_t total_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;
};

/// What all connections of a server share; it lives as long as any of them.
struct SharedState {
  SharedState(Router router_, Options options_);

  /// Of bodies that may be held together at this moment.
  [[nodiscard]] std::size_t body_bytes_now() const;

  Router router;
  Options options;
  HeadLimits head_limits;
  ReaderPool pool;
  ConnectionCaps caps;
  std::atomic<std::size_t> body_bytes{0};  ///< held by request bodies now
  std::atomic<std::size_t> refusals{0};    ///< connections that are being told of a cap
  std::atomic<bool> stopping{false};
  std::uint64_t id_seed;  ///< request ids: this, scrambled with a count
  std::atomic<std::uint64_t> ids{0};
};

}  // namespace daybook::http
