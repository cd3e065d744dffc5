#include <algorithm>
#include <concepts>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/mp11/algorithm.hpp>
#include <boost/pfr/tuple_size.hpp>

#include "ledger/domain/catalogue.h"
#include "ledger/domain/event.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

/// Calls `visit` with a null pointer to each type: no value has to be made.
template <class List, class Visit>
void for_each_type(Visit visit) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::add_pointer_t, List>>(visit);
}

template <class T>
std::vector<std::string> member_names() {
  std::vector<std::string> names;
  boost::mp11::mp_for_each<DescribedMembers<T>>(
      [&](auto member) { names.emplace_back(member.name); });
  return names;
}

template <class T>
struct IsPersonal : std::false_type {};
template <class T>
struct IsPersonal<Personal<T>> : std::true_type {};
template <class T>
struct IsPersonal<std::optional<T>> : IsPersonal<T> {};
template <class T>
struct IsPersonal<std::vector<T>> : IsPersonal<T> {};

template <class T>
bool has_personal_members() {
  bool found = false;
  boost::mp11::mp_for_each<DescribedMembers<T>>([&](auto member) {
    found = found ||
            IsPersonal<std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>>::value;
  });
  return found;
}

// What a description leaves out of a state is lost when the state is written: to views and to checkpoints.
TEST(States, AreDescribedWhole) {
  for_each_type<States>([]<class State>(State*) {
    EXPECT_EQ(boost::pfr::tuple_size_v<State>, boost::mp11::mp_size<DescribedMembers<State>>::value)
        << "kind " << static_cast<int>(State::kState);
  });
}

TEST(EventTypes, NumbersRiseAreUniqueAndFitAUnion) {
  int last = 0;
  for (const EventTypeEntry& entry : kEventTypes) {
    const int number = static_cast<int>(entry.type);
    EXPECT_GT(number, last) << entry.name;
    EXPECT_LT(number, 255) << entry.name;
    last = number;
  }
}

TEST(EventTypes, UsageAloneHasTheFirstBitOfAFramesTypeMask) {
  for (const EventTypeEntry& entry : kEventTypes) {
    EXPECT_EQ(static_cast<int>(entry.type) % 64 == 0, entry.type == EventType::UsageRecorded)
        << entry.name;
  }
}

TEST(EventTypes, NumbersThatStandInLogsNeverChange) {
  EXPECT_EQ(static_cast<int>(EventType::OfferDefined), 2);
  EXPECT_EQ(static_cast<int>(EventType::BillingAccountOpened), 8);
  EXPECT_EQ(static_cast<int>(EventType::SubscriptionCreated), 20);
  EXPECT_EQ(static_cast<int>(EventType::BillingProfileCreated), 40);
  EXPECT_EQ(static_cast<int>(EventType::UsageRecorded), 64);
  EXPECT_EQ(static_cast<int>(EventType::PriceChanged), 76);
  EXPECT_EQ(static_cast<int>(EventType::EnrollmentRegistered), 106);
  EXPECT_EQ(static_cast<int>(EventType::InvoiceIssued), 130);
  EXPECT_EQ(static_cast<int>(EventType::EmailInvoiceTermsAccepted), 160);
  EXPECT_EQ(static_cast<int>(EventType::InvoiceSharingEnabled), 174);
  EXPECT_EQ(static_cast<int>(EventType::PaymentMethodAdded), 194);
  EXPECT_EQ(static_cast<int>(EventType::ExportRequested), 202);
  EXPECT_EQ(static_cast<int>(EventType::IdentityLinked), 214);
  EXPECT_EQ(static_cast<int>(EventType::ClockAdvanced), 234);
  EXPECT_EQ(static_cast<int>(EventType::AccessDenied), 239);
}

TEST(EventTypes, AreFoundByTheirNamesAndByNoOthers) {
  for (const EventTypeEntry& entry : kEventTypes) {
    EXPECT_EQ(event_type(entry.name), entry.type) << entry.name;
    EXPECT_EQ(name(entry.type), entry.name);
  }
  for (const CommandTypeEntry& entry : kCommandTypes)
    EXPECT_EQ(command_type(entry.name), entry.type);
  for (const StreamTypeEntry& entry : kStreamTypes) EXPECT_EQ(stream_type(entry.name), entry.type);
  EXPECT_EQ(event_type("usageRecorded"), std::nullopt);
  EXPECT_EQ(event_type(""), std::nullopt);
  EXPECT_EQ(event_type("daybook.UsageRecorded"), std::nullopt);
  EXPECT_EQ(name(EventType{255}), "");
  EXPECT_FALSE(is_posted(EventType{255}));
  EXPECT_EQ(stream_of(EventType{0}), std::nullopt);
}

