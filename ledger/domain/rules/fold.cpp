#include "ledger/domain/rules/fold.h"

#include "ledger/domain/rules/fold_table.h"

namespace daybook {
namespace {

void fold_event(StateStore& store, const PolicyChanged& event, const Occurrence& at) {
  apply(store.edit<Policies>(Policies::kKey), event, at);
}

void fold_event(StateStore& store, const KeyCreated& event, const Occurrence& at) {
  apply(store.edit<Key>(event.key_id.text()), event, at);
  store.link(Relation::AllKeys, {}, event.key_id.text());
}

void fold_event(StateStore& store, const EmailTermsPublished& event, const Occurrence& at) {
  apply(store.edit<EmailTerms>(EmailTerms::kKey), event, at);
}

void fold_event(StateStore& store, const ProviderDetailsChanged& event, const Occurrence& at) {
  apply(store.edit<Provider>(Provider::kKey), event, at);
}

constexpr auto kFoldSettings = [](StateStore& store, const auto& event, const Occurrence& at) {
  fold_event(store, event, at);
};

/// The events that change state. All others are kept in the log and folded elsewhere, or not at
/// all.
FoldTable make_table() {
  FoldTable table;
  add_parties(table);
  add_subscriptions(table);
  add_payment_methods(table);
  add_prices(table);
  add_documents(table);
  add_mail(table);
  add_access(table);
  add_agreements(table);
  add_moves(table);
  add_exports(table);
  add_charges(table);
  add_purchases(table);
  table.add<PolicyChanged, KeyCreated, EmailTermsPublished, ProviderDetailsChanged>(kFoldSettings);
  table.add<SupportRequestCreated>([](StateStore& store, const auto& event, const Occurrence& at) {
    apply(store.edit<SupportRequests>(event.identity_id.text()), event, at);
  });
  table.add_rows<Key, KeyRevoked>();
  table.add_rows<Clock, ClockAdvanced>();
  return table;
}

const FoldTable& table() {
  static const FoldTable kTable = make_table();
  return kTable;
}

}  // namespace

bool changes_state(EventType type) { return table().of(type) != nullptr; }

void fold(StateStore& store, const EventData& event, const Occurrence& at) {
  if (const FoldTable::Function apply_to = table().of(event.type())) apply_to(store, event, at);
}

}  // namespace daybook
