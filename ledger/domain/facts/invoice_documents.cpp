#include "ledger/domain/facts/invoice_documents.h"

#include <algorithm>
#include <array>

#include "ledger/domain/sha256.h"

namespace daybook {

void fill_defaults(TaxDocumentAdded& fact, const FactContext&) {
  if (fact.content.empty()) return;
  const std::string_view text(static_cast<const char*>(static_cast<const void*>(fact.content.data())),
                              fact.content.size());
  const std::array<std::uint8_t, 32> hash = sha256_of(text);
  fact.content_hash.resize(hash.size());
  std::transform(hash.begin(), hash.end(), fact.content_hash.begin(),
                 [](std::uint8_t byte) { return std::byte{byte}; });
  fact.byte_count = static_cast<std::int64_t>(fact.content.size());
}

}  // namespace daybook
