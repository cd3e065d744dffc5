#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ledger/codec/buffer.h"
#include "ledger/codec/flatbuffers_layout.h"
#include "ledger/codec/member_types.h"

namespace daybook::codec {

/// Writes canonical FlatBuffers (flatbuffers_layout.h) from front to back: a table stands before
/// what it refers to, so every offset points forward and nothing is built twice.
///
/// Each table is laid out by looking at each member once; the members of described structs are
/// unrolled at compile time. Positions count from where the writer began in `out`; a `slot` is the
/// position of an offset that is filled in as soon as it is known where the thing begins.
class FlatbuffersWriter {
 public:
  using Slot = std::uint32_t;

  /// The data of an event inside its envelope: a table whose type only the table of functions
  /// knows.
  struct Union {
    const void* data;
    void (*write)(const void* data, FlatbuffersWriter& writer, Slot slot);
  };
  /// A [ubyte] that is no `ByteVector`.
  struct View {
    std::span<const std::byte> bytes;
  };

  static constexpr std::uint32_t kNone = 0xffffffff;

  explicit FlatbuffersWriter(Buffer& out) : out_(&out), base_(out.size()) {}

  /// The offset to the root table, with which every buffer begins.
  [[nodiscard]] Slot begin_root() {
    store(out_->extend(4), std::uint32_t{0});
    return position() - 4;
  }

  /// Writes the table of `value`. A vector's element passes the vtable of the element before it, to
  /// share it where it is the same. Returns the position of the vtable used.
  template <Table T>
  std::uint32_t table(Slot slot, const T& value, std::uint32_t previous_vtable = kNone) {
    return described(DescribedMembers<T>(), slot, value, previous_vtable);
  }

  /// The same for members that are of no described struct, in the order of their field ids.
  template <class... Ms>
  std::uint32_t fields(Slot slot, std::uint32_t previous_vtable, const Ms&... members) {
    constexpr std::size_t kCount = sizeof...(Ms);
    static_assert(kCount <= 52);
    // Where each member lies in the table (0: absent), behind the two sizes with which a vtable
    // begins.
    std::array<std::uint16_t, kCount + 2> vtable;
    std::uint16_t end = 4;
    std::size_t used = 0;
    bool wide = false;
    place<8>(vtable, end, used, members...);
    wide = end != 4;
    place<4>(vtable, end, used, members...);
    place<2>(vtable, end, used, members...);
    place<1>(vtable, end, used, members...);
    vtable[0] = static_cast<std::uint16_t>(2 * (used + 2));
    vtable[1] = end;

    const TablePlace at = begin_table(slot, vtable.data(), wide, previous_vtable);
    std::size_t id = 2;
    (..., write_inline(members, vtable[id++], at.table));
    id = 2;
    (..., write_referred(members, vtable[id++], at.table));
    return at.vtable;
  }

 private:
  struct TablePlace {
    std::uint32_t vtable;
    std::uint32_t table;
  };

  template <template <class...> class L, class... Ds, class T>
  std::uint32_t described(L<Ds...>, Slot slot, const T& value, std::uint32_t previous_vtable) {
    return fields(slot, previous_vtable, value.*Ds::pointer...);
  }

  template <class M>
  static bool present(const M& member) {
    if constexpr (kIsOptional<M>) {
      return member.has_value();
    } else if constexpr (std::is_same_v<M, Date>) {
      return member.days != 0;
    } else if constexpr (std::is_same_v<M, Instant>) {
      return member.micros != 0;
    } else if constexpr (Scalar<M>) {
      return member != M{};
    } else if constexpr (kIsVector<M> || std::is_same_v<M, Texts>) {
      return !member.empty();
    } else {
      return true;
    }
  }

  /// Gives the present members of one alignment their places.
  template <std::size_t kAlignment, std::size_t kSlots, class... Ms>
  static void place(std::array<std::uint16_t, kSlots>& vtable, std::uint16_t& end,
                    std::size_t& used, const Ms&... members) {
    std::size_t id = 0;
    (..., place_one<kAlignment>(vtable, end, used, id++, members));
  }
  template <std::size_t kAlignment, std::size_t kSlots, class M>
  static void place_one(std::array<std::uint16_t, kSlots>& vtable, std::uint16_t& end,
                        std::size_t& used, std::size_t id, const M& member) {
    constexpr InlineShape kShape = inline_shape<M>();
    if constexpr (kShape.alignment == kAlignment) {
      if (present(member)) {
        vtable[id + 2] = end;
        end = static_cast<std::uint16_t>(end + kShape.size);
        used = std::max(used, id + 1);
      } else {
        vtable[id + 2] = 0;
      }
    }
  }

