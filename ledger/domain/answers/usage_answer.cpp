#include "ledger/domain/answers/usage_answer.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "ledger/domain/answers/rated_usage.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

using Value = std::optional<std::string>;

constexpr std::string_view kTag = "tag:";

std::string_view tag_key(std::string_view dimension) {
  return dimension.starts_with(kTag) ? dimension.substr(kTag.size()) : std::string_view();
}

Value text_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// A dimension of `groupBy`: where its value comes from, and the member it goes to.
struct Dimension {
  std::string_view name;
  bool is_of_rows;  ///< cells do not tell it
  Value (*of)(const RatedItem& rated);
  void (*put)(UsageItemView& view, const std::string& value);
};

constexpr auto kDimensions = std::to_array<Dimension>({
    {"meterId", false, [](const RatedItem& r) -> Value { return r.texts.text(r.item.meter); },
     [](UsageItemView& v, const std::string& value) { v.meter_id = MeterId(value); }},
    {"resourceId", true, [](const RatedItem& r) { return text_or_none(r.details->resource_id); },
     [](UsageItemView& v, const std::string& value) { v.resource_id = value; }},
    {"resourceGroup", true,
     [](const RatedItem& r) { return text_or_none(r.details->resource_group); },
     [](UsageItemView& v, const std::string& value) { v.resource_group = value; }},
    {"category", false,
     [](const RatedItem& r) { return text_or_none(r.texts.text(r.item.category)); },
     [](UsageItemView& v, const std::string& value) { v.category = value; }},
    {"region", false, [](const RatedItem& r) { return text_or_none(r.texts.text(r.item.region)); },
     [](UsageItemView& v, const std::string& value) { v.region = value; }},
    {"subscriptionId", false,
     [](const RatedItem& r) -> Value { return r.subscription.subscription_id.text(); },
     [](UsageItemView& v, const std::string& value) { v.subscription_id = SubscriptionId(value); }},
    {"chargeType", false,
     [](const RatedItem& r) -> Value { return std::string(wire_name(r.item.charge_type)); },
     [](UsageItemView& v, const std::string& value) {
       v.charge_type = parse_enum<ChargeType>(value);
     }},
    {"pricingModel", false,
     [](const RatedItem& r) -> Value { return std::string(wire_name(r.item.pricing_model)); },
     [](UsageItemView& v, const std::string& value) {
       v.pricing_model = parse_enum<PricingModel>(value);
     }},
    {"publisherType", false,
     [](const RatedItem& r) -> Value { return std::string(wire_name(r.item.publisher_type)); },
     [](UsageItemView& v, const std::string& value) {
       v.publisher_type = parse_enum<PublisherType>(value);
     }},
});

const Dimension* dimension_named(std::string_view name) {
  const auto* found = std::find_if(kDimensions.begin(), kDimensions.end(),
                                   [&](const Dimension& each) { return each.name == name; });
  return found != kDimensions.end() ? found : nullptr;
}

/// What one item of the answer stands for; in the order of the answer.
struct GroupKey {
  Date date;
  std::vector<Value> values;  ///< parallel to `groupBy`
  std::string currency;

  friend auto operator<=>(const GroupKey&, const GroupKey&) = default;

  /// The place of the item for a cursor: different for different keys.
  [[nodiscard]] std::string text() const {
    std::string text = date.text() + currency;
    for (const Value& value : values) {
      text += value ? std::to_string(value->size()) + ':' + *value : "-";
    }
    return text;
  }
};

struct GroupSum {
  Exact quantity;
  Exact cost;
  std::string unit;
  bool is_empty = true;
  bool has_units = false;  ///< different ones

  Result<void> take(const RatedItem& rated) {
    const std::string& of_item = rated.texts.text(rated.item.unit);
    if (is_empty) {
      unit = of_item;
    } else if (unit != of_item) {
      has_units = true;
    }
    is_empty = false;
    LEDGER_TRY(quantity, add(quantity, rated.item.quantity));
    LEDGER_TRY(cost, add(cost, rated.cost));
    return {};
  }
};

/// Sums usage by day or month and dimension.
class UsageTable {
 public:
  explicit UsageTable(const UsageQuery& query) : query_(query) {}

