#include "projections/engine.h"

#include <algorithm>
#include <utility>

#include "ledger/domain/invariant.h"
#include "projections/engine_entry.h"

namespace daybook::projections {
namespace {

constexpr std::string_view kPointers = "projections";
constexpr std::string_view kFamilies = "projection.";
constexpr std::string_view kLedger = "ledger";

std::string family_prefix(const Projection& projection) {
  return std::string(kFamilies) + projection.name + ".v" + std::to_string(projection.version) + ".";
}

}  // namespace

std::string_view name(ProjectionState state) {
  switch (state) {
    case ProjectionState::Live:
      return "Live";
    case ProjectionState::Rebuilding:
      return "Rebuilding";
    case ProjectionState::Halted:
      return "Halted";
  }
  return "";
}

Projections::Projections(const log::Log& log, log::Views& views, const Options& options)
    : log_(log), views_(views), options_(options) {}

Projections::~Projections() = default;

Result<std::unique_ptr<Projections>> Projections::open(const log::Log& log, log::Views& views,
                                                       std::vector<Projection> projections,
                                                       const Options& options) {
  std::unique_ptr<Projections> all(new Projections(log, views, options));
  auto pointers = views.family(kPointers);
  if (!pointers) return tl::unexpected(pointers.error());
  all->pointers_ = std::move(*pointers);

  const std::string_view id(reinterpret_cast<const char*>(log.ledger_id().data()),
                            log.ledger_id().size());
  const auto kept_for = all->pointers_->get(kLedger);
  if (!kept_for) return tl::unexpected(kept_for.error());
  const bool same_ledger = *kept_for && **kept_for == id;
  if (!same_ledger) {
    log::ViewBatch batch(*all->pointers_);
    batch.put(kLedger, id);
    if (auto written = batch.write(); !written) return tl::unexpected(written.error());
  }

  std::vector<std::string> used;
  for (Projection& projection : projections) {
    Entry& entry = *all->entries_.emplace_back(std::make_unique<Entry>());
    entry.projection = std::move(projection);
    if (auto opened = all->open_entry(entry, same_ledger); !opened)
      return tl::unexpected(opened.error());
    used.emplace_back(entry.rows->family.name());
  }
  for (const std::string& family : views.families()) {
    if (!family.starts_with(kFamilies) || std::find(used.begin(), used.end(), family) != used.end())
      continue;
    if (auto dropped = views.drop(family); !dropped) return tl::unexpected(dropped.error());
  }
  return all;
}

Result<void> Projections::open_entry(Entry& entry, bool keep) {
  const std::string prefix = family_prefix(entry.projection);
  auto pointer = pointers_->get(entry.projection.name);
  if (!pointer) return tl::unexpected(pointer.error());
  keep = keep && *pointer && (*pointer)->starts_with(prefix);
  std::string name = keep ? **pointer : prefix + "1";
  Checkpoint checkpoint;
  for (;;) {
    if (!keep) {
      const auto families = views_.families();
      if (std::find(families.begin(), families.end(), name) != families.end()) {
        if (auto dropped = views_.drop(name); !dropped) return dropped;
      }
    }
    auto family = views_.family(name);
    if (!family) return tl::unexpected(family.error());
    auto stored = family->get(Checkpoint::kKey);
    if (!stored) return tl::unexpected(stored.error());
    if (*stored) {
      auto decoded = Checkpoint::decode(**stored);
      if (!decoded) return tl::unexpected(decoded.error());
      checkpoint = *decoded;
    }
    if (checkpoint.position <= log_.position()) {
      entry.rows = std::make_shared<LiveRows>(views_, *family, log_);
      break;
    }
    // The log was put back to an earlier state: the view holds what is not there.
    checkpoint = {};
    keep = false;
  }
  if (checkpoint.position == 0) entry.from_nothing_to = log_.position();
  entry.live.reset(new Instance{&entry.projection, place(entry.rows->family), checkpoint});
  entry.checkpoint = checkpoint;
  return *pointer && **pointer == name ? Result<void>{} : point_at(entry, name);
}

Result<void> Projections::point_at(const Entry& entry, std::string_view family) {
  log::ViewBatch batch(*pointers_);
  batch.put(entry.projection.name, family);
  if (auto written = batch.write(); !written) return written;
  return pointers_->flush();
}

Projections::Entry& Projections::entry(std::string_view name) const {
  for (const auto& entry : entries_) {
    if (entry->projection.name == name) return *entry;
  }
  broken_invariant("a projection of that name", __FILE__, __LINE__);
}

FoldPlace Projections::place(const log::Family& family) const {
  return FoldPlace{
      .log = &log_,
      .family = family,
      .other = [this](std::string_view name) { return rows(name); },
      .reached = [this](std::string_view name) { return position(name); },
      .lanes = options_.lanes,
      .kept = options_.kept,
  };
}

void Projections::publish(Entry& entry) {
  std::optional<Halt> halt;
  {
    const std::lock_guard lock(mutex_);
    entry.checkpoint = entry.live->checkpoint;
    halt = entry.live->halt;
    if (entry.halt == halt) {
      came_further_.notify_all();
      return;
    }
    entry.halt = halt;
    came_further_.notify_all();
  }
  if (options_.on_halt) options_.on_halt(entry.projection.name, halt);
}

bool Projections::fold(std::vector<Entry*> entries) {
  std::vector<std::unique_lock<std::mutex>> locks;
  std::vector<Instance*> instances;
  Position next = ~Position{0};
  for (Entry* entry : entries) {
    locks.emplace_back(entry->folding);
    instances.push_back(entry->live.get());
    if (!entry->live->halt) next = std::min(next, entry->live->checkpoint.position);
  }
  const Position head = log_.position();
  if (next >= head) return false;
  Position to = std::min(head, next + batch_size(instances, options_.batch_events));
  if (entries.size() == 1) {
    // Alone it goes no further than what it reads; together they go in their order.
    for (const std::string& name : entries.front()->projection.reads)
      to = std::min(to, position(name));
    if (to <= next) return false;
  }
  bool further = false;
  fold_batch(log_, instances, to, options_.batch, [&](Instance& instance) {
    const auto found = std::find(instances.begin(), instances.end(), &instance);
    Entry& entry = *entries[static_cast<std::size_t>(found - instances.begin())];
    further = further || entry.checkpoint.position != instance.checkpoint.position;
    publish(entry);
  });
  return further;
}

bool Projections::step(std::string_view name) { return fold({&entry(name)}); }

bool Projections::step() {
  std::vector<Entry*> all;
  for (const auto& entry : entries_) all.push_back(entry.get());
  return fold(std::move(all));
}

void Projections::catch_up() {
  while (step()) {
  }
}

Position Projections::position(std::string_view name) const {
  const Entry& found = entry(name);
  const std::lock_guard lock(mutex_);
  return found.checkpoint.position;
}

std::uint64_t Projections::lag(std::string_view name) const {
  const Position head = log_.position();
  const Position folded = position(name);
  return head > folded ? head - folded : 0;
}

Position Projections::position() const {
  const std::lock_guard lock(mutex_);
  Position least = ~Position{0};
  for (const auto& entry : entries_) {
    if (!entry->halt) least = std::min(least, entry->checkpoint.position);
  }
  return least == ~Position{0} ? 0 : least;
}

bool Projections::wait_for(Position position, std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  return came_further_.wait_for(lock, patience, [&] {
    return std::all_of(entries_.begin(), entries_.end(), [&](const auto& entry) {
      return entry->halt || entry->checkpoint.position >= position;
    });
  });
}

std::vector<ProjectionStatus> Projections::status() const {
  const Position head = log_.position();
  std::vector<ProjectionStatus> all;
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_) {
    const Checkpoint& checkpoint = entry->checkpoint;
    const bool rebuilding = entry->rebuilding || checkpoint.position < entry->from_nothing_to;
    all.push_back({
        .name = entry->projection.name,
        .version = entry->projection.version,
        .position = checkpoint.position,
        .lag = head > checkpoint.position ? head - checkpoint.position : 0,
        .state_hash = checkpoint.hash.hex(),
        .logical_rows = checkpoint.logical_rows,
        .status = entry->halt  ? ProjectionState::Halted
                  : rebuilding ? ProjectionState::Rebuilding
                               : ProjectionState::Live,
        .error = entry->halt,
    });
  }
  return all;
}

std::shared_ptr<const LiveRows> Projections::rows(std::string_view name) const {
  const Entry& found = entry(name);
  const std::lock_guard lock(mutex_);
  return found.rows;
}

void Projections::resume(std::string_view name) {
  Entry& found = entry(name);
  const std::lock_guard lock(found.folding);
  found.live->halt.reset();
  found.live->fold.reset();
  publish(found);
}

}  // namespace daybook::projections
