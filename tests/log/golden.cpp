#include "tests/log/golden.h"

#include <array>
#include <stdexcept>

#include "ledger/log/bytes.h"
#include "ledger/log/log.h"
#include "ledger/log/log_branch.h"
#include "ledger/log/segment.h"
#include "tests/log/log_fixture.h"

namespace daybook::log::testing {
namespace {

constexpr Position kBranchedAt = 105;  // the end of the last group under the first epoch
constexpr std::int64_t kFirstInstant = 1'704'067'200'000'000;  // 2024-01-01T00:00:00Z

std::string quoted(Bytes bytes) { return '"' + hex(bytes) + '"'; }

std::string list(const std::vector<Hash>& hashes) {
  std::string out = "[";
  for (const Hash& hash : hashes) {
    out += (out.size() > 1 ? ", " : "") + quoted(hash);
  }
  return out + "]";
}

/// Groups of one event, of many, of several frames, of one large event; types on both sides of 64; times that
/// stand still and that would go back.
void append_all(Log& log, std::uint64_t seed, std::span<const std::size_t> counts, std::int64_t now) {
  SeededRng rng(seed);
  for (const std::size_t count : counts) {
    Group group;
    for (std::size_t i = 0; i < count; ++i) {
      group.add(rng, 1 + rng.below(300), static_cast<std::uint16_t>(rng.below(120)));
    }
    log.append(group.records(), now);
    now += static_cast<std::int64_t>(rng.below(3)) * 1'000'000 - 500'000;
  }
}

void append_large(Log& log, std::int64_t now) {
  SeededRng rng(3);
  Group large;
  large.add(rng, 100).add(rng, 66'000, 119).add(rng, 1);
  log.append(large.records(), now);
}

std::string inclusion(const Log& log, Position position, std::uint64_t size) {
  return "    {\"position\": " + std::to_string(position) + ", \"size\": " + std::to_string(size) +
         ", \"leaf\": " + quoted(leaf_hash(log.read(position).value().event)) +
         ", \"root\": " + quoted(log.root_at(size).value()) +
         ", \"proof\": " + list(log.inclusion_proof(position, size).value()) + "}";
}

std::string consistency(const Log& log, std::uint64_t old_size, std::uint64_t size) {
  return "    {\"oldSize\": " + std::to_string(old_size) +
         ", \"oldRoot\": " + quoted(log.root_at(old_size).value()) +
         ", \"size\": " + std::to_string(size) + ", \"root\": " + quoted(log.root_at(size).value()) +
         ", \"proof\": " + list(log.consistency_proof(old_size, size).value()) + "}";
}

std::string describe(const Log& log, std::uint64_t groups) {
  const SignedHead head = log.signed_head();
  const Position last = head.head.position;
  std::string json = "{\n  \"ledger\": " + quoted(head.head.ledger_id) +
                     ",\n  \"position\": " + std::to_string(last) +
                     ",\n  \"epoch\": " + std::to_string(head.head.epoch) +
                     ",\n  \"recordedAt\": " + std::to_string(head.head.recorded_at) +
                     ",\n  \"groups\": " + std::to_string(groups) +
                     ",\n  \"chain\": " + quoted(head.head.chain) +
                     ",\n  \"root\": " + quoted(head.head.root) +
                     ",\n  \"publicKey\": " + quoted(head.public_key) +
                     ",\n  \"signature\": " + quoted(head.signature) + ",\n  \"inclusion\": [\n";
  json += inclusion(log, 1, 1) + ",\n" + inclusion(log, 1, last) + ",\n" +
          inclusion(log, 417, last) + ",\n" + inclusion(log, last, last) + ",\n" +
          inclusion(log, 64, 65) + "\n  ],\n  \"consistency\": [\n";
  json += consistency(log, 1, 2) + ",\n" + consistency(log, 128, last) + ",\n" +
          consistency(log, 419, last) + ",\n" + consistency(log, last, last) + "\n  ]\n}\n";
  return json;
}

void write_golden_log(const std::string& ledger, const std::string& out) {
  const Options options = small_options(ledger);
  {
    const auto log = open_log(options, 20'240'101);
    append_all(*log, 1, std::array<std::size_t, 7>{1, 1, 2, 3, 90, 1, 7}, kFirstInstant);
  }
  const auto log = open_log(options);  // again: the epoch rises
  append_all(*log, 2, std::array<std::size_t, 3>{1, 450, 1}, kFirstInstant + 60'000'000);
  append_large(*log, kFirstInstant);
  if (!export_segment(*log, out + "/v1.segment", {.from = 1, .to = 0, .form = SegmentForm::Plain})) {
    throw std::runtime_error("the segment cannot be written to " + out);
  }
  const SegmentFacts facts = verify_segment(out + "/v1.segment").value();
  write_bytes(out + "/v1.json", describe(*log, facts.groups));
}

/// A branch of the golden log that goes on alone.
void write_golden_branch(const std::string& ledger, const std::string& branch, const std::string& out) {
  {
    Options options = small_options(ledger);
    options.read_only = true;
    const auto origin = open_log(options);
    SeededRng rng(20'240'102);
    if (!make_branch(*origin, kBranchedAt, branch, rng)) throw std::runtime_error("there is no branch in " + branch);
  }
  const auto log = open_log(small_options(branch));
  append_all(*log, 3, std::array<std::size_t, 4>{1, 2, 450, 1}, kFirstInstant + 60'000'000);
  if (!export_segment(*log, out + "/v2.segment")) throw std::runtime_error("the segment cannot be written to " + out);
  const SegmentFacts facts = verify_segment(out + "/v2.segment").value();
  write_bytes(out + "/v2.json", describe(*log, facts.groups));
}

}  // namespace

void write_golden(const std::string& ledger, const std::string& out) {
  write_golden_log(ledger, out);
  write_golden_branch(ledger, ledger + "-branch", out);
}

}  // namespace daybook::log::testing
