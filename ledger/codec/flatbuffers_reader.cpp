#include "ledger/codec/flatbuffers_reader.h"

#include <algorithm>

#include "ledger/codec/json_check.h"
#include "ledger/codec/text_rules.h"

namespace daybook::codec {
namespace {

constexpr std::int32_t kFirstDay = -719'162;  // 0001-01-01
constexpr std::int32_t kLastDay = 2'932'896;  // 9999-12-31

}  // namespace

bool FlatbuffersReader::open_root(TableView& view, std::uint32_t at) {
  if (size_ < at + 8) return malformed("is too short");
  std::uint32_t target = 0;
  return follow(at, target) && open(target, view);
}

bool FlatbuffersReader::open(std::uint32_t at, TableView& view) {
  if (tables_left_ == 0) return malformed("has more tables than its length allows");
  --tables_left_;
  if ((at & 3) != 0 || size_ < 4 || at > size_ - 4)
    return malformed("has a table outside the buffer");
  const std::int64_t vtable = std::int64_t{at} - load<std::int32_t>(at);
  if (vtable < 0 || (vtable & 1) != 0 || vtable > static_cast<std::int64_t>(size_) - 4) {
    return malformed("has a vtable outside the buffer");
  }
  view.at = at;
  view.vtable = static_cast<std::uint32_t>(vtable);
  const auto bytes = load<std::uint16_t>(view.vtable);
  view.size = load<std::uint16_t>(view.vtable + 2);
  if (bytes < 4 || (bytes & 1) != 0 || bytes > size_ - view.vtable)
    return malformed("has a vtable of a wrong size");
  if (view.size < 4 || view.size > size_ - at) return malformed("has a table of a wrong size");
  view.slots = static_cast<std::uint16_t>((bytes - 4) / 2);
  return true;
}

bool FlatbuffersReader::referred(const TableView& view, std::uint32_t id, std::uint32_t& target) {
  const std::uint32_t place = this->place(view, id);
  target = 0;
  if (place == 0) return true;
  return fits(view, place, {4, 4}) ? follow(view.at + place, target)
                                   : malformed("lies outside its table");
}

bool FlatbuffersReader::only(const TableView& view, std::uint32_t known) {
  for (std::uint32_t id = known; id < view.slots; ++id) {
    if (place(view, id) == 0) continue;
    constexpr std::string_view kWhat = "has a field that this version does not know";
    return trust_ == Trust::Posted ? fail("INVALID_FIELD", std::string(kWhat)) : malformed(kWhat);
  }
  return true;
}

bool FlatbuffersReader::follow(std::uint32_t at, std::uint32_t& target) {
  const auto offset = load<std::uint32_t>(at);
  if (offset == 0 || (offset & 0x80000000U) != 0 || offset > size_ - at) {
    return malformed("has an offset that leaves the buffer");
  }
  target = at + offset;
  return true;
}

bool FlatbuffersReader::vector_at(std::uint32_t target, InlineShape shape,
                                  std::span<const std::byte>& elements) {
  if ((target & 3) != 0 || size_ < 4 || target > size_ - 4)
    return malformed("has a vector outside the buffer");
  const std::size_t length = load<std::uint32_t>(target);
  const std::size_t first = std::size_t{target} + 4;
  if ((first & (shape.alignment - 1)) != 0 || length > (size_ - first) / shape.size) {
    return malformed("has a vector that leaves the buffer");
  }
  const std::size_t bytes = length * shape.size;
  if (bytes > bytes_left_) return malformed("unfolds to more than its length allows");
  bytes_left_ -= bytes;
  elements = {data_ + first, bytes};
  return true;
}

bool FlatbuffersReader::text_at(std::uint32_t target, std::string_view& text) {
  std::span<const std::byte> found;
  if (!vector_at(target, {1, 1}, found)) return false;
  const std::size_t end = target + 4 + found.size();
  if (end >= size_ || data_[end] != std::byte{0}) return malformed("has a string without its end");
  text = as_text(found);
  return true;
}

bool FlatbuffersReader::string(std::uint32_t target, std::string& value, bool required) {
  std::string_view text;
  return text_at(target, text) && checked_string(text, value, required);
}

bool FlatbuffersReader::json_text(std::uint32_t target, std::string& value) {
  std::string_view text;
  if (!text_at(target, text)) return false;
  if (!is_utf8(text)) return fail("INVALID_STRING", "the text is not UTF-8");
  if (trust_ == Trust::Ours) {
    value = text;
    return true;
  }
  if (text.size() > kMaxStringBytes)
    return fail("INVALID_STRING", "is longer than 64 KiB: shorten it");
  value.clear();
  const JsonCheck checked = check_json(text, 1, &value);
  if (checked.error) return fail(*checked.error);
  return checked.end == text.size() || fail("MALFORMED_JSON", "has something behind its end");
}

bool FlatbuffersReader::checked_string(std::string_view text, std::string& value, bool required) {
  if (!is_utf8(text)) return fail("INVALID_STRING", "the text is not UTF-8");
  if (trust_ == Trust::Posted) {
    if (text.empty() && required && !may_be_empty_)
      return fail("INVALID_STRING", "is empty: give it a value");
    if (auto refusal = refuse_text(text)) return fail(std::move(*refusal));
  }
  value = text;
  return true;
}

bool FlatbuffersReader::entries(std::uint32_t target, Texts& entries, int depth) {
  entries.clear();
  std::span<const std::byte> found;
  if (!vector_at(target, {4, 4}, found)) return false;
  if (depth + 1 > kMaxDepth) return malformed("is nested too deeply");
  if (trust_ == Trust::Posted && found.size() / 4 > kMaxMembers) {
    return fail("TOO_MANY_MEMBERS", "has more than 10,000 members: send fewer");
  }
  auto at = static_cast<std::uint32_t>(found.data() - data_);
  for (std::size_t i = 0; i < found.size() / 4; ++i, at += 4) {
    std::uint32_t entry = 0;
    TableView view;
    std::string key;
    std::string value;
    if (!(follow(at, entry) && open(entry, view) && read_field(view, 0, key, depth + 1) &&
          only(view, 2))) {
      return fail_in(std::to_string(i));
    }
    std::uint32_t text = 0;
    if (!referred(view, 1, text) || (text == 0 ? !missing() : !string(text, value, false)))
      return fail_in(key);
    if (!entries.empty() && key <= entries.rbegin()->first && entries.contains(key)) {
      return fail("DUPLICATE_MEMBER", "is there twice: remove one") || fail_in(key);
    }
    entries.emplace(std::move(key), std::move(value));
  }
  return true;
}

bool FlatbuffersReader::decimal(std::uint32_t at, Decimal& value) {
  const auto low = load<std::uint64_t>(at);
  const auto high = load<std::uint64_t>(at + 8);
  const auto scale = load<std::uint8_t>(at + 16);
  auto parts =
      Decimal::from_parts(static_cast<Int128>((static_cast<UInt128>(high) << 64) | low), scale);
  if (!parts) return fail(std::move(parts.error()));
  value = *parts;
  return true;
}

bool FlatbuffersReader::currency(std::uint32_t at, Currency& value) {
  std::memcpy(value.code, data_ + at, sizeof value.code);
  if (value.is_valid() || (trust_ == Trust::Ours && value == Currency{})) return true;
  return fail("INVALID_CURRENCY", "is no active ISO 4217 code");
}

bool FlatbuffersReader::date(std::uint32_t at, Date& value) {
  value.days = load<std::int32_t>(at);
  return (value.days >= kFirstDay && value.days <= kLastDay) ||
         fail("INVALID_TIME", "is outside the years 0001–9999");
}

bool FlatbuffersReader::instant(std::uint32_t at, Instant& value) {
  value.micros = load<std::int64_t>(at);
  const Instant first = Instant::start_of({kFirstDay});
  const Instant end = Instant::start_of({kLastDay + 1});
  return (value >= first && value < end) || fail("INVALID_TIME", "is outside the years 0001–9999");
}

bool FlatbuffersReader::missing() {
  return trust_ == Trust::Posted ? fail("INVALID_FIELD", "is missing; it has to be there") : malformed("is missing; it has to be there");
}

bool FlatbuffersReader::unknown_enumerator() {
  return fail("INVALID_FIELD", "is a value that this version does not know");
}

bool FlatbuffersReader::malformed(std::string_view what) {
  return fail("MALFORMED_FLATBUFFER", std::string(what));
}

bool FlatbuffersReader::fail(std::string_view code, std::string detail) {
  return fail(Error{ErrorKind::Invalid, code, std::move(detail), {}});
}

bool FlatbuffersReader::fail(Error error) {
  error_ = std::move(error);
  return false;
}

bool FlatbuffersReader::fail_in(std::string_view name) {
  error_.pointer.insert(0, "/" + camel_case(name));
  return false;
}

}  // namespace daybook::codec
