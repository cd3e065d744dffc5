#pragma once

#include <string>
#include <vector>

#include "cli/config/configuration.h"
#include "ledger/domain/rules/state_reader.h"

/// What whoever runs a ledger should know of how it stands: told by `serve` as it begins and by `doctor` on request.
namespace daybook::cli {

/// What the provider's details lack for an invoice of `today` to be a tax invoice, as one sentence (PROV-1); empty: nothing.
[[nodiscard]] std::string provider_gap(const StateReader& state, Date today);

/// A sentence for each policy that a command has changed since the configuration spoke.
[[nodiscard]] std::vector<std::string> policy_differences(const Configuration& configuration, const StateReader& state);

}  // namespace daybook::cli
