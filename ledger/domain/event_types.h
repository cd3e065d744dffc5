#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// The names and numbers of everything that can stand in the log or be wished for.
///
/// A number is written into every record and is the value of the FlatBuffers union: it is given
/// once and never changed or used again. Aggregates have ranges with room to grow. `UsageRecorded`
/// alone has a number divisible by 64 (0, 128 and 192 stay free): in a frame's `type_mask`, bit
/// number mod 64, usage is told from all else.
namespace daybook {

/// Where an event comes from: `Posted` by callers at `/v1/events`, or `Decided` by the ledger
/// itself and refused from others (`LEDGER_DECIDES`) but for those with the right `import`.
enum class Origin : std::uint8_t { Posted, Decided };

// X(name, number): the aggregates, of which every stream is one.
#define DAYBOOK_STREAM_TYPES(X) \
  X(Provider, 1)                \
  X(BillingAccount, 2)          \
  X(Subscription, 3)            \
  X(BillingProfile, 4)          \
  X(InvoiceSection, 5)          \
  X(Customer, 6)                \
  X(Enrollment, 7)              \
  X(UsageLedger, 8)             \
  X(Charge, 9)                  \
  X(Price, 10)                  \
  X(TaxRate, 11)                \
  X(ExchangeRate, 12)           \
  X(Discount, 13)               \
  X(CreditAccount, 14)          \
  X(Reservation, 15)            \
  X(SupportPlan, 16)            \
  X(Invoice, 17)                \
  X(PaymentMethod, 18)          \
  X(EmailPreference, 19)        \
  X(AccessPolicy, 20)           \
  X(ExportJob, 21)              \
  X(Identity, 22)               \
  X(Person, 23)                 \
  X(SupportRequest, 24)         \
  X(Policy, 25)                 \
  X(Key, 26)                    \
  X(Clock, 27)                  \
  X(Audit, 28)

// X(name, number, stream, origin): every event.
#define DAYBOOK_EVENT_TYPES(X)                                 \
  X(ProviderDetailsChanged, 1, Provider, Decided)              \
  X(OfferDefined, 2, Provider, Posted)                         \
  X(EmailTermsPublished, 3, Provider, Decided)                 \
                                                               \
  X(BillingAccountOpened, 8, BillingAccount, Posted)           \
  X(AssociatedTenantAdded, 9, BillingAccount, Posted)          \
  X(AssociatedTenantRemoved, 10, BillingAccount, Posted)       \
  X(BillingAccountUpgraded, 11, BillingAccount, Posted)        \
  X(SoldToChanged, 12, BillingAccount, Posted)                 \
  X(TaxIdChanged, 13, BillingAccount, Posted)                  \
  X(BillingAccountClosed, 14, BillingAccount, Posted)          \
  X(AccountAdministratorChanged, 15, BillingAccount, Posted)   \
                                                               \
  X(SubscriptionCreated, 20, Subscription, Posted)             \
  X(SubscriptionMoved, 21, Subscription, Posted)               \
  X(SubscriptionBillingTransferred, 22, Subscription, Posted)  \
  X(SubscriptionCancelled, 23, Subscription, Posted)           \
  X(SubscriptionReactivated, 24, Subscription, Decided)        \
  X(SubscriptionDeleted, 25, Subscription, Posted)             \
  X(SubscriptionBecamePastDue, 26, Subscription, Decided)      \
  X(SubscriptionWarned, 27, Subscription, Decided)             \
  X(SubscriptionDisabled, 28, Subscription, Decided)           \
  X(SubscriptionReenabled, 29, Subscription, Decided)          \
  X(SubscriptionExpired, 30, Subscription, Decided)            \
  X(SpendingLimitReached, 31, Subscription, Decided)           \
  X(SpendingLimitRemoved, 32, Subscription, Posted)            \
  X(SpendingLimitRestored, 33, Subscription, Posted)           \
  X(OfferUpgraded, 34, Subscription, Posted)                   \
                                                               \
  X(BillingProfileCreated, 40, BillingProfile, Posted)         \
  X(BillToChanged, 41, BillingProfile, Posted)                 \
  X(PoNumberChanged, 42, BillingProfile, Posted)               \
  X(InvoiceDayChanged, 43, BillingProfile, Posted)             \
  X(AccountsPayableContactAdded, 44, BillingProfile, Posted)   \
  X(AccountsPayableContactRemoved, 45, BillingProfile, Posted) \
  X(BillingProfileStatusChanged, 46, BillingProfile, Decided)  \
                                                               \
  X(InvoiceSectionCreated, 50, InvoiceSection, Posted)         \
  X(InvoiceSectionRenamed, 51, InvoiceSection, Posted)         \
                                                               \
  X(CustomerRegistered, 54, Customer, Posted)                  \
  X(CustomerCostVisibilityChanged, 55, Customer, Decided)      \
                                                               \
  X(UsageRecorded, 64, UsageLedger, Posted)                    \
  X(UsageAmended, 65, UsageLedger, Posted)                     \
  X(UsageVoided, 66, UsageLedger, Posted)                      \
  X(PeriodClosed, 67, UsageLedger, Decided)                    \
  X(PeriodClosedWithoutInvoice, 68, UsageLedger, Decided)      \
                                                               \
  X(PurchaseCharged, 72, Charge, Posted)                       \
  X(PurchaseRefunded, 73, Charge, Posted)                      \
                                                               \
  X(PriceChanged, 76, Price, Posted)                           \
                                                               \
  X(TaxRateChanged, 78, TaxRate, Posted)                       \
                                                               \
  X(ExchangeRateChanged, 80, ExchangeRate, Posted)             \
                                                               \
  X(DiscountGranted, 82, Discount, Posted)                     \
  X(DiscountEnded, 83, Discount, Posted)                       \
                                                               \
  X(CreditGranted, 86, CreditAccount, Posted)                  \
  X(CreditApplied, 87, CreditAccount, Decided)                 \
  X(CreditExpired, 88, CreditAccount, Decided)                 \
  X(CreditAdjusted, 89, CreditAccount, Posted)                 \
  X(MonthlyCreditRenewed, 90, CreditAccount, Decided)          \
                                                               \
  X(ReservationPurchased, 94, Reservation, Posted)             \
  X(ReservationExchanged, 95, Reservation, Decided)            \
  X(ReservationCancelled, 96, Reservation, Decided)            \
                                                               \
  X(SupportPlanPurchased, 100, SupportPlan, Posted)            \
  X(SupportPlanRenewed, 101, SupportPlan, Decided)             \
  X(SupportPlanCancelled, 102, SupportPlan, Posted)            \
                                                               \
  X(EnrollmentRegistered, 106, Enrollment, Posted)             \
  X(DepartmentCreated, 107, Enrollment, Posted)                \
  X(EnrollmentAccountAdded, 108, Enrollment, Posted)           \
  X(AccountOwnerActivated, 109, Enrollment, Posted)            \
  X(AccountOwnerChanged, 110, Enrollment, Posted)              \
  X(EnrollmentBillingCycleChanged, 111, Enrollment, Posted)    \
  X(EnrollmentRecipientAdded, 112, Enrollment, Decided)        \
  X(EnrollmentRecipientRemoved, 113, Enrollment, Decided)      \
  X(PoNumberUpdatedForPeriod, 114, Enrollment, Decided)        \
  X(EnrollmentPolicyChanged, 115, Enrollment, Decided)         \
  X(OverageNotificationSent, 116, Enrollment, Decided)         \
                                                               \
  X(InvoiceIssued, 130, Invoice, Decided)                      \
  X(InvoiceLinesAdded, 131, Invoice, Decided)                  \
  X(DocumentContentAdded, 132, Invoice, Decided)               \
  X(InvoicePaymentScheduled, 133, Invoice, Decided)            \
  X(InvoicePaymentAttempted, 134, Invoice, Decided)            \
  X(InvoicePaymentSucceeded, 135, Invoice, Posted)             \
  X(InvoicePaymentFailed, 136, Invoice, Posted)                \
  X(InvoicePaymentReversed, 137, Invoice, Posted)              \
  X(InvoiceBecamePastDue, 138, Invoice, Decided)               \
  X(InvoicePaid, 139, Invoice, Decided)                        \
  X(InvoiceLocked, 140, Invoice, Decided)                      \
  X(InvoiceUnlocked, 141, Invoice, Decided)                    \
  X(CreditNoteIssued, 142, Invoice, Decided)                   \
  X(InvoiceVoided, 143, Invoice, Decided)                      \
  X(InvoiceRebilled, 144, Invoice, Decided)                    \
  X(InvoiceDocumentGenerated, 145, Invoice, Decided)           \
  X(TaxDocumentAdded, 146, Invoice, Posted)                    \
  X(NoticeQueued, 147, Invoice, Decided)                       \
  X(NoticeSent, 148, Invoice, Decided)                         \
  X(NoticeFailed, 149, Invoice, Decided)                       \
                                                               \
  X(EmailInvoiceTermsAccepted, 160, EmailPreference, Decided)  \
  X(EmailInvoiceOptedIn, 161, EmailPreference, Decided)        \
  X(EmailInvoiceOptedOut, 162, EmailPreference, Decided)       \
  X(PreferredEmailChanged, 163, EmailPreference, Decided)      \
  X(EmailRecipientAdded, 164, EmailPreference, Decided)        \
  X(EmailRecipientRemoved, 165, EmailPreference, Decided)      \
  X(InvoiceEmailQueued, 166, EmailPreference, Decided)         \
  X(InvoiceEmailSent, 167, EmailPreference, Decided)           \
  X(InvoiceEmailFailed, 168, EmailPreference, Decided)         \
                                                               \
  X(InvoiceSharingEnabled, 174, AccessPolicy, Decided)         \
  X(InvoiceSharingDisabled, 175, AccessPolicy, Decided)        \
  X(RoleAssigned, 176, AccessPolicy, Posted)                   \
  X(RoleRevoked, 177, AccessPolicy, Posted)                    \
  X(RoleInvited, 178, AccessPolicy, Decided)                   \
  X(RoleInvitationAccepted, 179, AccessPolicy, Decided)        \
  X(RoleInvitationWithdrawn, 180, AccessPolicy, Decided)       \
  X(RoleInvitationExpired, 181, AccessPolicy, Decided)         \
                                                               \
  X(PaymentMethodAdded, 194, PaymentMethod, Posted)            \
  X(PaymentMethodMadeDefault, 195, PaymentMethod, Posted)      \
  X(PaymentMethodDetached, 196, PaymentMethod, Posted)         \
  X(PaymentMethodRemoved, 197, PaymentMethod, Posted)          \
  X(BalanceSettled, 198, PaymentMethod, Decided)               \
                                                               \
  X(ExportRequested, 202, ExportJob, Decided)                  \
  X(ExportStarted, 203, ExportJob, Decided)                    \
  X(ExportReady, 204, ExportJob, Decided)                      \
  X(ExportFailed, 205, ExportJob, Decided)                     \
  X(ExportEmpty, 206, ExportJob, Decided)                      \
  X(ExportDownloaded, 207, ExportJob, Decided)                 \
  X(ExportExpired, 208, ExportJob, Decided)                    \
                                                               \
  X(IdentityLinked, 214, Identity, Posted)                     \
  X(EmailChanged, 215, Identity, Posted)                       \
                                                               \
  X(CommunicationEmailChanged, 218, Person, Decided)           \
  X(LanguageChanged, 219, Person, Decided)                     \
  X(SubjectErased, 220, Person, Decided)                       \
                                                               \
  X(SupportRequestCreated, 224, SupportRequest, Decided)       \
                                                               \
  X(PolicyChanged, 228, Policy, Decided)                       \
                                                               \
  X(KeyCreated, 230, Key, Decided)                             \
  X(KeyRevoked, 231, Key, Decided)                             \
                                                               \
  X(ClockAdvanced, 234, Clock, Decided)                        \
                                                               \
  X(InvoiceViewed, 236, Audit, Decided)                        \
  X(InvoiceDownloaded, 237, Audit, Decided)                    \
  X(UsageDownloaded, 238, Audit, Decided)                      \
  X(AccessDenied, 239, Audit, Decided)

// X(name, number): every wish. Their numbers stay inside the process and are stored nowhere.
#define DAYBOOK_COMMAND_TYPES(X)    \
  X(AdvanceClock, 1)                \
  X(RunInvoicing, 2)                \
  X(RunMospInvoicing, 3)            \
  X(RunMarketplaceInvoicing, 4)     \
  X(RunProfileInvoicing, 5)         \
  X(RunEaInvoicing, 6)              \
  X(EvaluateDunning, 7)             \
  X(SetInvoiceSharing, 10)          \
  X(AssignRole, 11)                 \
  X(RevokeRole, 12)                 \
  X(WithdrawInvitation, 13)         \
  X(ChangeAccountAdministrator, 14) \
  X(AcceptEmailTerms, 20)           \
  X(OptInEmailInvoice, 21)          \
  X(OptOutEmailInvoice, 22)         \
  X(UpdatePreferredEmail, 23)       \
  X(AddEmailRecipient, 24)          \
  X(RemoveEmailRecipient, 25)       \
  X(DeliverInvoiceEmails, 26)       \
  X(PublishEmailTerms, 27)          \
  X(PayNow, 30)                     \
  X(SettleBalance, 31)              \
  X(AmendInvoice, 32)               \
  X(VoidInvoice, 33)                \
  X(IssueCreditNote, 34)            \
  X(LockInvoice, 35)                \
  X(UnlockInvoice, 36)              \
  X(ReactivateSubscription, 40)     \
  X(RefundReservation, 41)          \
  X(ExchangeReservation, 42)        \
  X(CancelSupportPlan, 43)          \
  X(SetEnrollmentPolicy, 50)        \
  X(UpdatePoNumber, 51)             \
  X(SetCustomerCostVisibility, 52)  \
  X(RequestExport, 60)              \
  X(UpdateProfile, 70)              \
  X(CreateSupportRequest, 71)       \
  X(EraseSubject, 72)               \
  X(SetPolicy, 80)                  \
  X(CreateKey, 81)                  \
  X(RevokeKey, 82)                  \
  X(ApplyConfiguration, 83)

#define DAYBOOK_ENUMERATOR(type_name, number, ...) type_name = number,
enum class StreamType : std::uint8_t { DAYBOOK_STREAM_TYPES(DAYBOOK_ENUMERATOR) };
enum class EventType : std::uint8_t { DAYBOOK_EVENT_TYPES(DAYBOOK_ENUMERATOR) };
enum class CommandType : std::uint8_t { DAYBOOK_COMMAND_TYPES(DAYBOOK_ENUMERATOR) };
#undef DAYBOOK_ENUMERATOR

struct StreamTypeEntry {
  StreamType type;
  std::string_view name;
};

struct EventTypeEntry {
  EventType type;
  std::string_view name;  ///< on the wire behind `daybook.`
  StreamType stream;
  Origin origin;
};

struct CommandTypeEntry {
  CommandType type;
  std::string_view name;  ///< the last segment of `/v1/commands/{Name}`
};

#define DAYBOOK_STREAM_ENTRY(type_name, number) StreamTypeEntry{StreamType::type_name, #type_name},
inline constexpr auto kStreamTypes = std::to_array({DAYBOOK_STREAM_TYPES(DAYBOOK_STREAM_ENTRY)});
#undef DAYBOOK_STREAM_ENTRY

#define DAYBOOK_EVENT_ENTRY(type_name, number, stream, origin) \
  EventTypeEntry{EventType::type_name, #type_name, StreamType::stream, Origin::origin},
/// Every event in the order of its number.
inline constexpr auto kEventTypes = std::to_array({DAYBOOK_EVENT_TYPES(DAYBOOK_EVENT_ENTRY)});
#undef DAYBOOK_EVENT_ENTRY

#define DAYBOOK_COMMAND_ENTRY(type_name, number) \
  CommandTypeEntry{CommandType::type_name, #type_name},
/// Every command in the order of its number.
inline constexpr auto kCommandTypes = std::to_array({DAYBOOK_COMMAND_TYPES(DAYBOOK_COMMAND_ENTRY)});
#undef DAYBOOK_COMMAND_ENTRY

namespace detail {

inline constexpr std::uint8_t kNoEntry = 0xff;

/// number → place in `entries`, for look-ups without a search.
template <class Entries>
consteval std::array<std::uint8_t, 256> places_by_number(const Entries& entries) {
  std::array<std::uint8_t, 256> places{};
  places.fill(kNoEntry);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    places[static_cast<std::uint8_t>(entries[i].type)] = static_cast<std::uint8_t>(i);
  }
  return places;
}

inline constexpr auto kStreamPlaces = places_by_number(kStreamTypes);
inline constexpr auto kEventPlaces = places_by_number(kEventTypes);
inline constexpr auto kCommandPlaces = places_by_number(kCommandTypes);

}  // namespace detail

/// The row of `type`, or null for a number that names nothing.
[[nodiscard]] constexpr const StreamTypeEntry* find_entry(StreamType type) {
  const std::uint8_t place = detail::kStreamPlaces[static_cast<std::uint8_t>(type)];
  return place == detail::kNoEntry ? nullptr : &kStreamTypes[place];
}
[[nodiscard]] constexpr const EventTypeEntry* find_entry(EventType type) {
  const std::uint8_t place = detail::kEventPlaces[static_cast<std::uint8_t>(type)];
  return place == detail::kNoEntry ? nullptr : &kEventTypes[place];
}
[[nodiscard]] constexpr const CommandTypeEntry* find_entry(CommandType type) {
  const std::uint8_t place = detail::kCommandPlaces[static_cast<std::uint8_t>(type)];
  return place == detail::kNoEntry ? nullptr : &kCommandTypes[place];
}

/// `InvoiceIssued`; empty for a number that names nothing.
template <class Type>
[[nodiscard]] constexpr std::string_view name(Type type) {
  const auto* entry = find_entry(type);
  return entry == nullptr ? std::string_view() : entry->name;
}

/// The event called `name` (without `daybook.`).
[[nodiscard]] std::optional<EventType> event_type(std::string_view name);
[[nodiscard]] std::optional<CommandType> command_type(std::string_view name);
[[nodiscard]] std::optional<StreamType> stream_type(std::string_view name);

/// The aggregate to whose streams `type` belongs.
[[nodiscard]] constexpr std::optional<StreamType> stream_of(EventType type) {
  const EventTypeEntry* entry = find_entry(type);
  return entry == nullptr ? std::nullopt : std::optional(entry->stream);
}

/// Whether callers may post it (else `LEDGER_DECIDES`).
[[nodiscard]] constexpr bool is_posted(EventType type) {
  const EventTypeEntry* entry = find_entry(type);
  return entry != nullptr && entry->origin == Origin::Posted;
}

}  // namespace daybook
