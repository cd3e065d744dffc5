#include "ledger/domain/rules/email_terms.h"

#include <algorithm>
#include <array>

#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/try.h"
#include "ledger/domain/sha256.h"

namespace daybook {

bool EmailTerms::has(std::string_view version) const {
  return std::any_of(published.begin(), published.end(), [&](const EmailTermsPublished& each) {
    return each.terms_version == version;
  });
}

void apply(EmailTerms& terms, const EmailTermsPublished& event, const Occurrence&) {
  terms.published.push_back(event);
}

Result<Decision> handle_command(const StateReader& state, const PublishEmailTerms& command,
                                const DecisionContext& context) {
  LEDGER_CHECK(require_operator(context));
  constexpr std::array<std::string_view, 2> kLanguages = {"en", "nl"};
  if (command.terms_version.empty()) {
    return rejected("INVALID_FIELD", "a version of the terms has a name", "/termsVersion");
  }
  EmailTermsPublished published{command.terms_version, context.today(), {}, command.text};
  for (const auto& [language, text] : command.text) {
    if (std::find(kLanguages.begin(), kLanguages.end(), language) == kLanguages.end()) {
      return rejected("INVALID_FIELD", "the text is given by language: en, nl", "/text");
    }
    published.text_hash[language] = sha256_hex(text);
  }
  if (command.text.empty()) {
    return rejected("INVALID_FIELD", "give the text in at least one language: en, nl", "/text");
  }
  const EmailTerms* terms = state.find<EmailTerms>(EmailTerms::kKey);
  if (terms != nullptr && terms->has(command.terms_version)) {
    return conflict("DUPLICATE", "this version was published; give the new one another name",
                    "/termsVersion");
  }
  return Decision{{std::move(published)}, {}};
}

}  // namespace daybook
