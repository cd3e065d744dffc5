#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ledger/codec/type_info.h"

/// Which member of a described type a name in JSON means, found at a glance: its first bytes decide, and the
/// members mostly come in the order of the description.
namespace daybook::codec {

/// Whether the name that begins at `raw`, behind its quote, is that of `member`. At least 64 bytes
/// may be read.
[[nodiscard]] inline bool is_named(const char* raw, const MemberInfo& member) {
  std::uint64_t words[2];
  std::memcpy(words, raw, sizeof words);
  if ((words[0] & member.prefix_mask[0]) != member.prefix[0]) return false;
  if ((words[1] & member.prefix_mask[1]) != member.prefix[1]) return false;
  // The quote behind the name is compared too, so that a longer name is another one.
  return member.name.size() < sizeof words ||
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
