#include "tests/simulation/world.h"

#include <stdexcept>
#include <utility>

#include <sodium.h>

#include "ledger/engine/books.h"
#include "projections/all.h"
#include "projections/entities/as_of_reader.h"
#include "projections/entities/entity_rows.h"
#include "projections/usage/usage_reader.h"
#include "projections/usage/usage_rows.h"
#include "tests/simulation/streams.h"

namespace daybook::simulation {
namespace {

const std::string kDirectory = "/disk/ledger";
constexpr std::size_t kSmall = 64u << 10;  // the least that RocksDB takes

/// Keys and nonces of a simulation are those of its seed: a block of sealed values is as long in every run.
log::SeededRng secrets(0);

void use_seeded_secrets(std::uint64_t seed) {
  secrets = stream(seed, "secrets");
  static randombytes_implementation seeded = {
      .implementation_name = [] { return "seeded"; },
      .random = [] { return static_cast<std::uint32_t>(secrets.u64()); },
      .stir = nullptr,
      .uniform = nullptr,
      .buf = [](void* out, std::size_t size) { secrets.fill({static_cast<std::byte*>(out), size}); },
      .close = nullptr};
  randombytes_set_implementation(&seeded);
}

}  // namespace

/// What billing runs read: the views, which fold when they are asked.
class World::ViewHistory final : public engine::History {
 public:
  explicit ViewHistory(World& world) : world_(world) {}
  Result<void> wait_for(log::Position position) override {
    world_.fold();
    if (world_.views_->position() >= position) return {};
    return failed(ErrorKind::Unavailable, "NOT_YET_VISIBLE", "a view has halted");
  }
  std::unique_ptr<StateReader> state_at(log::Position position) override {
    return std::make_unique<projections::AsOfReader>(world_.views_->rows(projections::kEntities), position,
                                                     &world_.ledger_->sealer());
  }
  std::unique_ptr<UsageSource> usage() override {
    return std::make_unique<projections::ViewUsageSource>(world_.views_->rows(projections::kUsage));
  }

 private:
  World& world_;
};

World::World(const Setup& setup, std::uint64_t seed)
    : setup_(setup),
      files_(std::make_shared<SimFS>()),
      storage_clock_(std::make_shared<SimClock>()),
      clock_(1'700'000'000'000'000),
      rng_(stream(seed, "ledger")),
      losses_(stream(seed, "losses")),
      history_(std::make_unique<ViewHistory>(*this)) {
  use_seeded_secrets(seed);
  files_->disk().make_durable_directory("/disk");
  files_->set_before_change([this] { wait_until_idle(); });
}

World::~World() {
  files_->cut_now();
  let_go();
}

tl::expected<void, log::OpenError> World::open() {
  engine::LedgerOptions options;
  options.log.directory = kDirectory;
  options.log.codec = setup_.raw ? log::Codec::Raw : log::Codec::Zstd;
  options.log.host_permissions = false;
  options.log.write_buffer_bytes = kSmall;
  options.log.file_opening_threads = 1;
  options.log.views.block_cache_bytes = 1u << 20;
  options.log.views.write_buffer_bytes = kSmall;
  options.log.views.background_jobs = 1;
  options.log.views.file_opening_threads = 1;
  options.log.on_io_failure = [this](const log::IoFailure&) { stopped_.store(true); };
  options.clock = engine::ClockMode::Manual;
  options.identity_tail_keys = setup_.tail_keys;
  options.unwritten_rows = setup_.unwritten;
  log::Seams seams;
  seams.files = files_;
  seams.clock = &clock_;
  seams.rng = &rng_;
  seams.environment = environment();
  engine::Ledger::Opened opened = engine::Ledger::open(options, seams);
  if (!opened) return tl::unexpected(opened.error());
  ledger_ = std::move(*opened);
  if (!setup_.views) return {};
  projections::Projections::Options view_options;
  view_options.batch.workers = 1;
  view_options.lanes = 2;
  auto views = projections::Projections::open(ledger_->log(), *ledger_->log().views(), projections::all_projections(), view_options);
  if (!views) return tl::unexpected(log::OpenError{log::ExitCode::Corruption, views.error().detail});
  views_ = std::move(*views);
  ledger_->set_history(history_.get());
  return {};
}

void World::fold() {
  if (views_) views_->catch_up();
}

void World::let_go() {
  views_.reset();
  ledger_.reset();
  wait_until_idle();
}

log::MakeEnvironment World::environment() {
  return simulated_environment(log_worker_, views_worker_, files_.get(), storage_clock_);
}

void World::wait_until_idle() {
  if (!in_log_write_) log_worker_.wait_until_idle();
  views_worker_.wait_until_idle();
}

void World::keep_meanwhile() {
  files_->before_next_log_write([this] {
    in_log_write_ = true;
    try {
      if (ledger_) static_cast<void>(ledger_->maintain(false));  // its failures are its own
    } catch (const std::exception&) {
    }
    in_log_write_ = false;
  });
}

void World::close() {
  fold();
  if (const Result<void> kept = ledger_->maintain(true); !kept) throw std::runtime_error(kept.error().detail);
  let_go();
}

void World::crash(Loss loss) {
  files_->cut_now();
  let_go();
  files_->crash(loss, losses_);
  stopped_.store(false);
}

void World::remove_views() {
  let_go();
  const Result<void> removed = log::Views::remove(kDirectory + "/views", files_, environment());
  if (!removed) throw std::runtime_error(removed.error().detail);
}

std::map<std::string, std::string> World::derived() {
  if (const Result<void> kept = ledger_->maintain(true); !kept) throw std::runtime_error(kept.error().detail);
  std::map<std::string, std::string> all;
  const Result<log::Family> books = ledger_->log().views()->family(engine::books_family_name());
  if (!books) throw std::runtime_error(books.error().detail);
  log::ViewCursor row(*books);
  for (row.seek_to_first(); row.valid(); row.next()) all["books " + std::string(row.key())] = row.value();
  if (const Result<void> status = row.status(); !status) throw std::runtime_error(status.error().detail);
  fold();
  if (!views_) return all;
  for (const projections::ProjectionStatus& view : views_->status()) {
    if (view.error) throw std::runtime_error("a view has halted: " + view.error->reason);
    all["view " + view.name] = view.state_hash + " at " + std::to_string(view.position);
  }
  return all;
}

}  // namespace daybook::simulation
