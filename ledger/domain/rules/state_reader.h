#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/access.h"
#include "ledger/domain/rules/account.h"
#include "ledger/domain/rules/attached_document.h"
#include "ledger/domain/rules/billing_mark.h"
#include "ledger/domain/rules/credit_lot.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/discount.h"
#include "ledger/domain/rules/email_preference.h"
#include "ledger/domain/rules/email_terms.h"
#include "ledger/domain/rules/enrollment.h"
#include "ledger/domain/rules/export_job.h"
#include "ledger/domain/rules/invoice.h"
#include "ledger/domain/rules/offers.h"
#include "ledger/domain/rules/payment_method.h"
#include "ledger/domain/rules/policies.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/prices.h"
#include "ledger/domain/rules/profile.h"
#include "ledger/domain/rules/notices.h"
#include "ledger/domain/rules/provider.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/settings.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/rules/subscription.h"
#include "ledger/domain/rules/support_plan.h"
#include "ledger/domain/rules/support_requests.h"

namespace daybook {

/// Every state, for whoever keeps tables of them.
using States = TypeList<Account, Subscription, Profile, Section, Customer, SupportPlan,
                        PaymentMethod, Identity, Invoice, InvoiceLines, MeterPrices, TaxRates,
                        ExchangeRates, EmailPreference, InvoiceMails, Access, BillingMark,
                        BilledPeriod, Policies, Key, Clock, InvoiceDocument, Enrollment, CreditLot,
                        CreditNote, Discount, OfferTerms, Purchase, Reservation, ExportJob,
                        EmailTerms, Provider, InvoiceNotices, AttachedDocument, InvoiceAttachments,
                        SupportRequests>;

/// State as of one position: what every rule and every answer reads.
///
/// Two functions are all that an implementation needs: a row by its key, and the members of a
/// relation. Both are kept by `fold()` (fold.h): in memory at the head by the engine's books, in
/// versioned rows by projections. A row handed out stays valid and unchanged as long as the reader
/// does (books: until the next fold).
class StateReader {
 public:
  virtual ~StateReader() = default;

  /// The row, or null. Its type is the struct whose `kState` is `kind`.
  [[nodiscard]] virtual const void* row(StateKind kind, std::string_view key) const = 0;
  /// The members of `parent`, in ascending order of their text.
  [[nodiscard]] virtual std::vector<std::string> members(Relation relation,
                                                         std::string_view parent) const = 0;
  /// The position whose state this is.
  [[nodiscard]] virtual Position position() const = 0;

  template <class State>
  [[nodiscard]] const State* find(std::string_view key) const {
    return static_cast<const State*>(row(State::kState, key));
  }

  [[nodiscard]] const Account* account(const AccountId& id) const {
    return find<Account>(id.text());
  }
  [[nodiscard]] const Subscription* subscription(const SubscriptionId& id) const {
    return find<Subscription>(id.text());
  }
  [[nodiscard]] const Profile* profile(const ProfileId& id) const {
    return find<Profile>(id.text());
  }
  [[nodiscard]] const Section* section(const SectionId& id) const {
    return find<Section>(id.text());
  }
  [[nodiscard]] const Customer* customer(const CustomerId& id) const {
    return find<Customer>(id.text());
  }
  [[nodiscard]] const SupportPlan* support_plan(const PlanId& id) const {
    return find<SupportPlan>(id.text());
  }
  [[nodiscard]] const PaymentMethod* payment_method(const MethodId& id) const {
    return find<PaymentMethod>(id.text());
  }
  [[nodiscard]] const Identity* identity(const IdentityId& id) const {
    return find<Identity>(id.text());
  }
  [[nodiscard]] const Invoice* invoice(const InvoiceId& id) const {
    return find<Invoice>(id.text());
  }
  [[nodiscard]] const InvoiceDocument* invoice_document(const InvoiceId& id) const {
    return find<InvoiceDocument>(id.text());
  }
  [[nodiscard]] const InvoiceLines* invoice_lines(const InvoiceId& id) const {
    return find<InvoiceLines>(id.text());
  }
  [[nodiscard]] const CreditNote* credit_note(const CreditNoteId& id) const {
    return find<CreditNote>(id.text());
  }
  [[nodiscard]] const MeterPrices* prices(std::string_view meter_id) const {
    return find<MeterPrices>(meter_id);
  }
  [[nodiscard]] const TaxRates* tax_rates(std::string_view country) const {
    return find<TaxRates>(country);
  }
  [[nodiscard]] const ExchangeRates* exchange_rates(Currency from, Currency to) const {
    return find<ExchangeRates>(ExchangeRates::key(from, to));
  }
  [[nodiscard]] const EmailPreference* email_preference(const ScopeRef& scope) const {
    return find<EmailPreference>(scope.text());
  }
  [[nodiscard]] const InvoiceMails* invoice_mails(const InvoiceId& id) const {
    return find<InvoiceMails>(id.text());
  }
  [[nodiscard]] const Access* access(const ScopeRef& scope) const {
    return find<Access>(scope.text());
  }
  [[nodiscard]] const BillingMark* billing_mark(const ScopeRef& scope, InvoiceType type,
                                                std::int32_t place = 0) const {
    return find<BillingMark>(BillingMark::key(scope, type, place));
  }
  [[nodiscard]] const BilledPeriod* billed_period(const ScopeRef& scope, InvoiceType type,
                                                  Date start) const {
    return find<BilledPeriod>(BilledPeriod::key(scope, type, start));
  }
  [[nodiscard]] const Enrollment* enrollment(const EnrollmentId& id) const {
    return find<Enrollment>(id.text());
  }
  [[nodiscard]] const Enrollment* enrollment_of(const DepartmentId& id) const {
    return only_enrollment(Relation::EnrollmentOfDepartment, id.text());
  }
  [[nodiscard]] const Enrollment* enrollment_of(const EnrollmentAccountId& id) const {
    return only_enrollment(Relation::EnrollmentOfEnrollmentAccount, id.text());
  }
  [[nodiscard]] const Key* key(const KeyId& id) const { return find<Key>(id.text()); }
  /// The switches of the conflict register; all defaults until one is changed.
  [[nodiscard]] const Policies& policies() const;
  /// Who provides all this, as last configured; empty until it is.
  [[nodiscard]] const Provider& provider() const;
  /// The manual clock; 1970 until it is first moved.
  [[nodiscard]] const Clock& clock() const;

