#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ledger/codec/buffer.h"
#include "ledger/codec/flatbuffers_layout.h"
#include "ledger/codec/member_types.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/result.h"

namespace daybook::codec {

/// Where FlatBuffers bytes come from.
enum class Trust {
  Ours,    ///< written by our own writer: personal values are sealed
  Posted,  ///< a caller's: personal values are plain, strings obey the rules of api.md
};

/// Reads described types from FlatBuffers, total on any bytes: everything is checked before it is
/// read.
///
/// Depth is limited, tables and bytes are limited by the length (offsets may point at the same
/// thing from many places, so a short buffer could unfold into a long one). After a refusal
/// `error()` names the member.
class FlatbuffersReader {
 public:
  /// A table whose vtable and extent have been checked.
  struct TableView {
    std::uint32_t at = 0;
    std::uint32_t vtable = 0;
    std::uint16_t slots = 0;  ///< fields that the vtable knows
    std::uint16_t size = 0;
  };

  FlatbuffersReader(std::span<const std::byte> bytes, Trust trust)
      : data_(bytes.data()),
        size_(bytes.size()),
        tables_left_(bytes.size() / 4),
        bytes_left_(4 * bytes.size() + 1024),
        trust_(trust) {}

  template <Table T>
  [[nodiscard]] bool root(T& value) {
    TableView view;
    return open_root(view) && table(view, value, 1);
  }
  /// `at`: where the root's offset lies; behind the prefix in a size-prefixed buffer.
  [[nodiscard]] bool open_root(TableView& view, std::uint32_t at = 0);
  /// Checks the table at `at`.
  [[nodiscard]] bool open(std::uint32_t at, TableView& view);

  /// Reads the members of `value`, which is as constructed.
  template <Table T>
  [[nodiscard]] bool table(const TableView& view, T& value, int depth) {
    return described(DescribedMembers<T>(), view, value, depth);
  }

  /// Reads one member; `name` is for the error.
  template <class M>
  [[nodiscard]] bool field(const TableView& view, std::uint32_t id, std::string_view name,
                           M& member, int depth, bool may_be_empty = false) {
    may_be_empty_ = may_be_empty;
    if (read_field(view, id, member, depth)) [[likely]]
      return true;
    return fail_in(name);
  }

  /// The position that the offset in field `id` points to; 0 when absent.
  [[nodiscard]] bool referred(const TableView& view, std::uint32_t id, std::uint32_t& target);
  /// No field beyond the first `known`: bytes of a newer schema are not for this program.
  [[nodiscard]] bool only(const TableView& view, std::uint32_t known);
  /// Whether field `id` is there.
  [[nodiscard]] bool has(const TableView& view, std::uint32_t id) const {
    return place(view, id) != 0;
  }

  [[nodiscard]] Trust trust() const { return trust_; }
  [[nodiscard]] const Error& error() const { return error_; }
  [[nodiscard]] Error&& take_error() { return std::move(error_); }
  [[nodiscard]] bool fail(std::string_view code, std::string detail);
  [[nodiscard]] bool fail(Error error);
  [[nodiscard]] bool malformed(std::string_view what);
  /// Puts `name` in front of the error's pointer; always false.
  [[nodiscard]] bool fail_in(std::string_view name);

 private:
  template <template <class...> class L, class... Ds, class T>
  bool described(L<Ds...>, const TableView& view, T& value, int depth) {
    if (depth > kMaxDepth) return malformed("is nested too deeply");
    std::uint32_t id = 0;
    return (field(view, id++, Ds::name, value.*Ds::pointer, depth, may_be_empty<T>(Ds::name)) && ...) &&
           only(view, sizeof...(Ds));
  }

  [[nodiscard]] std::uint32_t place(const TableView& view, std::uint32_t id) const {
    return id < view.slots ? load<std::uint16_t>(view.vtable + 4 + 2 * id) : 0;
  }
  /// Whether `size` bytes at `place` lie inside the table, aligned.
  [[nodiscard]] static bool fits(const TableView& view, std::uint32_t place, InlineShape shape) {
    return place + shape.size <= view.size && ((view.at + place) & (shape.alignment - 1)) == 0;
  }

  template <class M>
  bool read_field(const TableView& view, std::uint32_t id, M& member, int depth) {
    const std::uint32_t place = this->place(view, id);
    if constexpr (kIsOptional<M>) {
      if (place == 0) {
        member.reset();
        return true;
      }
      return read_present(view, place, member.emplace(), depth, false);
    } else if constexpr (Scalar<M>) {
      if (place == 0) {
        member = M{};
        return true;
      }
      return read_present(view, place, member, depth, true);
    } else if constexpr (kIsVector<M> || std::is_same_v<M, Texts>) {
      if (place == 0) {
        member.clear();
        return true;
      }
      return read_present(view, place, member, depth, true);
    } else {
      if (place == 0) return missing();
      return read_present(view, place, member, depth, true);
    }
  }

  template <class M>
  bool read_present(const TableView& view, std::uint32_t place, M& member, int depth,
                    bool required) {
    if (!fits(view, place, inline_shape<M>())) [[unlikely]]
      return malformed("lies outside its table");
    const std::uint32_t at = view.at + place;
    if constexpr (Scalar<M> || Fixed<M>) {
      return load_value(at, member);
    } else {
      std::uint32_t target = 0;
      return follow(at, target) && read_referred(target, member, depth, required);
    }
  }

