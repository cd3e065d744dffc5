#include "projections/invoices/invoice_list.h"

#include <algorithm>
#include <set>
#include <utility>

#include "projections/invoices/invoice_rows.h"

namespace daybook::projections {
namespace {

std::vector<std::string> scopes_of(const InvoiceQuery& query) {
  if (query.scopes.empty()) return {""};
  std::set<std::string> scopes;
  for (const ScopeRef& scope : query.scopes) scopes.insert(scope.text());
  return {scopes.begin(), scopes.end()};
}

bool matches(const InvoiceQuery& query, DocumentCell cell) {
  return (!query.kind || cell.kind == *query.kind) && (!query.type || cell.type == *query.type) &&
         (!query.status || cell.status == *query.status);
}

/// The cells asked for that hold any document of the scope at the head.
std::vector<DocumentCell> cells_of(RowReader& reader, const InvoiceQuery& query,
                                   std::string_view scope) {
  std::vector<DocumentCell> cells;
  const std::string prefix = invoice_key(InvoiceTable::Count)
                                 .text(scope)
                                 .u8(static_cast<std::uint8_t>(count_levels(scope).back()))
                                 .take();
  for (bool more = reader.seek(prefix); more && reader.key().starts_with(prefix);) {
    const std::string of_cell(reader.key().substr(0, prefix.size() + 1));
    const DocumentCell cell = DocumentCell::of(KeyReader(std::string_view(of_cell).substr(prefix.size())).u8());
    if (matches(query, cell)) cells.push_back(cell);
    more = reader.seek(after_prefix(of_cell));
  }
  return cells;
}

ListedInvoice listed(std::string_view document, DocumentCell cell, InvoicePlace place) {
  KeyReader reader(document);
  ListedInvoice found;
  found.kind = static_cast<DocumentType>(reader.u8());
  found.invoice_id = InvoiceId(reader.text());
  found.credit_note_id = CreditNoteId(reader.text());
  found.issue_date = place.issue_date;
  found.type = cell.type;
  found.status = cell.status;
  found.number = place.number;
  return found;
}

/// Newest first.
bool comes_before(const InvoicePlace& left, const InvoicePlace& right) {
  if (left.issue_date != right.issue_date) return left.issue_date > right.issue_date;
  return left.number > right.number;
}

/// Walks ranges `prefix ‖ ~issue date ‖ ~number` side by side, newest first; a document that is in
/// several comes once. One cursor serves all: each range remembers the row that it is at.
class Merge {
 public:
  Merge(RowReader& reader, const InvoiceQuery& query, const std::optional<InvoicePlace>& after)
      : reader_(reader), query_(query), after_(after) {}

  void add(std::string prefix, DocumentCell cell) {
    KeyWriter start;
    if (after_) {
      start.day_newest_first(after_->issue_date).newest_first(after_->number).u8(0);
    } else if (query_.to) {
      start.day_newest_first(query_.to->plus_days(-1));
    }
    Range range{std::move(prefix), cell, {}, {}};
    if (read(range, range.prefix + start.key())) ranges_.push_back(std::move(range));
  }

  struct Found {
    InvoicePlace place;
    DocumentCell cell;
    std::string document;
  };
  [[nodiscard]] std::optional<Found> next() {
    if (ranges_.empty()) return std::nullopt;
    const auto newest = std::min_element(
        ranges_.begin(), ranges_.end(),
        [](const Range& a, const Range& b) { return comes_before(a.place, b.place); });
    Found found{newest->place, newest->cell, newest->document};
    std::vector<Range> left;
    for (Range& range : ranges_) {
      if (range.place == found.place) {
        const std::string key = KeyWriter()
                                    .raw(range.prefix)
                                    .day_newest_first(found.place.issue_date)
                                    .newest_first(found.place.number)
                                    .u8(0)
                                    .take();
        if (!read(range, key)) continue;
      }
      left.push_back(std::move(range));
    }
    ranges_ = std::move(left);
    return found;
  }

 private:
  struct Range {
    std::string prefix;
    DocumentCell cell;
    InvoicePlace place;
    std::string document;
  };

  /// The first row of the range at or after `key`; false at its end.
  bool read(Range& range, const std::string& key) {
    if (!reader_.seek(key) || !reader_.key().starts_with(range.prefix)) return false;
    KeyReader rest(reader_.key().substr(range.prefix.size()));
    range.place.issue_date = rest.day_newest_first();
    range.place.number = rest.newest_first();
    range.document = reader_.value();
    return !query_.from || range.place.issue_date >= *query_.from;
  }

