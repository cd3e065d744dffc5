#include "server/http/target.h"

#include <algorithm>
#include <optional>

#include "server/http/utf8.h"

namespace daybook::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Decodes `text` once into `*out` and moves `*out` on. Null for a bad escape, a control character,
/// or bytes that are not UTF-8.
std::optional<std::string_view> percent_decoded(std::string_view text, char** out) {
  char* const begin = *out;
  for (std::size_t index = 0; index < text.size(); ++index) {
    char c = text[index];
    if (c == '%') {
      if (text.size() - index < 3) return std::nullopt;
      const int high = hex_digit(text[index + 1]);
      const int low = hex_digit(text[index + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      index += 2;
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return std::nullopt;
    }
    *(*out)++ = c;
  }
  const std::string_view decoded(begin, static_cast<std::size_t>(*out - begin));
  if (!is_utf8(decoded)) return std::nullopt;
  return decoded;
}

constexpr std::string_view kBadPath =
    "The path has a bad escape, an encoded slash, a dot segment, or text that is not UTF-8; percent-encode UTF-8 without NUL, and no slash.";
constexpr std::string_view kBadQuery = "The query has a bad escape or text that is not UTF-8; percent-encode UTF-8 without NUL.";

bool decode_path(std::string_view path, char** out, std::vector<std::string_view>* segments) {
  for (bool more = !path.empty(); more;) {
    const std::size_t slash = path.find('/');
    more = slash != std::string_view::npos;
    const auto segment = percent_decoded(path.substr(0, slash), out);
    if (more) path.remove_prefix(slash + 1);
    if (!segment || segment->find_first_of("/\\") != std::string_view::npos || *segment == "." ||
        *segment == "..") {
      return false;
    }
    segments->push_back(*segment);
  }
  return true;
}

bool decode_query(std::string_view query, char** out, std::vector<QueryPair>* pairs) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = percent_decoded(pair.substr(0, equals), out);
    const auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), out);
    if (!name || !value) return false;
    pairs->push_back({*name, *value});
  }
  return true;
}

}  // namespace

std::string_view decode(std::string_view target, char* out, std::vector<std::string_view>* segments,
                        std::vector<QueryPair>* query) {
  if (!target.starts_with('/')) return "The target must be a path that begins with a slash.";
  for (const char c : target) {
    if (c <= 0x20 || c >= 0x7F || std::string_view("\"#<>\\").find(c) != std::string_view::npos) {
      return "The target has characters that must be percent-encoded.";
    }
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  if (!decode_path(target.substr(1, question - 1), &out, segments)) return kBadPath;
  if (!decode_query(target.substr(std::min(question + 1, target.size())), &out, query)) {
    return kBadQuery;
  }
  return {};
}

}  // namespace daybook::http
