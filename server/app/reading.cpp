#include "server/app/reading.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <string>
#include <vector>

#include "ledger/domain/answers/estimate.h"
#include "ledger/domain/answers/refusals.h"
#include "server/http/problem.h"

namespace daybook::server {
namespace {

constexpr std::chrono::milliseconds kMinPositionPatience{2000};
/// How long a read waits for views to show what was acknowledged before it came.
constexpr std::chrono::milliseconds kFreshPatience{2000};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}


/// Of `line 3, column 61: /data/unitPrice "x": …` the pointer; empty where it names none.
std::string pointer_told(std::string_view line) {
  const std::size_t at = line.find(": /");
  if (!line.starts_with("line ") || at == std::string_view::npos || at > line.find(": ")) return {};
  const std::string_view rest = line.substr(at + 2);
  return std::string(rest.substr(0, rest.find_first_of(" :")));
}

/// `asOf` where it is an instant.
std::optional<Instant> instant_of(const std::optional<std::string_view>& as_of) {
  if (!as_of || number(*as_of)) return std::nullopt;
  const Result<Instant> instant = Instant::parse(*as_of);
  return instant ? std::optional(*instant) : std::nullopt;
}

/// A wait for what is not recorded yet, which may come never: few at a time, since each holds a reader that others need.
class SpeculativeWait {
 public:
  explicit SpeculativeWait(std::atomic<unsigned>* waits) : waits_(waits) {
    if (waits_ != nullptr) is_granted_ = waits_->fetch_add(1) < kSpeculativeWaitsMax;
  }
  ~SpeculativeWait() {
    if (waits_ != nullptr) waits_->fetch_sub(1);
  }
  SpeculativeWait(const SpeculativeWait&) = delete;
  SpeculativeWait& operator=(const SpeculativeWait&) = delete;

  [[nodiscard]] bool is_granted() const { return is_granted_; }

 private:
  static constexpr unsigned kSpeculativeWaitsMax = 2;
  std::atomic<unsigned>* waits_;
  bool is_granted_ = true;
};

}  // namespace

const engine::Caller& caller_of(const http::Request& request) {
  static const engine::Caller kNobody;
  const auto* caller = request.principal<engine::Caller>();
  return caller == nullptr ? kNobody : *caller;
}

Result<log::Position> position_as_of(LedgerHost& host, std::string_view as_of) {
  const log::Log& log = host.ledger().log();
  if (const auto position = number(as_of)) {
    if (*position > log.position()) {
      return bad_query("asOf is beyond the newest position, " + std::to_string(log.position()) + ".");
    }
    return *position;
  }
  if (!as_of.empty() && as_of.find_first_not_of("0123456789") == std::string_view::npos)
    return bad_query("asOf is beyond the newest position, " + std::to_string(log.position()) + ".");
  const Result<Instant> instant = Instant::parse(as_of);
  if (!instant) return bad_query("asOf is a position, or an RFC 3339 instant with its zone.");
  if (*instant > host.ledger().now()) {
    return bad_query("asOf is after the ledger's clock, which shows " + host.ledger().now().text() + ".");
  }
  return log.position_at(instant->micros);
}

Result<Reading> reading_at(LedgerHost& host, const http::Request& request, log::Position position) {
  Reading reading;
  const engine::Caller& caller = caller_of(request);
  reading.viewer = caller.viewer;
  reading.tenant = caller.tenant;
  reading.position = position;
  reading.at_head = false;
  reading.state = host.state_at(position);
  const std::optional<Instant> asked = instant_of(request.query("asOf"));
  if (host.ledger().clock_mode() == engine::ClockMode::Manual) {
    reading.now = reading.state->clock().now;
  } else if (asked) {
    reading.now = *asked;  // the clock as it then stood, though nothing was recorded for a while
  } else if (position > 0) {
    Result<std::int64_t> recorded = host.ledger().log().recorded_at(position);
    if (!recorded) return tl::unexpected(recorded.error());
    reading.now = Instant{*recorded};
  }
  return reading;
}

Result<Estimate> estimate_at(LedgerHost& host, const Reading& reading) {
  const std::optional<Instant> until = estimates_until(*reading.state, reading.now);
  Estimate estimate{nullptr, until.value_or(reading.now)};
  if (!until) return estimate;
  const Result<log::Position> refreshed = host.ledger().log().position_at(until->micros - 1);
  if (!refreshed) return tl::unexpected(refreshed.error());
  if (*refreshed < reading.state->position())
    estimate.refreshed = std::make_unique<EstimateReader>(*reading.state, host.state_at(*refreshed));
  return estimate;
}

