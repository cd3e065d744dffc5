#include "cli/demo/narrator.h"

#include <cstdio>
#include <utility>
#include <vector>

#include "ledger/codec/json_writer.h"

namespace daybook::cli {

void Narrator::chapter(std::string_view title) {
  std::printf("\n%d. %.*s\n", ++chapters_, static_cast<int>(title.size()), title.data());
  std::fflush(stdout);
}

void Narrator::say(std::string_view text) const {
  if (!text.empty()) std::printf("   %.*s", static_cast<int>(text.size()), text.data());
  std::printf("\n");
  std::fflush(stdout);
}

Outcome<std::uint64_t> Narrator::fact(std::string_view type, std::string_view day, std::string_view data) {
  std::string event;
  codec::JsonWriter json(event);
  json.begin_object().key("specversion").text("1.0").key("type").text("daybook." + std::string(type));
  json.key("source").text("//demo").key("id").text(std::to_string(++facts_));
  json.key("time").text(std::string(day) + "T12:00:00Z").key("data").raw(data).end_object();
  const std::vector<std::string> events{std::move(event)};
  const Outcome<Posted> posted = ledger_.post(events);
  if (!posted) return tl::unexpected(posted.error());
  const FactOutcome& outcome = posted->facts.front();
  if (outcome.status != FactOutcome::Status::Accepted || !outcome.unmatched.empty()) {
    return fail(ExitCode::Failed, std::string(type) + " was not taken as the story has it: " + outcome.code + " " +
                                      outcome.detail + outcome.unmatched);
  }
  return posted->position;
}

Outcome<JsonValue> Narrator::wish(std::string_view name, const std::string& body) {
  const Outcome<std::string> answer = ledger_.command(name, body);
  if (!answer) return fail(answer.error().exit_code, std::string(name) + ": " + answer.error().message);
  Result<JsonValue> json = JsonValue::parse(*answer);
  if (!json) return fail(json.error());
  return std::move(*json);
}

Outcome<void> Narrator::clock(std::string_view day, bool run) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object().key("to").text(std::string(day) + "T00:00:00Z");
  if (!run) json.key("run").boolean(false);
  json.end_object();
  const Outcome<JsonValue> moved = wish("AdvanceClock", body);
  if (!moved) return tl::unexpected(moved.error());
  return {};
}

}  // namespace daybook::cli
