#include "replay/json_place.h"

#include <algorithm>
#include <string>

namespace daybook::replay {
namespace {

/// Walks over JSON without making anything of it. `at` beyond the end: it was none.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) { skip_blanks(); }

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_blanks() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
  }
  bool take(char c) {
    if (now() != c) return false;
    ++at_;
    skip_blanks();
    return true;
  }
  /// A string, without its quotes and as it is written.
  std::string_view string() {
    const std::size_t from = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? std::size_t{2} : std::size_t{1};
    at_ = std::min(at_, text_.size());
    const std::string_view found = text_.substr(from, at_ - from);
    if (at_ < text_.size()) ++at_;
    return found;
  }
  void value() {
    if (now() == '"') {
      string();
    } else if (now() == '{' || now() == '[') {
      nested();
    } else {
      at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    }
  }

 private:
  void nested() {
    std::size_t depth = 0;
    do {
      const char c = now();
      if (c == '"') {
        string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
    } while (depth > 0 && at_ < text_.size());
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Goes to the member or element; false where there is none.
bool step_into(Walker& walker, const std::string& name) {
  if (walker.take('{')) {
    while (walker.now() == '"') {
      const bool is_it = walker.string() == name;
      walker.skip_blanks();
      if (!walker.take(':')) return false;
      if (is_it) return true;
      walker.value();
      walker.skip_blanks();
      if (!walker.take(',')) return false;
    }
    return false;
  }
  if (!walker.take('[')) return false;
  std::size_t left = 0;
  for (const char c : name) {
    if (c < '0' || c > '9' || left > 1'000'000) return false;
    left = left * 10 + static_cast<std::size_t>(c - '0');
  }
  for (; left > 0; --left) {
    walker.value();
    walker.skip_blanks();
    if (!walker.take(',')) return false;
  }
  return walker.now() != ']';
}

/// `~1` and `~0` of RFC 6901.
std::string unescaped(std::string_view token) {
  std::string name;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size()) {
      name.push_back(token[++i] == '1' ? '/' : '~');
    } else {
      name.push_back(token[i]);
    }
  }
  return name;
}

}  // namespace

std::optional<JsonPlace> place_in_json(std::string_view json, std::string_view pointer) {
  Walker walker(json);
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    if (!step_into(walker, unescaped(pointer.substr(0, end)))) return std::nullopt;
    pointer.remove_prefix(end);
  }
  const std::size_t from = walker.at();
  if (from >= json.size()) return std::nullopt;
  walker.value();
  return JsonPlace{from, json.substr(from, walker.at() - from)};
}

bool lacks_a_subject(std::string_view detail) {
  for (const std::string_view verb : {"is ", "has ", "should ", "ends ", "holds ", "must "}) {
    if (detail.starts_with(verb)) return true;
  }
  return false;
}

}  // namespace daybook::replay
