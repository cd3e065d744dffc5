#include "ledger/codec/print.h"

#include "ledger/codec/json_values.h"

namespace daybook::codec {

std::string print(const TypeInfo& info, const void* object) {
  std::string out = info.name;
  for (const MemberInfo& member : info.members) {
    std::string value;
    JsonWriter json(value);
    write_json(*member.type, member_of(object, member), json);
    if (value == "null" || value == "[]" || value == "{}") continue;
    out.append(" ").append(member.name).append("=").append(value);
  }
  return out;
}

}  // namespace daybook::codec
