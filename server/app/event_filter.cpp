#include "server/app/event_filter.h"

#include <algorithm>

#include <simdjson.h>

#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/placed.h"

namespace daybook::server {
namespace {

/// The state that has the stream's id as its key, and an account of its own.
template <class State>
std::optional<std::string> owner(const StateReader& state, std::string_view id) {
  const State* found = state.find<State>(id);
  return found == nullptr ? std::nullopt : std::optional<std::string>(found->account_id.text());
}

/// The account that a stream of this type belongs to; nothing where only data can tell.
std::optional<std::string> account_of_stream(const StateReader& state, StreamType type, const std::string& id) {
  switch (type) {
    case StreamType::BillingAccount: return id;
    case StreamType::Subscription:
    case StreamType::UsageLedger: return owner<Subscription>(state, id);
    case StreamType::BillingProfile: return owner<Profile>(state, id);
    case StreamType::Customer: return owner<Customer>(state, id);
    case StreamType::SupportPlan: return owner<SupportPlan>(state, id);
    case StreamType::PaymentMethod: return owner<PaymentMethod>(state, id);
    case StreamType::Invoice: return owner<Invoice>(state, id);
    case StreamType::InvoiceSection: {
      const Section* section = state.find<Section>(id);
      return section == nullptr ? std::nullopt : owner<Profile>(state, section->profile_id.text());
    }
    case StreamType::EmailPreference:
    case StreamType::AccessPolicy: {
      const std::size_t colon = id.find(':');  // scopeType:scopeId
      const auto scope_type = parse_enum<ScopeType>(std::string_view(id).substr(0, colon));
      if (colon == std::string::npos || !scope_type) return std::nullopt;
      const Account* account = account_of(state, ScopeRef(*scope_type, id.substr(colon + 1)));
      return account == nullptr ? std::nullopt : std::optional<std::string>(account->account_id.text());
    }
    default: return std::nullopt;
  }
}

/// The subscription whose stream it is: its own, its usage, roles on it and its mail.
const Subscription* subscription_of(const StateReader& state, StreamType type, std::string_view id) {
  if (type == StreamType::Subscription || type == StreamType::UsageLedger) return state.find<Subscription>(id);
  if (type != StreamType::EmailPreference && type != StreamType::AccessPolicy) return nullptr;
  constexpr std::string_view kScope = "Subscription:";
  return id.starts_with(kScope) ? state.find<Subscription>(id.substr(kScope.size())) : nullptr;
}

bool has_changed_owner(const Subscription& subscription) {
  return std::any_of(subscription.earlier.begin(), subscription.earlier.end(), [&](const EarlierPlace& place) {
    return place.account_id != subscription.account_id;
  });
}

/// Members of an event's data that name something of an account, and what they name.
struct Naming {
  std::string_view member;
  StreamType type;
};
constexpr Naming kNamings[] = {{"accountId", StreamType::BillingAccount},
                               {"fromAccount", StreamType::BillingAccount},
                               {"toAccount", StreamType::BillingAccount},
                               {"subscriptionId", StreamType::Subscription},
                               {"profileId", StreamType::BillingProfile},
                               {"sectionId", StreamType::InvoiceSection},
                               {"customerId", StreamType::Customer},
                               {"planId", StreamType::SupportPlan},
                               {"methodId", StreamType::PaymentMethod},
                               {"invoiceId", StreamType::Invoice}};

}  // namespace

Result<EventFilter> EventFilter::of(const engine::Ledger& ledger, const StateReader& state, const http::Request& request) {
  EventFilter filter(ledger, state);
  if (auto type = request.query("type")) {
    if (type->starts_with("daybook.")) type->remove_prefix(8);
    filter.type_ = event_type(*type);
    if (!filter.type_) return rejected("BAD_QUERY", "type is the name of an event, with or without daybook.");
  }
  if (const auto stream = request.query("stream")) {
    const std::size_t colon = stream->find(':');
    const auto type = colon == std::string_view::npos ? std::nullopt : stream_type(stream->substr(0, colon));
    if (!type) return rejected("BAD_QUERY", "stream is StreamType:id, such as Subscription:sub-01.");
    const std::string_view id = stream->substr(colon + 1);
    if (id.empty()) return rejected("BAD_QUERY", "stream lacks the id behind its colon, such as Subscription:sub-01.");
    filter.stream_ = ledger.stream_number(*type, id);
    if (filter.stream_ == 0) return nothing_here();
  }
  if (const auto account = request.query("account")) {
    if (!AccountId::parse(*account)) {
      return rejected("BAD_QUERY", "account is the identifier of a billing account, such as acc-1.");
    }
    if (state.find<Account>(*account) == nullptr) return nothing_here();
    filter.account_ = std::string(*account);
  }
  return filter;
}

EventFilter EventFilter::of_account(const engine::Ledger& ledger, const StateReader& state, const AccountId& account) {
  EventFilter filter(ledger, state);
  filter.account_ = account.text();
  return filter;
}

std::uint64_t EventFilter::type_mask() const {
  return type_ ? log::type_bit(static_cast<std::uint16_t>(*type_)) : log::kAllTypes;
}

bool EventFilter::wants(const log::RecordView& record) {
  if (type_ && record.type != static_cast<std::uint16_t>(*type_)) return false;
  if (stream_ != 0 && record.stream != stream_) return false;
  if (!account_) return true;
  const auto known = judged_.find(record.stream);
  const OfAccount judged =
      known != judged_.end() ? known->second : judged_.emplace(record.stream, judge_stream(record.stream)).first->second;
  if (judged == OfAccount::Yes) return true;
  if (judged == OfAccount::AskTheTime) return happened_under_account(record);
  const bool asks = judged == OfAccount::AskTheData ||
                    record.type == static_cast<std::uint16_t>(EventType::SubscriptionBillingTransferred);
  return asks && names_account(record);
}

EventFilter::OfAccount EventFilter::judge_stream(engine::StreamNumber number) const {
  const engine::StreamDirectory::Stream stream = ledger_->stream(number);
  if (const Subscription* subscription = subscription_of(*state_, stream.type, stream.id);
      subscription != nullptr && has_changed_owner(*subscription)) {
    return OfAccount::AskTheTime;
  }
  const std::optional<std::string> account = account_of_stream(*state_, stream.type, stream.id);
  if (!account) return OfAccount::AskTheData;
  return *account == *account_ ? OfAccount::Yes : OfAccount::No;
}

bool EventFilter::happened_under_account(const log::RecordView& record) const {
  const engine::StreamDirectory::Stream stream = ledger_->stream(record.stream);
  const Subscription& subscription = *subscription_of(*state_, stream.type, stream.id);
  const auto type = static_cast<EventType>(record.type);
  if (type == EventType::SubscriptionBillingTransferred) return names_account(record);
  if (type == EventType::UsageRecorded) {
    const Date day = codec::EventView(record.event).usage_date();
    return subscription_on(subscription, day).account_id.text() == *account_;
  }
  for (const EarlierPlace& place : subscription.earlier) {
    if (record.position <= place.left_at) return place.account_id.text() == *account_;
  }
  return subscription.account_id.text() == *account_;
}

bool EventFilter::is_of_account(const ScopeRef& scope) const {
  const Account* account = account_of(*state_, scope);
  return account != nullptr && account->account_id.text() == *account_;
}

bool EventFilter::names_account(const log::RecordView& record) const {
  const Result<Event> event = codec::decode_event(record.event, nullptr);
  if (!event) return false;
  std::string text;
  codec::JsonWriter json(text);
  codec::event_json(*event, {record.position, Instant{record.recorded_at}, record.version}, json);
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element data;
  if (parser.parse(text)["data"].get(data) != simdjson::SUCCESS) return false;
  for (const Naming& naming : kNamings) {
    std::string_view id;
    if (data[naming.member].get(id) == simdjson::SUCCESS &&
        account_of_stream(*state_, naming.type, std::string(id)) == account_) {
      return true;
    }
  }
  std::string_view type;
  std::string_view id;
  if (data["scopeType"].get(type) != simdjson::SUCCESS || data["scopeId"].get(id) != simdjson::SUCCESS) return false;
  const auto scope_type = parse_enum<ScopeType>(type);
  return scope_type && is_of_account(ScopeRef(*scope_type, std::string(id)));
}

}  // namespace daybook::server
