#include <algorithm>
#include <string_view>

#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// A PDF, or what is recorded of one where a history is copied: its bytes follow by themselves.
Result<void> check_content(const TaxDocumentAdded& fact) {
  constexpr std::string_view kPdf = "%PDF-";
  if (fact.content.empty() && !fact.content_hash.empty()) return {};
  if (fact.content.size() > kDocumentBytesMax) {
    return rejected("BODY_TOO_LARGE", "a document holds at most 2 MiB; send a smaller PDF",
                    "/data/content");
  }
  const bool is_pdf =
      fact.content.size() >= kPdf.size() &&
      std::equal(kPdf.begin(), kPdf.end(), fact.content.begin(), [](char c, std::byte byte) {
        return std::byte{static_cast<unsigned char>(c)} == byte;
      });
  if (is_pdf) return {};
  return rejected("INVALID_FIELD", "the content is a PDF in base64; it begins with %PDF-",
                  "/data/content");
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const TaxDocumentAdded& fact) {
  if (checker.invoice(fact.invoice_id) == nullptr)
    return unknown_reference("invoice", fact.invoice_id.text(), "/data/invoiceId");
  if (checker.state().find<AttachedDocument>(fact.document_id.text()) != nullptr)
    return already_exists("document", fact.document_id.text(), "/data/documentId");
  LEDGER_CHECK(check_country(fact.country, "/data/country"));
  return check_content(fact);
}

}  // namespace daybook
