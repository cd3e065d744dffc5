#include "tests/projections/answers.h"

#include <set>
#include <sstream>
#include <stdexcept>

#include "projections/entities/as_of_reader.h"
#include "projections/entities/entity_rows.h"
#include "projections/invoices/invoice_list.h"
#include "projections/unmatched/unmatched.h"
#include "projections/usage/usage_reader.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections::testing {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::set<std::string> unique(const std::vector<std::string>& ids) {
  return {ids.begin(), ids.end()};
}

void states(std::ostream& out, const AsOfReader& state, StateKind kind,
            const std::set<std::string>& keys) {
  for (const std::string& key : keys) {
    const void* row = state.row(kind, key);
    if (row == nullptr) continue;
    std::string bytes;
    state_codec(kind).encode(row, bytes);
    StateHash hash;
    hash.add(key, bytes);
    out << "state " << static_cast<int>(kind) << ' ' << key << ' ' << hash.hex() << ' '
        << state.changed_at(kind, key) << '\n';
  }
}

void relations(std::ostream& out, const AsOfReader& state, Relation relation,
               const std::set<std::string>& parents) {
  for (const std::string& parent : parents) {
    out << "members " << static_cast<int>(relation) << ' ' << parent << ':';
    for (const std::string& member : state.members(relation, parent)) out << ' ' << member;
    out << '\n';
  }
}

void invoice_list(std::ostream& out, const InvoiceList& list, const InvoiceQuery& query,
                  std::string_view name) {
  out << "invoices " << name;
  std::optional<InvoicePlace> place;
  std::optional<std::uint64_t> total;
  std::uint64_t listed = 0;
  do {
    const InvoicePage page = must(list.page(query, 7, place));
    for (const ListedInvoice& item : page.items) {
      out << ' ' << item.invoice_id.text() << '/' << item.credit_note_id.text() << '/'
          << item.issue_date.text() << '/' << static_cast<int>(item.type)
          << static_cast<int>(item.status) << '@' << item.number;
    }
    total = page.total;
    listed += page.items.size();
    place = page.next;
  } while (place);
  if (total && *total != listed) throw std::runtime_error("a total differs from what is listed");
  if (!query.scopes.empty()) out << " total " << total.value();
  out << '\n';
}

void invoice_lists(std::ostream& out, const Projections& views, const RandomLedger& ledger,
                   Position position) {
  const InvoiceList list(views.rows(kInvoices), position);
  InvoiceQuery all;
  all.kind.reset();
  invoice_list(out, list, all, "all");
  invoice_list(out, list, {}, "ledger");
  InvoiceQuery dated;
  dated.status = InvoiceStatus::Due;
  dated.from = Date::of(2023, 12, 10);
  dated.to = Date::of(2024, 1, 20);
  invoice_list(out, list, dated, "due between");
  for (const std::string& account : unique(ledger.accounts)) {
    all.scopes = dated.scopes = {ScopeRef(AccountId(account))};
    invoice_list(out, list, all, account);
    invoice_list(out, list, dated, account);
  }
  InvoiceQuery own;
  for (const std::string& subscription : unique(ledger.subscriptions)) {
    own.scopes.push_back(ScopeRef(SubscriptionId(subscription)));
  }
  for (const std::string& profile : unique(ledger.profiles))
    own.scopes.push_back(ScopeRef(ProfileId(profile)));
  if (!own.scopes.empty()) invoice_list(out, list, own, "own scopes");
  own.to = Date::of(2024, 1, 1);
  if (!own.scopes.empty()) invoice_list(out, list, own, "own scopes before");
}

