#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/time.h"
#include "projections/invoices/invoice_rows.h"
#include "projections/live_rows.h"
#include "projections/row_reader.h"

namespace daybook::projections {

/// Which documents are asked for.
struct InvoiceQuery {
  /// Those of any of these scopes (account, subscription, support plan, profile); empty: of the
  /// whole ledger. A viewer who sees part of an account asks with the scopes he sees: what lies
  /// outside is neither listed nor counted. Scopes that hold the same documents are counted twice:
  /// give disjoint ones.
  std::vector<ScopeRef> scopes;
  std::optional<InvoiceStatus> status;
  std::optional<InvoiceType> type;
  std::optional<DocumentType> kind = DocumentType::Invoice;  ///< absent: all
  std::optional<Date> from;                                  ///< of the issue date, inclusive
  std::optional<Date> to;                                    ///< exclusive
};

/// A place in the list: behind that document.
struct InvoicePlace {
  Date issue_date;
  Position number = 0;
  friend bool operator==(const InvoicePlace&, const InvoicePlace&) = default;
};

struct ListedInvoice {
  DocumentType kind = DocumentType::Invoice;
  InvoiceId invoice_id;         ///< of a credit note: the invoice that it is for
  CreditNoteId credit_note_id;  ///< empty for an invoice
  Date issue_date;
  InvoiceType type = InvoiceType::AzureServices;
  InvoiceStatus status = InvoiceStatus::Due;
  Position number = 0;  ///< of the event that issued it
  friend bool operator==(const ListedInvoice&, const ListedInvoice&) = default;
};

struct InvoicePage {
  std::vector<ListedInvoice> items;  ///< newest first
  std::optional<std::uint64_t>
      total;  ///< of the whole list; absent: a past position of the whole ledger
  std::optional<InvoicePlace> next;  ///< there is more behind this
};

/// Lists and counts documents as of any position that the view `invoices` has folded.
///
/// At the head a page merges the ranges of the cells asked for, and a count is read. In the past,
/// where a document has changed since, lists walk the order of dates and test each state: after
/// kWalkMax documents a page ends short, with a place to go on from.
class InvoiceList {
 public:
  static constexpr std::size_t kWalkMax = 50'000;

  InvoiceList(std::shared_ptr<const LiveRows> rows, Position position);

  [[nodiscard]] Result<InvoicePage> page(const InvoiceQuery& query, std::size_t limit,
                                         const std::optional<InvoicePlace>& after = {}) const;

 private:
  [[nodiscard]] InvoicePage page_at_head(const InvoiceQuery& query, std::size_t limit,
                                         const std::optional<InvoicePlace>& after) const;
  [[nodiscard]] InvoicePage page_in_past(const InvoiceQuery& query, std::size_t limit,
                                         const std::optional<InvoicePlace>& after) const;
  [[nodiscard]] std::uint64_t count_at_head(const InvoiceQuery& query, std::string_view scope,
                                            DocumentCell cell) const;
  [[nodiscard]] std::uint64_t count_in_past(const InvoiceQuery& query,
                                            const std::vector<std::string>& scopes) const;

  std::shared_ptr<const LiveRows> rows_;
  mutable RowReader reader_;
  Position position_;
};

}  // namespace daybook::projections
