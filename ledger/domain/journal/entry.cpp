#include "ledger/domain/journal/entry.h"

#include <algorithm>
#include <limits>

#include "ledger/domain/rules/try.h"

namespace daybook {

EntryDraft& EntryDraft::debit(const LedgerAccount& account, std::int64_t amount_minor) {
  return add(account, amount_minor, false);
}

EntryDraft& EntryDraft::credit(const LedgerAccount& account, std::int64_t amount_minor) {
  return add(account, amount_minor, true);
}

EntryDraft& EntryDraft::add(const LedgerAccount& account, std::int64_t amount_minor,
                            bool is_credit) {
  if (amount_minor == 0) return *this;
  if (is_credit && amount_minor == std::numeric_limits<std::int64_t>::min()) {
    is_out_of_range_ = true;
    return *this;
  }
  const Money amount{is_credit ? -amount_minor : amount_minor, currency_};
  const auto found = std::find_if(postings_.begin(), postings_.end(), [&](const Posting& posting) {
    return posting.account == account;
  });
  if (found == postings_.end()) {
    postings_.push_back({account, amount, std::nullopt});
    return *this;
  }
  const Result<Money> sum = daybook::add(found->amount, amount);
  if (!sum) {
    is_out_of_range_ = true;
  } else if (sum->minor_units == 0) {
    postings_.erase(found);
  } else {
    found->amount = *sum;
  }
  return *this;
}

Result<std::vector<Posting>> EntryDraft::balanced(Position position) const {
  if (is_out_of_range_) {
    return rejected("AMOUNT_OUT_OF_RANGE", "What the event at position " +
                                               std::to_string(position) +
                                               " posts is more than an account can hold.");
  }
  Money sum{0, currency_};
  for (const Posting& posting : postings_) {
    LEDGER_TRY(sum, daybook::add(sum, posting.amount));
  }
  if (sum.minor_units != 0) {
    return failed(ErrorKind::Corruption, "CORRUPTION",
                  "The event at position " + std::to_string(position) + " does not balance: " +
                      sum.amount_text() + " " + std::string(currency_.text()) +
                      " is missing on the credit side. Its document's figures contradict each "
                      "other; `daybook replay verify` tells whether its bytes are sound.");
  }
  return postings_;
}

}  // namespace daybook
