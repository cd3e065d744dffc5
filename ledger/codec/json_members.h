#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ledger/codec/type_info.h"

/// Which member of a described type a name in JSON means, found at a glance: its first eight bytes decide, and the
/// members mostly come in the order of the description.
namespace daybook::codec {

/// Whether the name that begins at `raw`, behind its quote, is that of `member`. At least 64 bytes
/// may be read.
[[nodiscard]] inline bool is_named(const char* raw, const MemberInfo& member) {
  std::uint64_t word = 0;
  std::memcpy(&word, raw, sizeof word);
  if ((word & member.prefix_mask) != member.prefix) return false;
  // The quote behind the name is compared too, so that a longer name is another one.
  return member.name.size() < 8 ||
         std::memcmp(raw, member.json_key.data() + 1, member.name.size() + 1) == 0;
}

/// The member whose name begins at `raw`; the search begins at `hint`, where the last one left off.
[[nodiscard]] inline const MemberInfo* find_member(const TypeInfo& info, const char* raw,
                                                   std::size_t& hint) {
  const std::size_t count = info.members.size();
  for (std::size_t i = 0, at = hint; i < count; ++i, ++at) {
    if (at >= count) at = 0;
    if (is_named(raw, info.members[at])) {
      hint = at + 1;
      return &info.members[at];
    }
  }
  return nullptr;
}

}  // namespace daybook::codec