  [[nodiscard]] std::vector<std::string> accounts() const {
    return members(Relation::AllAccounts, {});
  }
  [[nodiscard]] std::vector<std::string> subscriptions_of(const AccountId& id) const {
    return members(Relation::SubscriptionsOfAccount, id.text());
  }
  [[nodiscard]] std::vector<std::string> subscriptions_of(const ProfileId& id) const {
    return members(Relation::SubscriptionsOfProfile, id.text());
  }
  [[nodiscard]] std::vector<std::string> subscriptions_on(const MethodId& id) const {
    return members(Relation::SubscriptionsOnMethod, id.text());
  }
  [[nodiscard]] std::vector<std::string> profiles_of(const AccountId& id) const {
    return members(Relation::ProfilesOfAccount, id.text());
  }
  [[nodiscard]] std::vector<std::string> enrollments_of(const AccountId& id) const {
    return members(Relation::EnrollmentsOfAccount, id.text());
  }
  [[nodiscard]] std::vector<std::string> subscriptions_of(const EnrollmentId& id) const {
    return members(Relation::SubscriptionsOfEnrollment, id.text());
  }
  [[nodiscard]] std::vector<std::string> sections_of(const ProfileId& id) const {
    return members(Relation::SectionsOfProfile, id.text());
  }
  [[nodiscard]] std::vector<std::string> support_plans_of(const AccountId& id) const {
    return members(Relation::SupportPlansOfAccount, id.text());
  }
  [[nodiscard]] std::vector<std::string> open_invoices_of(const ScopeRef& scope) const {
    return members(Relation::OpenInvoicesOfScope, scope.text());
  }
  [[nodiscard]] std::vector<std::string> open_invoices_of(const AccountId& id) const {
    return members(Relation::OpenInvoicesOfAccount, id.text());
  }

 private:
  [[nodiscard]] const Enrollment* only_enrollment(Relation relation, std::string_view part) const {
    const std::vector<std::string> found = members(relation, part);
    return found.empty() ? nullptr : find<Enrollment>(found.front());
  }
};

/// State that can be folded into.
class StateStore : public StateReader {
 public:
  /// The row to change, made by default where there is none. Valid until `fold` returns, whatever
  /// else it edits.
  [[nodiscard]] virtual void* edit_row(StateKind kind, std::string_view key) = 0;
  virtual void link(Relation relation, std::string_view parent, std::string_view member) = 0;
  virtual void unlink(Relation relation, std::string_view parent, std::string_view member) = 0;

  template <class State>
  [[nodiscard]] State& edit(std::string_view key) {
    return *static_cast<State*>(edit_row(State::kState, key));
  }

  /// What an invoice says never changes: a store that can read it again, by its row's `issued_at`,
  /// keeps nothing of it.
  virtual void keep(const InvoiceIssued& issued) {
    edit<InvoiceDocument>(issued.invoice_id.text()).issued = issued;
  }
  virtual void keep(const InvoiceLinesAdded& added) {
    apply(edit<InvoiceLines>(added.invoice_id.text()), added);
  }
};

}  // namespace daybook
