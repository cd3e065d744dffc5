#include "ledger/domain/rules/provider.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "ledger/domain/country.h"
#include "ledger/domain/rules/mail.h"

namespace daybook {
namespace {

class Faults {
 public:
  void require(bool good, std::string_view code, std::string detail, std::string pointer) {
    if (!good) found_.push_back({ErrorKind::Invalid, code, std::move(detail), std::move(pointer)});
  }
  void require_link(const std::optional<std::string>& link, std::string pointer) {
    require(!link || link->starts_with("https://") || link->starts_with("http://"), "INVALID_FIELD",
            "the address of a page begins with https:// or http://", std::move(pointer));
  }
  void require_mailbox(const std::optional<std::string>& address, std::string pointer) {
    require(!address || is_email(*address), "INVALID_EMAIL", "this is no e-mail address", std::move(pointer));
  }
  [[nodiscard]] std::vector<Error> take() { return std::move(found_); }

 private:
  std::vector<Error> found_;
};

}  // namespace

const ProviderDetailsChanged* Provider::on(Date day) const {
  const auto found = std::find_if(blocks.rbegin(), blocks.rend(), [&](const ProviderDetailsChanged& each) {
    return each.effective_on <= day;
  });
  return found != blocks.rend() ? &*found : nullptr;
}

void apply(Provider& provider, const ProviderDetailsChanged& event, const Occurrence&) {
  provider.blocks.push_back(event);
}

std::vector<Error> faults_of(const ProviderDetailsChanged& details) {
  Faults faults;
  faults.require(!details.name.empty(), "INVALID_STRING", "the provider has a name", "/name");
  if (details.address) {
    faults.require(!details.address->company_name.empty(), "INVALID_STRING", "an address has a company's name",
                   "/address/companyName");
    faults.require(is_country(details.address->country), "INVALID_FIELD",
                   "a country is two capital letters (ISO 3166-1)", "/address/country");
    faults.require_mailbox(details.address->email, "/address/email");
  }
  for (std::size_t i = 0; i < details.bank_accounts.size(); ++i) {
    faults.require(is_iban(details.bank_accounts[i].iban), "INVALID_FIELD", "this is no IBAN; write it without blanks",
                   "/bankAccounts/" + std::to_string(i) + "/iban");
  }
  faults.require_link(details.support_url, "/supportUrl");
  faults.require_link(details.legal_url, "/legalUrl");
  faults.require_link(details.trust_url, "/trustUrl");
  faults.require_mailbox(details.support_email, "/supportEmail");
  faults.require_mailbox(details.sender_address, "/senderAddress");
  for (const auto& [type, text] : details.account_type_names) {
    faults.require(parse_enum<AccountType>(type).has_value(), "INVALID_FIELD", "account types are MOSP, MCA, MPA and EA",
                   "/accountTypeNames/" + type);
  }
  return faults.take();
}

std::vector<std::string_view> missing_details(const ProviderDetailsChanged* block, bool charges_tax) {
  const auto lacks = [](const std::optional<std::string>& text) { return !text || text->empty(); };
  std::vector<std::string_view> missing;
  if (block == nullptr || lacks(block->legal_name)) missing.emplace_back("legalName");
  if (block == nullptr || !block->address) missing.emplace_back("address");
  if (charges_tax && (block == nullptr || lacks(block->vat_id))) missing.emplace_back("vatId");
  return missing;
}

bool is_iban(std::string_view iban) {
  if (iban.size() < 15 || iban.size() > 34) return false;
  std::string turned(iban.substr(4));
  turned += iban.substr(0, 4);
  int rest = 0;
  for (const char c : turned) {
    if (c >= '0' && c <= '9') {
      rest = (rest * 10 + (c - '0')) % 97;
    } else if (c >= 'A' && c <= 'Z') {
      rest = (rest * 100 + (c - 'A' + 10)) % 97;
    } else {
      return false;
    }
  }
  const auto is_letter = [&](std::size_t i) { return iban[i] >= 'A' && iban[i] <= 'Z'; };
  return rest == 1 && is_letter(0) && is_letter(1) && !is_letter(2) && !is_letter(3);
}

}  // namespace daybook
