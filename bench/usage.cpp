#include "bench/usage.h"

#include <iterator>

#include <fmt/compile.h>
#include <fmt/format.h>

#include "ledger/domain/facts/usage.h"

namespace daybook::bench {

Event usage(std::uint64_t number) {
  UsageRecorded row;
  row.subscription_id = SubscriptionId("sub-" + std::to_string(number % kSubscriptions));
  row.meter_id = MeterId("vm-b" + std::to_string(number % kMeters) + "s");
  row.quantity = Decimal(static_cast<std::int64_t>(1 + number % 24));
  row.usage_date = Date{19'783 + static_cast<std::int32_t>(number / 100'000 % 28)};
  row.unit = "1 Hour";
  row.category = "Virtual Machines";
  row.region = "EU West";
  row.resource_id = "/subscriptions/sub-01/vm/web-" + std::to_string(number % 50);
  Event event;
  event.envelope.source = "//meter/eu-1";
  fmt::format_to(std::back_inserter(event.envelope.id), FMT_COMPILE("u-{:012}"), number);
  event.envelope.time = Instant{1'709'802'000'000'000};
  event.data = std::move(row);
  return event;
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
