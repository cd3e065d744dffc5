#include <array>

#include "cli/config/configuration.h"

namespace daybook::cli {
namespace {

constexpr auto kTextSettings = std::to_array<TextSetting>({
    {"provider.name", true, "What it calls itself."},
    {"provider.product", false, "The word for what it sells, in labels and messages; may be empty."},
    {"provider.legalName", false, "Its name in law; without it documents say that they are no tax invoices."},
    {"provider.address.companyName", true, "The first line of its address."},
    {"provider.address.addressLine1", false, "Street and number."},
    {"provider.address.addressLine2", false, "A second line."},
    {"provider.address.city", false, "City."},
    {"provider.address.region", false, "State or province."},
    {"provider.address.postalCode", false, "Postal code."},
    {"provider.address.country", true, "ISO 3166-1, two letters."},
    {"provider.address.email", false, "An e-mail address that stands with the address."},
    {"provider.vatId", false, "Its number for value added tax."},
    {"provider.registration", false, "Its number in a register of companies."},
    {"provider.bankAccounts[].currency", true, "ISO 4217: which invoices are paid here."},
    {"provider.bankAccounts[].iban", true, "Without blanks; its check digits are checked."},
    {"provider.bankAccounts[].bic", false, "Of the bank."},
    {"provider.bankAccounts[].holder", false, "Who holds the account, where that is another name."},
    {"provider.logo", false, "Where its logo is."},
    {"provider.statementText", false, "What stands on card statements."},
    {"provider.supportUrl", false, "A page for people who need help."},
    {"provider.supportEmail", false, "An address for people who need help."},
    {"provider.legalUrl", false, "A page with its terms."},
    {"provider.trustUrl", false, "A page about security and privacy."},
    {"provider.senderAddress", false, "The address that mail comes from."},
    {"provider.accountTypeNames.MOSP", false, "What an account of type MOSP is called."},
    {"provider.accountTypeNames.MCA", false, "What an account of type MCA is called."},
    {"provider.accountTypeNames.MPA", false, "What an account of type MPA is called."},
    {"provider.accountTypeNames.EA", false, "What an account of type EA is called."},
    {"email.terms.version", true, "Of the terms of invoices by e-mail: a new text has a new one."},
    {"email.terms.text.en", false, "The text in English."},
    {"email.terms.text.nl", false, "The text in Dutch."},
});

}  // namespace

std::span<const TextSetting> text_settings() { return kTextSettings; }

}  // namespace daybook::cli
