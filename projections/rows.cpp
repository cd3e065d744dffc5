#include "projections/rows.h"

#include <algorithm>

#include "ledger/domain/invariant.h"
#include "projections/row_key.h"

namespace daybook::projections {

void Rows::put_constant(std::string_view key, std::string_view value) {
  count(key, value);
  out_.emplace_back(key, std::string(value));
}

void Rows::put_version(std::string_view key, Position position, std::string_view value) {
  const auto [place, is_new] =
      versions_.try_emplace(std::string(key), Version{position, std::string(value)});
  if (is_new) return;
  Version& version = place->second;
  LEDGER_INVARIANT(version.position <= position);
  if (version.position < position) finish_version(key, std::move(version));
  version = Version{position, std::string(value)};
}

std::optional<std::string> Rows::newest(std::string_view key) {
  if (const auto found = versions_.find(key); found != versions_.end())
    return found->second.value;
  auto stored = reader_.newest(key);
  if (!stored) return std::nullopt;
  return std::move(stored->value);
}

void Rows::finish_version(std::string_view key, Version&& version) {
  std::string full;
  full.reserve(key.size() + 8);
  full.append(key);
  KeyWriter position;
  position.newest_first(version.position);
  full += position.key();
  count(full, version.value);
  out_.emplace_back(std::move(full), std::move(version.value));
}

Rows::HeadRow& Rows::head(std::string_view key) {
  if (const auto found = heads_.find(key); found != heads_.end()) return found->second;
  HeadRow row{reader_.get(key), {}};
  row.now = row.before;
  return heads_.emplace(std::string(key), std::move(row)).first->second;
}

void Rows::put(std::string_view key, std::string_view value) { head(key).now = std::string(value); }

void Rows::put_new(std::string_view key, std::string_view value) {
  heads_.try_emplace(std::string(key)).first->second.now = std::string(value);
}

void Rows::erase(std::string_view key) { head(key).now.reset(); }

std::optional<std::string> Rows::get(std::string_view key) { return head(key).now; }

std::vector<Rows::Written> Rows::seal() {
  out_.reserve(out_.size() + versions_.size() + heads_.size());
  for (auto& [key, version] : versions_) finish_version(key, std::move(version));
  for (auto& [key, row] : heads_) {
    if (row.before == row.now) continue;
    if (row.before) discount(key, *row.before);
    if (row.now) count(key, *row.now);
    out_.emplace_back(key, std::move(row.now));
  }
  versions_.clear();
  heads_.clear();
  const auto by_key = [](const Written& a, const Written& b) { return a.first < b.first; };
  if (std::is_sorted(out_.begin(), out_.end(), by_key)) return std::move(out_);
  // Rows are large: what is sorted is where they lie, and each is moved once.
  std::vector<std::pair<std::string_view, std::size_t>> order;
  order.reserve(out_.size());
  for (std::size_t i = 0; i < out_.size(); ++i) order.emplace_back(out_[i].first, i);
  std::sort(order.begin(), order.end());
  std::vector<Written> sorted;
  sorted.reserve(out_.size());
  for (const auto& [key, row] : order) sorted.push_back(std::move(out_[row]));
  out_.clear();
  return sorted;
}

}  // namespace daybook::projections
