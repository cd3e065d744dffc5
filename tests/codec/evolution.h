#pragma once

#include <string>
#include <vector>

#include <flatbuffers/reflection_generated.h>

namespace daybook::codec {

/// What of `next` could not read, or would misread, bytes written by `released`: an empty list lets
/// `next` be released. flatc --conform overlooks deleted, reused and newly required members.
///
/// Allowed: new members at the end that may be absent, new tables, new union values and
/// enumerators.
[[nodiscard]] std::vector<std::string> evolution_breaks(const reflection::Schema& released,
                                                        const reflection::Schema& next);

/// The schema in a .bfbs file.
[[nodiscard]] const reflection::Schema& load_schema(const std::string& path, std::string& bytes);

/// `table First`, `int`, `[Colour ubyte]`: a type as text, by names.
[[nodiscard]] std::string type_text(const reflection::Schema& schema, const reflection::Type& type);

/// `daybook.schema.First` → `First`.
[[nodiscard]] std::string short_name(const std::string& name);

}  // namespace daybook::codec
