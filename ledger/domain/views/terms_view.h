#pragma once

#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/facts/texts.h"

namespace daybook {

/// `GET /v1/terms/email`: what is accepted before opting in; without a version any is.
struct EmailTermsView {
  std::optional<std::string> terms_version;
  Texts text;  ///< by language

  friend bool operator==(const EmailTermsView&, const EmailTermsView&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailTermsView, (), (terms_version, text))

}  // namespace daybook
