#include "cli/import/import_job.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cli/import/batch_size.h"
#include "cli/import/csv_reader.h"
#include "cli/import/export_columns.h"
#include "cli/import/import_plan.h"
#include "cli/import/month_replacement.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/rules/try.h"
#include "replay/json_place.h"

namespace daybook::cli {
namespace {

/// Fields that a refusal of the ledger can name.
constexpr std::array kNamed = {ExportField::Subscription, ExportField::Meter,      ExportField::Quantity,
                               ExportField::ChargeStart,  ExportField::ChargeKind, ExportField::Cost,
                               ExportField::Currency,     ExportField::Tags};

/// A row on its way: what its outcome is counted by, and of its cells those that a refusal would name.
struct SentRow {
  RowFault place;  ///< row and line
  std::string currency;
  Decimal cost;
  std::array<CsvCell, kNamed.size()> cells;
};

class ImportJob {
 public:
  ImportJob(std::string_view text, const ImportOptions& options, Target& target, Progress& progress)
      : text_(text), options_(options), target_(target), progress_(progress) {
    if (options.replace) replacement_.emplace(*options.replace);
  }

  Outcome<ImportReport> run() {
    report_.format = std::string(name(options_.format));
    if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF")) {
      return refuse("The file is UTF-16; save it as CSV in UTF-8.");
    }
    CsvReader reader(text_);
    CsvRecord header;
    if (!reader.next(header)) return refuse("The file is empty; the first line of an export names its columns.");
    Result<ExportColumns> columns = ExportColumns::of(options_.format, header);
    if (!columns) return refuse(columns.error().detail);
    columns_ = std::move(*columns);

    look_through();
    if (!of_other_type_.empty()) {
      return refuse("The account " + of_other_type_ + " is none of --account-type " + options_.account_type +
                    ": an enrollment has one id for account and profile.");
    }
    if (options_.strict && !report_.rejects.empty()) {
      report_.is_refused = true;
      report_.position = position_of(target_);
      return std::move(report_);
    }
    if (replacement_) LEDGER_CHECK(compare_month());
    if (options_.dry_run) {
      if (overflowed_) return refuse("The costs of this file leave the range of exact sums.");
      report_.dry_run = true;
      return std::move(report_);
    }
    LEDGER_CHECK(make_what_is_missing());
    LEDGER_CHECK(send_rows());
    if (replacement_ && report_.rejects.empty()) LEDGER_CHECK(void_what_is_gone());
    if (report_.position == 0) report_.position = position_of(target_);
    std::sort(report_.rejects.begin(), report_.rejects.end(),
              [](const RowFault& left, const RowFault& right) { return left.row < right.row; });
    return std::move(report_);
  }

 private:
  [[nodiscard]] tl::unexpected<Failure> refuse(const std::string& why) const {
    return fail(ExitCode::Conflict, options_.file + ": " + why);
  }

  /// What the month's rows come to beside those that the ledger has.
  Outcome<void> compare_month() {
    const std::string month = options_.replace->start.text().substr(0, 7);
    if (!report_.rejects.empty()) {
      return fail(ExitCode::Conflict, describe(report_.rejects.front(), options_.file) +
                                          "\nNothing went in: a broken row would count as gone from " + month +
                                          ". Mend the file, or leave out --replace.");
    }
    if (replacement_->is_empty()) {
      return refuse("It has no row of " + month + ", so --replace " + month + " would take all of that month back.");
    }
    LEDGER_CHECK(replacement_->compare(target_));
    report_.replaced = {month, replacement_->kept(), replacement_->added(), replacement_->gone().size()};
    return {};
  }

  /// Says of each row that the file no longer has that it does not count.
  Outcome<void> void_what_is_gone() {
    for (const MonthReplacement::Gone& row : replacement_->gone()) {
      std::string data;
      codec::JsonWriter json(data);
      json.begin_object().key("subscriptionId").text(row.subscription_id).key("usageId").text(row.usage_id);
      json.key("reason").text("restated: no longer in the export of " + report_.replaced->month).end_object();
      LEDGER_CHECK(send(event("daybook.UsageVoided", row.source, row.usage_id + "-void", std::nullopt, data),
                        [this](const FactOutcome& outcome) {
                          if (outcome.status == FactOutcome::Status::Rejected) refusal_ = outcome;
                        }));
    }
    LEDGER_CHECK(flush());
    if (refusal_) return fail(ExitCode::Conflict, refusal_->code + ": " + refusal_->detail);
    return {};
  }

