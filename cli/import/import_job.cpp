#include "cli/import/import_job.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cli/import/csv_reader.h"
#include "cli/import/export_columns.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/rules/try.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kBatchEvents = 2'000;
constexpr std::size_t kBatchBytes = 4u << 20;
constexpr std::string_view kOffer = "MS-AZR-0017G";  ///< the plan that customer agreements are on
constexpr std::string_view kSignedUpBy = "import";   ///< the identity that opened what an import made

/// What the file says of an account.
struct AccountPlan {
  std::string name;
  Currency currency;
  Date first_day;
  std::map<std::string, std::string> subscriptions;  ///< id and name
};

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
      : text_(text), options_(options), target_(target), progress_(progress) {}

  Outcome<ImportReport> run() {
    report_.format = "focus";
    if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF")) {
      return refuse("The file is UTF-16; save it as CSV in UTF-8.");
    }
    CsvReader reader(text_);
    CsvRecord header;
    if (!reader.next(header)) return refuse("The file is empty; the first line of an export names its columns.");
    Result<ExportColumns> columns = ExportColumns::of_focus(header);
    if (!columns) return refuse(columns.error().detail);
    columns_ = std::move(*columns);

    look_through();
    if (options_.strict && !report_.rejects.empty()) {
      const std::size_t more = report_.rejects.size() - 1;
      return fail(ExitCode::Conflict, describe(report_.rejects.front(), options_.file) +
                                          (more == 0 ? "" : "\nand " + std::to_string(more) + " more broken rows") +
                                          "\nNothing went in, because of --strict.");
    }
    LEDGER_CHECK(make_what_is_missing());
    LEDGER_CHECK(send_rows());
    std::sort(report_.rejects.begin(), report_.rejects.end(),
              [](const RowFault& left, const RowFault& right) { return left.row < right.row; });
    return std::move(report_);
  }

 private:
  [[nodiscard]] tl::unexpected<Failure> refuse(const std::string& why) const {
    return fail(ExitCode::Conflict, options_.file + ": " + why);
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
      tl::expected<FocusRow, RowFault> row = read_focus_row(columns_, record);
      if (!row) {
        row.error().row = number;
        report_.rejects.push_back(std::move(row.error()));
        return true;
      }
      const auto [at, is_new] = accounts_.try_emplace(row->account_id);
      AccountPlan& plan = at->second;
      if (is_new) {
        plan.currency = row->currency;
        plan.first_day = row->first_day;
      }
      if (plan.name.empty()) plan.name = row->account_name;
      plan.first_day = std::min(plan.first_day, row->first_day);
      std::string& name = plan.subscriptions[row->subscription_id];
      if (name.empty()) name = row->subscription_name;
      return true;
    });
  }

  [[nodiscard]] std::string source_of(const std::string& account) const {
    return "import/" + (options_.dataset.empty() ? account : options_.dataset);
  }

  /// A structured CloudEvent; `data` is JSON.
  [[nodiscard]] static std::string event(std::string_view type, const std::string& source, const std::string& id,
                                         Instant time, std::string_view data) {
    std::string text;
    codec::JsonWriter json(text);
    json.begin_object().key("specversion").text("1.0").key("type").text(type).key("source").text(source);
    json.key("id").text(id).key("time").instant(time).key("data").raw(data).end_object();
    return text;
  }

  Outcome<void> make_what_is_missing() {
    for (const auto& [account, plan] : accounts_) {
      LEDGER_CHECK(make_account(account, plan));
      for (const auto& [subscription, name] : plan.subscriptions) {
        LEDGER_CHECK(make_subscription(account, plan, subscription, name));
      }
    }
    return flush();
  }

  Outcome<void> make_account(const std::string& account, const AccountPlan& plan) {
    const std::string source = source_of(account);
    const Instant time = Instant::start_of(plan.first_day);
    std::string data;
    codec::JsonWriter opened(data);
    opened.begin_object().key("accountId").text(account).key("type").text("MCA").key("country").text(options_.country);
    opened.key("tenantId").text(options_.tenant.empty() ? account : options_.tenant);
    opened.key("currency").text(plan.currency.text()).key("signedUpBy").text(kSignedUpBy);
    opened.key("createdOn").date(plan.first_day).end_object();
    Outcome<void> sent = send(event("daybook.BillingAccountOpened", source, "account:" + account, time, data),
                              made("account " + account, account, report_.created.accounts));
    if (!sent) return sent;
    data.clear();
    codec::JsonWriter profile(data);
    profile.begin_object().key("profileId").text(account).key("accountId").text(account);
    profile.key("currency").text(plan.currency.text());
    if (!plan.name.empty()) profile.key("displayName").text(plan.name);
    profile.end_object();
    return send(event("daybook.BillingProfileCreated", source, "profile:" + account, time, data),
                made("billing profile " + account, account, report_.created.profiles));
  }

  Outcome<void> make_subscription(const std::string& account, const AccountPlan& plan, const std::string& subscription,
                                  const std::string& name) {
    std::string data;
    codec::JsonWriter json(data);
    json.begin_object().key("subscriptionId").text(subscription).key("accountId").text(account);
    json.key("offerId").text(kOffer).key("createdOn").date(plan.first_day);
    if (!name.empty()) json.key("name").text(name);
    json.key("invoiceSectionId").text(account).end_object();
    return send(event("daybook.SubscriptionCreated", source_of(account), "subscription:" + subscription,
                      Instant::start_of(plan.first_day), data),
                made("subscription " + subscription, account + "/" + subscription, report_.created.subscriptions));
  }

  /// Counts what was made. What is there already (also with other particulars) is used as it is; what the ledger
  /// refuses takes its rows with it.
  [[nodiscard]] std::function<void(const FactOutcome&)> made(std::string what, std::string key, std::uint64_t& count) {
    return [this, what = std::move(what), key = std::move(key), &count](const FactOutcome& outcome) {
      if (outcome.status == FactOutcome::Status::Accepted) ++count;
      if (outcome.status != FactOutcome::Status::Rejected || outcome.code == "ALREADY_EXISTS" ||
          outcome.code == "EVENT_ID_REUSED") {
        return;
      }
      unmade_.try_emplace(key, RowFault{0, 0, 0, {}, {}, outcome.code,
                                        "The " + what + " could not be made: " + outcome.detail});
    };
  }

  [[nodiscard]] const RowFault* unmade(const FocusRow& row) const {
    if (unmade_.empty()) return nullptr;
    auto found = unmade_.find(row.account_id);
    if (found == unmade_.end()) found = unmade_.find(row.account_id + "/" + row.subscription_id);
    return found == unmade_.end() ? nullptr : &found->second;
  }

  Outcome<void> send_rows() {
    Outcome<void> sent;
    each_record([&](std::size_t number, const CsvRecord& record, std::size_t offset) {
      const tl::expected<FocusRow, RowFault> row = read_focus_row(columns_, record);
      if (row) sent = send_row(number, record, *row);
      progress_.show(offset);
      return sent.has_value();
    });
    return sent ? flush() : sent;
  }

  Outcome<void> send_row(std::size_t number, const CsvRecord& record, const FocusRow& row) {
    if (const RowFault* why = unmade(row)) {
      RowFault fault = *why;
      fault.row = number;
      fault.line = record.line;
      report_.rejects.push_back(std::move(fault));
      return {};
    }
    const std::string id = row.digest + "-" + std::to_string(++times_seen_[row.digest]);
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
    ImportReport::Total& total = report_.totals[row.currency];
    ++total.rows;
    const Result<Exact> exact = Exact::from(row.cost);
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
  std::map<std::string, AccountPlan> accounts_;
  std::map<std::string, RowFault> unmade_;  ///< by account, or account/subscription
  std::unordered_map<std::string, std::uint64_t> times_seen_;
  std::vector<std::string> waiting_;
  std::vector<std::function<void(const FactOutcome&)>> done_;
  std::size_t waiting_bytes_ = 0;
  bool overflowed_ = false;
};

}  // namespace

Outcome<ImportReport> import_focus(std::string_view text, const ImportOptions& options, Target& target, Progress& progress) {
  return ImportJob(text, options, target, progress).run();
}

}  // namespace daybook::cli
