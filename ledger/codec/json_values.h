#pragma once

#include "ledger/codec/json_writer.h"
#include "ledger/codec/type_info.h"

namespace daybook::codec {

/// Writes `object`, of the type that `info` tells of: absent optionals and erased personal values
/// as null, money as {"amount","currency"}, decimals as strings, bytes as base64.
void write_json(const TypeInfo& info, const void* object, JsonWriter& json);

}  // namespace daybook::codec