  /// Calls `each(row number, record, bytes read)` for what stands below the header, until it says false.
  template <class Each>
  void each_record(Each&& each) const {
    CsvReader reader(text_);
    CsvRecord record;
    std::size_t row = 0;
    if (!reader.next(record)) return;
    while (reader.next(record)) {
      if (!each(++row, record, reader.offset())) return;
    }
  }

  void look_through() {
    each_record([&](std::size_t number, const CsvRecord& record, std::size_t) {
      ++report_.rows;
      tl::expected<ExportRow, RowFault> row = read_export_row(columns_, record);
      if (row) {
        plan_.take(*row);
        const bool is_expected = options_.account_type.empty() || row->of_enrollment == (options_.account_type == "EA");
        if (!is_expected && of_other_type_.empty()) of_other_type_ = row->account_id;
        if (options_.dry_run) add_cost(row->currency.text(), row->cost);
        if (replacement_ && replacement_->concerns(row->time.date())) {
          replacement_->expect(source_of(row->account_id), row->digest);
        }
      } else {
        row.error().row = number;
        report_.rejects.push_back(std::move(row.error()));
      }
      return true;
    });
  }

  [[nodiscard]] std::string source_of(const std::string& account) const {
    return "import/" + (options_.dataset.empty() ? account : options_.dataset);
  }

  /// A structured CloudEvent; `data` is JSON, without a time the ledger's clock counts.
  [[nodiscard]] static std::string event(std::string_view type, const std::string& source, const std::string& id,
                                         std::optional<Instant> time, std::string_view data) {
    std::string text;
    codec::JsonWriter json(text);
    json.begin_object().key("specversion").text("1.0").key("type").text(type).key("source").text(source);
    json.key("id").text(id);
    if (time) json.key("time").instant(*time);
    json.key("data").raw(data).end_object();
    return text;
  }

  Outcome<void> make_what_is_missing() {
    for (const PlannedFact& fact : plan_.facts(options_.country, options_.tenant)) {
      const std::string key =
          fact.subscription_id.empty() ? fact.account_id : fact.account_id + "/" + fact.subscription_id;
      Outcome<void> sent = send(event(fact.type, source_of(fact.account_id), fact.id, Instant::start_of(fact.day), fact.data),
                                made(fact.what, key, fact.day, count_of(fact.makes)));
      if (!sent) return sent;
    }
    return flush();
  }

  [[nodiscard]] std::uint64_t& count_of(PlannedFact::Makes makes) {
    switch (makes) {
      case PlannedFact::Makes::Account:
        return report_.created.accounts;
      case PlannedFact::Makes::Profile:
        return report_.created.profiles;
      case PlannedFact::Makes::Section:
        return report_.created.sections;
      case PlannedFact::Makes::Enrollment:
        return report_.created.enrollments;
      case PlannedFact::Makes::EnrollmentAccount:
        return report_.created.enrollment_accounts;
      case PlannedFact::Makes::Subscription:
        break;
    }
    return report_.created.subscriptions;
  }

  /// Counts what was made. What is there already (also with other particulars) is used as it is; what the ledger
  /// refuses takes its rows with it.
  [[nodiscard]] std::function<void(const FactOutcome&)> made(std::string what, std::string key, Date day, std::uint64_t& count) {
    return [this, what = std::move(what), key = std::move(key), day, &count](const FactOutcome& outcome) {
      if (outcome.status == FactOutcome::Status::Accepted) ++count;
      if (outcome.status != FactOutcome::Status::Rejected || outcome.code == "ALREADY_EXISTS" ||
          outcome.code == "EVENT_ID_REUSED") {
        return;
      }
      unmade_.try_emplace(key, RowFault{0, 0, 0, {}, {}, outcome.code,
                                        "The " + what + " could not be made: " + reason_of(outcome, day)});
    };
  }

  /// Why the ledger refuses what would be made on `day`, as a sentence with its subject.
  [[nodiscard]] static std::string reason_of(const FactOutcome& outcome, Date day) {
    if (outcome.code == "INVALID_TIME" && outcome.pointer == "/time")
      return "its first day, " + day.text() + ", " + outcome.detail + "; advance the clock first, or import into a ledger whose clock is that far.";
    const bool has_subject = outcome.pointer.empty() || !replay::lacks_a_subject(outcome.detail);
    return (has_subject ? "" : outcome.pointer + " ") + outcome.detail;
  }

  [[nodiscard]] const RowFault* unmade(const ExportRow& row) const {
    if (unmade_.empty()) return nullptr;
    auto found = unmade_.find(row.account_id);
    if (found == unmade_.end()) found = unmade_.find(row.account_id + "/" + row.subscription_id);
    return found == unmade_.end() ? nullptr : &found->second;
  }