// api.md 3, the table of facts, and 8, "Further facts in".
TEST(EventTypes, CallersPostTheFactsOfTheContractAndNothingElse) {
  const std::vector<std::string_view> contract = {"BillingAccountOpened",
                                                  "AssociatedTenantAdded",
                                                  "AssociatedTenantRemoved",
                                                  "BillingAccountUpgraded",
                                                  "SoldToChanged",
                                                  "TaxIdChanged",
                                                  "BillingAccountClosed",
                                                  "BillingProfileCreated",
                                                  "BillToChanged",
                                                  "PoNumberChanged",
                                                  "InvoiceDayChanged",
                                                  "AccountsPayableContactAdded",
                                                  "AccountsPayableContactRemoved",
                                                  "InvoiceSectionCreated",
                                                  "InvoiceSectionRenamed",
                                                  "CustomerRegistered",
                                                  "EnrollmentRegistered",
                                                  "EnrollmentBillingCycleChanged",
                                                  "DepartmentCreated",
                                                  "EnrollmentAccountAdded",
                                                  "AccountOwnerActivated",
                                                  "AccountOwnerChanged",
                                                  "SubscriptionCreated",
                                                  "SubscriptionMoved",
                                                  "SubscriptionBillingTransferred",
                                                  "SubscriptionCancelled",
                                                  "SubscriptionDeleted",
                                                  "OfferUpgraded",
                                                  "SpendingLimitRemoved",
                                                  "SpendingLimitRestored",
                                                  "PriceChanged",
                                                  "TaxRateChanged",
                                                  "ExchangeRateChanged",
                                                  "DiscountGranted",
                                                  "DiscountEnded",
                                                  "UsageRecorded",
                                                  "UsageAmended",
                                                  "UsageVoided",
                                                  "PurchaseCharged",
                                                  "PurchaseRefunded",
                                                  "ReservationPurchased",
                                                  "SupportPlanPurchased",
                                                  "SupportPlanCancelled",
                                                  "CreditGranted",
                                                  "CreditAdjusted",
                                                  "PaymentMethodAdded",
                                                  "PaymentMethodMadeDefault",
                                                  "PaymentMethodDetached",
                                                  "PaymentMethodRemoved",
                                                  "InvoicePaymentSucceeded",
                                                  "InvoicePaymentFailed",
                                                  "InvoicePaymentReversed",
                                                  "IdentityLinked",
                                                  "EmailChanged",
                                                  "RoleAssigned",
                                                  "RoleRevoked",
                                                  "AccountAdministratorChanged",
                                                  "OfferDefined",
                                                  "TaxDocumentAdded"};
  std::vector<std::string_view> posted;
  for (const EventTypeEntry& entry : kEventTypes) {
    if (is_posted(entry.type)) posted.push_back(entry.name);
  }
  EXPECT_THAT(posted, UnorderedElementsAreArray(contract));
}

// api.md 4, 5 and 8.
TEST(CommandTypes, AreTheCommandsOfTheContract) {
  const std::vector<std::string_view> contract = {"AdvanceClock",
                                                  "RunInvoicing",
                                                  "EvaluateDunning",
                                                  "RunMospInvoicing",
                                                  "RunMarketplaceInvoicing",
                                                  "RunProfileInvoicing",
                                                  "RunEaInvoicing",
                                                  "SetInvoiceSharing",
                                                  "AcceptEmailTerms",
                                                  "OptInEmailInvoice",
                                                  "OptOutEmailInvoice",
                                                  "UpdatePreferredEmail",
                                                  "AddEmailRecipient",
                                                  "RemoveEmailRecipient",
                                                  "DeliverInvoiceEmails",
                                                  "PayNow",
                                                  "SettleBalance",
                                                  "ReactivateSubscription",
                                                  "AmendInvoice",
                                                  "VoidInvoice",
                                                  "IssueCreditNote",
                                                  "LockInvoice",
                                                  "UnlockInvoice",
                                                  "RefundReservation",
                                                  "ExchangeReservation",
                                                  "CancelSupportPlan",
                                                  "AssignRole",
                                                  "RevokeRole",
                                                  "SetEnrollmentPolicy",
                                                  "UpdatePoNumber",
                                                  "SetCustomerCostVisibility",
                                                  "RequestExport",
                                                  "EraseSubject",
                                                  "SetPolicy",
                                                  "CreateKey",
                                                  "RevokeKey",
                                                  "UpdateProfile",
                                                  "WithdrawInvitation",
                                                  "ChangeAccountAdministrator",
                                                  "PublishEmailTerms",
                                                  "CreateSupportRequest",
                                                  // docs/decisions/0030
                                                  "ApplyConfiguration"};
  std::vector<std::string_view> commands;
  for (const CommandTypeEntry& entry : kCommandTypes) commands.push_back(entry.name);
  EXPECT_THAT(commands, UnorderedElementsAreArray(contract));
}

TEST(Descriptions, EveryTypeIsDescribedOnceInTheStreamOfItsTable) {
  std::map<EventType, int> events;
  for_each_type<AllEvents>([&]<class T>(T*) {
    ++events[T::kType];
    EXPECT_EQ(stream_of(T::kType), T::kStream) << name(T::kType);
  });
  for (const EventTypeEntry& entry : kEventTypes) EXPECT_EQ(events[entry.type], 1) << entry.name;
  std::map<CommandType, int> commands;
  for_each_type<AllCommands>([&]<class T>(T*) { ++commands[T::kType]; });
  for (const CommandTypeEntry& entry : kCommandTypes)
    EXPECT_EQ(commands[entry.type], 1) << entry.name;
}

