#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

namespace daybook {

/// One document of an invoice (DOC-1).
struct DocumentView {
  DocumentId document_id;
  DocumentKind kind = DocumentKind::Invoice;
  std::string number;
  std::optional<std::string> country;
  Date date;
  std::optional<std::int64_t> byte_count{};  ///< nothing: a record without a file
  std::optional<std::string> sha256{};       ///< in hexadecimal

  friend bool operator==(const DocumentView&, const DocumentView&) = default;
};
BOOST_DESCRIBE_STRUCT(DocumentView, (),
                      (document_id, kind, number, country, date, byte_count, sha256))

/// `GET /v1/invoices/{id}/documents`.
struct DocumentListView {
  std::vector<DocumentView> items;

  friend bool operator==(const DocumentListView&, const DocumentListView&) = default;
};
BOOST_DESCRIBE_STRUCT(DocumentListView, (), (items))

}  // namespace daybook
