#include "replay/signed_text.h"

#include "ledger/domain/time.h"
#include "ledger/log/bytes.h"

namespace daybook::replay {

std::string HeadText::signed_text() const {
  return "daybook/head/1\n" + ledger_id + "\n" + std::to_string(position) + "\n" + root + "\n" + chain + "\n" +
         recorded_at + "\n";
}

Result<HeadText> head_at(const log::Log& log, log::Position position) {
  if (position == 0) {
    return failed(ErrorKind::NotFound, "NOT_FOUND", "The log was empty then; ask for a position from 1.");
  }
  log::Head head = log.head();
  bool ends_group = head.position == position;
  if (!ends_group) {
    Result<log::Head> group = log.group_end(position);
    if (!group) return tl::unexpected(group.error());
    head = *group;
    ends_group = head.position == position;
    if (!ends_group) {
      Result<log::Hash> root = log.root_at(position);
      if (!root) return tl::unexpected(root.error());
      head.root = *root;
    }
  }
  return HeadText{log::hex(head.ledger_id), position, log::hex(head.root), ends_group ? log::hex(head.chain) : "",
                  Instant{head.recorded_at}.text()};
}

namespace {

void write_members(const HeadText& head, const std::array<std::byte, 32>& public_key, const std::array<std::byte, 64>& signature,
                   codec::JsonWriter& json) {
  json.begin_object().key("ledgerId").text(head.ledger_id).key("position").number(head.position).key("chain");
  head.chain.empty() ? json.null() : json.text(head.chain);
  json.key("root").text(head.root).key("recordedAt").text(head.recorded_at);
  json.key("publicKey").text(log::hex(public_key));
  json.key("signature").text(log::hex(signature));
}

}  // namespace

void write_head(const log::Log& log, const HeadText& head, codec::JsonWriter& json, HeadForm form) {
  write_members(head, log.signed_head().public_key, log.sign(log::as_bytes(head.signed_text())), json);
  const std::vector<log::Origin>& origins = log.lineage().origins;
  if (form == HeadForm::WithOrigin && !origins.empty()) {
    json.key("branchOf").begin_object().key("ledgerId").text(log::hex(origins.back().ledger));
    json.key("position").number(origins.back().position).end_object();
  }
  json.end_object();
}

void write_signed_head(const HeadText& head, const std::array<std::byte, 32>& public_key,
                       const std::array<std::byte, 64>& signature, codec::JsonWriter& json) {
  write_members(head, public_key, signature, json);
  json.end_object();
}

void write_path(const std::vector<log::Hash>& path, codec::JsonWriter& json) {
  json.key("path").begin_array();
  for (const log::Hash& node : path) json.text(log::hex(node));
  json.end_array();
}

}  // namespace daybook::replay
