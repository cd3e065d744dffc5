#include "ledger/codec/json_check.h"

#include <cstdint>
#include <unordered_set>
#include <utility>
#include <vector>

#include "ledger/codec/flatbuffers_layout.h"
#include "ledger/codec/text_rules.h"

namespace daybook::codec {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::uint32_t hex_unit(std::string_view digits) {
  std::uint32_t unit = 0;
  for (const char c : digits.substr(0, 4)) {
    unit = unit * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return unit;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto push = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    push(point);
  } else if (point < 0x800) {
    push(0xc0 | point >> 6);
    push(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    push(0xe0 | point >> 12);
    push(0x80 | (point >> 6 & 0x3f));
    push(0x80 | (point & 0x3f));
  } else {
    push(0xf0 | point >> 18);
    push(0x80 | (point >> 12 & 0x3f));
    push(0x80 | (point >> 6 & 0x3f));
    push(0x80 | (point & 0x3f));
  }
}

/// What the inside of a string, checked before, stands for.
std::string unescaped(std::string_view inside) {
  if (inside.find('\\') == std::string_view::npos) return std::string(inside);
  std::string out;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] != '\\') {
      out.push_back(inside[i]);
      continue;
    }
    const char c = inside[++i];
    if (c == 'u') {
      std::uint32_t point = hex_unit(inside.substr(i + 1));
      i += 4;
      if (point >= 0xd800 && point <= 0xdbff) {
        point = 0x10000 + ((point - 0xd800) << 10) + (hex_unit(inside.substr(i + 3)) - 0xdc00);
        i += 6;
      }
      append_utf8(out, point);
    } else {
      const auto control = std::string_view("bfnrt").find(c);
      out.push_back(control == std::string_view::npos ? c : "\b\f\n\r\t"[control]);
    }
  }
  return out;
}

class Checker {
 public:
  Checker(std::string_view text, std::string* compact, bool refused)
      : text_(text), compact_(compact), refused_(refused) {}

  JsonCheck run(int depth) {
    white_space();
    if (value(depth)) white_space();
    return {std::move(error_), at_};
  }

