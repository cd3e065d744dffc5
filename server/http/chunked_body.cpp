#include "server/http/chunked_body.h"

#include <algorithm>
#include <charconv>

namespace daybook::http {
namespace {

/// A chunk's size with its extensions, or one trailer field.
constexpr std::size_t kLineLimit = 1024;
constexpr std::size_t kTrailerLimit = 4 * 1024;
/// Lines may be this much, and eight times the content: nobody makes us read megabytes for a byte.
constexpr std::uint64_t kFreeOverhead = 16 * 1024;
constexpr std::size_t kMostDigits = 16;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

}  // namespace

ChunkedBody::State ChunkedBody::refuse(std::string_view code, std::string_view detail) {
  refusal_ = {code, detail, true};
  return State::Refused;
}

ChunkedBody::State ChunkedBody::feed(std::string_view received, Body* into, std::size_t* consumed) {
  *consumed = 0;
  while (part_ != Part::Done) {
    const std::string_view rest = received.substr(*consumed);
    if (rest.empty()) return State::NeedMore;
    State state = State::NeedMore;
    if (part_ == Part::Content) {
      state = take_content(rest, into, consumed);
    } else if (part_ == Part::ContentEnd) {
      state = take_content_end(rest, consumed);
      if (state == State::NeedMore && part_ == Part::ContentEnd) return state;
    } else {
      const std::size_t end = rest.find("\r\n");
      if (std::min(end, rest.size()) > kLineLimit) {
        return refuse("MALFORMED_FRAMING", "A line of the chunked body is too long.");
      }
      if (end == std::string_view::npos) return State::NeedMore;
      const std::string_view line = rest.substr(0, end);
      *consumed += end + 2;
      overhead_ += end + 2;
      if (overhead_ > kFreeOverhead + 8 * content_) {
        return refuse("MALFORMED_FRAMING", "The chunked body has more framing than content.");
      }
      state = part_ == Part::SizeLine ? take_size_line(line) : take_trailer_line(line);
    }
    if (state == State::Refused) return state;
  }
  return State::Done;
}

ChunkedBody::State ChunkedBody::take_size_line(std::string_view line) {
  const std::string_view digits = line.substr(0, line.find(';'));
  const char* const end = digits.data() + digits.size();
  // from_chars takes a minus sign, which is none of the digits.
  const auto [stop, error] = std::from_chars(digits.data(), end, chunk_, 16);
  if (digits.empty() || digits.size() > kMostDigits || digits.front() == '-' || stop != end ||
      error != std::errc{} || has_control(line)) {
    return refuse("MALFORMED_FRAMING", "A chunk's size is malformed.");
  }
  if (chunk_ > remaining_) {
    return refuse("BODY_TOO_LARGE", "The body is larger than this path accepts.");
  }
  remaining_ -= chunk_;
  part_ = chunk_ == 0 ? Part::Trailer : Part::Content;
  return State::NeedMore;
}

ChunkedBody::State ChunkedBody::take_trailer_line(std::string_view line) {
  if (line.empty()) {
    part_ = Part::Done;
    return State::Done;
  }
  trailer_bytes_ += line.size();
  const std::string_view name = line.substr(0, line.find(':'));
  const bool frames = equal_ignoring_case(name, "content-length") ||
                      equal_ignoring_case(name, "transfer-encoding") ||
                      equal_ignoring_case(name, "host");
  if (name.size() == line.size() || name.empty() || name.find_first_of(" \t") != name.npos ||
      frames || has_control(line) || trailer_bytes_ > kTrailerLimit) {
    return refuse("MALFORMED_FRAMING", "The trailer of the chunked body is malformed.");
  }
  return State::NeedMore;
}

ChunkedBody::State ChunkedBody::take_content(std::string_view received, Body* into,
                                             std::size_t* consumed) {
  const std::string_view content =
      received.substr(0, std::min<std::uint64_t>(chunk_, received.size()));
  into->append(content);
  *consumed += content.size();
  content_ += content.size();
  chunk_ -= content.size();
  if (chunk_ == 0) part_ = Part::ContentEnd;
  return State::NeedMore;
}

ChunkedBody::State ChunkedBody::take_content_end(std::string_view received, std::size_t* consumed) {
  constexpr std::string_view kEnd = "\r\n";
  const std::string_view got = received.substr(0, kEnd.size());
  if (!kEnd.starts_with(got)) {
    return refuse("MALFORMED_FRAMING", "A chunk does not end where its size says.");
  }
  if (got == kEnd) {
    *consumed += kEnd.size();
    part_ = Part::SizeLine;
  }
  return State::NeedMore;
}

}  // namespace daybook::http