Result<Reading> begin_reading(LedgerHost& host, const http::Request& request) {
  const log::Position head = host.ledger().log().position();
  if (const auto least = request.query("minPosition")) {
    const auto position = number(*least);
    if (!position) return bad_query("minPosition is a position: a whole number, such as 17.");
    const SpeculativeWait wait(*position > head ? &host.speculative_waits() : nullptr);
    if (!wait.is_granted() || !host.views().wait_for(*position, kMinPositionPatience)) {
      return failed(ErrorKind::Unavailable, "NOT_YET_VISIBLE",
                    "Position " + std::string(*least) + " is not visible yet; ask again.");
    }
  }
  if (const auto as_of = request.query("asOf")) {
    if (request.query_count("asOf") > 1) return bad_query("asOf is given twice.");
    Result<log::Position> position = position_as_of(host, *as_of);
    if (!position) return tl::unexpected(position.error());
    if (!host.views().wait_for(*position, kMinPositionPatience)) {
      return failed(ErrorKind::Unavailable, "NOT_YET_VISIBLE", "The views have not come so far yet; ask again.");
    }
    return reading_at(host, request, *position);
  }
  static_cast<void>(host.views().wait_for(head, kFreshPatience));
  Result<Reading> reading = reading_at(host, request, host.views().position());
  if (!reading) return reading;
  reading->at_head = true;
  if (host.ledger().clock_mode() == engine::ClockMode::System) reading->now = host.ledger().now();
  return reading;
}

Result<std::size_t> limit_of(const http::Request& request, std::size_t otherwise, std::size_t most) {
  const auto text = request.query("limit");
  if (!text) return otherwise;
  const bool is_number = !text->empty() && text->find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number || text->find_first_not_of('0') == std::string_view::npos) {
    return bad_query("limit is a whole number from 1 to " + std::to_string(most) + "; more counts as " + std::to_string(most) + ".");
  }
  return std::min<std::size_t>(number(*text).value_or(most), most);
}

void set_position(http::Response& response, log::Position position) {
  response.set_header("Daybook-Position", std::to_string(position));
}

Error in_a_sentence(Error error) {
  std::string& detail = error.detail;
  if (detail.empty()) return error;
  for (const std::string_view verb : {"is ", "has ", "should ", "ends "}) {
    if (!detail.starts_with(verb)) continue;
    detail.insert(0, (error.pointer.empty() ? "The body" : error.pointer) + " ");
    break;
  }
  // The rules say what is wrong in half a sentence; a whole one ends with a period, and may begin with the name of a member.
  const std::size_t end = std::min(detail.find('\n'), detail.size());
  if (end == 0 || std::string_view(".!?:").find(detail[end - 1]) != std::string_view::npos) return error;
  detail.insert(end, ".");
  const std::string_view first = std::string_view(detail).substr(0, detail.find(' '));
  const bool is_word = std::all_of(first.begin(), first.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == ',' || c == ';'; });
  if (is_word) detail.front() = static_cast<char>(detail.front() - 'a' + 'A');
  return error;
}

http::Response problem_of(const Error& error, std::string_view request_id) {
  std::vector<http::ProblemMember> members;
  if (const auto reason = permission_reason(error)) members.push_back({"reason", http::json_quoted(*reason)});
  // What tells of several things has each of them on a line of its own, after the sentence.
  Error whole = in_a_sentence(error);
  std::vector<Error> errors;
  if (const std::size_t end = whole.detail.find('\n'); end != std::string::npos) {
    const std::string lines = whole.detail.substr(end + 1);
    whole.detail.resize(end);
    for (std::size_t from = 0; from < lines.size();) {
      const std::size_t to = std::min(lines.find('\n', from), lines.size());
      const std::string line = lines.substr(from, to - from);
      const std::string pointer = pointer_told(line);
      errors.push_back({error.kind, error.code, line, pointer.empty() ? error.pointer : pointer});
      from = to + 1;
    }
  }
  return http::problem(whole, request_id, errors, members);
}

http::Response refuse(const Error& error, const http::Request& request, log::Position position) {
  http::Response response = problem_of(error, request.request_id());
  set_position(response, position);
  return response;
}

}  // namespace daybook::server
