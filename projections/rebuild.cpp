#include <algorithm>
#include <utility>

#include "projections/engine.h"
#include "projections/engine_entry.h"

namespace daybook::projections {

/// A version of a view that is made beside the live one.
struct Projections::Beside {
  Entry* entry;
  std::shared_ptr<LiveRows> rows;
  std::unique_ptr<Instance> instance;
};

Result<std::unique_ptr<Projections::Beside>> Projections::begin_beside(Entry& entry) const {
  const std::shared_ptr<const LiveRows> live = rows(entry.projection.name);
  const std::string name = next_generation(live->family.name());
  const auto families = views_.families();
  if (std::find(families.begin(), families.end(), name) != families.end()) {
    if (auto dropped = views_.drop(name); !dropped) return tl::unexpected(dropped.error());
  }
  auto family = views_.family(name);
  if (!family) return tl::unexpected(family.error());
  auto beside = std::make_unique<Beside>();
  beside->entry = &entry;
  beside->rows = std::make_shared<LiveRows>(views_, *family, log_);
  beside->instance.reset(new Instance{&entry.projection, place(*family)});
  return beside;
}

Result<Rebuilt> Projections::end_beside(Beside& beside, bool flip) {
  Entry& entry = *beside.entry;
  Instance* const alone[] = {beside.instance.get()};
  fold_batch(log_, alone, entry.live->checkpoint.position, options_.batch, [](Instance&) {});
  Rebuilt rebuilt{
      .name = entry.projection.name,
      .version = entry.projection.version,
      .position = beside.instance->checkpoint.position,
      .live_hash = entry.live->checkpoint.hash.hex(),
      .rebuilt_hash = beside.instance->checkpoint.hash.hex(),
      .error = beside.instance->halt,
  };
  if (!flip || rebuilt.error) {
    beside.rows->retire();
    return rebuilt;
  }
  // The rows are on disk before the pointer that makes them live.
  log::Family family = beside.rows->family;
  if (auto flushed = family.flush(); !flushed) return tl::unexpected(flushed.error());
  if (auto pointed = point_at(entry, family.name()); !pointed)
    return tl::unexpected(pointed.error());
  beside.instance->place = place(family);
  beside.instance->fold.reset();
  entry.live = std::move(beside.instance);
  {
    const std::lock_guard lock(mutex_);
    entry.rows->retire();
    entry.rows = beside.rows;
    entry.from_nothing_to = 0;
  }
  publish(entry);
  return rebuilt;
}

Result<std::vector<Rebuilt>> Projections::rebuild(const std::vector<std::string>& names, bool flip,
                                                  const Progress& progress) {
  const std::lock_guard one_at_a_time(rebuilding_);
  for (const std::string& name : names) {
    const bool known = std::any_of(entries_.begin(), entries_.end(), [&](const auto& entry) {
      return entry->projection.name == name;
    });
    if (!known)
      return rejected("BAD_QUERY",
                      "there is no projection named " + name + "; see /v1/projections");
  }
  std::vector<std::unique_ptr<Beside>> besides;
  for (const auto& entry : entries_) {
    if (!names.empty() &&
        std::find(names.begin(), names.end(), entry->projection.name) == names.end())
      continue;
    auto beside = begin_beside(*entry);
    if (!beside) return tl::unexpected(beside.error());
    besides.push_back(std::move(*beside));
  }
  const auto find = [&](std::string_view name) -> Beside* {
    for (const auto& beside : besides) {
      if (beside->entry->projection.name == name && beside->instance) return beside.get();
    }
    return nullptr;
  };
  std::vector<Instance*> instances;
  for (const auto& beside : besides) {
    // What is rebuilt reads what is rebuilt with it, else what is live.
    beside->instance->place.other =
        [&, find](std::string_view name) -> std::shared_ptr<const LiveRows> {
      const Beside* fresh = find(name);
      return fresh ? fresh->rows : rows(name);
    };
    beside->instance->place.reached = [&, find](std::string_view name) {
      const Beside* fresh = find(name);
      return fresh ? fresh->instance->checkpoint.position : position(name);
    };
    instances.push_back(beside->instance.get());
  }
  const auto mark = [&](bool rebuilding) {
    const std::lock_guard lock(mutex_);
    for (const auto& beside : besides) beside->entry->rebuilding = rebuilding;
  };
  mark(true);
  Position total = 0;
  for (const auto& beside : besides)
    total = std::max(total, position(beside->entry->projection.name));
  for (Position done = 0; done < total;) {
    done = std::min(total, done + batch_size(instances, options_.batch_events));
    fold_batch(log_, instances, done, options_.batch, [](Instance&) {});
    if (progress) progress(done, total);
  }
  std::vector<Rebuilt> all;
  Result<void> outcome;
  std::vector<std::unique_lock<std::mutex>> folding;
  for (const auto& beside : besides) folding.emplace_back(beside->entry->folding);
  for (const auto& beside : besides) {
    auto rebuilt = end_beside(*beside, flip);
    if (rebuilt) {
      all.push_back(std::move(*rebuilt));
    } else {
      outcome = tl::unexpected(rebuilt.error());
    }
  }
  mark(false);
  if (!outcome) return tl::unexpected(outcome.error());
  return all;
}

}  // namespace daybook::projections
