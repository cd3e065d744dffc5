#include "tests/simulation/simulation.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "ledger/domain/invariant.h"
#include "tests/simulation/memory.h"
#include "tests/simulation/streams.h"
#include "tests/simulation/workload.h"
#include "tests/simulation/world.h"

namespace daybook::simulation {
namespace {

using engine::FactBatch;
using engine::FactStatus;

/// The ledger cannot be used any more, as it must not be: the end of the script.
struct Refused {};

bool spoils(Effect effect) { return effect != Effect::Error && effect != Effect::NoSpace; }

class Player {
 public:
  Player(const Script& script, std::uint64_t seed) : script_(script), world_(script.setup, seed) {}

  World& world() { return world_; }

  void play(Outcome& outcome) {
    for (std::size_t i = 0; i < script_.lives.size(); ++i) {
      const bool last = i + 1 == script_.lives.size();
      remembers_ = !last && script_.lives[i + 1].rule && script_.lives[i + 1].rule->effect == Effect::Stale;
      live(script_.lives[i], outcome);
      ++outcome.life;
    }
    remembers_ = false;
    Life last;
    last.rebuild = true;
    last.loss = Loss::Drop;
    live(last, outcome);
  }

 private:
  void live(const Life& life, Outcome& outcome) {
    if (life.cut != 0) world_.files().cut_before(life.cut);
    if (life.rule) world_.files().add(*life.rule);
    if (life.room) world_.files().set_room(life.room);
    bool opening = true;
    bool closed = false;
    try {
      open(outcome);
      opening = false;
      recovered(life);
      for (std::size_t i = 0; i < life.steps.size(); ++i) {
        take(life.steps[i]);
        memory_.learn(world_.ledger().log());
        if (remembers_ && i == life.steps.size() / 2) world_.files().disk().remember();
      }
      if (life.end == Life::End::Close) {
        world_.close();
        closed = true;
      }
    } catch (const Died&) {
    } catch (const Broken&) {
      throw;
    } catch (const Refused&) {
      throw;
    } catch (const log::FailStopped&) {
      if (!world_.stopped() && !world_.files().is_off()) throw;
    } catch (const std::exception&) {
      // What cannot be read or written says so in its own words, wherever that is met.
      if (!excused()) throw;
    }
    // Work in the background is done before the process ends, unless the power is gone.
    world_.wait_until_idle();
    check_disk();
    if (opening) ++outcome.cut_in_opening;
    outcome.stops += world_.stopped() ? 1u : 0u;
    outcome.full += world_.files().is_full() ? 1u : 0u;
    const std::vector<Rule> rules = world_.files().rules();
    outcome.fired += std::any_of(rules.begin(), rules.end(), [](const Rule& rule) { return rule.fired(); }) ? 1u : 0u;
    world_.crash(closed ? Loss::Process : life.loss);
    ++outcome.rounds;
    harsh_ = harsh_ || life.loss == Loss::Zero;
  }

  /// An error of ours is no surprise: something has failed.
  [[nodiscard]] bool excused() { return world_.files().is_off() || world_.stopped() || has_failed() || spoilt(); }
  [[nodiscard]] bool has_failed() {
    const std::vector<Rule> rules = world_.files().rules();
    return std::any_of(rules.begin(), rules.end(), [](const Rule& rule) { return rule.fired(); }) || world_.files().is_full();
  }
  /// Something else was read than had been written, now or before: what it led to may have been written.
  [[nodiscard]] bool spoilt() {
    const std::vector<Rule> rules = world_.files().rules();
    spoilt_ = spoilt_ || std::any_of(rules.begin(), rules.end(), [](const Rule& rule) { return rule.fired() && spoils(rule.effect); });
    return spoilt_;
  }

  void open(Outcome& outcome) {
    const auto opened = world_.open();
    if (opened) return;
    if (world_.files().is_off()) throw Died();
    const log::OpenError& error = opened.error();
    if (spoilt()) ++outcome.fired;
    if (spoilt() || (harsh_ && error.exit_code == log::ExitCode::Corruption)) {
      ++outcome.refusals;
      throw Refused();
    }
    if (excused()) throw Died();
    throw Broken("the ledger does not open: " + error.detail + " (" + std::to_string(static_cast<int>(error.exit_code)) + ")");
  }

  /// What must hold whenever a ledger has been opened; then clients ask again for what they do not know.
  void recovered(const Life& life) {
    memory_.check(world_.ledger());
    if (life.rebuild) check_rebuild();
    const std::vector<std::string> commands = memory_.commands_in_doubt();
    if (const std::vector<std::uint64_t> facts = memory_.facts_in_doubt(); !facts.empty()) send({facts}, false);
    for (const std::string& key : commands) command(request_of(key));
    send({memory_.some_answered(3)}, false);
    if (!life.cut && !commands.empty()) command(request_of(commands.front()));
  }

  void check_rebuild() {
    const auto before = world_.derived();
    world_.remove_views();
    Outcome ignored;
    open(ignored);
    const auto after = world_.derived();
    if (before == after) return;
    for (const auto& [what, value] : before) {
      const auto there = after.find(what);
      if (there == after.end() || there->second != value) throw Broken("made again from the log, " + printable(what) + " differs");
    }
    throw Broken("made again from the log, views have more rows");
  }