  Result<void> take(const RatedItem& rated) {
    LEDGER_CHECK(groups_[key_of(rated)].take(rated));
    Exact& total = totals_[rated.currency];
    LEDGER_TRY(total, add(total, rated.cost));
    return {};
  }

  Result<UsageView> view(const PageRequest& page) const {
    UsageView view;
    view.from = query_.from;
    view.to = query_.to;
    view.granularity = query_.granularity;
    view.group_by = query_.group_by;
    for (const auto& [currency, total] : totals_) {
      view.totals.push_back({currency, total.to_display()});
    }
    auto next = groups_.begin();
    if (page.after) {
      next = std::find_if(next, groups_.end(),
                          [&](const auto& group) { return group.first.text() == *page.after; });
      if (next == groups_.end()) return rejected("BAD_CURSOR", "The cursor is of another list.");
      ++next;
    }
    for (const GroupKey* last = nullptr; next != groups_.end(); last = &next->first, ++next) {
      if (view.items.size() == page.limit) {
        view.next_cursor = last->text();
        break;
      }
      view.items.push_back(item_of(next->first, next->second));
    }
    return view;
  }

 private:
  [[nodiscard]] GroupKey key_of(const RatedItem& rated) const {
    GroupKey key;
    const Date day = rated.item.usage_date;
    key.date = query_.granularity == Granularity::monthly ? day.first_of_month() : day;
    key.currency = rated.currency.text();
    std::size_t tag = 0;
    for (const std::string& name : query_.group_by) {
      const Dimension* dimension = dimension_named(name);
      key.values.push_back(dimension != nullptr ? dimension->of(rated)
                                                : rated.details->tags[tag++]);
    }
    return key;
  }

  [[nodiscard]] UsageItemView item_of(const GroupKey& key, const GroupSum& sum) const {
    UsageItemView item;
    item.date = key.date;
    for (std::size_t i = 0; i < key.values.size(); ++i) {
      if (!key.values[i]) continue;
      const std::string& name = query_.group_by[i];
      if (const Dimension* dimension = dimension_named(name)) {
        dimension->put(item, *key.values[i]);
      } else {
        item.tags[std::string(tag_key(name))] = *key.values[i];
      }
    }
    if (!sum.has_units) {
      item.quantity = sum.quantity.to_display();
      item.unit = text_or_none(sum.unit);
    }
    item.cost = sum.cost.to_display();
    std::copy(key.currency.begin(), key.currency.end(), item.currency.code);
    return item;
  }

  const UsageQuery& query_;
  std::map<GroupKey, GroupSum> groups_;
  std::map<Currency, Exact> totals_;
};

UsageScope scope_of(const StateReader& state, const Account& account, const Profile* profile,
                    const std::vector<std::string>& subscriptions) {
  UsageScope scope;
  scope.currency = profile != nullptr ? profile->currency : account.currency;
  if (profile != nullptr) scope.billed = ScopeRef(profile->profile_id);
  for (const std::string& id : subscriptions) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr) continue;
    scope.subscriptions.push_back(subscription);
    if (profile == nullptr) scope.billed = ScopeRef(subscription->subscription_id);
  }
  return scope;
}

UsageScope profile_scope(const StateReader& state, const Account& account, const Profile& profile) {
  return scope_of(state, account, &profile, state.subscriptions_of(profile.profile_id));
}

UsageScope enrollment_scope(const StateReader& state, const Account& account,
                            const EnrollmentId& id) {
  UsageScope scope = scope_of(state, account, nullptr, state.subscriptions_of(id));
  scope.billed = ScopeRef(id);
  return scope;
}

