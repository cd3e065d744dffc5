#pragma once

#include <string_view>
#include <vector>

#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What an invoice issued on `day` would lack of the provider to be a tax invoice, by the names of the wire; `vatId` where
/// some account may be charged tax (PROV-1).
[[nodiscard]] std::vector<std::string_view> lacking_details(const StateReader& state, Date day);

}  // namespace daybook
