#pragma once

#include <string>

#include "ledger/codec/type_info.h"

namespace daybook::codec {

/// One line for people and test failures: the type's name and the members that are there, values as
/// in JSON.
///
///   UsageVoided subscriptionId="sub-01" usageId="u-000017" reason="test"
[[nodiscard]] std::string print(const TypeInfo& info, const void* object);

}  // namespace daybook::codec
