#include "replay/account_proof.h"

#include <algorithm>
#include <utility>

#include "ledger/codec/event.h"
#include "ledger/domain/event_types.h"
#include "ledger/log/bytes.h"
#include "ledger/log/hash.h"
#include "ledger/log/signed_head.h"
#include "ledger/log/tree.h"

namespace daybook::replay {
namespace {

log::Hash root_of(std::span<const log::Position> positions) {
  std::vector<log::Hash> leaves;
  leaves.reserve(positions.size());
  for (const log::Position position : positions) {
    std::array<std::byte, 8> bytes{};
    log::store(bytes.data(), position);
    leaves.push_back(log::leaf_hash(bytes));
  }
  log::Tree tree;
  if (!leaves.empty()) tree.append(leaves);
  return tree.root();
}

/// Source, id and type, as they stand beside the bytes.
Result<AccountEvent> described(std::span<const std::byte> bytes) {
  const Result<Event> event = codec::decode_event(bytes, nullptr);
  if (!event) return tl::unexpected(event.error());
  return AccountEvent{0, event->envelope.source, event->envelope.id, "daybook." + std::string(name(event->data.type())),
                      {bytes.begin(), bytes.end()}};
}

std::string at(const AccountEvent& item, const std::string& fault) {
  return "The event at position " + std::to_string(item.position) + ": " + fault;
}

std::optional<std::string> fault_of_signatures(const AccountProof& proof) {
  if (!log::verify_signature(log::as_bytes(proof.head.signed_text()), proof.public_key, proof.signature))
    return "The head's signature is not that of its public key.";
  if (!log::verify_signature(log::as_bytes(proof.statement()), proof.public_key, proof.statement_signature))
    return "The statement that these are the account's events is not signed by the head's key.";
  return std::nullopt;
}

}  // namespace

std::string AccountProof::statement() const {
  return "daybook/account/1\n" + head.ledger_id + "\n" + std::to_string(head.position) + "\n" + account_id + "\n" +
         std::to_string(event_count) + "\n" + log::hex(positions_root) + "\n";
}

Result<AccountProof> prove_account(const log::Log& log, log::Position size, const std::string& account_id,
                                   std::span<const log::Position> positions) {
  Result<HeadText> head = head_at(log, size);
  if (!head) return tl::unexpected(head.error());
  AccountProof proof;
  proof.account_id = account_id;
  proof.head = std::move(*head);
  proof.public_key = log.signed_head().public_key;
  proof.signature = log.sign(log::as_bytes(proof.head.signed_text()));
  proof.event_count = positions.size();
  proof.positions_root = root_of(positions);
  proof.statement_signature = log.sign(log::as_bytes(proof.statement()));
  proof.items.reserve(positions.size());
  const Result<void> read = log.read_each(positions, [&](const log::RecordView& record) -> Result<void> {
    Result<AccountEvent> item = described(record.event);
    if (!item) return tl::unexpected(item.error());
    item->position = record.position;
    proof.items.push_back(std::move(*item));
    return {};
  });
  if (!read) return tl::unexpected(read.error());
  Result<std::vector<log::Hash>> nodes = log.cover(positions, size);
  if (!nodes) return tl::unexpected(nodes.error());
  proof.nodes = std::move(*nodes);
  return proof;
}

void write_account_proof(const AccountProof& proof, codec::JsonWriter& json) {
  const HeadText& head = proof.head;
  json.begin_object().key("accountId").text(proof.account_id).key("head");
  write_signed_head(head, proof.public_key, proof.signature, json);
  json.key("statement").begin_object().key("eventCount").number(proof.event_count);
  json.key("positionsRoot").text(log::hex(proof.positions_root));
  json.key("signature").text(log::hex(proof.statement_signature)).end_object();
  json.key("items").begin_array();
  for (const AccountEvent& item : proof.items) {
    json.begin_object().key("position").number(item.position).key("source").text(item.source).key("id").text(item.id);
    json.key("type").text(item.type).key("event").base64(log::as_text(item.event)).end_object();
  }
  json.end_array().key("nodes").begin_array();
  for (const log::Hash& node : proof.nodes) json.text(log::hex(node));
  json.end_array().end_object();
}

std::optional<std::string> first_fault(const AccountProof& proof) {
  if (auto fault = fault_of_signatures(proof)) return fault;
  log::Hash root{};
  if (!log::from_hex(proof.head.root, root)) return "The head's root is no hash.";
  if (proof.event_count != proof.items.size()) {
    return "The ledger states that the account has " + std::to_string(proof.event_count) + " events, " +
           std::to_string(proof.items.size()) + " are here.";
  }
  std::vector<log::Position> positions;
  std::vector<std::uint64_t> indexes;
  std::vector<log::Hash> leaves;
  for (const AccountEvent& item : proof.items) {
    const log::Position before = positions.empty() ? 0 : positions.back();
    if (item.position <= before || item.position > proof.head.position) return at(item, "it is out of order, or beyond the head.");
    const Result<AccountEvent> event = described(item.event);
    if (!event) return at(item, "its event cannot be read: " + event.error().detail);
    if (event->source != item.source || event->id != item.id || event->type != item.type)
      return at(item, "its event is another one than it says.");
    positions.push_back(item.position);
    indexes.push_back(item.position - 1);
    leaves.push_back(log::leaf_hash(item.event));
  }
  if (root_of(positions) != proof.positions_root) return "The positions are not those that the ledger states.";
  if (log::root_of_cover(indexes, leaves, proof.head.position, proof.nodes) != std::optional(root))
    return "The events do not lead to the head's root: one of them, or one of the nodes, is not what the log has.";
  return std::nullopt;
}

}  // namespace daybook::replay
