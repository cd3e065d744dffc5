#include "ledger/codec/json_writer.h"

#include <array>

#include "ledger/codec/base64.h"
#include "ledger/codec/text_rules.h"

namespace daybook::codec {
namespace {

/// How a byte is written: 0 as it is, 1 as \u00XX, 2 as part of UTF-8 that has to be looked at,
/// else the letter behind a backslash.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 1;
  for (std::size_t c = 0x80; c < 0x100; ++c) escapes[c] = 2;
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes[0x7f] = 1;
  return escapes;
}();

constexpr std::string_view kHex = "0123456789abcdef";
char escape_of(char c) { return kEscapes[static_cast<unsigned char>(c)]; }

/// `value` with every byte that is no UTF-8 replaced.
std::string repaired(std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    std::size_t bytes = 1;
    while (bytes <= 4 && at + bytes <= value.size() && !is_utf8(value.substr(at, bytes))) ++bytes;
    const bool whole = bytes <= 4 && at + bytes <= value.size();
    out.append(whole ? value.substr(at, bytes) : std::string_view("\xEF\xBF\xBD"));
    at += whole ? bytes : 1;
  }
  return out;
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name) {
  text(name);
  out_->push_back(':');
  separate_ = false;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  comma();
  out_->push_back('"');
  bool other = false;
  for (const char c : value) other |= escape_of(c) == 2;
  if (other && !is_utf8(value)) {
    escaped(repaired(value));
  } else {
    escaped(value);
  }
  out_->push_back('"');
  separate_ = true;
  return *this;
}

void JsonWriter::escaped(std::string_view value) {
  std::size_t done = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char escape = escape_of(value[at]);
    if (escape == 0 || escape == 2) [[likely]]
      continue;
    out_->append(value.substr(done, at - done));
    done = at + 1;
    out_->push_back('\\');
    if (escape == 1) {
      const auto byte = static_cast<unsigned char>(value[at]);
      out_->append("u00");
      out_->push_back(kHex[byte >> 4]);
      out_->push_back(kHex[byte & 15]);
    } else {
      out_->push_back(escape);
    }
  }
  out_->append(value.substr(done));
}

JsonWriter& JsonWriter::quoted(const char* begin, const char* end) {
  comma();
  out_->push_back('"');
  out_->append(begin, end);
  out_->push_back('"');
  separate_ = true;
  return *this;
}

JsonWriter& JsonWriter::decimal(const Decimal& value) {
  char buffer[Decimal::kMaxChars];
  return quoted(buffer, value.to_chars(buffer));
}

JsonWriter& JsonWriter::money(const Money& value) {
  // A currency that none is (a default amount) has no minor digits to write by.
  if (!value.currency.is_valid()) return null();
  char buffer[Money::kMaxChars];
  begin_object().raw_key("\"amount\":").quoted(buffer, value.amount_to_chars(buffer));
  return raw_key("\"currency\":").text(value.currency.text()).end_object();
}

JsonWriter& JsonWriter::date(Date value) {
  char buffer[Date::kMaxChars];
  return quoted(buffer, value.to_chars(buffer));
}

JsonWriter& JsonWriter::instant(Instant value) {
  char buffer[Instant::kMaxChars];
  return quoted(buffer, value.to_chars(buffer));
}

JsonWriter& JsonWriter::period(const Period& value) {
  return begin_object()
      .raw_key("\"start\":")
      .date(value.start)
      .raw_key("\"endExclusive\":")
      .date(value.end_exclusive)
      .end_object();
}

JsonWriter& JsonWriter::base64(std::string_view bytes) {
  comma();
  out_->push_back('"');
  append_base64(bytes, *out_);
  out_->push_back('"');
  separate_ = true;
  return *this;
}

}  // namespace daybook::codec
