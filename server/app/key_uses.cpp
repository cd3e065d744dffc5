#include "server/app/key_uses.h"

#include <utility>

namespace daybook::server {
namespace {

constexpr std::string_view kFamily = "key-uses";

}  // namespace

Result<void> KeyUses::open(log::Views& views, KeyUses& uses) {
  Result<log::Family> family = views.family(kFamily);
  if (!family) return tl::unexpected(family.error());
  log::ViewCursor row(*family);
  for (row.seek_to_first(); row.valid(); row.next()) {
    if (const Result<Date> day = Date::parse(row.value())) uses.last_.emplace(std::string(row.key()), *day);
  }
  uses.family_.emplace(std::move(*family));
  return row.status();
}

void KeyUses::note(std::string_view key_id, Date day) {
  const std::lock_guard lock(mutex_);
  const auto known = last_.find(key_id);
  if (known != last_.end() && known->second >= day) return;
  last_.insert_or_assign(std::string(key_id), day);
  unwritten_.insert_or_assign(std::string(key_id), day);
}

std::optional<Date> KeyUses::last(std::string_view key_id) const {
  const std::lock_guard lock(mutex_);
  const auto known = last_.find(key_id);
  return known == last_.end() ? std::nullopt : std::optional(known->second);
}

Result<void> KeyUses::keep(bool settle) {
  if (!family_) return {};
  std::map<std::string, Date, std::less<>> rows;
  {
    const std::lock_guard lock(mutex_);
    rows.swap(unwritten_);
  }
  if (!rows.empty()) {
    log::ViewBatch batch(*family_);
    for (const auto& [key_id, day] : rows) batch.put(key_id, day.text());
    if (Result<void> written = batch.write(); !written) return written;
  }
  return settle ? family_->flush() : Result<void>();
}

}  // namespace daybook::server
