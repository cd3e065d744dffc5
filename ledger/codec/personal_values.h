#pragma once

#include <functional>
#include <string_view>

#include "ledger/codec/type_info.h"
#include "ledger/domain/result.h"

namespace daybook::codec {

/// Calls `visit(field, type, personal)` for every personal value inside `object`, wherever it
/// stands; `field` is its path by wire names ("recipients/0"), `type` the table of its
/// `Personal<…>`.
[[nodiscard]] Result<void> for_each_personal(
    const TypeInfo& info, void* object,
    const std::function<Result<void>(std::string_view field, const TypeInfo& type, void* personal)>&
        visit);

}  // namespace daybook::codec
