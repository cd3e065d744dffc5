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

/// A document's place in lists as a batch leaves it. Nothing of it changes but the cell.
struct Listed {
  std::optional<DocumentCell> before;  ///< where the batch found it; none: nowhere
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
    const auto type = static_cast<EventType>(record.type);
    return stream_of(type) == StreamType::Invoice && type != EventType::InvoiceLinesAdded;  // lines list nothing
  }

  void apply(const log::RecordView& record, Rows& rows) override {
    if (!entities_)
      entities_ = std::make_unique<AsOfReader>(place_.other(kEntities), record.position);
    const auto type = static_cast<EventType>(record.type);
    Known* known = known_stream(record.stream, rows);
    if (known == nullptr) {
      if (type != EventType::InvoiceIssued) return;  // an imported history may begin in the middle
      known = &issued(record, rows);
    }
    entities_->move_to(record.position);
    const Invoice* invoice = entities_->invoice(InvoiceId(known->invoice_id));
    LEDGER_INVARIANT(invoice != nullptr);
    const DocumentCell cell{DocumentType::Invoice, invoice->type, invoice->status};
    const bool changes = known->cell != cell;
    if (!changes && type != EventType::CreditNoteIssued) return;
    if (changes) {
      list(known->number, record.position, cell, rows, [&] {
        return Listed{known->cell, cell, invoice->issue_date, scopes_of(*invoice, subscription_of(*known)),
                      encode_document(DocumentType::Invoice, known->invoice_id, {})};
      });
      known->cell = cell;
    }
    if (type == EventType::CreditNoteIssued) {
      const Event event = decode(record);
      const auto& note = event.data.get<CreditNoteIssued>();
      const DocumentCell paid{DocumentType::CreditNote, invoice->type, InvoiceStatus::Paid};
      list(record.position, record.position, paid, rows, [&] {
        return Listed{std::nullopt, paid, note.issue_date, scopes_of(*invoice, subscription_of(*known)),
                      encode_document(DocumentType::CreditNote, known->invoice_id, note.credit_note_id.text())};
      });
    }
    last_change_ = record.position;
  }

  /// What a document went through within the batch is seen in its versions alone: lists and counts change once.
  void finish(Rows& rows) override {
    std::unordered_map<std::string, std::int64_t> counts;
    for (const auto& [number, listed] : listed_) {
      if (listed.before != listed.cell) place(number, listed, counts, rows);
    }
    for (const auto& [key, change] : counts) count(key, change, rows);
    if (last_change_ != 0) rows.put(invoice_key(InvoiceTable::LastChange).key(), KeyWriter().u64(last_change_).key());
    listed_.clear();
    last_change_ = 0;
    entities_.reset();
    if (streams_.size() > kMaxStreams) streams_.clear();
  }

 private:
  static constexpr std::size_t kMaxStreams = 250'000;

  struct Known {
    Position number;
    std::string invoice_id;
    std::optional<DocumentCell> cell = {};  ///< where it is listed; none: nowhere yet
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

  Known& issued(const log::RecordView& record, Rows& rows) {
    const Event event = decode(record);
    const auto& document = event.data.get<InvoiceIssued>();
    rows.put_constant(stream_key(record.stream),
                      KeyWriter().u64(record.position).raw(document.invoice_id.text()).take());
    return streams_
        .insert_or_assign(record.stream, Known{record.position, document.invoice_id.text(), std::nullopt,
                                               document.subscription_id, true})
        .first->second;
  }

  /// Null where no invoice was issued on the stream. Stays until another stream is asked for.
  Known* known_stream(std::uint32_t stream, Rows& rows) {
    const auto found = streams_.find(stream);
    if (found != streams_.end()) return &found->second;
    const auto stored = rows.reader().get(stream_key(stream));
    if (!stored) return nullptr;
    KeyReader reader(*stored);
    Known known{reader.u64(), ""};
    known.invoice_id = reader.rest();
    if (const auto cell = rows.newest(document_state_key(known.number)))
      known.cell = DocumentCell::of(static_cast<std::uint8_t>((*cell)[0]));
    return &streams_.emplace(stream, std::move(known)).first->second;
  }

  const std::optional<SubscriptionId>& subscription_of(Known& known) const {
    if (!known.has_subscription) {
      // It came before this fold began: its document is in the log alone.
      const auto* document = entities_->find<InvoiceDocument>(known.invoice_id);
      LEDGER_INVARIANT(document != nullptr);
      known.subscription = document->issued.subscription_id;
      known.has_subscription = true;
    }
    return known.subscription;
  }

  /// The document goes from one cell to another; `first` makes what is listed of it, at its first change of a batch.
  template <class First>
  void list(Position number, Position position, DocumentCell cell, Rows& rows, First&& first) {
    rows.put_version(document_state_key(number), position, std::string(1, static_cast<char>(cell.number())));
    const auto found = listed_.find(number);
    if (found != listed_.end()) {
      found->second.cell = cell;
    } else {
      listed_.emplace(number, first());
    }
  }

  /// The document enters its cell, and leaves the one that it was in before the batch.
  static void place(Position number, const Listed& listed, std::unordered_map<std::string, std::int64_t>& counts,
                    Rows& rows) {
    for (const std::string& scope : listed.scopes) {
      if (listed.before) {
        rows.remove(head_key(scope, *listed.before, listed.issued, number), listed.document);
      } else {
        rows.put_constant(every_key(scope, listed.issued, number), listed.document);
      }
      rows.put_constant(head_key(scope, listed.cell, listed.issued, number), listed.document);
      for (const CountLevel level : count_levels(scope)) {
        const Date day = count_day(level, listed.issued);
        if (listed.before) --counts[count_key(scope, level, *listed.before, day)];
        ++counts[count_key(scope, level, listed.cell, day)];
      }
    }
  }

  static void count(const std::string& key, std::int64_t change, Rows& rows) {
    if (change == 0) return;
    const auto before = rows.get(key);
    const std::uint64_t now = (before ? KeyReader(*before).u64() : 0) + static_cast<std::uint64_t>(change);
    if (now == 0) {
      rows.erase(key);
    } else {
      rows.put(key, KeyWriter().u64(now).key());
    }
  }

  FoldPlace place_;
  std::unique_ptr<AsOfReader> entities_;  // of the batch at hand
  std::unordered_map<std::uint32_t, Known> streams_;
  std::unordered_map<Position, Listed> listed_;  ///< by number: what the batch at hand changed
  Position last_change_ = 0;                     ///< of the batch at hand
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
