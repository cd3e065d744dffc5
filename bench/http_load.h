#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::bench {

/// What a load run sends: keep-alive connections, each with one request on its way at a time.
struct Load {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::size_t connections = 64;
  std::size_t requests = 100'000;  ///< in all, warm-up apart
  std::size_t warm_up = 5'000;
  unsigned patience_seconds = 30;  ///< for an answer
  /// The whole request, head and body, for the n-th one; called on the client's thread.
  std::function<std::string(std::uint64_t)> request;
  /// Is this whole answer what was wanted? Others count as `wrong`. Empty: any answer will do.
  std::function<bool(std::string_view)> expected;
};

/// What came of it. Latencies are of single requests, from the last byte handed to the kernel's
/// send to the last byte of the answer.
struct LoadResult {
  double seconds = 0;
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double p999_ms = 0;
  double slowest_ms = 0;
  std::uint64_t answers[6] = {};  ///< by status / 100
  std::uint64_t errors = 0;       ///< connections lost, answers not understood
  std::uint64_t wrong = 0;        ///< answers other than expected, warm-up included
};

/// Runs the load from one thread over epoll. Throws std::runtime_error where it cannot connect.
[[nodiscard]] LoadResult run(const Load& load);

/// Sends one request on a connection of its own and returns the whole answer, head and body. Throws
/// std::runtime_error where there is none.
[[nodiscard]] std::string answer_to(std::uint16_t port, const std::string& request, unsigned patience_seconds = 30);

/// A POST with a body from memory.
[[nodiscard]] std::string post_request(const std::string& path, const std::string& content_type,
                                       const std::string& body, const std::string& headers = "");

/// One line: "23,456/s  p50 1.20 ms  p99 4.10 ms  p99.9 7.00 ms  slowest 9.10 ms".
[[nodiscard]] std::string to_text(const LoadResult& result);

}  // namespace daybook::bench
