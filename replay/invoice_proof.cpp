#include "replay/invoice_proof.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "ledger/codec/event.h"
#include "ledger/domain/event_types.h"
#include "ledger/log/bytes.h"
#include "ledger/log/hash.h"
#include "ledger/log/signed_head.h"

namespace daybook::replay {
namespace {

std::string type_text(EventType type) { return "daybook." + std::string(name(type)); }

Result<void> write_item(const log::RecordView& record, const std::vector<log::Hash>& path,
                        std::optional<log::Position> corrected_by, codec::JsonWriter& json) {
  const Result<Event> event = codec::decode_event(record.event, nullptr);
  if (!event) return tl::unexpected(event.error());
  json.begin_object().key("position").number(record.position).key("source").text(event->envelope.source);
  json.key("id").text(event->envelope.id).key("type").text(type_text(event->data.type()));
  if (corrected_by) {
    json.key("correctedBy");
    *corrected_by == 0 ? json.null() : json.number(*corrected_by);
  }
  json.key("leafHash").text(log::hex(log::leaf_hash(record.event)));
  json.key("event").base64(log::as_text(record.event));
  write_path(path, json);
  json.end_object();
  return {};
}

/// Checks one proof, step by step; the first fault found ends it.
class Check {
 public:
  explicit Check(const InvoiceProof& proof) : proof_(proof) {}

  std::optional<std::string> run() {
    if (!log::verify_signature(log::as_bytes(proof_.head.signed_text()), proof_.public_key, proof_.signature))
      return "The head's signature is not that of its public key.";
    if (!log::from_hex(proof_.head.root, root_)) return "The head's root is no hash.";
    for (const ProofItem& item : proof_.items) {
      if (auto fault = in_the_log(item)) return at(item, *fault);
    }
    if (issued_ == nullptr) return "There is no InvoiceIssued of invoice " + proof_.invoice_id + " among the items.";
    if (auto fault = manifest_is_issued()) return fault;
    for (const ProofItem& item : proof_.items) {
      if (auto fault = belongs(item)) return at(item, *fault);
    }
    if (auto fault = rows_are_all()) return fault;
    const auto& items = proof_.items;
    const auto late = std::adjacent_find(items.begin(), items.end(), [](const ProofItem& one, const ProofItem& next) { return one.position > next.position; });
    return late == items.end() ? std::nullopt
                               : std::optional(at(*std::next(late), "it stands behind a later one; items are in the order of their positions."));
  }

 private:
  static std::string at(const ProofItem& item, const std::string& fault) {
    return "The item at position " + std::to_string(item.position) + ": " + fault;
  }

  std::optional<std::string> in_the_log(const ProofItem& item) {
    if (item.position == 0 || item.position > proof_.head.position) return "it lies beyond the head.";
    if (log::leaf_hash(item.event) != item.leaf) return "its event has another hash.";
    if (!log::verify_inclusion(item.leaf, item.position - 1, proof_.head.position, item.path, root_))
      return "its path does not lead to the head's root.";
    Result<Event> event = codec::decode_event(item.event, nullptr);
    if (!event) return "its event cannot be read: " + event.error().detail;
    if (event->envelope.source != item.source || event->envelope.id != item.id ||
        type_text(event->data.type()) != item.type)
      return "its event is another one than it says.";
    if (!events_.emplace(item.position, std::move(*event)).second) return "it is there twice.";
    const EventData& data = events_.at(item.position).data;
    if (const auto* issued = data.get_if<InvoiceIssued>()) {
      if (issued->invoice_id.text() != proof_.invoice_id) return "it issues another invoice.";
      issued_ = issued;
    }
    return std::nullopt;
  }

  std::optional<std::string> manifest_is_issued() const {
    const Manifest& manifest = issued_->manifest;
    if (manifest.position != proof_.position || manifest.row_count != proof_.row_count ||
        manifest.rows_root != proof_.rows_root)
      return "The manifest is not the one in the InvoiceIssued.";
    for (const std::uint64_t price : manifest.price_positions) {
      if (!events_.contains(price)) return "The price at position " + std::to_string(price) + " is missing.";
    }
    return std::nullopt;
  }

