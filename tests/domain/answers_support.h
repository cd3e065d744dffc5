#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/codec/value_codec.h"
#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/runs.h"
#include "tests/support/billing_facts.h"
#include "tests/support/in_memory_ledger.h"
#include "tests/support/json_like.h"

namespace daybook::testing {

/// The answer as it goes over the wire.
template <class View>
std::string json_of(const View& view) {
  std::string out;
  codec::JsonWriter json(out);
  codec::to_json(view, json);
  return out;
}
template <class View>
std::string json_of(const Result<View>& answer) {
  if (!answer) return "refused: " + std::string(answer.error().code);
  return json_of(*answer);
}
/// Of a refusal, its code; of an answer nothing.
template <class View>
std::string code_of(const Result<View>& answer) {
  return answer ? "" : std::string(answer.error().code);
}


/// Facts as if they were recorded at `now`.
inline std::vector<Event> events_of(const std::vector<EventData>& facts, Instant now) {
  std::vector<Event> result;
  for (const EventData& fact : facts) {
    Event event;
    event.envelope.time = now;
    event.data = fact;
    result.push_back(std::move(event));
  }
  return result;
}

/// Meter vm-b1s: 100 hours included, then 0.12 EUR (SC-39).
inline PriceChanged b1s_price() {
  PriceChanged fact = price("vm-b1s", "0.12");
  fact.included_quantity = decimal("100");
  fact.unit = "1 Hour";
  return fact;
}

inline UsageRecorded b1s_usage(std::string_view quantity, std::string_view date,
                               std::string_view subscription = "sub-01") {
  UsageRecorded fact = usage(subscription, "vm-b1s", quantity, date);
  fact.meter_name = "B1s";
  fact.category = "Virtual Machines";
  fact.region = "EU West";
  fact.unit = "1 Hour";
  return fact;
}

/// The worked example of the contract: 130.5 hours in the first period of sub-01.
inline InMemoryLedger example() {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({vat(), b1s_price(), card("card-1", "acc-1", {"sub-01"})});
  ledger.at("2024-04-05")
      .given({b1s_usage("24", "2024-03-07"), b1s_usage("24", "2024-03-08"),
              b1s_usage("24", "2024-03-09"), b1s_usage("24", "2024-03-10"),
              b1s_usage("24", "2024-03-11"), b1s_usage("10.5", "2024-04-04")});
  return ledger;
}

inline InMemoryLedger& run(InMemoryLedger& ledger, std::string_view date) {
  return ledger.at(date).when(RunInvoicing{day(date)});
}

}  // namespace daybook::testing