  /// Writes the vtable (or shares the one before) and makes room for the table, zero but for its
  /// offset.
  TablePlace begin_table(Slot slot, const std::uint16_t* vtable, bool wide,
                         std::uint32_t previous_vtable) {
    const std::size_t vtable_bytes = vtable[0];
    const std::size_t table_bytes = vtable[1];
    const bool shared =
        previous_vtable != kNone && same_vtable(previous_vtable, vtable, vtable_bytes);
    // Members of 8 bytes follow the offset of 4: such a table begins 4 before a multiple of 8.
    const std::size_t mask = wide ? 7 : 3;
    const std::size_t behind = out_->size() - base_ + (shared ? 0 : vtable_bytes);
    const std::size_t padding = ((wide ? 4U : 0U) - behind) & mask;
    const std::size_t added = padding + (shared ? 0 : vtable_bytes) + table_bytes;
    std::byte* to = out_->extend(added);
    std::memset(to, 0, added);
    const auto table_at = static_cast<std::uint32_t>(behind + padding);
    const auto vtable_at =
        shared ? previous_vtable : static_cast<std::uint32_t>(table_at - vtable_bytes);
    if (!shared) std::memcpy(to + padding, vtable, vtable_bytes);
    store(at(table_at), static_cast<std::int32_t>(table_at - vtable_at));
    patch(slot, table_at);
    return {vtable_at, table_at};
  }

  [[nodiscard]] bool same_vtable(std::uint32_t vtable_at, const std::uint16_t* vtable,
                                 std::size_t bytes) const {
    const std::byte* other = out_->data() + base_ + vtable_at;
    // The first two bytes are the size; without them equal, the rest may lie beyond what was
    // written.
    return std::memcmp(other, vtable, 2) == 0 && std::memcmp(other, vtable, bytes) == 0;
  }

  // Inline values

  template <class M>
  void write_inline(const M& member, std::uint16_t place, std::uint32_t table_at) {
    if constexpr (kIsOptional<M>) {
      if constexpr (Scalar<typename M::value_type> || Fixed<typename M::value_type>) {
        if (place != 0) store_value(at(table_at + place), *member);
      }
    } else if constexpr (Scalar<M> || Fixed<M>) {
      if (place != 0) store_value(at(table_at + place), member);
    }
  }

  template <class M>
  static void store_value(std::byte* to, const M& value) {
    if constexpr (std::is_same_v<M, Decimal>) {
      const auto bits = static_cast<UInt128>(value.coefficient());
      store(to, static_cast<std::uint64_t>(bits));
      store(to + 8, static_cast<std::uint64_t>(bits >> 64));
      store(to + 16,
            static_cast<std::uint64_t>(value.scale()));  // the scale, and seven bytes of padding
    } else if constexpr (std::is_same_v<M, Money>) {
      store(to, value.minor_units);
      store(to + 8, std::uint64_t{0});
      std::memcpy(to + 8, value.currency.code, 3);
    } else if constexpr (std::is_same_v<M, Period>) {
      store(to, value.start.days);
      store(to + 4, value.end_exclusive.days);
    } else if constexpr (std::is_same_v<M, Currency>) {
      std::memcpy(to, value.code, 3);
    } else if constexpr (std::is_same_v<M, Date>) {
      store(to, value.days);
    } else if constexpr (std::is_same_v<M, Instant>) {
      store(to, value.micros);
    } else {
      static_assert(Scalar<M>);
      store(to, value);
    }
  }

  // What a table refers to

  template <class M>
  void write_referred(const M& member, std::uint16_t place, std::uint32_t table_at) {
    if constexpr (kIsOptional<M>) {
      if constexpr (!Scalar<typename M::value_type> && !Fixed<typename M::value_type>) {
        if (place != 0) refer(table_at + place, *member);
      }
    } else if constexpr (!Scalar<M> && !Fixed<M>) {
      if (place != 0) refer(table_at + place, member);
    }
  }

