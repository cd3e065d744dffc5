#include <algorithm>

#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// The scope of a mail command, once the viewer may change its preference.
struct Preference {
  ScopeRef scope;
  const Account* account = nullptr;
  const EmailPreference* stored = nullptr;  ///< null: opted out, nothing remembered

  [[nodiscard]] bool opted_in() const { return stored != nullptr && stored->opted_in(); }
};

template <class Command>
Result<Preference> preference_of(const StateReader& state, const Command& command,
                                 const DecisionContext& context) {
  Preference preference;
  preference.scope = ScopeRef(command.scope_type, command.scope_id.text());
  const AccessObject object = AccessObject::of(preference.scope);
  LEDGER_CHECK(require_seen(state, context, object));
  preference.account = account_of(state, preference.scope);
  const bool is_profile = preference.scope.type == ScopeType::Profile;
  const bool is_mailed = is_profile || preference.scope.type == ScopeType::Subscription ||
                         preference.scope.type == ScopeType::SupportPlan;
  const bool is_of_its_kind = is_profile ? preference.account->has_profiles()
                                         : preference.account->type == AccountType::MOSP;
  if (!is_mailed || !is_of_its_kind) {
    return rejected("NOT_SUPPORTED",
                    "invoices are mailed for subscriptions and support plans under MOSP, else for "
                    "billing profiles",
                    "/scopeType");
  }
  LEDGER_CHECK(require(state, context, Action::ChangeEmailPreference, object, ErrorKind::Invalid,
                       is_profile ? "NOT_PROFILE_CONTRIBUTOR" : "NOT_ACCOUNT_ADMIN",
                       is_profile ? "an owner or contributor of the profile or account changes this"
                                  : "only the Account Administrator changes this"));
  preference.stored = state.email_preference(preference.scope);
  return preference;
}

/// EML-3, EML-15, CF-04: which scopes can have their invoices mailed at all.
Result<void> check_supported(const StateReader& state, const Preference& preference) {
  const Account& account = *preference.account;
  if (account.cloud == Cloud::Government) {
    return rejected("NOT_SUPPORTED", "invoices of a Government cloud are downloaded, not mailed",
                    "/scopeId");
  }
  if (account.type == AccountType::MCA && account.channel == SalesChannel::Partner) {
    return rejected("NOT_SUPPORTED",
                    "invoices of an account bought through a partner are not mailed", "/scopeId");
  }
  if (!offer_mails_invoices(state, preference.scope)) {
    return rejected("NOT_SUPPORTED", "invoices of this offer are not mailed", "/scopeId");
  }
  if (preference.scope.type == ScopeType::SupportPlan &&
      !state.policies().is_on("email.supportPlans")) {
    return rejected("PRODUCT_EXCLUDED",
                    "invoices of support plans are not mailed (policy email.supportPlans)",
                    "/scopeType");
  }
  return {};
}

/// The version that must be accepted before the next opt-in; null: any (EML-24).
const EmailTermsPublished* terms_in_force(const StateReader& state) {
  const EmailTerms* terms = state.find<EmailTerms>(EmailTerms::kKey);
  return terms != nullptr ? terms->current() : nullptr;
}

bool has_accepted_terms(const StateReader& state, const Preference& preference) {
  if (preference.stored == nullptr) return false;
  const std::vector<std::string>& accepted = preference.stored->accepted_terms;
  const EmailTermsPublished* terms = terms_in_force(state);
  if (terms == nullptr) return !accepted.empty();
  return std::find(accepted.begin(), accepted.end(), terms->terms_version) != accepted.end();
}

const EmailRecipient* find_recipient(const Preference& preference,
                                     const RemoveEmailRecipient& command) {
  if (preference.stored == nullptr) return nullptr;
  for (const EmailRecipient& recipient : preference.stored->recipients) {
    if (command.recipient_id
            ? recipient.recipient_id == *command.recipient_id
            : recipient.address.value && normalised_email(*recipient.address.value) ==
                                             normalised_email(*command.address)) {
      return &recipient;
    }
  }
  return nullptr;
}

tl::unexpected<Error> not_opted_in() {
  return conflict("NOT_OPTED_IN", "opt in to invoices by e-mail first; until then nothing is sent",
                  "/scopeId");
}

}  // namespace

Result<Decision> handle_command(const StateReader& state, const AcceptEmailTerms& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Preference preference, preference_of(state, command, context));
  const EmailTermsPublished* in_force = terms_in_force(state);
  if (in_force != nullptr && in_force->terms_version != command.terms_version) {
    return rejected("TERMS_VERSION_UNKNOWN",
                    "the terms to accept are version " + in_force->terms_version, "/termsVersion");
  }
  if (preference.stored != nullptr) {
    const auto& terms = preference.stored->accepted_terms;
    if (std::find(terms.begin(), terms.end(), command.terms_version) != terms.end())
      return Decision();
  }
  return Decision{{EmailInvoiceTermsAccepted{command.scope_type, command.scope_id,
                                             command.terms_version, context.viewer.identity}},
                  {}};
}

