#include "ledger/codec/type_info.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <typeinfo>

#include <cxxabi.h>

namespace daybook::codec {

bool is_left_out(const MemberInfo& member, const void* object) {
  const void* value = member_of(object, member);
  if (member.type->kind == Kind::Bytes) return detail::as<ByteVector>(value).empty();
  return member.type->kind == Kind::Optional && member.type->get(value) == nullptr;
}

namespace detail {

std::string type_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> demangled(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  const std::string_view whole = status == 0 ? demangled.get() : type.name();
  const std::size_t colon = whole.rfind(':');
  return std::string(colon == std::string_view::npos ? whole : whole.substr(colon + 1));
}

MemberInfo member_info(std::string_view cpp_name, std::size_t offset, const TypeInfo& type) {
  const bool required = type.kind != Kind::Optional && type.kind != Kind::Vector &&
                        type.kind != Kind::Texts && type.kind != Kind::Bytes;
  std::string name = camel_case(cpp_name);
  std::string key = '"' + name + "\":";
  MemberInfo member{std::move(name), cpp_name, std::move(key), offset, &type, required, false};
  const std::size_t bytes = std::min(member.name.size() + 1, sizeof member.prefix);
  std::memcpy(member.prefix.data(), member.json_key.data() + 1, bytes);
  std::memset(member.prefix_mask.data(), 0xff, bytes);
  return member;
}

}  // namespace detail

}  // namespace daybook::codec
