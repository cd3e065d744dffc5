#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/http/message.h"
#include "server/http/refusal.h"

namespace daybook::http {

/// Takes a chunked body apart (RFC 9112, 7.1), at most `limit` bytes of content. A line is judged
/// when its CR LF has come; extensions and trailer fields are read and dropped.
class ChunkedBody {
 public:
  enum class State : std::uint8_t { NeedMore, Done, Refused };

  explicit ChunkedBody(std::uint64_t limit) : remaining_(limit) {}

  /// Appends the content of `received` to `into`; `*consumed` bytes are done with, the rest must be
  /// given again with more behind it.
  [[nodiscard]] State feed(std::string_view received, Body* into, std::size_t* consumed);
  [[nodiscard]] const Refusal& refusal() const { return refusal_; }

 private:
  enum class Part : std::uint8_t { SizeLine, Content, ContentEnd, Trailer, Done };

  State refuse(std::string_view code, std::string_view detail);
  State take_size_line(std::string_view line);
  State take_trailer_line(std::string_view line);
  State take_content(std::string_view received, Body* into, std::size_t* consumed);
  State take_content_end(std::string_view received, std::size_t* consumed);

  Part part_ = Part::SizeLine;
  std::uint64_t remaining_;     ///< content that may still come
  std::uint64_t chunk_ = 0;     ///< content left of this chunk
  std::uint64_t content_ = 0;   ///< so far
  std::uint64_t overhead_ = 0;  ///< bytes of lines, so far
  std::size_t trailer_bytes_ = 0;
  Refusal refusal_;
};

}  // namespace daybook::http
