#include "tests/simulation/workload.h"

#include <charconv>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/runs.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/identity.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/facts/tax_rate.h"
#include "ledger/domain/facts/usage.h"

namespace daybook::simulation {
namespace {

constexpr std::uint64_t kSubscriptions = 4;
constexpr std::uint64_t kMeters = 3;
/// The first facts set the ledger up; all after them are its daily bread.
constexpr std::uint64_t kDailyFrom = 12;

const Date kFirstDay = Date::of(1970, 1, 1);

Currency euro() { return Currency::parse("EUR").value(); }

std::string numbered(const char* prefix, std::uint64_t number) { return prefix + std::to_string(number); }

EventData account(std::uint64_t number) {
  BillingAccountOpened fact;
  fact.account_id = AccountId(numbered("acc-", number));
  fact.type = AccountType::MOSP;
  fact.country = "NL";
  fact.tenant_id = TenantId("contoso");
  fact.currency = euro();
  fact.signed_up_by = IdentityId("jeroen");
  fact.created_on = kFirstDay;
  return fact;
}

EventData subscription(std::uint64_t number) {
  SubscriptionCreated fact;
  fact.subscription_id = SubscriptionId(numbered("sub-", number));
  fact.account_id = AccountId(numbered("acc-", number % 2));
  fact.offer_id = OfferId("MS-AZR-0003P");
  fact.created_on = kFirstDay;
  return fact;
}

EventData price(std::uint64_t meter, std::uint64_t cents) {
  PriceChanged fact;
  fact.meter_id = MeterId(numbered("meter-", meter));
  fact.currency = euro();
  fact.effective_on = kFirstDay;
  fact.unit_price = Decimal::from_parts(static_cast<Int128>(cents), 2).value();
  return fact;
}

EventData tax() {
  TaxRateChanged fact;
  fact.country = "NL";
  fact.name = "VAT";
  fact.rate_percent = Decimal(21);
  fact.effective_on = kFirstDay;
  return fact;
}

EventData person(std::uint64_t number) {
  IdentityLinked fact;
  fact.identity_id = IdentityId(numbered("person-", number));
  fact.issuer = "https://login.example";
  fact.subject = numbered("subject-", number);
  fact.email = Personal<std::string>(numbered("person-", number) + "@contoso.example");
  fact.tenant_id = TenantId("contoso");
  return fact;
}

EventData usage(std::uint64_t number, std::size_t padding) {
  UsageRecorded fact;
  // Now and then of a subscription that is not there.
  fact.subscription_id = SubscriptionId(numbered("sub-", number % (kSubscriptions + 1)));
  fact.meter_id = MeterId(numbered("meter-", number % kMeters));
  fact.quantity = Decimal::from_parts(static_cast<Int128>(1 + number * 37 % 1000), 1).value();
  fact.usage_date = kFirstDay.plus_days(static_cast<std::int64_t>(number % 20));
  if (number % 5 == 0) fact.usage_id = numbered("row-", number);
  if (padding > 0) fact.tags = {{"note", std::string(padding, static_cast<char>('a' + number % 26))}};
  return fact;
}

EventData data_of(std::uint64_t number, std::size_t padding) {
  if (number < 2) return account(number);
  if (number < 2 + kSubscriptions) return subscription(number - 2);
  if (number < 6 + kMeters) return price(number - 6, 10 + number);
  if (number == 9) return tax();
  if (number < kDailyFrom) return person(number);
  if (number % 11 == 0) return person(number);
  if (number % 17 == 0) return price(number % kMeters, number);
  return usage(number, padding);
}

std::string digest_of(std::uint64_t number) {
  std::string digest(32, '\0');
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<char>(number >> (i % 8 * 8));
  return digest;
}

}  // namespace

std::string fact_id(std::uint64_t number) { return numbered("f-", number); }

std::optional<std::uint64_t> fact_number(std::string_view id) {
  if (!id.starts_with("f-")) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data() + 2, id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return number;
}

bool is_always_taken(std::uint64_t number) {
  return number >= kDailyFrom && number % 11 != 0 && number % 17 != 0;
}

Event fact_of(std::uint64_t number, std::size_t padding) {
  Event event;
  event.envelope.source = std::string(kFactSource);
  event.envelope.id = fact_id(number);
  event.envelope.time = Instant::start_of(kFirstDay);
  event.data = data_of(number, padding);
  return event;
}

engine::CommandRequest command_of(std::uint64_t number) {
  CreateKey command;
  command.name = numbered("client-", number);
  command.rights = {Right::Read};
  engine::CommandRequest request;
  request.command = command;
  request.idempotency_key = numbered("command-", number);
  request.digest = digest_of(number);
  request.new_key_id = numbered("key-", number);
  request.new_secret_hash = std::vector<std::byte>(32, static_cast<std::byte>(number));
  return request;
}

engine::CommandRequest advance_to(std::uint64_t day, bool run) {
  AdvanceClock command;
  command.to = Instant::start_of(kFirstDay.plus_days(static_cast<std::int64_t>(day)));
  command.run = run;
  engine::CommandRequest request;
  request.command = command;
  request.idempotency_key = numbered("advance-", day);
  request.digest = digest_of(day);
  return request;
}

}  // namespace daybook::simulation
