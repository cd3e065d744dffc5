#include "tests/simulation/memory.h"

#include <algorithm>

#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/log/log.h"
#include "tests/simulation/workload.h"

namespace daybook::simulation {
namespace {

using engine::FactStatus;
using log::Position;

[[noreturn]] void broken(const std::string& what) { throw Broken(what); }

std::string at(Position position) { return " at position " + std::to_string(position); }

}  // namespace

/// What a walk through the log has met.
struct Memory::Found {
  std::vector<log::Hash> leaves;
  std::map<std::uint64_t, Position> facts;
  std::set<std::pair<std::string, std::string>> identities;
  std::map<std::string, std::pair<Position, std::string>> commands;  // key → position of its event, correlation
  std::set<std::string> invoices;
  std::set<std::string> billed;  // scope ‖ period
  const codec::Sealer* sealer = nullptr;
};

void Memory::sending(const std::vector<std::uint64_t>& numbers, bool atomic) {
  group_.clear();
  const bool may_be_refused = atomic && !std::all_of(numbers.begin(), numbers.end(), is_always_taken);
  for (const std::uint64_t number : numbers) {
    if (!may_be_refused && is_always_taken(number) && !recorded_.contains(number)) group_.push_back(number);
    sent_.insert(number);
    if (!facts_.contains(number)) in_doubt_.insert(number);
  }
}

void Memory::answered(std::uint64_t number, FactStatus status, Position position, Position head, bool excused) {
  const auto known = facts_.find(number);
  const std::string fact = "fact " + std::to_string(number);
  if (status == FactStatus::Rejected) {
    if (excused) return;
    if (known != facts_.end()) broken(fact + " was acknowledged" + at(known->second) + " and is now refused");
    if (is_always_taken(number)) broken(fact + " is refused");
    in_doubt_.erase(number);
    return;
  }
  if (known != facts_.end() && known->second != position) {
    broken(fact + " was acknowledged" + at(known->second) + " and now" + at(position));
  }
  if (status == FactStatus::Accepted && recorded_.contains(number)) broken(fact + " is recorded twice, now" + at(position));
  if (status == FactStatus::Duplicate && !recorded_.contains(number)) broken(fact + " is called a duplicate, and was never recorded");
  if (position == 0 || position > head) broken(fact + " has an answer beyond the head," + at(position));
  facts_[number] = position;
  recorded_.insert(number);
  in_doubt_.erase(number);
  acknowledged_ = std::max(acknowledged_, head);
}

void Memory::answered_command(const std::string& key, const engine::CommandAnswer& answer) {
  const Answer now{answer.first, answer.last, answer.count, answer.correlation};
  const auto [known, is_new] = commands_.try_emplace(key, now);
  if (!is_new && (!answer.replayed || known->second != now)) broken("command " + key + " was performed twice");
  commands_in_doubt_.erase(key);
  acknowledged_ = std::max({acknowledged_, answer.position, answer.last});
}

void Memory::refused_command(const std::string& key) {
  if (commands_.contains(key)) broken("command " + key + " was answered and is now refused");
  commands_in_doubt_.erase(key);
}

void Memory::learn(const log::Log& log) {
  while (leaves_.size() < log.position()) {  // few, and a scan would read a megabyte ahead of each file
    const Result<log::StoredRecord> record = log.read(leaves_.size() + 1);
    if (!record) throw std::runtime_error(record.error().detail);
    leaves_.push_back(log::leaf_hash(record->event));
  }
}

std::vector<std::uint64_t> Memory::some_answered(std::uint64_t count) const {
  std::vector<std::uint64_t> some;
  if (facts_.empty()) return some;
  const std::uint64_t stride = std::max<std::uint64_t>(1, facts_.size() / std::max<std::uint64_t>(1, count));
  std::uint64_t index = 0;
  for (const auto& [number, position] : facts_) {
    if (index++ % stride == 0 && some.size() < count) some.push_back(number);
  }
  return some;
}

void Memory::check_record(const log::RecordView& record, Found& found) const {
  if (record.position != found.leaves.size() + 1) broken("the scan misses or repeats an event before" + at(record.position));
  found.leaves.push_back(log::leaf_hash(record.event));
  if (record.position <= leaves_.size() && record.position <= acknowledged_ &&
      found.leaves.back() != leaves_[record.position - 1]) {
    broken("another event than the acknowledged one is" + at(record.position));
  }
  const codec::EventView view(record.event);
  if (!found.identities.emplace(view.source(), view.id()).second) {
    broken("the identity " + std::string(view.source()) + " " + std::string(view.id()) + " is there twice, again" + at(record.position));
  }
  if (view.source() == kFactSource) {
    const std::optional<std::uint64_t> number = fact_number(view.id());
    if (!number || !sent_.contains(*number)) broken("nobody sent what is" + at(record.position));
    found.facts[*number] = record.position;
  }
  if (view.has_idempotency()) {
    const bool is_new = found.commands.try_emplace(std::string(view.idempotency_key()), record.position, view.correlation()).second;
    if (!is_new) broken("a command's key is bound twice, again" + at(record.position));
  }
  if (view.type() == EventType::IdentityLinked) {
    const Result<Event> event = codec::decode_event(record.event, found.sealer);
    if (!event) broken("what is sealed cannot be read" + at(record.position) + ": " + event.error().detail);
  }
  if (view.type() == EventType::InvoiceIssued) {
    const Result<Event> event = codec::decode_event(record.event, found.sealer);
    if (!event) throw std::runtime_error(event.error().detail);
    const auto& issued = event->data.get<InvoiceIssued>();
    if (!found.invoices.insert(issued.invoice_id.text()).second) broken("an invoice's number is used twice, again" + at(record.position));
    const std::string period = issued.scope_id.text() + " " + std::to_string(static_cast<int>(issued.type)) + " " +
                               std::to_string(issued.period.start.days) + " " + std::to_string(issued.period.end_exclusive.days);
    if (!found.billed.insert(period).second) broken("a period is billed twice, again" + at(record.position));
  }
}

void Memory::check_group(const Found& found) const {
  const auto there = std::count_if(group_.begin(), group_.end(), [&](std::uint64_t number) { return found.facts.contains(number); });
  if (there != 0 && there != static_cast<std::ptrdiff_t>(group_.size())) {
    broken("of a group of " + std::to_string(group_.size()) + " facts in doubt " + std::to_string(there) + " are there");
  }
}

void Memory::check(const engine::Ledger& ledger) {
  const log::Log& log = ledger.log();
  if (log.position() < acknowledged_) {
    broken("the ledger ends" + at(log.position()) + " and had acknowledged up to " + std::to_string(acknowledged_));
  }
  if (log.epoch() <= epoch_) broken("the epoch has not risen");
  epoch_ = log.epoch();
  const Result<log::Head> verified = log.verify();
  if (!verified) throw std::runtime_error(verified.error().detail);
  Found found;
  found.sealer = &ledger.sealer();
  const Result<void> scanned = log.scan(1, log.position(), [&](const log::RecordView& record) { check_record(record, found); });
  if (!scanned) throw std::runtime_error(scanned.error().detail);
  if (found.leaves.size() != log.position()) broken("the scan ends before the head");
  for (const auto& [number, position] : facts_) {
    const auto there = found.facts.find(number);
    if (there == found.facts.end()) broken("fact " + std::to_string(number) + ", acknowledged" + at(position) + ", is lost");
    if (there->second != position) broken("fact " + std::to_string(number) + ", acknowledged" + at(position) + ", is" + at(there->second));
  }
  for (const auto& [key, answer] : commands_) {
    if (answer.count > 0 && !found.commands.contains(key)) broken("command " + key + ", which was answered, is lost");
  }
  check_group(found);
  for (const auto& [number, position] : found.facts) recorded_.insert(number);
  std::erase_if(recorded_, [&](std::uint64_t number) { return !found.facts.contains(number); });
  leaves_ = std::move(found.leaves);
  // The opening has witnessed what it found, so that all of it may be read and relied on.
  acknowledged_ = log.position();
}

}  // namespace daybook::simulation
