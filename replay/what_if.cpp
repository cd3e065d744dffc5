#include "replay/what_if.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

#include "ledger/codec/csv_writer.h"
#include "ledger/domain/answers/overlay_state.h"
#include "ledger/domain/answers/what_if.h"
#include "projections/parallel.h"
#include "projections/row_reader.h"

namespace daybook::replay {
namespace {

/// Accounts that one reader of the state serves: it keeps what it read.
constexpr std::size_t kAccountsAtOnce = 64;

using Views = std::vector<WhatIfAccountView>;

Result<Views> rate_accounts(const RatingSources& sources, const WhatIfRequest& request,
                            const std::vector<std::string>& accounts, std::size_t first, std::size_t last) {
  const std::unique_ptr<StateReader> now = sources.state();
  const std::unique_ptr<UsageSource> usage = sources.usage();
  OverlayState then(*now);
  if (Result<void> laid = lay(request.tried, then); !laid) return tl::unexpected(laid.error());
  Views views;
  for (std::size_t i = first; i < last; ++i) {
    const Account* account = now->find<Account>(accounts[i]);
    if (account == nullptr) continue;
    Result<Views> rated = what_if_account(*now, then, *usage, *account, request.days, request.tried.rules.rounding);
    if (!rated) return rated;
    std::move(rated->begin(), rated->end(), std::back_inserter(views));
  }
  return views;
}

void put_money(Money money, std::string& out) { out += "," + money.amount_text(); }

}  // namespace

Result<WhatIfView> what_if(const RatingSources& sources, const WhatIfRequest& request) {
  std::vector<std::string> accounts;
  WhatIfView view;
  const Result<void> read = projections::reading([&] {
    const std::unique_ptr<StateReader> state = sources.state();
    accounts = state->accounts();
    view.position = static_cast<std::int64_t>(state->position());
  });
  if (!read) return tl::unexpected(read.error());
  view.from = request.days.start;
  view.to = request.days.end_exclusive;
  view.facts = static_cast<std::int64_t>(request.tried.facts.size());
  view.policies = static_cast<std::int64_t>(request.tried.policies.size());
  view.rules = static_cast<std::int64_t>(request.tried.rules.count());

  const std::size_t pieces = (accounts.size() + kAccountsAtOnce - 1) / kAccountsAtOnce;
  std::vector<Result<Views>> rated(pieces);
  std::atomic<bool> has_failed{false};
  std::mutex mutex;
  std::exception_ptr broken;  // an invariant, or whoever follows has seen enough: the caller's thread says so
  std::uint64_t done = 0;
  projections::in_parallel(request.threads, pieces, [&](std::size_t piece) {
    if (has_failed) return;
    const std::size_t first = piece * kAccountsAtOnce;
    const std::size_t last = std::min(first + kAccountsAtOnce, accounts.size());
    try {
      const Result<void> answered = projections::reading(
          [&] { rated[piece] = rate_accounts(sources, request, accounts, first, last); });
      if (!answered) rated[piece] = tl::unexpected(answered.error());
    } catch (...) {
      const std::lock_guard lock(mutex);
      broken = std::current_exception();
      has_failed = true;
      return;
    }
    if (!rated[piece]) has_failed = true;
    if (!request.progress) return;
    const std::lock_guard lock(mutex);
    done += last - first;
    try {
      request.progress(done, accounts.size());
    } catch (...) {
      broken = std::current_exception();
      has_failed = true;
    }
  });
  if (broken) std::rethrow_exception(broken);
  for (Result<Views>& piece : rated) {
    if (!piece) return tl::unexpected(piece.error());
    std::move(piece->begin(), piece->end(), std::back_inserter(view.accounts));
  }
  Result<std::vector<WhatIfTotalsView>> totals = what_if_totals(view.accounts, request.movers);
  if (!totals) return tl::unexpected(totals.error());
  view.totals = std::move(*totals);
  return view;
}

std::string what_if_csv(const WhatIfView& view) {
  std::string out =
      "AccountId,Currency,Documents,Rows,ChargesBefore,ChargesAfter,TaxBefore,TaxAfter,TotalBefore,TotalAfter,"
      "Difference,ChangePercent\r\n";
  for (const WhatIfAccountView& account : view.accounts) {
    codec::put_csv_text(account.account_id.text(), out);
    out += "," + std::string(account.currency.text()) + "," + std::to_string(account.documents) + "," +
           std::to_string(account.rows);
    put_money(account.before.charges, out);
    put_money(account.after.charges, out);
    put_money(account.before.tax, out);
    put_money(account.after.tax, out);
    put_money(account.before.total, out);
    put_money(account.after.total, out);
    put_money(account.difference, out);
    out += "," + (account.change_percent ? account.change_percent->to_string() : std::string()) + "\r\n";
  }
  return out;
}

}  // namespace daybook::replay