  /// A correction is one of the row that names it.
  [[nodiscard]] bool corrects(const UsageRecorded& row, log::Position position) const {
    const auto found = events_.find(position);
    if (found == events_.end()) return false;
    const EventData& data = found->second.data;
    const auto* amended = data.get_if<UsageAmended>();
    const auto* voided = data.get_if<UsageVoided>();
    if (amended == nullptr && voided == nullptr) return false;
    const SubscriptionId& subscription = amended != nullptr ? amended->subscription_id : voided->subscription_id;
    const std::string& usage_id = amended != nullptr ? amended->usage_id : voided->usage_id;
    return subscription == row.subscription_id && usage_id == row.usage_id;
  }

  std::optional<std::string> belongs(const ProofItem& item) {
    const EventData& data = events_.at(item.position).data;
    if (data.get_if<InvoiceIssued>() != nullptr) return std::nullopt;
    if (const auto* row = data.get_if<UsageRecorded>()) {
      rows_.push_back({item.position, item.corrected_by});
      if (item.corrected_by == 0) return std::nullopt;
      used_.insert(item.corrected_by);
      return corrects(*row, item.corrected_by) ? std::nullopt
                                               : std::optional<std::string>("its correction is missing or of another row.");
    }
    const std::vector<std::uint64_t>& prices = issued_->manifest.price_positions;
    if (data.get_if<PriceChanged>() != nullptr) {
      return std::find(prices.begin(), prices.end(), item.position) != prices.end()
                 ? std::nullopt
                 : std::optional<std::string>("the invoice does not name this price.");
    }
    if (data.get_if<UsageAmended>() == nullptr && data.get_if<UsageVoided>() == nullptr)
      return "an invoice is not made of such an event.";
    corrections_.insert(item.position);
    return std::nullopt;
  }

  std::optional<std::string> rows_are_all() const {
    if (corrections_ != used_) return "There are corrections of rows that are not there.";
    if (proof_.rows_root.empty())
      return "The invoice was issued before manifests had a root: each event is in the log, but whether these are all of its "
             "rows cannot be shown.";
    if (static_cast<std::int64_t>(rows_.size()) != proof_.row_count) {
      return "The invoice was made of " + std::to_string(proof_.row_count) + " rows, " + std::to_string(rows_.size()) +
             " are here.";
    }
    if (daybook::rows_root(rows_) != proof_.rows_root) return "The rows do not lead to the root in the manifest.";
    return std::nullopt;
  }

  const InvoiceProof& proof_;
  log::Hash root_{};
  std::map<log::Position, Event> events_;
  const InvoiceIssued* issued_ = nullptr;
  std::vector<BilledRow> rows_;
  std::set<log::Position> corrections_;
  std::set<log::Position> used_;
};

}  // namespace

Result<void> write_invoice_proof(const log::Log& log, log::Position size, const InvoiceId& invoice,
                                 const BilledEvents& billed, codec::JsonWriter& json) {
  const Result<HeadText> head = head_at(log, size);
  if (!head) return tl::unexpected(head.error());
  json.begin_object().key("invoiceId").text(invoice.text()).key("head");
  write_head(log, *head, json);
  const Manifest& manifest = billed.manifest;
  json.key("manifest").begin_object().key("position").number(manifest.position);
  json.key("rowCount").number(manifest.row_count).key("rowsRoot");
  manifest.rows_root.empty() ? json.null() : json.text(log::hex(manifest.rows_root));
  json.end_object();
  std::map<log::Position, std::optional<log::Position>> positions;
  positions[billed.issued_at];
  for (const std::uint64_t price : manifest.price_positions) positions[price];
  for (const BilledRow& row : billed.rows) {
    positions[row.position] = row.corrected_by;
    if (row.corrected_by != 0) positions[row.corrected_by];
  }
  json.key("items").begin_array();
  std::vector<log::Position> ascending;
  ascending.reserve(positions.size());
  for (const auto& each : positions) ascending.push_back(each.first);
  const Result<void> proven =
      log.prove_each(ascending, size, [&](const log::RecordView& record, const std::vector<log::Hash>& path) {
        return write_item(record, path, positions.at(record.position), json);
      });
  if (!proven) return proven;
  json.end_array().end_object();
  return {};
}

std::optional<std::string> first_fault(const InvoiceProof& proof) { return Check(proof).run(); }

}  // namespace daybook::replay