  RowReader& reader_;
  const InvoiceQuery& query_;
  std::optional<InvoicePlace> after_;
  std::vector<Range> ranges_;
};

}  // namespace

InvoiceList::InvoiceList(std::shared_ptr<const LiveRows> rows, Position position)
    : rows_(std::move(rows)), reader_(rows_->family), position_(position) {}

Result<InvoicePage> InvoiceList::page(const InvoiceQuery& query, std::size_t limit,
                                      const std::optional<InvoicePlace>& after) const {
  return reading([&] {
    const auto last_change = reader_.get(invoice_key(InvoiceTable::LastChange).key());
    const bool at_head = !last_change || KeyReader(*last_change).u64() <= position_;
    return at_head ? page_at_head(query, limit, after) : page_in_past(query, limit, after);
  });
}

InvoicePage InvoiceList::page_at_head(const InvoiceQuery& query, std::size_t limit,
                                      const std::optional<InvoicePlace>& after) const {
  InvoicePage page;
  std::uint64_t total = 0;
  Merge merge(reader_, query, after);
  for (const std::string& scope : scopes_of(query)) {
    for (const DocumentCell cell : cells_of(reader_, query, scope)) {
      total += count_at_head(query, scope, cell);
      merge.add(invoice_key(InvoiceTable::Head).text(scope).u8(cell.number()).take(), cell);
    }
  }
  page.total = total;
  while (auto found = merge.next()) {
    if (page.items.size() == limit) {
      page.next = InvoicePlace{page.items.back().issue_date, page.items.back().number};
      break;
    }
    page.items.push_back(listed(found->document, found->cell, found->place));
  }
  return page;
}

std::uint64_t InvoiceList::count_at_head(const InvoiceQuery& query, std::string_view scope,
                                         DocumentCell cell) const {
  const auto sum = [&](CountLevel level, Date from, Date to) {
    std::uint64_t count = 0;
    reader_.scan(count_key(scope, level, cell, from), count_key(scope, level, cell, to),
                 [&](std::string_view, std::string_view value) {
                   count += KeyReader(value).u64();
                   return true;
                 });
    return count;
  };
  const Date from = query.from.value_or(Date{INT32_MIN});
  const Date to = query.to.value_or(Date{INT32_MAX});
  if (from >= to) return 0;
  if (count_levels(scope).size() == 1) return sum(CountLevel::Day, from, to);
  if (!query.from && !query.to) return sum(CountLevel::All, Date{0}, Date{1});
  // Whole months, and the days before and after them.
  const Date first_month =
      !query.from || from == from.first_of_month() ? from : from.first_of_next_month();
  const Date last_month = query.to ? to.first_of_month() : to;
  if (first_month >= last_month) return sum(CountLevel::Day, from, to);
  std::uint64_t total = sum(CountLevel::Month, first_month, last_month);
  if (from < first_month) total += sum(CountLevel::Day, from, first_month);
  if (last_month < to) total += sum(CountLevel::Day, last_month, to);
  return total;
}

InvoicePage InvoiceList::page_in_past(const InvoiceQuery& query, std::size_t limit,
                                      const std::optional<InvoicePlace>& after) const {
  InvoicePage page;
  const std::vector<std::string> scopes = scopes_of(query);
  if (!query.scopes.empty()) page.total = count_in_past(query, scopes);
  Merge merge(reader_, query, after);
  for (const std::string& scope : scopes)
    merge.add(invoice_key(InvoiceTable::Every).text(scope).take(), {});
  std::size_t walked = 0;
  InvoicePlace last;
  while (auto found = merge.next()) {
    if (walked == kWalkMax || page.items.size() == limit) {
      page.next = last;
      break;
    }
    ++walked;
    last = found->place;
    const auto state = reader_.newest(document_state_key(found->place.number), position_);
    if (!state) continue;
    const DocumentCell cell = DocumentCell::of(static_cast<std::uint8_t>(state->value[0]));
    if (matches(query, cell)) page.items.push_back(listed(found->document, cell, found->place));
  }
  return page;
}

std::uint64_t InvoiceList::count_in_past(const InvoiceQuery& query,
                                         const std::vector<std::string>& scopes) const {
  std::uint64_t total = 0;
  Merge merge(reader_, query, {});
  for (const std::string& scope : scopes)
    merge.add(invoice_key(InvoiceTable::Every).text(scope).take(), {});
  while (const auto found = merge.next()) {
    const auto state = reader_.newest(document_state_key(found->place.number), position_);
    if (state && matches(query, DocumentCell::of(static_cast<std::uint8_t>(state->value[0]))))
      ++total;
  }
  return total;
}

}  // namespace daybook::projections
