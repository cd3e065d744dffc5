#include "cli/import/import_events.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "cli/import/batch_size.h"
#include "ledger/codec/json_check.h"
#include "ledger/codec/text_rules.h"
#include "ledger/domain/rules/try.h"
#include "replay/json_place.h"

namespace daybook::cli {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

/// An event of the file, or what stands in its place.
struct Piece {
  std::size_t number = 0;  ///< from 1
  std::size_t line = 0;    ///< on which it begins, from 1
  std::string_view text;
};

/// Walks through the events of a text.
class EventReader {
 public:
  explicit EventReader(std::string_view text) : text_(text) {
    pass_over(kWhiteSpace);
    is_array_ = at_ < text_.size() && text_[at_] == '[';
    if (is_array_) ++at_;
  }

  [[nodiscard]] bool is_array() const { return is_array_; }
  [[nodiscard]] std::size_t offset() const { return at_; }
  /// Why an array could not be read to its end.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

  [[nodiscard]] std::optional<Piece> next() { return is_array_ ? next_of_array() : next_line(); }

 private:
  void pass_over(std::string_view characters) {
    while (at_ < text_.size() && characters.find(text_[at_]) != std::string_view::npos) {
      if (text_[at_] == '\n') ++line_;
      ++at_;
    }
  }

  std::optional<Piece> next_line() {
    pass_over(kWhiteSpace);
    if (at_ == text_.size()) return std::nullopt;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    while (kWhiteSpace.find(line.back()) != std::string_view::npos) line.remove_suffix(1);
    at_ = end;
    return Piece{++number_, line_, line};
  }

  std::optional<Piece> next_of_array() {
    pass_over(kWhiteSpace);
    if (failure_ || ended_) return std::nullopt;
    if (number_ > 0 || (at_ < text_.size() && text_[at_] == ']')) {
      if (at_ < text_.size() && text_[at_] == ']') {
        ++at_;
        pass_over(kWhiteSpace);
        ended_ = true;
        if (at_ != text_.size()) fail("something follows the array");
        return std::nullopt;
      }
      if (at_ == text_.size() || text_[at_] != ',') return fail("there should be a comma or the end of the array");
      ++at_;
      pass_over(kWhiteSpace);
    }
    const std::string_view rest = text_.substr(at_);
    const codec::JsonCheck checked = codec::check_refused_json(rest, 2);
    if (checked.error) {
      failure_ = checked.error;
      return std::nullopt;
    }
    const Piece piece{++number_, line_, rest.substr(0, checked.end)};
    line_ += static_cast<std::size_t>(std::count(piece.text.begin(), piece.text.end(), '\n'));
    at_ += checked.end;
    return piece;
  }

  std::optional<Piece> fail(std::string what) {
    failure_ = Error{ErrorKind::Invalid, "MALFORMED_JSON", std::move(what), {}};
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t number_ = 0;
  bool is_array_ = false;
  bool ended_ = false;
  std::optional<Error> failure_;
};

/// What makes a piece no event before the ledger sees it: a batch with it would be refused as a whole.
std::optional<RowFault> fault_of(const Piece& piece) {
  RowFault fault;
  fault.row = piece.number;
  fault.line = piece.line;
  fault.value = piece.text.substr(0, RowFault::kValueShown);
  if (!piece.text.starts_with('{')) {
    fault.code = "INVALID_FIELD";
    fault.reason = "This is no object; each event is one CloudEvent as JSON.";
    return fault;
  }
  const codec::JsonCheck checked = codec::check_json(piece.text, 2);
  if (!checked.error && checked.end == piece.text.size()) return std::nullopt;
  fault.code = checked.error ? std::string(checked.error->code) : "MALFORMED_JSON";
  fault.reason = checked.error ? "The event " + checked.error->detail + "." : "Something follows the event on its line.";
  return fault;
}

class EventImport {
 public:
  EventImport(std::string_view text, const EventImportOptions& options, Target& target, Progress& progress)
      : text_(text), options_(options), target_(target), progress_(progress) {
    report_.format = "cloudevents";
  }

  Outcome<ImportReport> run() {
    if (!codec::is_utf8(text_)) return refuse("The file is not UTF-8; save it as JSON in UTF-8.");
    LEDGER_CHECK(look_through());
    if (options_.strict && !report_.rejects.empty()) {
      report_.is_refused = true;
      report_.position = position_of(target_);
      return std::move(report_);
    }
    if (options_.dry_run) {
      report_.dry_run = true;
      return std::move(report_);
    }
    LEDGER_CHECK(send_all());
    if (report_.position == 0) report_.position = position_of(target_);
    std::sort(report_.rejects.begin(), report_.rejects.end(),
              [](const RowFault& left, const RowFault& right) { return left.row < right.row; });
    return std::move(report_);
  }

 private:
  [[nodiscard]] tl::unexpected<Failure> refuse(const std::string& why) const {
    return fail(ExitCode::Conflict, options_.file + ": " + why);
  }

  Outcome<void> look_through() {
    EventReader reader(text_);
    while (const std::optional<Piece> piece = reader.next()) {
      ++report_.rows;
      if (std::optional<RowFault> fault = fault_of(*piece)) report_.rejects.push_back(std::move(*fault));
    }
    if (reader.failure()) return refuse("This is no array of CloudEvents: " + reader.failure()->detail + ".");
    if (report_.rows == 0) return refuse("There is no event in this file.");
    return {};
  }

  Outcome<void> send_all() {
    EventReader reader(text_);
    while (const std::optional<Piece> piece = reader.next()) {
      if (fault_of(*piece)) continue;
      waiting_bytes_ += piece->text.size();
      waiting_.emplace_back(piece->text);
      pieces_.push_back(*piece);
      if (waiting_.size() == kBatchEvents || waiting_bytes_ >= kBatchBytes) LEDGER_CHECK(flush());
      progress_.show(reader.offset());
    }
    return flush();
  }

  Outcome<void> flush() {
    if (waiting_.empty()) return {};
    const Outcome<Posted> posted = target_.post(waiting_);
    if (!posted) return tl::unexpected(posted.error());
    for (std::size_t i = 0; i < waiting_.size(); ++i) take_outcome(posted->facts[i], pieces_[i]);
    report_.position = std::max(report_.position, posted->position);
    waiting_.clear();
    pieces_.clear();
    waiting_bytes_ = 0;
    return {};
  }

  void take_outcome(const FactOutcome& outcome, const Piece& piece) {
    if (outcome.status == FactOutcome::Status::Rejected) {
      RowFault fault;
      fault.row = piece.number;
      fault.line = piece.line;
      fault.name = outcome.pointer;
      if (const auto place = replay::place_in_json(piece.text, fault.name); place && !fault.name.empty())
        fault.value = place->text.substr(0, RowFault::kValueShown);
      fault.code = outcome.code;
      fault.reason = outcome.detail;
      report_.rejects.push_back(std::move(fault));
      return;
    }
    ++(outcome.status == FactOutcome::Status::Accepted ? report_.accepted : report_.duplicates);
    if (!outcome.unmatched.empty()) ++report_.unmatched[outcome.unmatched];
  }

  std::string_view text_;
  const EventImportOptions& options_;
  Target& target_;
  Progress& progress_;
  ImportReport report_;
  std::vector<std::string> waiting_;
  std::vector<Piece> pieces_;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace

Outcome<ImportReport> import_events(std::string_view text, const EventImportOptions& options, Target& target,
                                    Progress& progress) {
  return EventImport(text, options, target, progress).run();
}

}  // namespace daybook::cli
