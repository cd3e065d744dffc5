#include <concepts>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>

#include <gtest/gtest.h>
#include <boost/mp11/algorithm.hpp>

#include "ledger/domain/catalogue.h"
#include "ledger/domain/event.h"

/// What a fact holds where its sender left something out.
namespace daybook {
namespace {

template <class T>
std::set<std::string> dates_present(const T& fact) {
  std::set<std::string> names;
  for_each_member(fact, [&](std::string_view name, const auto& member) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, std::optional<Date>>) {
      if (member) names.emplace(name);
    }
  });
  return names;
}

template <class T>
std::size_t values_present(const T& fact) {
  std::size_t count = 0;
  for_each_member(fact, [&](std::string_view, const auto& member) {
    if constexpr (requires { member.has_value(); }) count += member.has_value() ? 1U : 0U;
  });
  return count;
}

FactContext context() {
  const Instant time = *Instant::parse("2024-03-05T23:30:00-02:00");
  return {time, time.date(), "u-1"};
}

TEST(FillDefaults, DatesAreTheUtcDayOfTimeExactlyWhereTheTypeSaysSo) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::add_pointer_t, AllEvents>>([]<class T>(T*) {
    T fact{};
    std::set<std::string> expected;
    if constexpr (requires { T::kDatesFromTime; }) {
      for (std::string_view member : T::kDatesFromTime) expected.emplace(member);
    }
    if constexpr (requires { fill_defaults(fact, context()); }) fill_defaults(fact, context());
    EXPECT_EQ(dates_present(fact), expected) << name(T::kType);
    for_each_member(fact, [](std::string_view member, const auto& value) {
      if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, std::optional<Date>>) {
        if (value) {
          EXPECT_EQ(*value, Date::of(2024, 3, 6)) << member;
        }
      }
    });
  });
}

TEST(FillDefaults, WhatWasSentStays) {
  UsageRecorded fact{SubscriptionId("sub-01"), MeterId("vm"), Decimal(24)};
  fact.usage_id = "row-7";
  fact.usage_date = Date::of(2024, 3, 1);
  fact.received_on = Date::of(2024, 3, 2);
  fact.is_credit_eligible = false;
  fact.charge_type = ChargeType::Purchase;
  const UsageRecorded sent = fact;
  fill_defaults(fact, context());
  EXPECT_EQ(fact, sent);
}

TEST(FillDefaults, UsageIsNumberedDatedAndEligible) {
  UsageRecorded fact{SubscriptionId("sub-01"), MeterId("vm"), Decimal(24)};
  fill_defaults(fact, context());
  EXPECT_EQ(fact.usage_id, "u-1");
  EXPECT_EQ(fact.charge_type, ChargeType::Usage);
  EXPECT_EQ(fact.is_credit_eligible, true);
  EXPECT_EQ(values_present(fact), 5U)
      << "nothing but usageId, usageDate, receivedOn, eligibility, chargeType";
}

TEST(FillDefaults, MarketplaceUsageIsNotEligibleForCredit) {
  UsageRecorded fact{SubscriptionId("sub-01"), MeterId("vm"), Decimal(24)};
  fact.publisher_type = PublisherType::Marketplace;
  fill_defaults(fact, context());
  EXPECT_EQ(fact.is_credit_eligible, false);
}

TEST(FillDefaults, PricesAreGraduatedSumsWithNothingIncluded) {
  PriceChanged fact{MeterId("vm"), kEur, Date::of(2024, 3, 1)};
  fill_defaults(fact, context());
  EXPECT_EQ(fact.tier_mode, TierMode::Graduated);
  EXPECT_EQ(fact.included_quantity, Decimal(0));
  EXPECT_EQ(fact.aggregation, Aggregation::Sum);
  EXPECT_EQ(values_present(fact), 3U);
}

TEST(FillDefaults, ConstantsOfTheContract) {
  BillingAccountOpened opened{};
  fill_defaults(opened, context());
  EXPECT_EQ(opened.channel, SalesChannel::Website);
  EXPECT_EQ(opened.cloud, Cloud::Public);
  SpendingLimitRemoved removed;
  fill_defaults(removed, context());
  EXPECT_EQ(removed.mode, SpendingLimitMode::indefinite);
  TaxRateChanged rate{};
  fill_defaults(rate, context());
  EXPECT_EQ(rate.treatment, TaxTreatment::Standard);
  InvoicePaymentReversed reversed{};
  fill_defaults(reversed, context());
  EXPECT_EQ(reversed.reason, ReversalReason::Chargeback);
  OfferDefined offer{};
  fill_defaults(offer, context());
  EXPECT_EQ(offer.email_invoices, true);
}

}  // namespace
}  // namespace daybook
