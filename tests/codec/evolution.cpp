#include "tests/codec/evolution.h"

#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

namespace daybook::codec {
namespace {

using reflection::BaseType;

std::string base_text(BaseType type) {
  switch (type) {
    case reflection::Bool:
      return "bool";
    case reflection::Byte:
      return "byte";
    case reflection::UByte:
      return "ubyte";
    case reflection::Short:
      return "short";
    case reflection::UShort:
      return "ushort";
    case reflection::Int:
      return "int";
    case reflection::UInt:
      return "uint";
    case reflection::Long:
      return "long";
    case reflection::ULong:
      return "ulong";
    case reflection::String:
      return "string";
    default:
      return "type " + std::to_string(type);
  }
}

/// Of one base type, with the table, struct, enumeration or union it stands for.
std::string named(const reflection::Schema& schema, BaseType base, int index) {
  if (base == reflection::Obj) {
    const auto* object = schema.objects()->Get(static_cast<unsigned>(index));
    return (object->is_struct() ? "struct " : "table ") + short_name(object->name()->str());
  }
  if (index < 0) return base_text(base);
  const auto* enumeration = schema.enums()->Get(static_cast<unsigned>(index));
  const std::string name = short_name(enumeration->name()->str());
  if (base == reflection::Union) return "union " + name;
  if (base == reflection::UType) return "type of " + name;
  return "enum " + name + " " + base_text(base);
}

class Check {
 public:
  Check(const reflection::Schema& released, const reflection::Schema& next)
      : released_(released), next_(next) {}

  std::vector<std::string> run() {
    for (const auto* object : *released_.objects()) {
      const auto* successor = next_.objects()->LookupByKey(object->name()->c_str());
      if (successor == nullptr) {
        breaks(object->name()->str() + ": deleted");
      } else if (object->is_struct()) {
        compare_struct(*object, *successor);
      } else {
        compare_table(*object, *successor);
      }
    }
    for (const auto* enumeration : *released_.enums()) {
      const auto* successor = next_.enums()->LookupByKey(enumeration->name()->c_str());
      if (successor == nullptr) {
        breaks(enumeration->name()->str() + ": deleted");
      } else {
        compare_enum(*enumeration, *successor);
      }
    }
    return std::move(found_);
  }

 private:
  using Fields = std::map<std::uint16_t, const reflection::Field*>;

  static Fields by_id(const reflection::Object& object) {
    Fields fields;
    for (const auto* field : *object.fields()) fields[field->id()] = field;
    return fields;
  }

  void compare_table(const reflection::Object& was, const reflection::Object& is) {
    const Fields before = by_id(was);
    const Fields after = by_id(is);
    for (const auto& [id, field] : before) {
      const std::string name = was.name()->str() + "." + field->name()->str();
      const auto successor = after.find(id);
      if (successor == after.end()) {
        breaks(name + ": deleted");
      } else if (successor->second->name()->str() != field->name()->str()) {
        breaks(name + ": its id " + std::to_string(id) + " is used again by " +
               successor->second->name()->str());
      } else {
        compare_field(name, *field, *successor->second);
      }
    }
    for (const auto& [id, field] : after) {
      if (before.contains(id)) continue;
      const std::string name = is.name()->str() + "." + field->name()->str();
      if (!before.empty() && id < before.rbegin()->first)
        breaks(name + ": takes an id that was passed over");
      if (field->required()) breaks(name + ": new and required");
    }
  }

  void compare_field(const std::string& name, const reflection::Field& was,
                     const reflection::Field& is) {
    const std::string before = type_text(released_, *was.type());
    const std::string after = type_text(next_, *is.type());
    if (before != after) breaks(name + ": was " + before + ", is " + after);
    if (!was.required() && is.required()) breaks(name + ": newly required");
    if (was.required() && !is.required()) breaks(name + ": no longer required");
    if (was.optional() != is.optional() && was.required() == is.required()) {
      breaks(name + ": absent means something else");
    }
    if (was.default_integer() != is.default_integer() || was.default_real() != is.default_real()) {
      breaks(name + ": another default");
    }
    if (!was.deprecated() && is.deprecated()) breaks(name + ": deprecated, so no longer read");
  }

  void compare_struct(const reflection::Object& was, const reflection::Object& is) {
    if (!is.is_struct()) return breaks(was.name()->str() + ": no struct any more");
    const auto layout = [](const reflection::Schema& schema, const reflection::Object& object) {
      std::map<std::uint16_t, std::string> members;
      for (const auto* field : *object.fields()) {
        members[field->offset()] = field->name()->str() + ":" + type_text(schema, *field->type());
      }
      return members;
    };
    if (layout(released_, was) != layout(next_, is) || was.bytesize() != is.bytesize()) {
      breaks(was.name()->str() + ": another layout");
    }
  }

  void compare_enum(const reflection::Enum& was, const reflection::Enum& is) {
    const std::string name = was.name()->str();
    if (was.underlying_type()->base_type() != is.underlying_type()->base_type())
      breaks(name + ": another size");
    if (was.is_union() != is.is_union()) breaks(name + ": union or not");
    std::map<std::int64_t, const reflection::EnumVal*> after;
    for (const auto* value : *is.values()) after[value->value()] = value;
    for (const auto* value : *was.values()) {
      const auto successor = after.find(value->value());
      if (successor == after.end()) {
        breaks(name + "." + value->name()->str() + ": deleted");
      } else if (successor->second->name()->str() != value->name()->str()) {
        breaks(name + "." + value->name()->str() + ": its number is now " +
               successor->second->name()->str());
      }
    }
  }

  void breaks(std::string what) { found_.push_back(std::move(what)); }

  const reflection::Schema& released_;
  const reflection::Schema& next_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> evolution_breaks(const reflection::Schema& released,
                                          const reflection::Schema& next) {
  return Check(released, next).run();
}

const reflection::Schema& load_schema(const std::string& path, std::string& bytes) {
  std::ifstream file(path, std::ios::binary);
  bytes.assign(std::istreambuf_iterator<char>(file), {});
  flatbuffers::Verifier verifier(
      static_cast<const std::uint8_t*>(static_cast<const void*>(bytes.data())), bytes.size());
  if (!reflection::VerifySchemaBuffer(verifier)) throw std::runtime_error(path + " is no .bfbs");
  return *reflection::GetSchema(bytes.data());
}

std::string type_text(const reflection::Schema& schema, const reflection::Type& type) {
  if (type.base_type() == reflection::Vector)
    return "[" + named(schema, type.element(), type.index()) + "]";
  if (type.base_type() == reflection::Array) {
    return "[" + named(schema, type.element(), type.index()) + ":" +
           std::to_string(type.fixed_length()) + "]";
  }
  return named(schema, type.base_type(), type.index());
}

std::string short_name(const std::string& name) { return name.substr(name.rfind('.') + 1); }

}  // namespace daybook::codec
