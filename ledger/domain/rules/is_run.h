#pragma once

#include "ledger/domain/event_types.h"

namespace daybook {

/// Whether a command of this type is planned account by account (plan.h), and so may take long.
[[nodiscard]] constexpr bool is_run(CommandType type) {
  switch (type) {
    case CommandType::AdvanceClock:
    case CommandType::RunInvoicing:
    case CommandType::RunMospInvoicing:
    case CommandType::RunMarketplaceInvoicing:
    case CommandType::RunProfileInvoicing:
    case CommandType::RunEaInvoicing:
    case CommandType::EvaluateDunning:
      return true;
    default:
      return false;
  }
}

}  // namespace daybook
