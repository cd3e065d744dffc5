#include "projections/invoices/invoice_fold.h"

#include <charconv>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/codec/event.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/invariant.h"
#include "projections/entities/as_of_reader.h"
#include "projections/entities/entity_rows.h"
#include "projections/invoices/invoice_rows.h"

namespace daybook::projections {
namespace {

/// A document's place in lists. Nothing of it changes but the status.
struct Listed {
  Position number = 0;
  DocumentCell cell;
  Date issued;
  std::vector<std::string> scopes;
  std::string document;
};

std::string encode_document(DocumentType kind, std::string_view invoice,
                            std::string_view credit_note) {
  return KeyWriter().u8(static_cast<std::uint8_t>(kind)).text(invoice).text(credit_note).take();
}

std::vector<std::string> scopes_of(const Invoice& invoice, const std::optional<SubscriptionId>& subscription) {
  std::set<std::string> scopes = {"", ScopeRef(invoice.account_id).text(), invoice.scope.text()};
  if (subscription) scopes.insert(ScopeRef(*subscription).text());
  return {scopes.begin(), scopes.end()};
}

class InvoiceFold final : public SimpleFold {
 public:
  explicit InvoiceFold(const FoldPlace& place) : place_(place) {}

 protected:
  bool wants(const log::RecordView& record) const override {
    return stream_of(static_cast<EventType>(record.type)) == StreamType::Invoice;
  }

  void apply(const log::RecordView& record, Rows& rows) override {
    if (!entities_)
      entities_ = std::make_unique<AsOfReader>(place_.other(kEntities), record.position);
    const auto type = static_cast<EventType>(record.type);
    Known* known = known_stream(record.stream, rows);
    if (known == nullptr) {
      if (type != EventType::InvoiceIssued) return;  // an imported history may begin in the middle
      const Event event = decode(record);
      const auto& issued = event.data.get<InvoiceIssued>();
      known = &streams_.insert_or_assign(record.stream, Known{record.position, issued.invoice_id.text(), issued.subscription_id, true})
                   .first->second;
      rows.put_constant(stream_key(record.stream),
                        KeyWriter().u64(known->number).raw(known->invoice_id).take());
    }
    entities_->move_to(record.position);
    const Invoice* invoice = entities_->invoice(InvoiceId(known->invoice_id));
    LEDGER_INVARIANT(invoice != nullptr);
    Listed listed{known->number,
                  {DocumentType::Invoice, invoice->type, invoice->status},
                  invoice->issue_date,
                  {},
                  encode_document(DocumentType::Invoice, known->invoice_id, {})};
    const auto before = rows.newest(document_state_key(listed.number));
    const bool changes = !before || static_cast<std::uint8_t>((*before)[0]) != listed.cell.number();
    if (!changes && type != EventType::CreditNoteIssued) return;
    if (!known->has_subscription) {
      // It came before this fold began: its document is in the log alone.
      const auto* document = entities_->find<InvoiceDocument>(known->invoice_id);
      LEDGER_INVARIANT(document != nullptr);
      known->subscription = document->issued.subscription_id;
      known->has_subscription = true;
    }
    listed.scopes = scopes_of(*invoice, known->subscription);
    if (changes) {
      list(listed,
           before ? std::optional(DocumentCell::of(static_cast<std::uint8_t>((*before)[0])))
                  : std::nullopt,
           record.position, rows);
    }
    if (type == EventType::CreditNoteIssued) {
      const Event event = decode(record);
      const auto& note = event.data.get<CreditNoteIssued>();
      listed.number = record.position;
      listed.cell = {DocumentType::CreditNote, invoice->type, InvoiceStatus::Paid};
      listed.issued = note.issue_date;
      listed.document =
          encode_document(DocumentType::CreditNote, known->invoice_id, note.credit_note_id.text());
      list(listed, std::nullopt, record.position, rows);
    }
    rows.put(invoice_key(InvoiceTable::LastChange).key(), KeyWriter().u64(record.position).key());
  }

  void finish(Rows&) override {
    entities_.reset();
    if (streams_.size() > kMaxStreams) streams_.clear();
  }

 private:
  static constexpr std::size_t kMaxStreams = 500'000;

  struct Known {
    Position number;
    std::string invoice_id;
    std::optional<SubscriptionId> subscription = {};
    bool has_subscription = false;  ///< `subscription` says what the document says
  };

  static std::string stream_key(std::uint32_t stream) {
    return invoice_key(InvoiceTable::Stream).u32(stream).take();
  }

  static Event decode(const log::RecordView& record) {
    auto event = codec::decode_event(record.event, nullptr);
    if (!event) throw InvariantBroken("the event cannot be decoded: " + event.error().detail);
    return std::move(*event);
  }

  /// Null where no invoice was issued on the stream. Stays until another stream is asked for.
  Known* known_stream(std::uint32_t stream, Rows& rows) {
    const auto found = streams_.find(stream);
    if (found != streams_.end()) return &found->second;
    const auto stored = rows.reader().get(stream_key(stream));
    if (!stored) return nullptr;
    KeyReader reader(*stored);
    const Position number = reader.u64();
    return &streams_.emplace(stream, Known{number, std::string(reader.rest())}).first->second;
  }

  /// The document enters a cell, and leaves the one it was in.
  static void list(const Listed& listed, std::optional<DocumentCell> before, Position position,
                   Rows& rows) {
    rows.put_version(document_state_key(listed.number), position,
                     std::string(1, static_cast<char>(listed.cell.number())));
    for (const std::string& scope : listed.scopes) {
      if (before) {
        rows.erase(head_key(scope, *before, listed.issued, listed.number));
        count(scope, *before, listed.issued, -1, rows);
      } else {
        rows.put_constant(every_key(scope, listed.issued, listed.number), listed.document);
      }
      rows.put(head_key(scope, listed.cell, listed.issued, listed.number), listed.document);
      count(scope, listed.cell, listed.issued, 1, rows);
    }
  }

  static void count(std::string_view scope, DocumentCell cell, Date issued, std::int64_t change,
                    Rows& rows) {
    for (const CountLevel level : count_levels(scope)) {
      const std::string key = count_key(scope, level, cell, count_day(level, issued));
      const auto before = rows.get(key);
      const std::uint64_t now =
          (before ? KeyReader(*before).u64() : 0) + static_cast<std::uint64_t>(change);
      if (now == 0) {
        rows.erase(key);
      } else {
        rows.put(key, KeyWriter().u64(now).key());
      }
    }
  }

  FoldPlace place_;
  std::unique_ptr<AsOfReader> entities_;  // of the batch at hand
  std::unordered_map<std::uint32_t, Known> streams_;
};

std::uint64_t invoice_types() {
  std::uint64_t mask = 0;
  for (const EventTypeEntry& entry : kEventTypes) {
    if (entry.stream == StreamType::Invoice)
      mask |= log::type_bit(static_cast<std::uint16_t>(entry.type));
  }
  return mask;
}

}  // namespace

Projection invoices() {
  return Projection{
      .name = std::string(kInvoices),
      .version = 2,
      .types = invoice_types(),
      .reads = {std::string(kEntities)},
      .make = [](const FoldPlace& place) { return std::make_unique<InvoiceFold>(place); },
  };
}

}  // namespace daybook::projections
