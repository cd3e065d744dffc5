#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// Subscriptions as they stand, or stood, where something is billed.
///
/// One that came back stands there once for each of its times. Who left is a copy (`at_place`) that
/// lives here.
class PlacedSubscriptions {
 public:
  PlacedSubscriptions() = default;
  PlacedSubscriptions(PlacedSubscriptions&&) = default;
  PlacedSubscriptions& operator=(PlacedSubscriptions&&) = default;
  PlacedSubscriptions(const PlacedSubscriptions&) = delete;
  PlacedSubscriptions& operator=(const PlacedSubscriptions&) = delete;

  void add(const Subscription& standing) { all_.push_back(&standing); }
  void add(Subscription&& stood) { all_.push_back(&copies_.emplace_back(std::move(stood))); }

  [[nodiscard]] const std::vector<const Subscription*>& all() const { return all_; }
  [[nodiscard]] auto begin() const { return all_.begin(); }
  [[nodiscard]] auto end() const { return all_.end(); }

 private:
  std::deque<Subscription> copies_;  // does not move its elements
  std::vector<const Subscription*> all_;
};

/// Those that have documents of their own from the account: of a MOSP account, and of one that was
/// upgraded those from before.
[[nodiscard]] PlacedSubscriptions placed_under(const StateReader& state, const Account& account);
/// Those whose charges stand, or stood, on the documents of a profile or enrollment.
[[nodiscard]] PlacedSubscriptions placed_in(const StateReader& state, const ProfileId& profile);
[[nodiscard]] PlacedSubscriptions placed_in(const StateReader& state,
                                            const EnrollmentId& enrollment);

/// Whether documents of the account's subscriptions come, or once came, by the rules of MOSP.
[[nodiscard]] bool bills_subscriptions(const StateReader& state, const Account& account);
/// The account as it was when its documents came by the rules of `type`.
[[nodiscard]] Account as_of_type(const Account& account, AccountType type);

/// The place of the subscription that a document of it is of; of others 0.
[[nodiscard]] std::int32_t place_of(const StateReader& state, const Invoice& invoice);
[[nodiscard]] std::int32_t place_of(const InvoiceIssued& issued);
/// As it stands, or stood, where usage of `day` is billed.
[[nodiscard]] Subscription subscription_on(const Subscription& subscription, Date day);
/// As it stands, or stood, at one of its places.
[[nodiscard]] Subscription subscription_at(const Subscription& subscription, std::int32_t place);

}  // namespace daybook
