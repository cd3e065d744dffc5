#include "bench/usage.h"

#include <iterator>

#include <fmt/compile.h>
#include <fmt/format.h>

#include "ledger/domain/facts/usage.h"

namespace daybook::bench {

Event usage(std::uint64_t number) {
  Event event;
  usage(number, event);
  return event;
}

void usage(std::uint64_t number, Event& event) {
  if (event.data.get_if<UsageRecorded>() == nullptr) {
    UsageRecorded row;
    row.unit = "1 Hour";
    row.category = "Virtual Machines";
    row.region = "EU West";
    row.resource_id.emplace();
    event.data = std::move(row);
    event.envelope.source = "//meter/eu-1";
    event.envelope.time = Instant{1'709'802'000'000'000};
  }
  UsageRecorded& row = *event.data.get_if<UsageRecorded>();
  row.subscription_id = SubscriptionId(fmt::format(FMT_COMPILE("sub-{}"), number % kSubscriptions));
  row.meter_id = MeterId(fmt::format(FMT_COMPILE("vm-b{}s"), number % kMeters));
  row.quantity = Decimal(static_cast<std::int64_t>(1 + number % 24));
  row.usage_date = Date{19'783 + static_cast<std::int32_t>(number / 100'000 % 28)};
  // What preparing it filled in.
  row.usage_id.reset();
  row.received_on.reset();
  row.is_credit_eligible.reset();
  row.charge_type.reset();
  row.resource_id->clear();
  fmt::format_to(std::back_inserter(*row.resource_id), FMT_COMPILE("/subscriptions/sub-01/vm/web-{}"), number % 50);
  event.envelope.id.clear();
  fmt::format_to(std::back_inserter(event.envelope.id), FMT_COMPILE("u-{:012}"), number);
}

void usage_json(std::uint64_t number, const std::string& time, std::string& out) {
  fmt::format_to(std::back_inserter(out),
                 R"({{"specversion":"1.0","type":"daybook.UsageRecorded","source":"//meter/eu-1","id":"u-{:012}",)"
                 R"("time":"{}","data":{{"subscriptionId":"sub-{}","meterId":"vm-b{}s","quantity":"{}",)"
                 R"("unit":"1 Hour","resourceId":"/subscriptions/sub-01/vm/web-{}","category":"Virtual Machines",)"
                 R"("region":"EU West"}}}})",
                 number, time, number % kSubscriptions, number % kMeters, 1 + number % 24, number % 50);
}

std::string catalogue_json(const std::string& date, const std::string& time) {
  std::string out = "[";
  const auto add = [&](const std::string& type, const std::string& id, const std::string& data) {
    if (out.size() > 1) out += ',';
    out += fmt::format(
        R"({{"specversion":"1.0","type":"daybook.{}","source":"//catalogue","id":"{}","time":"{}","data":{{{}}}}})", type,
        id, time, data);
  };
  add("BillingAccountOpened", "account",
      fmt::format(R"("accountId":"acc-1","type":"MOSP","country":"NL","tenantId":"contoso","currency":"EUR",)"
                  R"("signedUpBy":"jeroen","createdOn":"{}")",
                  date));
  for (std::uint64_t i = 0; i < kSubscriptions; ++i) {
    add("SubscriptionCreated", fmt::format("subscription-{}", i),
        fmt::format(R"("subscriptionId":"sub-{}","accountId":"acc-1","offerId":"MS-AZR-0003P","createdOn":"{}")", i,
                    date));
  }
  for (std::uint64_t i = 0; i < kMeters; ++i) {
    add("PriceChanged", fmt::format("price-{}", i),
        fmt::format(R"("meterId":"vm-b{}s","currency":"EUR","effectiveOn":"{}","unitPrice":"0.012")", i, date));
  }
  return out + "]";
}

}  // namespace daybook::bench
