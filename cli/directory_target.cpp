#include "cli/directory_target.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/directory.h"
#include "cli/progress.h"
#include "ledger/codec/cloudevents.h"
#include "ledger/codec/codec.h"
#include "ledger/codec/event.h"
#include "ledger/codec/json_writer.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/enums.h"
#include "server/app/ask.h"
#include "server/app/asked_progress.h"
#include "server/app/event_items.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kEventsShown = 1'000;

engine::Caller operating() {
  engine::Caller caller;
  caller.key_name = "command line";
  caller.viewer = Viewer::operating();
  return caller;
}

FactOutcome outcome_of(const engine::FactBatch& batch, const engine::PreparedFact& fact) {
  FactOutcome outcome;
  if (const Error* error = batch.error_of(fact)) {
    outcome.status = FactOutcome::Status::Rejected;
    outcome.code = std::string(error->code);
    outcome.pointer = error->pointer;
    outcome.detail = error->detail;
    return outcome;
  }
  const bool adds_nothing = fact.status == engine::FactStatus::Duplicate || fact.status == engine::FactStatus::Skipped;
  if (adds_nothing) outcome.status = FactOutcome::Status::Duplicate;
  if (fact.code != 0) outcome.unmatched = std::string(wire_name(static_cast<Unmatched>(fact.code - 1)));
  return outcome;
}

/// Shows on stderr how far a question is that takes long, by the last word of its path.
class Telling {
 public:
  explicit Telling(std::string_view path)
      : progress_(what(path), 0), tells_([this](std::uint64_t done, std::uint64_t total) { progress_.show(done, total); }) {}

 private:
  static std::string what(std::string_view path) {
    path = path.substr(0, path.find('?'));
    return std::string(path.substr(path.rfind('/') + 1));
  }

  Progress progress_;
  server::TellsProgress tells_;
};

}  // namespace

Outcome<Posted> DirectoryTarget::post(std::span<const std::string> events) {
  engine::Ledger& ledger = host_.ledger();
  auto batch = std::make_unique<engine::FactBatch>();
  batch->caller = operating();
  codec::Intake intake;
  intake.now = ledger.now();
  codec::CloudEventStream stream;
  stream.open(codec::BodyForm::Batch, batch_body(events), intake);
  while (auto* item = stream.next()) {
    if (item->event) {
      ledger.prepare(*batch, std::move(*item->event));
    } else {
      ledger.prepare_refused(*batch, std::move(item->event.error()));
    }
  }
  if (stream.failure()) return fail(*stream.failure());
  Result<std::unique_ptr<engine::FactBatch>> done = ledger.ingest(std::move(batch));
  if (!done) return fail(done.error());
  Posted posted;
  posted.position = (*done)->head;
  posted.facts.reserve((*done)->facts.size());
  for (const engine::PreparedFact& fact : (*done)->facts) posted.facts.push_back(outcome_of(**done, fact));
  return posted;
}

Outcome<std::string> DirectoryTarget::command(std::string_view name, const std::string& body) {
  engine::Ledger& ledger = host_.ledger();
  const std::optional<CommandType> type = command_type(name);
  if (!type) return fail(ExitCode::NotFound, "There is no command " + std::string(name) + ".");
  Result<CommandData> command = codec::codec(*type).from_json(body);
  if (!command) return fail(command.error());

  Progress progress(std::string(name), 0);
  engine::CommandRequest request;
  request.command = std::move(*command);
  request.caller = operating();
  request.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
  const Result<engine::CommandAnswer> answer = ledger.execute(request);
  if (!answer) return fail(answer.error());

  std::string text;
  codec::JsonWriter json(text);
  json.begin_object().key("position").number(answer->position);
  if (Result<void> written = server::write_command_events(ledger, *answer, kEventsShown, json); !written) {
    return fail(written.error());
  }
  json.key("alarms").begin_array();
  for (const Alarm& alarm : answer->alarms) codec::to_json(alarm, json);
  json.end_array().end_object();
  return text;
}

Outcome<std::string> DirectoryTarget::question(const std::string& path) {
  if (Outcome<void> shown = wait_for_views(host_); !shown) return tl::unexpected(shown.error());
  const Telling telling(path);
  const http::Response answer = server::ask(host_, operating(), "/v1" + path);
  if (answer.status() != 200) return refusal(static_cast<int>(answer.status()), answer.body());
  return answer.body();
}

Outcome<std::string> DirectoryTarget::question_with(const std::string& path, std::string_view media_type,
                                                    std::string_view body) {
  if (Outcome<void> shown = wait_for_views(host_); !shown) return tl::unexpected(shown.error());
  const Telling telling(path);
  const http::Response answer = server::ask_with(host_, operating(), "/v1" + path, media_type, body);
  if (answer.status() != 200) return refusal(static_cast<int>(answer.status()), answer.body());
  return answer.body();
}

Outcome<std::uint64_t> DirectoryTarget::read_log(std::span<const EventType> types, const TakeEvent& take) {
  const engine::Ledger& ledger = host_.ledger();
  const log::Position head = ledger.log().position();
  std::uint64_t mask = 0;
  for (const EventType type : types) mask |= log::type_bit(static_cast<std::uint16_t>(type));
  Outcome<void> taken;
  const auto read = [&](const log::RecordView& record) -> bool {
    if (std::find(types.begin(), types.end(), static_cast<EventType>(record.type)) == types.end()) return true;
    const Result<Event> event = codec::decode_event(record.event, &ledger.sealer());
    if (event) {
      taken = take(*event, record.position);
    } else {
      taken = fail(ExitCode::Corruption, "The event at position " + std::to_string(record.position) +
                                             " cannot be read: " + event.error().detail);
    }
    return taken.has_value();
  };
  const Result<void> scanned = ledger.log().scan_frames(
      1, head,
      [&](std::span<const log::RecordView> records) { return std::all_of(records.begin(), records.end(), read); }, mask);
  if (!taken) return tl::unexpected(taken.error());
  if (!scanned) return fail(scanned.error());
  return head;
}

}  // namespace daybook::cli
