#include "ledger/engine/admission_cache.h"

#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace daybook::engine {
namespace {

bool same(const UsageKeys& left, const UsageKeys& right) {
  return left.usage_date == right.usage_date && left.has_own_value == right.has_own_value &&
         left.currency == right.currency;
}

}  // namespace

AdmissionCache::Answer AdmissionCache::answer(const Books& books, StreamDirectory& directory,
                                              std::string_view subscription_id, std::string_view meter_id,
                                              const UsageKeys& usage) {
  const std::uint64_t hash =
      XXH3_64bits_withSeed(subscription_id.data(), subscription_id.size(),
                           XXH3_64bits_withSeed(meter_id.data(), meter_id.size(),
                                                static_cast<std::uint64_t>(usage.usage_date.days)));
  Set& set = sets_[hash & (sets_.size() - 1)];
  for (const Entry& entry : set) {
    if (entry.generation == books.generation() && entry.epoch == epoch_ && entry.meter_id == meter_id &&
        same(entry.usage, usage) && directory.at(entry.stream).id == subscription_id) {
      return {entry.stream, entry.code, entry.is_deleted};
    }
  }
  if (++misses_ > 2 * sets_.size() && sets_.size() < kSetsAtMost) {
    sets_ = std::vector<Set>(4 * sets_.size());
    misses_ = 0;
  }
  Set& place = sets_[hash & (sets_.size() - 1)];
  std::swap(place[0], place[1]);
  Entry& entry = place[0];
  const std::optional<Unmatched> unmatched = admit(books, subscription_id, meter_id, usage);
  entry.generation = books.generation();
  entry.epoch = epoch_;
  entry.usage = usage;
  entry.meter_id.assign(meter_id);
  entry.stream = directory.find_or_add(StreamType::UsageLedger, subscription_id);
  entry.code = unmatched ? static_cast<std::uint8_t>(static_cast<std::uint8_t>(*unmatched) + 1) : std::uint8_t{0};
  const auto* subscription = books.find<Subscription>(subscription_id);
  entry.is_deleted = subscription != nullptr && subscription->status == SubscriptionStatus::Deleted;
  return {entry.stream, entry.code, entry.is_deleted};
}

}  // namespace daybook::engine