Result<Decision> handle_command(const StateReader& state, const OptInEmailInvoice& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Preference preference, preference_of(state, command, context));
  LEDGER_CHECK(check_supported(state, preference));
  const Policies& policies = state.policies();
  if (command.preferred_email)
    LEDGER_CHECK(check_mail_address(*command.preferred_email, "/preferredEmail"));
  const bool with_marketplace = command.include_marketplace.value_or(false);
  if (with_marketplace && policies.word("mosp.emailMarketplace") != "optional") {
    return rejected("PRODUCT_EXCLUDED", "Marketplace and reservation invoices are not mailed",
                    "/includeMarketplace");
  }
  const bool needs_terms = preference.account->type == AccountType::MOSP &&
                           policies.word("mosp.emailTerms") == "required";
  if (needs_terms && !preference.opted_in() && !has_accepted_terms(state, preference)) {
    return conflict("TERMS_NOT_ACCEPTED",
                    "accept the terms of invoices by e-mail first (AcceptEmailTerms)", "/scopeId");
  }
  EmailInvoiceOptedIn opted_in;
  opted_in.scope_type = command.scope_type;
  opted_in.scope_id = command.scope_id;
  opted_in.include_marketplace = with_marketplace;
  if (command.preferred_email)
    opted_in.preferred_email = Personal<std::string>(*command.preferred_email);
  if (needs_terms && !preference.stored->accepted_terms.empty())
    opted_in.terms_version = preference.stored->accepted_terms.back();
  if (preference.opted_in()) {
    const EmailPreference& stored = *preference.stored;
    if (!command.preferred_email) opted_in.preferred_email = stored.preferred_email;
    if (!command.include_marketplace) opted_in.include_marketplace = stored.include_marketplace;
    if (opted_in.include_marketplace == stored.include_marketplace &&
        opted_in.preferred_email == stored.preferred_email) {
      return Decision();
    }
  }
  return Decision{{std::move(opted_in)}, {}};
}

Result<Decision> handle_command(const StateReader& state, const OptOutEmailInvoice& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Preference preference, preference_of(state, command, context));
  if (!preference.opted_in()) return Decision();
  Decision decision;
  for (const EmailRecipient& recipient : preference.stored->recipients) {
    decision.events.emplace_back(
        EmailRecipientRemoved{command.scope_type, command.scope_id, recipient.recipient_id});
  }
  decision.events.emplace_back(
      EmailInvoiceOptedOut{command.scope_type, command.scope_id, std::nullopt});
  return decision;
}

Result<Decision> handle_command(const StateReader& state, const UpdatePreferredEmail& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Preference preference, preference_of(state, command, context));
  LEDGER_CHECK(check_mail_address(command.address, "/address"));
  if (!preference.opted_in()) return not_opted_in();
  const Personal<std::string> address(command.address);
  if (preference.stored->preferred_email == address) return Decision();
  return Decision{{PreferredEmailChanged{command.scope_type, command.scope_id, address}}, {}};
}

Result<Decision> handle_command(const StateReader& state, const AddEmailRecipient& command,
                                const DecisionContext& context) {
  if (command.scope_type == ScopeType::Enrollment)
    return add_enrollment_recipient(state, command, context);
  LEDGER_TRY(const Preference preference, preference_of(state, command, context));
  LEDGER_CHECK(check_mail_address(command.address, "/address"));
  const bool is_independent = preference.scope.type == ScopeType::Profile &&
                              state.policies().word("email.profileRecipients") == "independent";
  if (!preference.opted_in() && !is_independent) return not_opted_in();
  if (preference.stored != nullptr) {
    for (const EmailRecipient& recipient : preference.stored->recipients) {
      if (recipient.address.value &&
          normalised_email(*recipient.address.value) == normalised_email(command.address)) {
        return conflict("DUPLICATE", "this address is a recipient already", "/address");
      }
    }
  }
  return Decision{{EmailRecipientAdded{command.scope_type, command.scope_id,
                                       RecipientId(made_id(context, "r-", preference.scope.text())),
                                       Personal<std::string>(command.address)}},
                  {}};
}

Result<Decision> handle_command(const StateReader& state, const RemoveEmailRecipient& command,
                                const DecisionContext& context) {
  if (command.scope_type == ScopeType::Enrollment)
    return remove_enrollment_recipient(state, command, context);
  LEDGER_TRY(const Preference preference, preference_of(state, command, context));
  if (command.recipient_id.has_value() == command.address.has_value()) {
    return rejected("INVALID_FIELD", "name either the recipientId or the address", "/recipientId");
  }
  const EmailRecipient* recipient = find_recipient(preference, command);
  if (recipient == nullptr) {
    return rejected("UNKNOWN_REFERENCE", "there is no such recipient",
                    command.recipient_id ? "/recipientId" : "/address");
  }
  return Decision{
      {EmailRecipientRemoved{command.scope_type, command.scope_id, recipient->recipient_id}}, {}};
}

Result<Decision> handle_command(const StateReader& state, const DeliverInvoiceEmails& command,
                                const DecisionContext& context) {
  LEDGER_CHECK(require_operator(context));
  const Invoice* invoice = state.invoice(command.invoice_id);
  if (invoice == nullptr) return not_found();
  return Decision{invoice_mails(state, {invoice->invoice_id, invoice->type, invoice->account_id,
                                        invoice->scope, invoice->issued_at}),
                  {}};
}

}  // namespace daybook