 private:
  bool value(int depth) {
    switch (peek()) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      // No JSON, but a number that somebody meant: the member it stands for refuses it by name.
      case 'N':
        return refused_ ? word("NaN") : malformed("a value");
      case 'I':
        return refused_ ? word("Infinity") : malformed("a value");
      default:
        return number();
    }
  }

  bool object(int depth) {
    if (!enter(depth)) return false;
    if (close('}')) return true;
    std::unordered_set<std::string> names;
    do {
      white_space();
      if (peek() != '"') return malformed("a member's name in quotes");
      const std::size_t begin = at_ + 1;
      if (!string()) return false;
      std::string name = unescaped(text_.substr(begin, at_ - begin - 1));
      if (++members_ > kMaxMembers) {
        return refuse("TOO_MANY_MEMBERS", "has more than 10,000 members: send fewer");
      }
      if (!names.insert(name).second) {
        refuse("DUPLICATE_MEMBER", "is there twice: remove one");
        return in(name);
      }
      white_space();
      if (peek() != ':') return malformed("a colon");
      take();
      white_space();
      if (!value(depth + 1)) return in(name);
      white_space();
    } while (next(','));
    return close('}') || malformed("a comma or the end of the object");
  }

  bool array(int depth) {
    if (!enter(depth)) return false;
    if (close(']')) return true;
    std::size_t index = 0;
    do {
      white_space();
      if (!value(depth + 1)) return in(std::to_string(index));
      ++index;
      white_space();
    } while (next(','));
    return close(']') || malformed("a comma or the end of the array");
  }

  bool string() {
    take();
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c < 0x20) return malformed("no control character in a string");
      take();
      if (c == '"') return true;
      if (c == '\\' && !escape()) return malformed("an escape sequence of JSON");
    }
    return malformed("the end of a string");
  }

  bool escape() {
    const char c = peek();
    if (c == '\0') return false;
    take();
    if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
    std::uint32_t unit = 0;
    if (!hex(unit) || (unit >= 0xdc00 && unit <= 0xdfff)) return false;
    if (unit < 0xd800 || unit > 0xdbff) return true;
    return next('\\') && next('u') && hex(unit) && unit >= 0xdc00 && unit <= 0xdfff;
  }

  bool hex(std::uint32_t& unit) {
    unit = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = peek();
      const char low = static_cast<char>(c | 0x20);
      if (is_digit(c)) {
        unit = unit * 16 + static_cast<std::uint32_t>(c - '0');
      } else if (low >= 'a' && low <= 'f') {
        unit = unit * 16 + static_cast<std::uint32_t>(low - 'a' + 10);
      } else {
        return false;
      }
      take();
    }
    return true;
  }

  bool number() {
    next('-');
    if (peek() == 'I' && refused_) return word("Infinity");
    if (!is_digit(peek())) return malformed("a value");
    if (!next('0')) digits();
    if (next('.') && !digits()) return malformed("a digit");
    if (next('e') || next('E')) {
      if (!next('+')) next('-');
      if (!digits()) return malformed("a digit");
    }
    return true;
  }

  bool digits() {
    const std::size_t begin = at_;
    while (is_digit(peek())) take();
    return at_ != begin;
  }

  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return malformed("a value");
    for (std::size_t i = 0; i < expected.size(); ++i) take();
    return true;
  }

  bool enter(int depth) {
    if (depth > kMaxDepth)
      return refuse("JSON_TOO_DEEP", "is nested more than 16 deep: flatten it");
    take();
    white_space();
    return true;
  }

  bool close(char c) { return next(c); }
  bool next(char c) {
    if (peek() != c) return false;
    take();
    return true;
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void take() {
    if (compact_ != nullptr) compact_->push_back(text_[at_]);
    ++at_;
  }
  void white_space() {
    while (at_ < text_.size() &&
           std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }

  bool malformed(std::string_view expected) {
    error_ = rejected("MALFORMED_JSON", "is no JSON: at byte " + std::to_string(at_) +
                                            " there should be " + std::string(expected))
                 .value();
    malformed_ = true;
    return false;
  }
  bool refuse(std::string_view code, std::string detail) {
    error_ = rejected(code, std::move(detail)).value();
    return false;
  }
  /// A text that is no JSON has no members to point at.
  bool in(std::string_view name) {
    if (malformed_) return false;
    std::string pointer;
    append_pointer(pointer, name);
    error_->pointer.insert(0, pointer);
    return false;
  }

  std::string_view text_;
  std::string* compact_;
  bool refused_;  ///< by a description already: only why is asked
  std::size_t at_ = 0;
  std::size_t members_ = 0;
  bool malformed_ = false;
  std::optional<Error> error_;
};

}  // namespace

JsonCheck check_json(std::string_view text, int depth, std::string* compact) {
  return Checker(text, compact, false).run(depth);
}

JsonCheck check_refused_json(std::string_view text, int depth) {
  return Checker(text, nullptr, true).run(depth);
}

JsonCheck check_inner_json(std::string_view text, int depth, std::string* compact) {
  JsonCheck checked = check_json(text, depth, compact);
  if (checked.error || checked.end == text.size()) return checked;
  if (std::string_view(",]}").find(text[checked.end]) == std::string_view::npos) {
    checked.error = rejected("MALFORMED_JSON", "is no JSON: something follows a value").value();
  }
  return checked;
}

std::optional<Error> refuse_json(std::string_view text, const Error& reason) {
  const auto malformed = [](std::string detail) {
    return rejected("MALFORMED_JSON", std::move(detail)).value();
  };
  if (!is_utf8(text)) return malformed("the text is not UTF-8");
  JsonCheck checked = check_refused_json(text);
  if (checked.error) return std::move(checked.error);
  if (checked.end != text.size()) return malformed("has something behind its end");
  if (reason.code == "MALFORMED_JSON") return malformed(reason.detail);
  return std::nullopt;
}

void append_pointer(std::string& pointer, std::string_view token) {
  pointer.push_back('/');
  for (const char c : token) {
    if (c == '~') {
      pointer.append("~0");
    } else if (c == '/') {
      pointer.append("~1");
    } else {
      pointer.push_back(c);
    }
  }
}

}  // namespace daybook::codec
