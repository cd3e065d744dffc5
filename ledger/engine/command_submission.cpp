#include "ledger/engine/command_submission.h"

#include <charconv>
#include <utility>

#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"

namespace daybook::engine {
namespace {

/// The position of the event with this identity, 0 where there is none.
Result<log::Position> position_of(const Core& core, std::string_view source, std::string_view id) {
  IdentityBytes identity;
  std::vector<log::Position> candidates;
  Result<void> found = core.identities->find(core.identities->hash(identity.event({}, source, id)), candidates);
  if (!found) return tl::unexpected(found.error());
  for (const log::Position position : candidates) {
    const Result<std::vector<std::byte>> bytes = core.event_bytes(position);
    if (!bytes) continue;
    const codec::EventView view(*bytes);
    if (view.source() == source && view.id() == id && view.tenant().empty()) return position;
  }
  return log::Position{0};
}

}  // namespace

Result<std::optional<CommandAnswer>> find_first_answer(const Core& core, const CommandRequest& request) {
  if (request.idempotency_key.empty()) return std::nullopt;
  const std::string owner = request.caller.idempotency_owner();
  IdentityBytes identity;
  std::vector<log::Position> candidates;
  Result<void> found =
      core.identities->find(core.identities->hash(identity.idempotency(owner, request.idempotency_key)), candidates);
  if (!found) return tl::unexpected(found.error());
  for (const log::Position position : candidates) {
    const Result<std::vector<std::byte>> bytes = core.event_bytes(position);
    if (!bytes) continue;
    const codec::EventView view(*bytes);
    if (!view.has_idempotency() || view.idempotency_owner() != owner ||
        view.idempotency_key() != request.idempotency_key) {
      continue;
    }
    if (view.idempotency_digest() != request.digest) {
      return rejected("IDEMPOTENCY_KEY_REUSED",
                      "This Idempotency-Key was used with another path or body (it ended at position " +
                          std::to_string(position) + "). Use a new key for a new request.");
    }
    CommandAnswer answer;
    answer.position = answer.last = position;
    answer.correlation = view.correlation();
    answer.replayed = true;
    const std::string_view id = view.id();  // correlation-n: n events
    const std::string_view number = id.substr(id.rfind('-') + 1);
    std::from_chars(number.data(), number.data() + number.size(), answer.count);
    Result<log::Position> first = position_of(core, kOwnSource, answer.correlation + "-1");
    if (!first) return tl::unexpected(first.error());
    answer.first = *first;
    return answer;
  }
  return std::nullopt;
}

void CommandSubmission::decide(Core& core, Instant now) {
  const Group::Savepoint savepoint = core.group.savepoint();
  core.begin_body(1);
  try {
    answer_ = perform(core, now);
  } catch (const InvariantBroken& broken) {
    answer_ = failed(ErrorKind::Internal, "INTERNAL",
                     std::string("The ledger could not record this command; nothing was written. ") + broken.what());
  }
  if (*answer_) {
    core.accept_body();
    return;
  }
  core.refuse_body(savepoint);
}

Result<StepAnswer> CommandSubmission::perform(Core& core, Instant now) {
  const CommandRequest& request = *step_.request;
  StepAnswer answer;
  if (step_.written == 0) {
    Result<std::optional<CommandAnswer>> before = find_first_answer(core, request);
    if (!before) return tl::unexpected(before.error());
    if (*before) {
      answer.replayed = std::move(**before);
      return answer;
    }
  }
  DecisionContext context;
  context.now = now;
  context.viewer = request.caller.viewer;
  context.seed = step_.correlation + "-" + std::to_string(step_.written);
  context.key_id = request.new_key_id;
  context.secret_hash = request.new_secret_hash;
  Result<Decision> decision = step_.decide(core, context);
  if (!decision) return tl::unexpected(decision.error());
  answer.alarms = std::move(decision->alarms);
  answer.written = step_.written;
  if (decision->events.empty()) return answer;

  if (request.expected_version) {
    const EventData& first = decision->events.front();
    const StreamNumber stream = core.directory.find(*stream_of(first.type()), codec::stream_id(first));
    const std::uint32_t version = stream == 0 ? 0 : core.directory.at(stream).version;
    if (version != *request.expected_version) {
      return conflict("VERSION_CONFLICT", "The stream is at version " + std::to_string(version) +
                                              ", not " + std::to_string(*request.expected_version) +
                                              ". Read it again and decide anew.");
    }
  }
  EventWriter writer(core, request.caller, step_.correlation, now);
  writer.continue_after(step_.written);
  if (step_.last && !request.idempotency_key.empty()) {
    writer.set_idempotency({request.caller.idempotency_owner(), request.idempotency_key, request.digest});
  }
  writer.write(std::move(decision->events));
  if (core.group.raw_bytes() > log::kGroupBytesMax) {
    return rejected("BODY_TOO_LARGE", "What this command makes happen does not fit one commit group of 16 MiB; nothing "
                                      "was written.");
  }
  answer.first = writer.first();
  answer.last = writer.last();
  answer.written = writer.count();
  return answer;
}

void CommandSubmission::complete(log::Position head, std::int64_t /*recorded_at*/) {
  if (*answer_) (*answer_)->head = head;
  done_(std::move(*answer_));
}

}  // namespace daybook::engine
