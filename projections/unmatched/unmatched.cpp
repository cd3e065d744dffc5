#include "projections/unmatched/unmatched.h"

#include <utility>

#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/admit.h"
#include "projections/row_key.h"
#include "projections/row_reader.h"
#include "projections/usage/correction.h"
#include "projections/usage/usage_input.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections {
namespace {

class UnmatchedFold final : public SimpleFold {
 protected:
  bool wants(const log::RecordView& record) const override {
    return record.code != 0 && record.type == static_cast<std::uint16_t>(EventType::UsageRecorded);
  }

  void apply(const log::RecordView& record, Rows& rows) override {
    read_usage(record.event, input_);
    const UsageShape& shape = input_.shape;
    rows.put_constant(KeyWriter()
                          .u8(1)
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

UnmatchedPage list(RowReader& candidates, RowReader& usage, const StateReader& state,
                   std::size_t limit, const std::string& from) {
  UnmatchedPage page;
  std::size_t walked = 0;
  std::string group;
  std::optional<Unmatched> group_reason;
  for (bool more = candidates.seek(from); more && candidates.key().starts_with('\1');) {
    if (page.items.size() == limit || walked == kUnmatchedWalkMax) {
      page.next = std::string(candidates.key());
      return page;
    }
    ++walked;
    const Candidate candidate(candidates.key(), candidates.value());
    if (candidate.position > state.position()) {
      more = candidates.seek(after_prefix(candidate.group));
      continue;
    }
    if (candidate.group != group) {
      group = candidate.group;
      group_reason = admit(state, candidate.subscription_id, candidate.meter_id, candidate.usage);
      if (!group_reason) {
        more = candidates.seek(after_prefix(group));
        continue;
      }
    }
    std::optional<Unmatched> reason = group_reason;
    if (const auto corrected = correction_of(usage, candidate, state.position())) {
      UsageKeys keys = candidate.usage;
      keys.has_own_value = UsageShape::has_own_value(corrected->shape);
      reason = corrected->is_void
                   ? std::nullopt
                   : admit(state, candidate.subscription_id, candidate.meter_id, keys);
    }
    if (reason)
      page.items.push_back(
          {candidate.position, SubscriptionId(candidate.subscription_id), *reason});
    more = candidates.next();
  }
  return page;
}

}  // namespace

Projection unmatched() {
  return Projection{
      .name = std::string(kUnmatched),
      .version = 1,
      .types = type_mask({EventType::UsageRecorded}),
      .make = [](const FoldPlace&) { return std::make_unique<UnmatchedFold>(); },
  };
}

Result<UnmatchedPage> unmatched_page(const std::shared_ptr<const LiveRows>& unmatched_rows,
                                     const std::shared_ptr<const LiveRows>& usage_rows,
                                     const StateReader& state, std::size_t limit,
                                     const std::optional<std::string>& after) {
  return reading([&] {
    RowReader candidates(unmatched_rows->family);
    RowReader usage(usage_rows->family);
    return list(candidates, usage, state, limit, after.value_or("\1"));
  });
}

}  // namespace daybook::projections
