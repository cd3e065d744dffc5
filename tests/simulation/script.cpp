#include "tests/simulation/script.h"

#include <array>

#include "tests/simulation/streams.h"

namespace daybook::simulation {
namespace {

/// What may befall the lives of a seed.
struct Misfortunes {
  bool cut = false;      ///< power fails in the middle of things
  bool kill = false;     ///< the process ends in the middle of things
  bool error = false;    ///< an operation fails
  bool full = false;     ///< the disk is full
  bool corrupt = false;  ///< something else is read than was written
  bool zero = false;     ///< the harshest losses
};

Misfortunes misfortunes_of(log::SeededRng& rng) {
  Misfortunes may;
  switch (rng.below(3)) {
    case 0:
      break;
    case 1:
      switch (rng.below(8)) {
        case 0: may.kill = true; break;
        case 1: may.error = true; break;
        case 2: may.full = true; break;
        case 3: may.corrupt = true; break;
        case 4: may.zero = may.cut = true; break;
        default: may.cut = true; break;
      }
      break;
    default:
      may.cut = true;
      may.kill = rng.below(2) == 0;
      may.error = rng.below(2) == 0;
      may.full = rng.below(4) == 0;
      break;
  }
  return may;
}

Setup setup_of(log::SeededRng& rng) {
  Setup setup;
  setup.raw = rng.below(2) == 0;
  constexpr std::array<std::size_t, 4> kTails = {8, 40, 200, 4096};
  setup.tail_keys = kTails[rng.below(kTails.size())];
  constexpr std::array<std::size_t, 4> kPaddings = {0, 0, 200, 1800};
  setup.padding = kPaddings[rng.below(kPaddings.size())];
  if (rng.below(4) == 0) setup.unwritten = 8;
  setup.views = rng.below(12) == 0;
  return setup;
}

Rule error_rule(log::SeededRng& rng) {
  constexpr std::array kOps = {Op::Read, Op::Write, Op::Sync, Op::Rename, Op::Open, Op::Create, Op::DirSync, Op::Delete};
  constexpr std::array kKinds = {FileKind::Wal,     FileKind::Sst,     FileKind::Manifest,
                                 FileKind::Current, FileKind::Witness, FileKind::Keys};
  Rule rule;
  rule.op = kOps[rng.below(kOps.size())];
  if (*rule.op != Op::DirSync && rng.below(3) != 0) rule.kind = kKinds[rng.below(kKinds.size())];
  if (rng.below(4) != 0) rule.views = false;
  rule.nth = 1 + rng.below(1 + rng.below(60));
  rule.sticky = rng.below(4) == 0;
  return rule;
}

Rule corrupting_rule(log::SeededRng& rng) {
  constexpr std::array kEffects = {Effect::FlipBit,    Effect::FlipBit,   Effect::ZeroSector, Effect::ZeroSector,
                                   Effect::ShortRead,  Effect::Misdirect, Effect::Stale};
  constexpr std::array kKinds = {FileKind::Wal,     FileKind::Sst,     FileKind::Sst,   FileKind::Manifest,
                                 FileKind::Current, FileKind::Witness, FileKind::Format};
  Rule rule;
  rule.op = Op::Read;
  rule.effect = kEffects[rng.below(kEffects.size())];
  rule.kind = kKinds[rng.below(kKinds.size())];
  // A block of another file of views/ has a checksum that is right: only the log's rows say where they belong.
  if (rule.effect == Effect::Misdirect || rule.effect == Effect::Stale || rng.below(2) == 0) rule.views = false;
  rule.nth = 1 + rng.below(12);
  rule.sticky = rng.below(4) == 0;
  return rule;
}

void befall(Life& life, const Misfortunes& may, log::SeededRng& rng) {
  constexpr std::array kLosses = {Loss::Drop, Loss::Drop, Loss::Keep, Loss::Prefix, Loss::Torn, Loss::Torn, Loss::Mixed, Loss::Mixed};
  life.loss = may.zero && rng.below(2) == 0 ? Loss::Zero : kLosses[rng.below(kLosses.size())];
  if (may.kill && rng.below(2) == 0) life.loss = Loss::Process;
  if ((may.cut || may.kill) && rng.below(4) != 0) {
    life.cut = 1 + (rng.below(3) == 0 ? rng.below(40) : rng.below(250));
  }
  if (may.error && rng.below(2) == 0) life.rule = error_rule(rng);
  if (may.corrupt && rng.below(3) == 0) life.rule = corrupting_rule(rng);
  if (may.full && rng.below(2) == 0) life.room = rng.below(60'000);
  if (rng.below(9) == 0) life.end = Life::End::Close;
}

}  // namespace

Script script_of(std::uint64_t seed) {
  log::SeededRng configuration = stream(seed, "configuration");
  log::SeededRng workload = stream(seed, "workload");
  log::SeededRng schedule = stream(seed, "schedule");
  log::SeededRng misfortune = stream(seed, "misfortune");
  const Misfortunes may = misfortunes_of(misfortune);
  Script script;
  script.setup = setup_of(configuration);
  std::uint64_t next_fact = 0;
  std::uint64_t next_command = 0;
  std::uint64_t day = 0;
  const std::uint64_t lives = 3 + schedule.below(4);
  for (std::uint64_t number = 0; number < lives; ++number) {
    Life life;
    befall(life, may, misfortune);
    life.rebuild = schedule.below(6) == 0;
    const std::uint64_t steps = schedule.below(9);
    for (std::uint64_t i = 0; i < steps; ++i) {
      Step step;
      const std::uint64_t dice = next_fact == 0 ? 0 : workload.below(20);
      if (dice < 11 && workload.below(8) == 0) {
        Step meanwhile;
        meanwhile.kind = Step::Kind::Meanwhile;
        life.steps.push_back(meanwhile);
      }
      if (dice < 11) {
        step.kind = Step::Kind::Facts;
        step.first = next_fact;
        step.count = next_fact == 0 ? 12 : 1 + workload.below(1 + workload.below(30));
        step.bodies = next_fact == 0 ? 1 : 1 + workload.below(3);
        step.atomic = workload.below(3) == 0;
        next_fact += step.count;
      } else if (dice < 13) {
        step.kind = Step::Kind::Again;
        step.count = 1 + workload.below(10);
      } else if (dice < 15) {
        step.kind = Step::Kind::Command;
        step.first = workload.below(4) == 0 && next_command > 0 ? workload.below(next_command) : next_command++;
      } else if (dice < 16) {
        step.kind = Step::Kind::Advance;
        step.first = day += 1 + workload.below(20);
      } else if (dice < 18) {
        step.kind = Step::Kind::Keep;
      } else {
        step.kind = workload.below(2) == 0 ? Step::Kind::KeepAll : Step::Kind::Fold;
      }
      life.steps.push_back(step);
    }
    script.lives.push_back(std::move(life));
  }
  return script;
}

}  // namespace daybook::simulation