void usage(std::ostream& out, const Projections& views, const RandomLedger& ledger,
           Position position) {
  const ViewUsageSource source(views.rows(kUsage));
  const Date from = Date::of(2023, 1, 1);
  const Date to = Date::of(2025, 1, 1);
  const auto row_text = [&](const UsageRow& row) {
    out << ' ' << row.position << ' ' << row.usage_date.text() << ' ' << row.meter_id << ' '
        << row.quantity.to_string() << ' ' << (row.cost ? row.cost->to_string() : "-") << ' '
        << (row.unit_price ? row.unit_price->to_string() : "-") << ' '
        << (row.currency ? row.currency->text() : std::string_view("-"))
        << static_cast<int>(row.pricing_model) << static_cast<int>(row.publisher_type)
        << row.is_credit_eligible << ' ' << row.unit << '|' << row.region << '|' << row.resource_id;
    if (row.tags != nullptr) {
      for (const auto& [key, value] : *row.tags) out << ' ' << key << '=' << value;
    }
    out << ';';
  };
  for (std::size_t i = 0; i <= unique(ledger.subscriptions).size(); ++i) {
    const SubscriptionId subscription("sub-" + std::to_string(i));
    out << "rows " << i;
    must(source.rows(subscription, from, to, position, row_text));
    out << "\nlate " << i;
    must(source.late_rows(subscription, Date::of(2024, 1, 4), position / 2, position, row_text));
    out << "\nunmatched rows " << i;
    must(source.unmatched_rows(subscription, Date::of(2024, 1, 6), position, row_text));
    out << "\ncells " << i;
    must(source.cells(subscription, from, to, position, [&](const UsageCell& cell) {
      out << ' ' << cell.usage_date.text() << ' ' << cell.meter_id << ' ' << cell.region << ' '
          << cell.quantity.to_string() << ' ' << cell.has_own_value << cell.own_value.to_string()
          << ' ' << (cell.currency ? cell.currency->text() : std::string_view("-")) << ' '
          << cell.row_count << '@' << cell.first_position << ' ' << cell.meter_name << ';';
    }));
    out << '\n';
  }
}

}  // namespace

std::string every_answer(const Projections& views, const RandomLedger& ledger, Position position) {
  std::ostringstream out;
  const AsOfReader state(views.rows(kEntities), position);
  std::set<std::string> scopes;
  for (const std::string& id : ledger.subscriptions)
    scopes.insert(ScopeRef(SubscriptionId(id)).text());
  for (const std::string& id : ledger.profiles) scopes.insert(ScopeRef(ProfileId(id)).text());
  states(out, state, StateKind::Account, unique(ledger.accounts));
  states(out, state, StateKind::Profile, unique(ledger.profiles));
  states(out, state, StateKind::Section, unique(ledger.sections));
  states(out, state, StateKind::Subscription, unique(ledger.subscriptions));
  states(out, state, StateKind::PaymentMethod, unique(ledger.methods));
  states(out, state, StateKind::Identity, unique(ledger.identities));
  states(out, state, StateKind::MeterPrices, unique(ledger.meters));
  states(out, state, StateKind::Invoice, unique(ledger.invoices));
  states(out, state, StateKind::InvoiceDocument, unique(ledger.invoices));
  states(out, state, StateKind::TaxRates, {"NL"});
  states(out, state, StateKind::ExchangeRates, {"USD-EUR"});
  states(out, state, StateKind::EmailPreference, scopes);
  states(out, state, StateKind::Access, scopes);
  states(out, state, StateKind::Clock, {"clock"});
  relations(out, state, Relation::AllAccounts, {""});
  relations(out, state, Relation::AllMeters, {""});
  relations(out, state, Relation::SubscriptionsOfAccount, unique(ledger.accounts));
  relations(out, state, Relation::ProfilesOfAccount, unique(ledger.accounts));
  relations(out, state, Relation::OpenInvoicesOfAccount, unique(ledger.accounts));
  relations(out, state, Relation::OpenInvoicesOfScope, scopes);
  relations(out, state, Relation::SubscriptionsOfProfile, unique(ledger.profiles));
  relations(out, state, Relation::SubscriptionsOnMethod, unique(ledger.methods));
  relations(out, state, Relation::ScopesOfIdentity, unique(ledger.identities));
  invoice_lists(out, views, ledger, position);
  usage(out, views, ledger, position);
  out << "unmatched";
  std::optional<std::string> after;
  do {
    const UnmatchedPage page =
        must(unmatched_page(views.rows(kUnmatched), views.rows(kUsage), state, 5, after));
    for (const UnmatchedRow& row : page.items) {
      out << ' ' << row.position << ' ' << row.subscription_id.text() << ' '
          << static_cast<int>(row.reason);
    }
    after = page.next;
  } while (after);
  out << '\n';
  return out.str();
}

}  // namespace daybook::projections::testing
