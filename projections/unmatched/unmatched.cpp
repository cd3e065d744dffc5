#include "projections/unmatched/unmatched.h"

#include <algorithm>
#include <set>
#include <utility>

#include "ledger/codec/event.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/admit.h"
#include "ledger/domain/rules/billed_at.h"
#include "ledger/domain/rules/usage_batch.h"
#include "projections/row_key.h"
#include "projections/row_reader.h"
#include "projections/usage/correction.h"
#include "projections/usage/usage_input.h"
#include "projections/usage/usage_reader.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections {
namespace {

constexpr auto kUsageType = static_cast<std::uint16_t>(EventType::UsageRecorded);
constexpr std::uint8_t kCandidate = 1;
constexpr std::uint8_t kStop = 2;

class UnmatchedFold final : public SimpleFold {
 protected:
  bool wants(const log::RecordView& record) const override {
    return record.code != 0 || record.type != kUsageType;
  }

  void apply(const log::RecordView& record, Rows& rows) override {
    if (record.type != kUsageType) {
      const auto event = codec::decode_event(record.event, nullptr);
      if (!event) throw InvariantBroken("the event cannot be decoded: " + event.error().detail);
      const std::string subscription_id = codec::stream_id(event->data);
      rows.put_constant(KeyWriter().u8(kStop).text(subscription_id).u64(record.position).key(), {});
      return;
    }
    read_usage(record.event, input_);
    const UsageShape& shape = input_.shape;
    rows.put_constant(KeyWriter()
                          .u8(kCandidate)
                          .u32(record.stream)
                          .text(shape.meter_id)
                          .day(input_.usage_date)
                          .u8(shape.value_kind == ValueKind::Price ? 0 : 1)
                          .text(shape.currency ? shape.currency->text() : std::string_view())
                          .u64(record.position)
                          .key(),
                      input_.subscription_id);
  }

 private:
  UsageInput input_;
};

/// One candidate, read back.
struct Candidate {
  std::uint32_t stream;
  std::string meter_id;
  UsageKeys usage;
  Position position;
  std::string subscription_id;
  std::string group;  ///< the key without the position

  Candidate(std::string_view key, std::string_view value) : subscription_id(value) {
    KeyReader reader(key);
    reader.u8();
    stream = reader.u32();
    meter_id = reader.text();
    usage.usage_date = reader.day();
    usage.has_own_value = reader.u8() != 0;
    const std::string currency = reader.text();
    if (!currency.empty()) usage.currency = Currency::parse(currency).value();
    group = key.substr(0, key.size() - reader.rest().size());
    position = reader.u64();
  }
};

/// The row as last corrected up to `upto`; nothing where it never was.
std::optional<CorrectedRow> correction_of(RowReader& usage, const Candidate& candidate,
                                          Position upto) {
  std::string key =
      day_prefix(UsageTable::Correction, candidate.stream, candidate.usage.usage_date);
  key += KeyWriter().u64(candidate.position).key();
  const auto version = usage.newest(key, upto);
  return version ? std::optional(CorrectedRow::decode(version->value)) : std::nullopt;
}

/// Gathers one page, candidates first.
class Listing {
 public:
  Listing(RowReader& rows, std::shared_ptr<const LiveRows> usage_rows, const StateReader& state, std::size_t limit)
      : rows_(rows), usage_(usage_rows->family), by_subscription_(std::move(usage_rows)), state_(state), limit_(limit) {}

  UnmatchedPage page(const std::string& from) {
    if (from.front() == kStop) {
      list_stopped(from);
    } else if (list_candidates(from)) {
      list_stopped(KeyWriter().u8(kStop).take());
    }
    return std::move(page_);
  }

 private:
  /// Whether the page has room for one more look; else the next one goes on at `key`.
  bool goes_on(std::string_view key) {
    if (page_.items.size() == limit_ || walked_ == kUnmatchedWalkMax) {
      page_.next = std::string(key);
      return false;
    }
    ++walked_;
    return true;
  }

  /// False when the page is full.
  bool list_candidates(const std::string& from) {
    std::string group;
    std::optional<Unmatched> group_reason;
    for (bool more = rows_.seek(from); more && rows_.key().front() == kCandidate;) {
      if (!goes_on(rows_.key())) return false;
      const Candidate candidate(rows_.key(), rows_.value());
      if (candidate.position > state_.position()) {
        more = rows_.seek(after_prefix(candidate.group));
        continue;
      }
      if (candidate.group != group) {
        group = candidate.group;
        group_reason = admit(state_, candidate.subscription_id, candidate.meter_id, candidate.usage);
        if (!group_reason) {
          more = rows_.seek(after_prefix(group));
          continue;
        }
      }
      std::optional<Unmatched> reason = group_reason;
      if (const auto corrected = correction_of(usage_, candidate, state_.position())) {
        UsageKeys keys = candidate.usage;
        keys.has_own_value = UsageShape::has_own_value(corrected->shape);
        reason = corrected->is_void
                     ? std::nullopt
                     : admit(state_, candidate.subscription_id, candidate.meter_id, keys);
      }
      if (reason && !(reason == Unmatched::SUBSCRIPTION_INACTIVE && was_billed(candidate)))
        page_.items.push_back(
            {candidate.position, SubscriptionId(candidate.subscription_id), *reason});
      more = rows_.next();
    }
    return true;
  }