  static std::string printable(const std::string& text) {
    std::string out;
    for (const char c : text) out += c >= ' ' && c < 127 ? c : '.';
    return out;
  }

  engine::CommandRequest request_of(const std::string& key) const {
    const std::uint64_t number = std::stoull(key.substr(key.rfind('-') + 1));
    return key.starts_with("advance-") ? advance_to(number, script_.setup.views) : command_of(number);
  }

  void take(const Step& step) {
    switch (step.kind) {
      case Step::Kind::Facts: {
        std::vector<std::vector<std::uint64_t>> bodies(std::max<std::uint64_t>(1, step.bodies));
        for (std::uint64_t i = 0; i < step.count; ++i) bodies[i * bodies.size() / step.count].push_back(step.first + i);
        send(bodies, step.atomic);
        break;
      }
      case Step::Kind::Again:
        send({memory_.some_answered(step.count)}, false);
        break;
      case Step::Kind::Command:
        command(command_of(step.first));
        break;
      case Step::Kind::Advance:
        command(advance_to(step.first, script_.setup.views));
        break;
      case Step::Kind::Keep:
        kept(world_.ledger().maintain(false));
        break;
      case Step::Kind::KeepAll:
        kept(world_.ledger().maintain(true));
        break;
      case Step::Kind::Fold:
        world_.fold();
        break;
      case Step::Kind::Meanwhile:
        world_.keep_meanwhile();
        break;
    }
  }

  static void kept(const Result<void>& done) {
    if (!done) throw std::runtime_error(done.error().detail);
  }

  void send(const std::vector<std::vector<std::uint64_t>>& bodies, bool atomic) {
    engine::Ledger& ledger = world_.ledger();
    std::vector<std::uint64_t> all;
    for (const auto& body : bodies) all.insert(all.end(), body.begin(), body.end());
    if (all.empty()) return;
    memory_.sending(all, atomic);
    const bool stopped_before = world_.stopped();
    for (const std::vector<std::uint64_t>& body : bodies) {
      if (body.empty()) continue;
      auto batch = std::make_unique<FactBatch>();
      batch->atomic = atomic;
      for (const std::uint64_t number : body) ledger.prepare(*batch, fact_of(number, script_.setup.padding));
      ledger.finish_preparing(*batch);
      const Result<void> queued = ledger.submit(std::move(batch), [this, body, stopped_before](std::unique_ptr<FactBatch> done) {
        if (stopped_before) throw Broken("facts are acknowledged after an I/O error");
        if (done->atomic && done->count(FactStatus::Rejected) > 0) return;  // nothing of it is recorded
        for (std::size_t i = 0; i < body.size(); ++i) {
          const engine::PreparedFact& fact = done->facts[i];
          const Error* error = done->error_of(fact);
          const bool ours = error != nullptr && error->kind == ErrorKind::Internal && excused();
          memory_.answered(body[i], fact.status, fact.position, done->head, ours);
        }
      });
      if (!queued) throw std::runtime_error(queued.error().detail);
    }
    while (ledger.commit_group()) {
    }
  }

  void command(engine::CommandRequest request) {
    const std::string key = request.idempotency_key;
    memory_.sending_command(key);
    const bool stopped_before = world_.stopped();
    const Result<engine::CommandAnswer> answer = world_.ledger().execute(request);
    if (answer) {
      if (stopped_before) throw Broken("command " + key + " is acknowledged after an I/O error");
      memory_.answered_command(key, *answer);
      return;
    }
    const ErrorKind kind = answer.error().kind;
    if (kind == ErrorKind::Internal || kind == ErrorKind::Unavailable || kind == ErrorKind::Corruption) {
      throw std::runtime_error(answer.error().detail);
    }
    memory_.refused_command(key);
  }

  /// At the end of a life: no error of the disk went by unnoticed, and nothing was synced twice.
  void check_disk() {
    const std::vector<Rule> rules = world_.files().rules();
    static_cast<void>(spoilt());
    for (const Rule& rule : rules) {
      if (!rule.fired() || spoils(rule.effect) || rule.views.value_or(true)) continue;
      if (!world_.stopped()) throw Broken("an error of the disk went by unnoticed");
    }
    if (world_.files().second_syncs() > 0) throw Broken("a file was synced again after a failed sync");
  }

  const Script& script_;
  World world_;
  Memory memory_;
  bool harsh_ = false;   ///< a loss was of the harshest kind
  bool spoilt_ = false;
  bool remembers_ = false;  ///< a later life reads what was there in this one
};

}  // namespace

Outcome play(const Script& script, std::uint64_t seed, std::size_t trace_lines) {
  Outcome outcome;
  Player player(script, seed);
  player.world().files().keep_trace(trace_lines);
  try {
    player.play(outcome);
  } catch (const Refused&) {
  } catch (const std::exception& broken) {
    outcome.failure = broken.what();
  } catch (const Died&) {
    outcome.failure = "the last life was cut short";
  }
  outcome.trace_hash = player.world().files().trace_hash();
  outcome.repeatable = player.world().is_repeatable();
  outcome.trace = player.world().files().trace();
  return outcome;
}

}  // namespace daybook::simulation
