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

UsageScope profile_scope(const StateReader& state, const Profile& profile) {
  UsageScope scope;
  scope.billed = ScopeRef(profile.profile_id);
  scope.currency = profile.currency;
  scope.subscriptions = placed_in(state, profile.profile_id);
  return scope;
}

UsageScope enrollment_scope(const StateReader& state, const Account& account,
                            const EnrollmentId& id) {
  UsageScope scope;
  scope.billed = ScopeRef(id);
  scope.currency = account.currency;
  scope.subscriptions = placed_in(state, id);
  return scope;
}

/// Of a subscription by itself, at one of its places.
UsageScope own_scope(const StateReader& state, const Subscription& subscription) {
  UsageScope scope;
  scope.billed = ScopeRef(subscription.subscription_id);
  const Account* account = state.account(subscription.account_id);
  if (account != nullptr) scope.currency = account->currency;
  scope.subscriptions.add(Subscription(subscription));
  return scope;
}

/// Whose documents the subscription stands on at this place.
UsageScope scope_of_place(const StateReader& state, const Subscription& subscription) {
  const Profile* profile =
      subscription.profile_id ? state.profile(*subscription.profile_id) : nullptr;
  const Account* account = state.account(subscription.account_id);
  if (subscription.enrollment_id && account != nullptr)
    return enrollment_scope(state, *account, *subscription.enrollment_id);
  return profile != nullptr ? profile_scope(state, *profile) : own_scope(state, subscription);
}

/// A subscription wherever it was billed: in its account alone, unless `everywhere`.
std::vector<UsageScope> scopes_of_subscription(const StateReader& state,
                                               const Subscription& subscription,
                                               bool everywhere) {
  std::vector<UsageScope> scopes;
  const auto take = [&](const Subscription& placed) {
    UsageScope scope = scope_of_place(state, placed);
    const bool is_known = std::any_of(scopes.begin(), scopes.end(), [&](const UsageScope& each) {
      return scope.billed.type != ScopeType::Subscription && each.billed == scope.billed;
    });
    if (is_known) return;
    scope.only = subscription.subscription_id;
    scopes.push_back(std::move(scope));
  };
  for (std::size_t n = 0; n < subscription.earlier.size(); ++n) {
    if (everywhere || subscription.earlier[n].account_id == subscription.account_id)
      take(subscription.at_place(n));
  }
  take(subscription);
  return scopes;
}

/// Whose usage is rated together: a subscription of MOSP alone, elsewhere all of a profile or
/// enrollment.
std::vector<UsageScope> scopes_of(const StateReader& state, const Account& account,
                                  const ScopeRef& wanted, bool everywhere) {
  std::vector<UsageScope> scopes;
  if (wanted.type == ScopeType::Subscription) {
    return scopes_of_subscription(state, *state.subscription(SubscriptionId(wanted.id)),
                                  everywhere);
  }
  if (wanted.type == ScopeType::Profile) {
    scopes.push_back(profile_scope(state, *state.profile(ProfileId(wanted.id))));
    return scopes;
  }
  if (wanted.type == ScopeType::Enrollment) {
    scopes.push_back(enrollment_scope(state, account, EnrollmentId(wanted.id)));
    return scopes;
  }
  for (const std::string& id : state.enrollments_of(account.account_id)) {
    scopes.push_back(enrollment_scope(state, account, EnrollmentId(id)));
  }
  for (const std::string& id : state.profiles_of(account.account_id)) {
    if (const Profile* profile = state.find<Profile>(id))
      scopes.push_back(profile_scope(state, *profile));
  }
  const PlacedSubscriptions own = placed_under(state, account);
  for (const Subscription* subscription : own) scopes.push_back(own_scope(state, *subscription));
  return scopes;
}

/// What a customer of a partner is shown: his subscription by itself, at the prices for everybody.
UsageScope customer_scope(const StateReader& state, const Subscription& subscription) {
  UsageScope scope = own_scope(state, subscription);
  const Profile* profile =
      subscription.profile_id ? state.profile(*subscription.profile_id) : nullptr;
  if (profile != nullptr) {
    scope.billed = ScopeRef(profile->profile_id);
    scope.currency = profile->currency;
  }
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
  if (text.empty()) return dimensions;
  while (true) {
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
    if (comma == std::string_view::npos) return dimensions;
    text.remove_prefix(comma + 1);
  }
}

Result<UsageView> usage_answer(const StateReader& state, const UsageSource& usage,
                               const Viewer& viewer, const ScopeRef& scope, const UsageQuery& query,
                               const PageRequest& page, Date today) {
  const Account* account = account_of(state, scope);
  if (account == nullptr || !has_usage(scope)) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::ViewUsage, scope));
  if (query.from && query.to && *query.to < *query.from) {
    return rejected("BAD_QUERY", "from is after to: to is the first day left out, so give a later one.");
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
  std::vector<UsageScope> scopes;
  if (is_customer) {
    scopes.push_back(customer_scope(state, *state.subscription(SubscriptionId(scope.id))));
  } else {
    scopes = scopes_of(state, *account, scope, viewer.is_operator() && !viewer.tenant);
  }
  for (const UsageScope& of : scopes) {
    LEDGER_CHECK(rate_usage(state, usage, of, range, today,
                            [&](const RatedItem& rated) { return table.take(rated); }));
  }
  return table.view(page);
}

}  // namespace daybook
