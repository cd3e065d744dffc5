#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands/asked.h"
#include "cli/commands/ledger_choice.h"
#include "cli/config/configuration.h"
#include "cli/mapped_file.h"
#include "cli/target.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/try.h"
#include "ledger/domain/time.h"

namespace daybook::cli {
namespace {

/// ` (+3.20 %)`; empty where there is nothing to compare with.
std::string percent_of(const JsonValue& view) {
  const std::string& percent = view["changePercent"].text();
  if (percent.empty()) return "";
  return " (" + std::string(percent.starts_with('-') ? "" : "+") + percent + " %)";
}

void print_charges(const char* name, const JsonValue& charges) {
  std::printf("    %s  charges %s, tax %s, total %s\n", name, amount_of(charges["charges"]).c_str(),
              amount_of(charges["tax"]).c_str(), amount_of(charges["total"]).c_str());
}

void print_what_if(const JsonValue& view) {
  std::printf("billing periods that begin from %s to before %s, by what is known at position %lld; %lld facts, %lld policies and %lld rules tried\n",
              view["from"].text().c_str(), view["to"].text().c_str(), static_cast<long long>(view["position"].integer()),
              static_cast<long long>(view["facts"].integer()), static_cast<long long>(view["policies"].integer()),
              static_cast<long long>(view["rules"].integer()));
  if (view["totals"].items().empty()) std::printf("no usage\n");
  for (const JsonValue& total : view["totals"].items()) {
    std::printf("%s: %lld accounts, %lld documents, %lld rows of usage; %lld accounts pay more, %lld less\n",
                total["currency"].text().c_str(), static_cast<long long>(total["accounts"].integer()),
                static_cast<long long>(total["documents"].integer()), static_cast<long long>(total["rows"].integer()),
                static_cast<long long>(total["increased"].integer()), static_cast<long long>(total["decreased"].integer()));
    print_charges("before", total["before"]);
    print_charges("after ", total["after"]);
    std::printf("    difference %s%s\n", amount_of(total["difference"]).c_str(), percent_of(total).c_str());
    std::string percentiles;
    for (const JsonValue& each : total["percentiles"].items())
      percentiles += "  p" + std::to_string(each["percentile"].integer()) + " " + each["difference"]["amount"].text();
    std::printf("    by account%s\n", percentiles.c_str());
    for (const JsonValue& mover : total["movers"].items()) {
      std::printf("    %s  %s -> %s, %s%s\n", mover["accountId"].text().c_str(), amount_of(mover["before"]["total"]).c_str(),
                  amount_of(mover["after"]["total"]).c_str(), amount_of(mover["difference"]).c_str(), percent_of(mover).c_str());
    }
  }
}

/// `[policies]` of a configuration file, a line each, as the body has them.
Outcome<std::string> policies_of(const std::string& file) {
  ConfigSources sources;
  sources.file = file;
  LEDGER_TRY(const Configuration configuration, Configuration::load(sources));
  LEDGER_CHECK(configuration.check());
  std::string lines;
  for (const ConfiguredPolicy& each : configuration.wish(Date{}).policies) {
    codec::JsonWriter json(lines);
    json.begin_object().key("policy").text(each.policy).key("value").raw(each.value.text).end_object();
    lines += '\n';
  }
  if (lines.empty()) return fail(ExitCode::Usage, "--policies " + file + " has no [policies].");
  return lines;
}

/// Rules that no policy is, a line each.
Outcome<std::string> rules_of(const WhatIfOptions& options) {
  std::string lines;
  if (!options.rounding.empty()) {
    if (!parse_enum<Rounding>(options.rounding))
      return fail(ExitCode::Usage, "--rounding has no \"" + options.rounding + "\"; give HalfAwayFromZero, HalfEven, Down, Up, Floor or Ceiling.");
    codec::JsonWriter(lines).begin_object().key("rule").text("rounding").key("value").text(options.rounding).end_object();
    lines += '\n';
  }
  for (const std::string& each : options.free_units) {
    const std::size_t at = each.rfind('=');
    const std::string quantity = at == std::string::npos ? each : each.substr(at + 1);
    if (!Decimal::parse(quantity) || at == 0)
      return fail(ExitCode::Usage, "--free-units " + each + " is no quantity; write METER=100, or 100 for every meter.");
    codec::JsonWriter json(lines);
    json.begin_object().key("rule").text("includedQuantity").key("value").text(quantity);
    if (at != std::string::npos) json.key("meterId").text(each.substr(0, at));
    json.end_object();
    lines += '\n';
  }
  return lines;
}

/// What is tried, a line each.
struct Tried {
  std::string text;
  std::size_t lines_of_file = 0;
  std::vector<std::string> flags;  ///< where each line behind those of the file comes from

