#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "bench/billed_past.h"
#include "ledger/codec/event.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/facts/usage.h"

namespace daybook::bench {
namespace {

constexpr std::size_t kGroup = 8'000;
constexpr std::size_t kGroupBytes = 8u << 20;

class NoSealer final : public codec::Sealer {
 public:
  Result<std::string> seal(std::string_view, codec::Binding, std::string_view plain) override { return std::string(plain); }
  Result<std::optional<std::string>> open(std::string_view sealed) const override { return std::string(sealed); }
};

Money eur(std::int64_t minor) { return Money{minor, kEur}; }

/// Event bytes, gathered and appended in groups. Streams are numbered as they begin.
class EventWriter final : public BilledPast::Listener {
 public:
  EventWriter(log::Log& log, const BilledPast& past)
      : log_(log),
        past_(past),
        usage_streams_(past.subscriptions()),
        usage_versions_(past.subscriptions()) {}

  void opened(const std::string& id, std::uint64_t) override {
    BillingAccountOpened account;
    account.account_id = AccountId(id);
    account.type = AccountType::MOSP;
    account.country = "NL";
    account.tenant_id = TenantId("contoso");
    account.currency = kEur;
    account.signed_up_by = IdentityId("jeroen");
    account.created_on = BilledPast::month(0);
    add(account, BilledPast::month(0), ++streams_, 1);
  }

  void created(std::uint64_t number, std::uint64_t) override {
    SubscriptionCreated subscription;
    subscription.subscription_id = SubscriptionId(BilledPast::subscription(number));
    subscription.account_id = AccountId(past_.account(number));
    subscription.offer_id = OfferId("MS-AZR-0003P");
    subscription.created_on = BilledPast::month(0);
    add(subscription, BilledPast::month(0), ++streams_, 1);
    first_invoice_ = streams_ + 1;
  }

  void issued(std::uint64_t month, std::uint64_t number, std::uint64_t position) override {
    const Date day = BilledPast::month(month + 1);
    InvoiceIssued issued;
    issued.invoice_id = InvoiceId(past_.invoice(month, number));
    issued.type = InvoiceType::AzureServices;
    issued.account_id = AccountId(past_.account(number));
    issued.account_type = AccountType::MOSP;
    issued.scope_type = ScopeType::Subscription;
    issued.scope_id = ScopeId(BilledPast::subscription(number));
    issued.subscription_id = SubscriptionId(BilledPast::subscription(number));
    issued.run_date = issued.issue_date = issued.due_date = day;
    issued.period = Period{BilledPast::month(month), day};
    issued.is_monthly = true;
    issued.currency = kEur;
    InvoiceLinesAdded lines;
    lines.invoice_id = issued.invoice_id;
    std::int64_t sum = 0;
    for (std::uint64_t i = 0; i < BilledPast::kLines; ++i) {
      const std::int64_t amount = BilledPast::amount(month, number, i);
      lines.lines.push_back(line(number, i, amount, issued.period));
      sum += amount;
    }
    issued.totals.billed = issued.totals.sub_total = eur(sum);
    issued.totals.credits = issued.totals.credit_applied = eur(0);
    issued.totals.azure_prepayment_applied = issued.totals.free_azure_credit_applied = eur(0);
    issued.totals.tax = eur(sum * 21 / 100);
    issued.totals.total = eur(sum + sum * 21 / 100);
    issued.line_count = static_cast<std::int32_t>(BilledPast::kLines);
    issued.manifest.position = position;
    BilledThrough mark;
    mark.scope_type = issued.scope_type;
    mark.scope_id = issued.scope_id;
    mark.invoice_type = issued.type;
    mark.through = issued.period.last_day();
    mark.position = position;
    issued.manifest.marks.push_back(mark);
    const std::uint32_t stream = stream_of_invoice(month, number);
    add(issued, day, stream, 1);
    add(lines, day, stream, 2);
  }

  void settled(std::uint64_t month, std::uint64_t number, InvoiceStatus now, std::uint64_t) override {
    const Date day = BilledPast::month(month + 3);
    const std::uint32_t stream = stream_of_invoice(month, number);
    const InvoiceId id(past_.invoice(month, number));
    if (now == InvoiceStatus::Paid) {
      add(InvoicePaid{id, day}, day, stream, 3);
    } else {
      add(InvoiceBecamePastDue{id, day, PastDueReason{}}, day, stream, 3);
    }
  }