  Outcome<void> send_rows() {
    Outcome<void> sent;
    each_record([&](std::size_t number, const CsvRecord& record, std::size_t offset) {
      const tl::expected<ExportRow, RowFault> row = read_export_row(columns_, record);
      if (row) sent = send_row(number, record, *row);
      progress_.show(offset);
      return sent.has_value();
    });
    return sent ? flush() : sent;
  }

  Outcome<void> send_row(std::size_t number, const CsvRecord& record, const ExportRow& row) {
    if (const RowFault* why = unmade(row)) {
      RowFault fault = *why;
      fault.row = number;
      fault.line = record.line;
      report_.rejects.push_back(std::move(fault));
      return {};
    }
    const bool is_replaced = replacement_ && replacement_->concerns(row.time.date());
    const std::string id = is_replaced ? replacement_->next_id(source_of(row.account_id), row.digest)
                                       : row.digest + "-" + std::to_string(++times_seen_[row.digest]);
    SentRow sent;
    sent.place.row = number;
    sent.place.line = record.line;
    sent.currency = std::string(row.currency.text());
    sent.cost = row.cost;
    for (std::size_t i = 0; i < kNamed.size(); ++i) {
      if (const auto column = columns_.column(kNamed[i])) sent.cells[i] = record.cells[*column];
    }
    return send(event("daybook.UsageRecorded", source_of(row.account_id), id, row.time, row.data),
                [this, sent = std::move(sent)](const FactOutcome& outcome) { take_outcome(outcome, sent); });
  }

  void take_refusal(const FactOutcome& outcome, const SentRow& row) {
    RowFault fault = row.place;
    fault.code = outcome.code;
    fault.reason = outcome.detail;
    const auto column = column_of_pointer(columns_, outcome.pointer);
    for (std::size_t i = 0; i < kNamed.size(); ++i) {
      if (!column || columns_.column(kNamed[i]) != column) continue;
      fault.name = columns_.name(*column);
      fault.value = row.cells[i].text;
      fault.line = row.cells[i].line;
      fault.column = row.cells[i].column;
    }
    report_.rejects.push_back(std::move(fault));
  }

  void take_outcome(const FactOutcome& outcome, const SentRow& row) {
    if (outcome.status == FactOutcome::Status::Rejected) {
      take_refusal(outcome, row);
      return;
    }
    ++(outcome.status == FactOutcome::Status::Accepted ? report_.accepted : report_.duplicates);
    if (!outcome.unmatched.empty()) ++report_.unmatched[outcome.unmatched];
    add_cost(row.currency, row.cost);
  }

  void add_cost(std::string_view currency, const Decimal& cost) {
    ImportReport::Total& total = report_.totals[std::string(currency)];
    ++total.rows;
    const Result<Exact> exact = Exact::from(cost);
    const Result<Exact> sum = exact ? add(total.cost, *exact) : exact;
    if (sum) total.cost = *sum;
    overflowed_ = overflowed_ || !sum;
  }

  Outcome<void> send(std::string text, std::function<void(const FactOutcome&)> done) {
    waiting_bytes_ += text.size();
    waiting_.push_back(std::move(text));
    done_.push_back(std::move(done));
    if (waiting_.size() < kBatchEvents && waiting_bytes_ < kBatchBytes) return {};
    return flush();
  }

  Outcome<void> flush() {
    if (waiting_.empty()) return {};
    const Outcome<Posted> posted = target_.post(waiting_);
    if (!posted) return tl::unexpected(posted.error());
    for (std::size_t i = 0; i < waiting_.size(); ++i) done_[i](posted->facts[i]);
    report_.position = std::max(report_.position, posted->position);
    waiting_.clear();
    done_.clear();
    waiting_bytes_ = 0;
    if (overflowed_) return refuse("The costs of this file leave the range of exact sums.");
    return {};
  }

  std::string_view text_;
  const ImportOptions& options_;
  Target& target_;
  Progress& progress_;
  ExportColumns columns_;
  ImportReport report_;
  ImportPlan plan_;
  std::optional<MonthReplacement> replacement_;
  std::optional<FactOutcome> refusal_;  ///< of a row that should be void
  std::string of_other_type_;  ///< an account of another type than was asked for
  std::map<std::string, RowFault> unmade_;  ///< by account, or account/subscription
  std::unordered_map<std::string, std::uint64_t> times_seen_;
  std::vector<std::string> waiting_;
  std::vector<std::function<void(const FactOutcome&)>> done_;
  std::size_t waiting_bytes_ = 0;
  bool overflowed_ = false;
};

}  // namespace

Outcome<ImportReport> import_export(std::string_view text, const ImportOptions& options, Target& target, Progress& progress) {
  return ImportJob(text, options, target, progress).run();
}

}  // namespace daybook::cli
