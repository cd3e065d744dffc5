#pragma once

#include <cstdint>
#include <string>

#include "cli/demo/narrator.h"

namespace daybook::cli {

/// What the story leaves behind, for the calls that are printed after it.
struct StoryEnd {
  std::string invoice_id;           ///< of the customer
  std::string imported_account;     ///< the one with most rows
  std::uint64_t past_due_position;  ///< at which invoice and subscription were past due
};

/// A real cost export comes in and is invoiced; then one customer goes from subscription over usage, invoice, declined
/// card, past due and payment to e-mail invoices and back. Told as it happens, with figures to check by hand.
[[nodiscard]] Outcome<StoryEnd> tell_story(Narrator& narrator);

}  // namespace daybook::cli
