#include "ledger/engine/identity.h"

#include <cstdint>
#include <cstring>

namespace daybook::engine {

void IdentityBytes::add(std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::size_t at = bytes_.size();
  bytes_.resize(at + sizeof size + text.size());
  std::memcpy(bytes_.data() + at, &size, sizeof size);
  if (!text.empty()) std::memcpy(bytes_.data() + at + sizeof size, text.data(), text.size());
}

log::Bytes IdentityBytes::event(std::string_view tenant, std::string_view source, std::string_view id) {
  begin('e');
  add(tenant);
  add(source);
  add(id);
  return bytes_;
}

log::Bytes IdentityBytes::idempotency(std::string_view owner, std::string_view key) {
  begin('k');
  add(owner);
  add(key);
  return bytes_;
}

log::Bytes IdentityBytes::usage(std::string_view subscription, std::string_view source, std::string_view usage_id) {
  begin('u');
  add(subscription);
  add(source);
  add(usage_id);
  return bytes_;
}

}  // namespace daybook::engine