/// Whose usage is rated together: a subscription of MOSP alone, elsewhere all of a profile or
/// enrollment.
std::vector<UsageScope> scopes_of(const StateReader& state, const Account& account,
                                  const ScopeRef& wanted) {
  if (wanted.type == ScopeType::Profile) {
    return {profile_scope(state, account, *state.profile(ProfileId(wanted.id)))};
  }
  if (wanted.type == ScopeType::Enrollment) {
    return {enrollment_scope(state, account, EnrollmentId(wanted.id))};
  }
  if (wanted.type == ScopeType::Subscription) {
    const Subscription& subscription = *state.subscription(SubscriptionId(wanted.id));
    const Profile* profile =
        subscription.profile_id ? state.profile(*subscription.profile_id) : nullptr;
    if (subscription.enrollment_id) {
      UsageScope scope = enrollment_scope(state, account, *subscription.enrollment_id);
      scope.only = subscription.subscription_id;
      return {scope};
    }
    if (profile == nullptr) return {scope_of(state, account, nullptr, {wanted.id})};
    UsageScope scope = profile_scope(state, account, *profile);
    scope.only = subscription.subscription_id;
    return {scope};
  }
  std::vector<UsageScope> scopes;
  for (const std::string& id : state.enrollments_of(account.account_id)) {
    scopes.push_back(enrollment_scope(state, account, EnrollmentId(id)));
  }
  for (const std::string& id : state.profiles_of(account.account_id)) {
    if (const Profile* profile = state.find<Profile>(id)) {
      scopes.push_back(profile_scope(state, account, *profile));
    }
  }
  for (const std::string& id : state.subscriptions_of(account.account_id)) {
    const Subscription* subscription = state.find<Subscription>(id);
    const bool is_of_profile = subscription != nullptr && subscription->profile_id &&
                               state.profile(*subscription->profile_id) != nullptr;
    const bool is_of_enrollment = subscription != nullptr && subscription->enrollment_id;
    if (!is_of_profile && !is_of_enrollment) scopes.push_back(scope_of(state, account, nullptr, {id}));
  }
  return scopes;
}

/// What a customer of a partner is shown: his subscription by itself, at the prices for everybody.
UsageScope customer_scope(const StateReader& state, const Account& account,
                          const Subscription& subscription) {
  const Profile* profile =
      subscription.profile_id ? state.profile(*subscription.profile_id) : nullptr;
  UsageScope scope =
      scope_of(state, account, profile, {subscription.subscription_id.text()});
  scope.list_prices = true;
  return scope;
}

bool has_usage(const ScopeRef& scope) {
  return scope.type == ScopeType::Subscription || scope.type == ScopeType::Profile ||
         scope.type == ScopeType::Account || scope.type == ScopeType::Enrollment;
}

}  // namespace

Result<std::vector<std::string>> parse_group_by(std::string_view text) {
  std::vector<std::string> dimensions;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string name(text.substr(0, comma));
    if (dimension_named(name) == nullptr && tag_key(name).empty()) {
      return rejected("BAD_QUERY", "groupBy has no dimension '" + name +
                                       "'; it has meterId, resourceId, resourceGroup, category, "
                                       "region, subscriptionId, chargeType, pricingModel, "
                                       "publisherType and tag:KEY.");
    }
    if (std::find(dimensions.begin(), dimensions.end(), name) != dimensions.end()) {
      return rejected("BAD_QUERY", "groupBy names '" + name + "' twice.");
    }
    dimensions.push_back(name);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return dimensions;
}

Result<UsageView> usage_answer(const StateReader& state, const UsageSource& usage,
                               const Viewer& viewer, const ScopeRef& scope, const UsageQuery& query,
                               const PageRequest& page, Date today) {
  const Account* account = account_of(state, scope);
  if (account == nullptr || !has_usage(scope)) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::ViewUsage, scope));
  if (query.from && query.to && *query.to < *query.from) {
    return rejected("BAD_QUERY", "from is not after to, which is the first day left out.");
  }
  UsageRange range{query.from, query.to, false, {}};
  for (const std::string& name : query.group_by) {
    const Dimension* dimension = dimension_named(name);
    range.by_row = range.by_row || dimension == nullptr || dimension->is_of_rows;
    if (dimension == nullptr) range.tag_keys.emplace_back(tag_key(name));
  }
  UsageTable table(query);
  const bool is_customer = scope.type == ScopeType::Subscription &&
                           is_csp_customer(state, viewer, *account);
  const std::vector<UsageScope> scopes =
      is_customer ? std::vector{customer_scope(state, *account,
                                               *state.subscription(SubscriptionId(scope.id)))}
                  : scopes_of(state, *account, scope);
  for (const UsageScope& of : scopes) {
    LEDGER_CHECK(rate_usage(state, usage, of, range, today,
                            [&](const RatedItem& rated) { return table.take(rated); }));
  }
  return table.view(page);
}

}  // namespace daybook