  template <class M>
  void refer(Slot slot, const M& value) {
    if constexpr (std::is_same_v<M, std::string>) {
      string(slot, value);
    } else if constexpr (Identifier<M>) {
      string(slot, value.text());
    } else if constexpr (std::is_same_v<M, JsonText>) {
      string(slot, value.text);
    } else if constexpr (std::is_same_v<M, Union>) {
      value.write(value.data, *this, slot);
    } else if constexpr (Table<M>) {
      table(slot, value);
    } else if constexpr (kIsPersonal<M>) {
      bytes(slot, as_bytes(value.sealed));
    } else if constexpr (std::is_same_v<M, ByteVector>) {
      bytes(slot, value);
    } else if constexpr (std::is_same_v<M, View>) {
      bytes(slot, value.bytes);
    } else if constexpr (std::is_same_v<M, Texts>) {
      entries(slot, value);
    } else {
      static_assert(kIsVector<M>, "a described member has a type that the codec does not know");
      vector(slot, value);
    }
  }

  void string(Slot slot, std::string_view text) {
    const std::size_t padded = (text.size() + 4) & ~std::size_t{3};  // with a NUL behind it
    std::byte* to = begin_vector(slot, text.size(), 1, padded);
    if (padded >= 4) std::memset(to + padded - 4, 0, 4);
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
  }

  void bytes(Slot slot, std::span<const std::byte> value) {
    std::byte* to = begin_vector(slot, value.size(), 1, value.size());
    if (!value.empty()) std::memcpy(to, value.data(), value.size());
  }

  template <class E>
  void vector(Slot slot, const std::vector<E>& values) {
    constexpr InlineShape kShape = inline_shape<E>();
    if constexpr (Scalar<E> || Fixed<E>) {
      std::byte* to =
          begin_vector(slot, values.size(), kShape.alignment, values.size() * kShape.size);
      for (const E& value : values) {
        store_value(to, value);
        to += kShape.size;
      }
    } else {
      Slot element = begin_offsets(slot, values.size());
      std::uint32_t vtable = kNone;
      for (const E& value : values) {
        if constexpr (Table<E>) {
          vtable = table(element, value, vtable);
        } else if constexpr (kIsPersonal<E>) {
          vtable = fields(element, vtable, View{as_bytes(value.sealed)});
        } else {
          refer(element, value);
        }
        element += 4;
      }
    }
  }

  void entries(Slot slot, const Texts& entries) {
    Slot element = begin_offsets(slot, entries.size());
    std::uint32_t vtable = kNone;
    for (const auto& [key, value] : entries) {
      vtable = fields(element, vtable, key, value);
      element += 4;
    }
  }

  /// The length of a vector, and undefined room for `bytes` behind it.
  [[nodiscard]] std::byte* begin_vector(Slot slot, std::size_t length, std::size_t alignment,
                                        std::size_t bytes) {
    // The first element is aligned, and so is the length of 4 bytes in front of it.
    const std::size_t mask = std::max<std::size_t>(alignment, 4) - 1;
    const std::size_t here = out_->size() - base_;
    const std::size_t padding = (std::size_t{0} - (here + 4)) & mask;
    std::byte* to = out_->extend(padding + 4 + bytes);
    std::memset(to, 0, padding);
    store(to + padding, static_cast<std::uint32_t>(length));
    patch(slot, static_cast<std::uint32_t>(here + padding));
    return to + padding + 4;
  }

  /// A vector of offsets; returns the first one's slot.
  [[nodiscard]] Slot begin_offsets(Slot slot, std::size_t length) {
    std::byte* to = begin_vector(slot, length, 4, 4 * length);
    std::memset(to, 0, 4 * length);
    return static_cast<Slot>(position() - 4 * length);
  }

  void patch(Slot slot, std::uint32_t target) { store(at(slot), target - slot); }

  [[nodiscard]] std::byte* at(std::uint32_t where) { return out_->data() + base_ + where; }
  [[nodiscard]] std::uint32_t position() const {
    return static_cast<std::uint32_t>(out_->size() - base_);
  }

  template <class T>
  static void store(std::byte* to, T value) {
    std::memcpy(to, &value, sizeof value);
  }

  Buffer* out_;
  std::size_t base_;
};

}  // namespace daybook::codec
