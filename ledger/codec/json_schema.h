#pragma once

#include <map>
#include <string>

#include "ledger/codec/json_writer.h"
#include "ledger/codec/type_info.h"

namespace daybook::codec {

/// What a schema is for. Requests may leave out what is optional and hold nothing unlisted; answers
/// have every member, null where there is nothing, and may have more.
enum class SchemaUse { Answer, Request };

/// Writes the JSON Schema (2020-12, as in OpenAPI 3.1) of the type: a struct whole, what it is made
/// of by
/// `$ref` into `#/components/schemas/`.
void write_json_schema(const TypeInfo& info, SchemaUse use, JsonWriter& json);

/// Writes a `$ref` for what has a name (structs, enumerations, Money …), else the schema itself.
void write_json_schema_reference(const TypeInfo& info, SchemaUse use, JsonWriter& json);

/// Everything with a name that schemas refer to: name → type. A type used in requests is written as
/// one.
class SchemaComponents {
 public:
  /// Adds `info` and all that it is made of.
  void add(const TypeInfo& info, SchemaUse use);
  /// Writes the members of `components.schemas`; the caller has opened the object.
  void write(JsonWriter& json) const;

 private:
  struct Component {
    const TypeInfo* info;
    SchemaUse use;
  };
  std::map<std::string, Component, std::less<>> components_;
};

}  // namespace daybook::codec
