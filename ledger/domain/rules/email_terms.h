#pragma once

#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/facts/provider.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"

namespace daybook {

/// The terms of invoices by e-mail that the provider published (EML-24); none: any version is
/// accepted.
struct EmailTerms {
  static constexpr StateKind kState = StateKind::EmailTerms;
  static constexpr std::string_view kKey = "email";

  std::vector<EmailTermsPublished> published;  ///< in order; the last one is the one to accept

  [[nodiscard]] const EmailTermsPublished* current() const {
    return published.empty() ? nullptr : &published.back();
  }
  [[nodiscard]] bool has(std::string_view version) const;

  friend bool operator==(const EmailTerms&, const EmailTerms&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailTerms, (), (published))

void apply(EmailTerms& terms, const EmailTermsPublished& event, const Occurrence& at);

}  // namespace daybook