  void add(const std::string& lines, const std::string& flag) {
    text += lines;
    flags.resize(flags.size() + static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')), flag);
  }

  /// `line 12, column 5: …` of a refusal, by the flag where no file has that line.
  [[nodiscard]] std::string named(std::string message) const {
    constexpr std::string_view kLine = "line ";
    for (std::size_t at = message.find(kLine); at != std::string::npos; at = message.find(kLine, at + 1)) {
      std::size_t number = 0;
      const char* const begin = message.data() + at + kLine.size();
      const char* const end = std::from_chars(begin, message.data() + message.size(), number).ptr;
      if (end == begin || number <= lines_of_file || number > lines_of_file + flags.size()) continue;
      const std::size_t told = message.find(": ", at);
      if (told != std::string::npos) message.replace(at, told - at, flags[number - lines_of_file - 1]);
    }
    return message;
  }
};

/// The facts of a file, so that their lines keep their numbers, the policies and the rules behind them.
Outcome<Tried> tried_by(const WhatIfOptions& options) {
  LEDGER_TRY(const std::string rules, rules_of(options));
  if (options.prices.empty() && options.policies.empty() && rules.empty())
    return fail(ExitCode::Usage, "Say what is tried: --prices FILE, --policies FILE, --rounding MODE, --free-units QUANTITY, or several.");
  Tried tried;
  if (!options.prices.empty()) {
    LEDGER_TRY(const MappedFile file, MappedFile::open(options.prices));
    tried.text = file.text();
    if (!tried.text.empty() && !tried.text.ends_with('\n')) tried.text += '\n';
    tried.lines_of_file = static_cast<std::size_t>(std::count(tried.text.begin(), tried.text.end(), '\n'));
  }
  if (!options.policies.empty()) {
    LEDGER_TRY(const std::string policies, policies_of(options.policies));
    tried.add(policies, "--policies " + options.policies);
  }
  tried.add(rules, "--rounding or --free-units");
  return tried;
}

}  // namespace

Outcome<void> replay_what_if(const WhatIfOptions& options) {
  const bool is_csv = options.format == "csv";
  if (!is_csv && options.format != "json" && options.format != "text")
    return fail(ExitCode::Usage, "--format has no \"" + options.format + "\"; give text, csv or json.");
  for (const auto& [flag, date] : {std::pair("--from", &options.from), std::pair("--to", &options.to)}) {
    if (!Date::parse(*date)) return fail(ExitCode::Usage, std::string(flag) + " " + *date + " is no date; write it as 2024-01-01.");
  }
  if (options.movers.find_first_not_of("0123456789") != std::string::npos)
    return fail(ExitCode::Usage, "--movers " + options.movers + " is no number.");
  if (Outcome<void> checked = check_as_of(options.as_of); !checked) return checked;
  const Outcome<Tried> tried = tried_by(options);
  if (!tried) return tl::unexpected(tried.error());
  const Outcome<ChosenLedger> ledger = choose_ledger(options.ledger, false);
  if (!ledger) return tl::unexpected(ledger.error());
  const std::pair<std::string_view, std::string> query[] = {
      {"from", options.from}, {"to", options.to}, {"asOf", options.as_of}, {"movers", options.movers}, {"format", is_csv ? "csv" : ""}};
  const Outcome<std::string> answer =
      is_csv ? ledger->target->question_with(with_query("/what-if", query), "application/x-ndjson", tried->text)
             : ledger->target->long_question_with(with_query("/what-if", query), "application/x-ndjson", tried->text);
  if (!answer) {
    Failure failure = answer.error();
    failure.message = tried->named(std::move(failure.message));
    return tl::unexpected(std::move(failure));
  }
  if (is_csv) {
    std::fwrite(answer->data(), 1, answer->size(), stdout);
    return {};
  }
  return show(*answer, options.format == "json", print_what_if);
}

}  // namespace daybook::cli
