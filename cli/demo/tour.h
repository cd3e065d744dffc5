#pragma once

#include <string>

#include "cli/demo/narrator.h"

namespace daybook::cli {

/// Plays the year 2024 of one customer of each account type: a website customer with pay-as-you-go, monthly credit and a
/// prepaid key, an agreement signed with a representative, a partner with a customer, and an enrollment. Bills, payments,
/// a declined card, wires in parts and too late, a credit note.
[[nodiscard]] Outcome<void> play_tour(Narrator& narrator);

/// Tells what came of it, customer by customer, for somebody who checks it: what went in, each document with its amounts,
/// money and notices, and why a period has no invoice; in the end the balances of the books. At most 100 columns.
[[nodiscard]] Outcome<void> tell_tour(Narrator& narrator);

}  // namespace daybook::cli