  template <class M>
  bool load_value(std::uint32_t at, M& value) {
    if constexpr (std::is_same_v<M, bool>) {
      const auto byte = load<std::uint8_t>(at);
      value = byte == 1;
      return byte <= 1 || malformed("is neither true nor false");
    } else if constexpr (std::is_enum_v<M>) {
      value = static_cast<M>(load<std::uint8_t>(at));
      return is_described(value) || unknown_enumerator();
    } else if constexpr (std::is_same_v<M, Decimal>) {
      return decimal(at, value);
    } else if constexpr (std::is_same_v<M, Money>) {
      value.minor_units = load<std::int64_t>(at);
      return currency(at + 8, value.currency);
    } else if constexpr (std::is_same_v<M, Currency>) {
      return currency(at, value);
    } else if constexpr (std::is_same_v<M, Period>) {
      return date(at, value.start) && date(at + 4, value.end_exclusive);
    } else if constexpr (std::is_same_v<M, Date>) {
      return date(at, value);
    } else if constexpr (std::is_same_v<M, Instant>) {
      return instant(at, value);
    } else {
      static_assert(std::is_integral_v<M>);
      value = load<M>(at);
      return true;
    }
  }

  template <class M>
  bool read_referred(std::uint32_t target, M& value, int depth, bool required) {
    if constexpr (std::is_same_v<M, std::string>) {
      return string(target, value, required);
    } else if constexpr (Identifier<M>) {
      std::string_view text;
      if (!text_at(target, text)) return false;
      // An empty identifier of ours is a default one; a caller has to name something.
      if (!is_identifier(text) && (trust_ == Trust::Posted || !text.empty())) {
        return fail(invalid_identifier(M::tag::kName).value());
      }
      value = M(std::string(text));
      return true;
    } else if constexpr (std::is_same_v<M, JsonText>) {
      return json_text(target, value.text);
    } else if constexpr (Table<M>) {
      TableView view;
      return open(target, view) && table(view, value, depth + 1);
    } else if constexpr (kIsPersonal<M>) {
      return personal(target, value);
    } else if constexpr (std::is_same_v<M, ByteVector>) {
      std::span<const std::byte> found;
      if (!vector_at(target, {1, 1}, found)) return false;
      value.assign(found.begin(), found.end());
      return true;
    } else if constexpr (std::is_same_v<M, Texts>) {
      return entries(target, value, depth);
    } else {
      static_assert(kIsVector<M>, "a described member has a type that the codec does not know");
      return vector(target, value, depth);
    }
  }

  template <class E>
  bool vector(std::uint32_t target, std::vector<E>& values, int depth) {
    constexpr InlineShape kShape = inline_shape<E>();
    std::span<const std::byte> found;
    if (!vector_at(target, kShape, found)) return false;
    const std::size_t count = found.size() / kShape.size;
    values.clear();
    values.reserve(count);
    auto at = static_cast<std::uint32_t>(found.data() - data_);
    for (std::size_t i = 0; i < count; ++i, at += kShape.size) {
      if (!element(at, values.emplace_back(), depth)) return fail_in(std::to_string(i));
    }
    return true;
  }

  template <class E>
  bool element(std::uint32_t at, E& value, int depth) {
    if constexpr (Scalar<E> || Fixed<E>) {
      return load_value(at, value);
    } else {
      std::uint32_t target = 0;
      if (!follow(at, target)) return false;
      if constexpr (kIsPersonal<E>) {
        TableView view;
        return open(target, view) && read_field(view, 0, value, depth + 1) && only(view, 1);
      } else {
        return read_referred(target, value, depth, true);
      }
    }
  }

  bool entries(std::uint32_t target, Texts& entries, int depth);

  template <class T>
  bool personal(std::uint32_t target, Personal<T>& value) {
    std::span<const std::byte> found;
    if (!vector_at(target, {1, 1}, found)) return false;
    value.value.reset();
    value.sealed.clear();
    if (trust_ == Trust::Ours) {
      value.sealed = as_text(found);
      return true;
    }
    if constexpr (std::is_same_v<T, std::string>) {
      return checked_string(as_text(found), value.value.emplace(), true);
    } else if constexpr (std::is_same_v<T, ByteVector>) {
      value.value.emplace(found.begin(), found.end());
      return true;
    } else {
      FlatbuffersReader inner(found, trust_);
      if (inner.root(value.value.emplace())) return true;
      return fail(inner.take_error());
    }
  }

  bool string(std::uint32_t target, std::string& value, bool required);
  bool json_text(std::uint32_t target, std::string& value);
  bool checked_string(std::string_view text, std::string& value, bool required);
  /// The text of the string at `target`, which ends with a NUL.
  bool text_at(std::uint32_t target, std::string_view& text);
  /// The elements of the vector at `target`.
  bool vector_at(std::uint32_t target, InlineShape shape, std::span<const std::byte>& elements);
  bool follow(std::uint32_t at, std::uint32_t& target);
  bool decimal(std::uint32_t at, Decimal& value);
  bool currency(std::uint32_t at, Currency& value);
  bool date(std::uint32_t at, Date& value);
  bool instant(std::uint32_t at, Instant& value);
  bool missing();
  bool unknown_enumerator();

  template <class T>
  [[nodiscard]] T load(std::size_t at) const {
    T value;
    std::memcpy(&value, data_ + at, sizeof value);
    return value;
  }

  const std::byte* data_;
  std::size_t size_;
  std::size_t tables_left_;
  std::size_t bytes_left_;
  Trust trust_;
  bool may_be_empty_ = false;  ///< the member being read
  Error error_;
};

}  // namespace daybook::codec
