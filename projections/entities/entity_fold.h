#pragma once

#include "projections/projection.h"

namespace daybook::projections {

/// Every state that rules keep (accounts, subscriptions, profiles, invoices, e-mail preferences,
/// access, prices, rates, marks, policies, keys, clock …) and every listing, at any position.
///
/// Reads all events but usage. Rows: entity_rows.h. Read it with AsOfReader.
[[nodiscard]] Projection entities();

}  // namespace daybook::projections