TEST(Descriptions, MembersHaveNamesOfTheirOwnOnTheWire) {
  const auto check = []<class T>(T*) {
    const std::vector<std::string> members = member_names<T>();
    EXPECT_THAT(members, Not(IsEmpty())) << name(T::kType);
    EXPECT_LE(members.size(), 52U) << name(T::kType);
    std::set<std::string> wire;
    for (const std::string& member : members) {
      EXPECT_EQ(member.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
                std::string::npos)
          << member;
      EXPECT_TRUE(wire.insert(camel_case(member)).second) << name(T::kType) << '.' << member;
    }
  };
  for_each_type<AllEvents>(check);
  for_each_type<AllCommands>(check);
}

TEST(Descriptions, TypesWithPersonalMembersNameTheirSubjectAndNoOthersDo) {
  for_each_type<AllEvents>([]<class T>(T*) {
    constexpr bool names_subject = requires(const T& fact) {
      { fact.personal_subject() } -> std::same_as<std::string>;
    };
    EXPECT_EQ(has_personal_members<T>(), names_subject) << name(T::kType);
  });
}

TEST(Descriptions, SubjectsArePersonsAccountsProfilesOrTheAddressItself) {
  EmailChanged changed;
  changed.identity_id = IdentityId("ann");
  EXPECT_EQ(changed.personal_subject(), "identity:ann");
  InvoiceIssued issued{};
  issued.account_id = AccountId("acc-1");
  EXPECT_EQ(issued.personal_subject(), "account:acc-1");
  BillToChanged bill_to;
  bill_to.profile_id = ProfileId("p-1");
  EXPECT_EQ(bill_to.personal_subject(), "profile:p-1");
  InvoiceEmailQueued queued{};
  EXPECT_EQ(queued.personal_subject(), "");
  queued.identity_id = IdentityId("ann");
  EXPECT_EQ(queued.personal_subject(), "identity:ann");
}

TEST(Descriptions, StreamsAreNamedAfterTheirKeys) {
  EXPECT_EQ((UsageVoided{SubscriptionId("sub-01"), "u-1", "twice"}.stream_id()), "sub-01");
  EXPECT_EQ((EmailInvoiceOptedOut{ScopeType::Subscription, ScopeId("sub-01")}.stream_id()),
            "Subscription:sub-01");
  EXPECT_EQ(InvoiceSharingEnabled{SubscriptionId("sub-01")}.stream_id(), "Subscription:sub-01");
  EXPECT_EQ((ExchangeRateChanged{kEur, kUsd, Decimal(1), Date::of(2024, 3, 5)}.stream_id()),
            "EUR-USD");
  EXPECT_EQ(ClockAdvanced{Instant{}}.stream_id(), "clock");
  EXPECT_EQ((TaxRateChanged{"NL", "VAT", Decimal(21), Date::of(2024, 3, 5)}.stream_id()), "NL");
}

TEST(Descriptions, NamesOfFilledMembersAreNamesOfMembers) {
  for_each_type<AllEvents>([]<class T>(T*) {
    const std::vector<std::string> members = member_names<T>();
    if constexpr (requires { T::kDatesFromTime; }) {
      for (std::string_view member : T::kDatesFromTime)
        EXPECT_THAT(members, Contains(std::string(member)));
    }
    if constexpr (requires { T::kFilledByLedger; }) {
      for (std::string_view member : T::kFilledByLedger)
        EXPECT_THAT(members, Contains(std::string(member)));
    }
    if constexpr (requires { T::kMayBeEmpty; }) {
      const T sample{};
      for_each_member(sample, [](std::string_view member, const auto& value) {
        using Member = std::remove_cvref_t<decltype(value)>;
        EXPECT_TRUE(!may_be_empty<T>(member) || (std::same_as<Member, std::string>)) << member << " is not required text";
      });
      for (std::string_view member : T::kMayBeEmpty)
        EXPECT_THAT(members, Contains(std::string(member)));
    }
  });
}

TEST(Enums, AreWrittenAsOnTheWire) {
  EXPECT_EQ(wire_name(ExportKind::Focus1_0), "Focus1.0");
  EXPECT_EQ(parse_enum<ExportKind>("Focus1.2"), ExportKind::Focus1_2);
  EXPECT_EQ(parse_enum<ExportKind>("Focus1_2"), std::nullopt);
  EXPECT_EQ(wire_name(Right::ActAs), "act-as");
  EXPECT_EQ(parse_enum<Right>("import"), Right::Import);
  EXPECT_EQ(parse_enum<Right>("Import"), std::nullopt);
  EXPECT_EQ(wire_name(InvoiceStatus::PastDue), "PastDue");
  EXPECT_EQ(wire_name(ReservationPayment::card), "card");
  EXPECT_EQ(wire_name(InvoiceStatus{200}), "");
  EXPECT_FALSE(is_described(InvoiceStatus{200}));
  EXPECT_TRUE(is_described(InvoiceStatus::Void));
}

}  // namespace
}  // namespace daybook