  /// Rows that matched when they came, of days that are not charged by what came later.
  void list_stopped(const std::string& from) {
    KeyReader reader(from);
    reader.u8();
    // Behind the subscription: the row of it at which the page begins.
    std::string resumed = reader.done() ? std::string() : reader.text();
    const bool is_within = !reader.done();
    const Date day = is_within ? reader.day() : Date{};
    const Position position = is_within ? reader.u64() : 0;
    for (bool more = rows_.seek(stop_key(resumed)); more && rows_.key().front() == kStop;) {
      KeyReader key(rows_.key());
      key.u8();
      const std::string subscription_id = key.text();
      const std::string own = stop_key(subscription_id);
      if (!goes_on(own)) return;
      const bool begins_here = is_within && subscription_id == resumed;
      const bool is_known = key.u64() <= state_.position();
      const Subscription* subscription = is_known ? state_.find<Subscription>(subscription_id) : nullptr;
      const auto stream = subscription != nullptr ? by_subscription_.stream_of(subscription_id) : std::nullopt;
      if (stream && !list_uncharged(*subscription, *stream, begins_here ? std::optional(day) : std::nullopt, position))
        return;
      more = rows_.seek(after_prefix(own));
    }
  }

  /// From the row at `from` and `position` on, or from the first; false when the page is full.
  bool list_uncharged(const Subscription& subscription, std::uint32_t stream, std::optional<Date> from,
                      Position position) {
    for (const Date day : by_subscription_.days_changed(stream, kLastDate, 0)) {
      if (subscription.is_charged_on(day) || (from && day < *from)) continue;
      const std::set<Position> candidates = candidates_on(stream, day);
      bool has_room = true;
      by_subscription_.each_row(stream, day, day.plus_days(1), state_.position(), [&](const UsageReader::Row& row) {
        if (!has_room || candidates.contains(row.position)) return;
        if (from == day && row.position < position) return;
        has_room = goes_on(
            KeyWriter().u8(kStop).text(subscription.subscription_id.text()).day(day).u64(row.position).key());
        if (!has_room) return;
        const UsageShape shape = UsageShape::take(row.shape);
        const UsageKeys keys{day, UsageShape::has_own_value(row.shape), shape.currency};
        const auto reason = admit(state_, &subscription, state_.prices(shape.meter_id), keys);
        if (reason && !is_on_a_document(subscription, day, row.position, shape))
          page_.items.push_back({row.position, subscription.subscription_id, *reason});
      });
      if (!has_room) return false;
    }
    return true;
  }

  /// Whether what is told of the day since a document billed the row takes nothing from it.
  bool is_on_a_document(const Subscription& subscription, Date day, Position position, const UsageShape& shape) const {
    const bool is_of_publisher = is_marketplace(shape.pricing_model, shape.publisher_type);
    return was_charged(subscription, day, position, billed_at(state_, subscription, day, is_of_publisher));
  }

  /// Whether a row that matched nothing when it came matched by the time of a document, which charged its day: what is told of
  /// the day since takes nothing from it.
  bool was_billed(const Candidate& candidate) {
    const auto* subscription = state_.find<Subscription>(candidate.subscription_id);
    const Date day = candidate.usage.usage_date;
    bool result = false;
    by_subscription_.each_row(candidate.stream, day, day.plus_days(1), state_.position(), [&](const UsageReader::Row& row) {
      if (row.position != candidate.position) return;
      const UsageShape shape = UsageShape::take(row.shape);
      const UsageKeys keys{day, UsageShape::has_own_value(row.shape), shape.currency};
      const bool is_of_publisher = is_marketplace(shape.pricing_model, shape.publisher_type);
      const BilledAt billed = billed_at(state_, *subscription, day, is_of_publisher);
      result = std::any_of(billed.begin(), billed.end(), [&](Position upto) {
        return row.position <= upto && subscription->is_charged_on(day, upto) &&
               matched_at(state_, *subscription, shape.meter_id, keys, upto);
      });
    });
    return result;
  }

  /// Rows of the day that are listed as candidates.
  std::set<Position> candidates_on(std::uint32_t stream, Date day) {
    std::set<Position> positions;
    const std::string prefix = day_prefix(UsageTable::Unmatched, stream, day);
    usage_.scan(prefix, after_prefix(prefix), [&](std::string_view key, std::string_view) {
      positions.insert(KeyReader(key.substr(prefix.size())).u64());
      return true;
    });
    return positions;
  }

  static std::string stop_key(const std::string& subscription_id) {
    return subscription_id.empty() ? KeyWriter().u8(kStop).take() : KeyWriter().u8(kStop).text(subscription_id).take();
  }

  RowReader& rows_;
  RowReader usage_;
  UsageReader by_subscription_;
  const StateReader& state_;
  std::size_t limit_;
  std::size_t walked_ = 0;
  UnmatchedPage page_;
};

}  // namespace

Projection unmatched() {
  return Projection{
      .name = std::string(kUnmatched),
      .version = 2,
      .types = type_mask({EventType::UsageRecorded, EventType::SubscriptionCancelled, EventType::SubscriptionWarned,
                          EventType::SubscriptionDisabled, EventType::SubscriptionExpired,
                          EventType::SubscriptionDeleted}),
      .make = [](const FoldPlace&) { return std::make_unique<UnmatchedFold>(); },
  };
}

Result<UnmatchedPage> unmatched_page(const std::shared_ptr<const LiveRows>& unmatched_rows,
                                     const std::shared_ptr<const LiveRows>& usage_rows,
                                     const StateReader& state, std::size_t limit,
                                     const std::optional<std::string>& after) {
  return reading([&] {
    RowReader rows(unmatched_rows->family);
    return Listing(rows, usage_rows, state, limit).page(after.value_or(KeyWriter().u8(kCandidate).take()));
  });
}

}  // namespace daybook::projections
