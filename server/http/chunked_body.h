#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "server/http/message.h"
#include "server/http/refusal.h"

namespace daybook::http {

/// Takes a chunked body apart (RFC 9112, 7.1), at most `limit` bytes of content.
class ChunkedBody {
 public:
  enum class State : std::uint8_t { NeedMore, Done, Refused };

  explicit ChunkedBody(std::uint64_t limit);
  ChunkedBody(ChunkedBody&&) noexcept;
  ChunkedBody& operator=(ChunkedBody&&) noexcept;
  ~ChunkedBody();

  /// Appends the content of `received` to `into`; `*consumed` bytes are done with, the rest must be
  /// given again with more behind it.
  [[nodiscard]] State feed(std::string_view received, Body* into, std::size_t* consumed);
  [[nodiscard]] const Refusal& refusal() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace daybook::http
