#include "ledger/codec/json_schema.h"

#include <string_view>

namespace daybook::codec {
namespace {

/// The component that a type is; empty where it has none.
std::string component_name(const TypeInfo& info) {
  switch (info.kind) {
    case Kind::Struct:
    case Kind::Enum:
      return info.name;
    case Kind::Identifier:
      return "Identifier";
    case Kind::Decimal:
      return "Decimal";
    case Kind::Money:
      return "Money";
    case Kind::Currency:
      return "Currency";
    case Kind::Date:
      return "Date";
    case Kind::Instant:
      return "Instant";
    case Kind::Period:
      return "Period";
    default:
      return {};
  }
}

/// Types whose values may be null without being left out.
bool is_nullable(const TypeInfo& info, SchemaUse use) {
  return info.kind == Kind::Optional || (info.kind == Kind::Personal && use == SchemaUse::Answer);
}

void write_text_schema(std::string_view pattern, std::string_view description, JsonWriter& json) {
  json.begin_object().key("type").text("string");
  if (!pattern.empty()) json.key("pattern").text(pattern);
  if (!description.empty()) json.key("description").text(description);
  json.end_object();
}

void write_object(const TypeInfo& info, SchemaUse use, JsonWriter& json) {
  json.begin_object().key("type").text("object").key("properties").begin_object();
  bool any_required = false;
  for (const MemberInfo& member : info.members) {
    any_required = any_required || use == SchemaUse::Answer || member.required;
    json.key(member.name);
    write_json_schema_reference(*member.type, use, json);
  }
  json.end_object();
  if (any_required) {
    json.key("required").begin_array();
    for (const MemberInfo& member : info.members) {
      if (use == SchemaUse::Answer || member.required) json.text(member.name);
    }
    json.end_array();
  }
  if (use == SchemaUse::Request) json.key("additionalProperties").boolean(false);
  json.end_object();
}

void write_pair(std::string_view first, std::string_view first_type, std::string_view second,
                std::string_view second_type, JsonWriter& json) {
  const auto reference = [&](std::string_view type) {
    json.begin_object().key("$ref").text("#/components/schemas/" + std::string(type)).end_object();
  };
  json.begin_object().key("type").text("object").key("properties").begin_object().key(first);
  reference(first_type);
  json.key(second);
  reference(second_type);
  json.end_object().key("required").begin_array().text(first).text(second).end_array();
  json.key("additionalProperties").boolean(false).end_object();
}

void write_nullable(const TypeInfo& element, SchemaUse use, JsonWriter& json) {
  json.begin_object().key("anyOf").begin_array();
  write_json_schema_reference(element, use, json);
  json.begin_object().key("type").text("null").end_object().end_array().end_object();
}

}  // namespace

void write_json_schema(const TypeInfo& info, SchemaUse use, JsonWriter& json) {
  switch (info.kind) {
    case Kind::Bool:
      json.begin_object().key("type").text("boolean").end_object();
      return;
    case Kind::Integer:
      json.begin_object().key("type").text("integer");
      if (!info.is_signed) json.key("minimum").number(0);
      if (info.size == 4) json.key("format").text("int32");
      if (info.size == 8) json.key("format").text("int64");
      json.end_object();
      return;
    case Kind::Enum:
      json.begin_object().key("type").text("string").key("enum").begin_array();
      for (const EnumeratorInfo& enumerator : info.enumerators) json.text(enumerator.name);
      json.end_array().end_object();
      return;
    case Kind::Decimal:
      if (use == SchemaUse::Answer) {
        write_text_schema("^-?[0-9]+(\\.[0-9]+)?$", "Exact decimal, plain notation", json);
        return;
      }
      json.begin_object().key("type").begin_array().text("string").text("integer").end_array();
      json.key("pattern").text("^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$");
      json.key("description")
          .text("Exact decimal: at most 38 significant digits and 28 places")
          .end_object();
      return;
    case Kind::Money:
      write_pair("amount", "Decimal", "currency", "Currency", json);
      return;
    case Kind::Period:
      write_pair("start", "Date", "endExclusive", "Date", json);
      return;
    case Kind::Currency:
      write_text_schema("^[A-Z]{3}$", "ISO 4217", json);
      return;
    case Kind::Date:
      json.begin_object().key("type").text("string").key("format").text("date").end_object();
      return;
    case Kind::Instant:
      json.begin_object().key("type").text("string").key("format").text("date-time").end_object();
      return;
    case Kind::Identifier:
      write_text_schema("^[A-Za-z0-9._:-]{1,128}$", "", json);
      return;
    case Kind::String:
      json.begin_object()
          .key("type")
          .text("string")
          .key("maxLength")
          .number(kMaxStringBytes)
          .end_object();
      return;
    case Kind::JsonText:
      json.begin_object().end_object();
      return;  // any value
    case Kind::Bytes:
      json.begin_object()
          .key("type")
          .text("string")
          .key("contentEncoding")
          .text("base64")
          .end_object();
      return;
    case Kind::Texts:
      json.begin_object().key("type").text("object").key("additionalProperties").begin_object();
      json.key("type").text("string").end_object().end_object();
      return;
    case Kind::Struct:
      write_object(info, use, json);
      return;
    case Kind::Optional:
      write_nullable(*info.element, use, json);
      return;
    case Kind::Personal:
      if (is_nullable(info, use)) {
        write_nullable(*info.element, use, json);
      } else {
        write_json_schema_reference(*info.element, use, json);
      }
      return;
    case Kind::Vector:
      json.begin_object().key("type").text("array").key("items");
      write_json_schema_reference(*info.element, use, json);
      json.end_object();
      return;
  }
}

void write_json_schema_reference(const TypeInfo& info, SchemaUse use, JsonWriter& json) {
  const std::string component = component_name(info);
  if (component.empty()) {
    write_json_schema(info, use, json);
  } else {
    json.begin_object().key("$ref").text("#/components/schemas/" + component).end_object();
  }
}

void SchemaComponents::add(const TypeInfo& info, SchemaUse use) {
  if (const std::string name = component_name(info); !name.empty()) {
    const auto [found, added] = components_.try_emplace(name, Component{&info, use});
    if (!added && (found->second.use == SchemaUse::Request || use == SchemaUse::Answer)) return;
    found->second.use = use;
  }
  if (info.kind == Kind::Money) {
    add(type_info<Decimal>(), use);
    add(type_info<Currency>(), use);
  }
  if (info.kind == Kind::Period) add(type_info<Date>(), use);
  if (info.element != nullptr) add(*info.element, use);
  for (const MemberInfo& member : info.members) add(*member.type, use);
}

void SchemaComponents::write(JsonWriter& json) const {
  for (const auto& [name, component] : components_) {
    json.key(name);
    write_json_schema(*component.info, component.use, json);
  }
}

}  // namespace daybook::codec
