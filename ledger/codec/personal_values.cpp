#include "ledger/codec/personal_values.h"

#include <string>

namespace daybook::codec {
namespace {

using Visit = std::function<Result<void>(std::string_view, const TypeInfo&, void*)>;

Result<void> walk(const TypeInfo& info, void* object, std::string& field, const Visit& visit) {
  if (!info.has_personal) return {};
  const std::size_t length = field.size();
  const auto step = [&](std::string_view name, const TypeInfo& type, void* inner) {
    if (!field.empty()) field.push_back('/');
    field.append(name);
    Result<void> result = walk(type, inner, field, visit);
    field.resize(length);
    return result;
  };
  switch (info.kind) {
    case Kind::Personal:
      return visit(field, info, object);
    case Kind::Optional:
      if (const void* value = info.get(object))
        return walk(*info.element, const_cast<void*>(value), field, visit);
      return {};
    case Kind::Vector: {
      const auto [first, count] = info.elements(object);
      for (std::size_t i = 0; i < count; ++i) {
        void* element = element_of(info, const_cast<void*>(first), i);
        if (Result<void> done = step(std::to_string(i), *info.element, element); !done) return done;
      }
      return {};
    }
    case Kind::Struct:
      for (const MemberInfo& member : info.members) {
        if (Result<void> done = step(member.name, *member.type, member_of(object, member)); !done)
          return done;
      }
      return {};
    default:
      return {};
  }
}

}  // namespace

Result<void> for_each_personal(const TypeInfo& info, void* object, const Visit& visit) {
  std::string field;
  return walk(info, object, field, visit);
}

}  // namespace daybook::codec