  void used(std::uint64_t number, Date day, std::uint64_t meter, std::uint64_t milli_quantity, std::uint64_t) override {
    if (usage_streams_[number] == 0) {
      usage_streams_[number] = stream_of_invoice(BilledPast::kMonths, 0) + next_usage_stream_++;
    }
    UsageRecorded usage;
    usage.subscription_id = SubscriptionId(BilledPast::subscription(number));
    usage.meter_id = MeterId(BilledPast::meter(meter));
    usage.quantity = Decimal::from_parts(static_cast<Int128>(milli_quantity), 3).value();
    usage.usage_date = day;
    usage.unit = "1 Hour";
    usage.category = "Virtual Machines";
    usage.region = "EU West";
    usage.resource_id = fmt::format("/subscriptions/{}/vm/web-{}", number, meter);
    add(usage, day, usage_streams_[number], ++usage_versions_[number]);
  }

  void end() override { flush(); }

 private:
  struct Mark {
    std::uint32_t stream;
    std::uint32_t version;
    std::uint16_t type;
    std::size_t begin;
  };

  static InvoiceLine line(std::uint64_t number, std::uint64_t place, std::int64_t amount, const Period& period) {
    InvoiceLine line;
    line.line_id = std::to_string(place + 1);
    line.charge_type = ChargeType::Usage;
    line.subscription_id = SubscriptionId(BilledPast::subscription(number));
    line.meter_id = MeterId(BilledPast::meter(place));
    line.description = "Virtual Machines";
    line.category = "Virtual Machines";
    line.region = "EU West";
    line.unit = "1 Hour";
    line.consumed = line.billable = Decimal(amount);
    line.included = Decimal(0);
    line.rate = Decimal::from_parts(1, 2).value();
    line.value = Decimal::from_parts(static_cast<Int128>(amount), 2).value();
    line.amount = eur(amount);
    line.credit = eur(0);
    line.period = period;
    line.row_count = 744;
    return line;
  }

  [[nodiscard]] std::uint32_t stream_of_invoice(std::uint64_t month, std::uint64_t number) const {
    return first_invoice_ + static_cast<std::uint32_t>(month * past_.subscriptions() + number);
  }

  void add(EventData data, Date day, std::uint32_t stream, std::uint32_t version) {
    event_.envelope.source = "//past";
    event_.envelope.id = fmt::format("e-{:012}", ++made_);
    event_.envelope.time = Instant::start_of(day);
    event_.data = std::move(data);
    while (buffer_.size() % 8 != 0) *buffer_.extend(1) = std::byte{0};
    const std::size_t begin = buffer_.size();
    if (auto encoded = codec::encode_event(static_cast<const Event&>(event_), sealer_, buffer_); !encoded) {
      throw std::runtime_error(encoded.error().detail);
    }
    marks_.push_back({stream, version, static_cast<std::uint16_t>(event_.data.type()), begin});
    if (marks_.size() == kGroup || buffer_.size() > kGroupBytes) flush();
  }

  void flush() {
    std::vector<log::NewRecord> records;
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      const std::size_t end = i + 1 < marks_.size() ? marks_[i + 1].begin : buffer_.size();
      const auto bytes = buffer_.bytes().subspan(marks_[i].begin, end - marks_[i].begin);
      records.push_back({marks_[i].stream, marks_[i].version, marks_[i].type, 0, bytes, log::leaf_hash(bytes)});
    }
    if (!records.empty()) log_.append(records, 1'700'000'000'000'000);
    marks_.clear();
    buffer_.clear();
  }

  log::Log& log_;
  const BilledPast& past_;
  NoSealer sealer_;
  codec::Buffer buffer_;
  Event event_;
  std::vector<Mark> marks_;
  std::uint64_t made_ = 0;
  std::uint32_t streams_ = 0;
  std::uint32_t first_invoice_ = 0;
  std::uint32_t next_usage_stream_ = 0;
  std::vector<std::uint32_t> usage_streams_;
  std::vector<std::uint32_t> usage_versions_;
};

}  // namespace

std::unique_ptr<BilledPast::Listener> events_into(log::Log& log, const BilledPast& past) {
  return std::make_unique<EventWriter>(log, past);
}

}  // namespace daybook::bench
