// What each direction of the codec costs for the usage event of the contract: nanoseconds and
// allocations an event, the best of several rounds on one thread.
//
//   bench_codec [--check]    with --check, exit 1 where a figure is above its limit

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>
#include <string>
#include <string_view>
#include <thread>

#include "ledger/codec/cloudevents.h"
#include "ledger/codec/codec.h"
#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"
#include "ledger/codec/json_reader.h"

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace daybook::codec {
namespace {

constexpr std::string_view kUsageData =
    R"({"subscriptionId":"sub-01","meterId":"vm-b1s","quantity":"24","unit":"1 Hour","resourceId":"/subscriptions/sub-01/vm/web","category":"Virtual Machines","region":"EU West"})";

std::string usage_event(int number) {
  char id[16];
  std::snprintf(id, sizeof id, "u-%06d", number);
  return R"({"specversion":"1.0","type":"daybook.UsageRecorded","source":"//meter/eu-1","id":")" +
         std::string(id) + R"(","time":"2024-03-07T10:00:00Z",)" + "\n" + R"( "data":)" +
         std::string(kUsageData) + "}";
}

/// No personal values here: nothing to seal.
class NoSealer final : public Sealer {
  Result<std::string> seal(std::string_view, Binding, std::string_view) override { std::abort(); }
  Result<std::optional<std::string>> open(std::string_view) const override { std::abort(); }
};

bool within = true;

/// `work` handles `events` events a call; `limit_ns` 0: none.
template <class Work>
void measure(const char* name, std::size_t events, double limit_ns, Work&& work) {
  using Clock = std::chrono::steady_clock;
  double best = 1e18;
  for (int i = 0; i < 20; ++i) work();  // warm-up
  const std::size_t calls = 200'000 / events + 1;
  const std::size_t before = allocations;
  constexpr int kRounds = 9;
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < calls; ++i) work();
    const double ns = std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
    best = std::min(best, ns / static_cast<double>(calls * events));
  }
  const double each =
      static_cast<double>(allocations - before) / static_cast<double>(kRounds * calls * events);
  const bool ok = limit_ns == 0 || best <= limit_ns;
  within = within && ok;
  std::printf("%-42s %8.0f ns %7.2f allocations", name, best, each);
  if (limit_ns != 0) std::printf("   limit %.0f ns: %s", limit_ns, ok ? "met" : "NOT MET");
  std::printf("\n");
}

void print_machine() {
  std::string model = "unknown";
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) {
      model = line.substr(line.find(':') + 2);
      break;
    }
  }
  std::printf("%s, %u threads; compiler %s\n", model.c_str(), std::thread::hardware_concurrency(),
              __VERSION__);
}

int run(bool check) {
  print_machine();
  const std::string text = usage_event(17);
  Intake intake;
  intake.now = Instant::parse("2024-03-07T12:00:00Z").value();
  CloudEventStream stream;
  stream.open(BodyForm::Single, text, intake);
  Event event = stream.next()->event.value();
  NoSealer sealer;
  Buffer bytes;
  if (!encode_event(event, sealer, bytes)) return 1;
  std::printf("usage event: %zu bytes of JSON, %zu of FlatBuffers\n\n", text.size(), bytes.size());

  std::size_t sink = 0;
  std::string batch = "[";
  std::string lines;
  constexpr int kEvents = 1'000;
  for (int i = 0; i < kEvents; ++i) {
    std::string one = usage_event(i);
    batch += (i == 0 ? "" : ",") + one;
    for (char& c : one) c = c == '\n' ? ' ' : c;
    lines += one + "\n";
  }
  batch += "]";
  const auto read_all = [&](BodyForm form, std::string_view body) {
    stream.open(form, body, intake);
    while (auto item = stream.next()) sink += item->event.has_value();
  };

  const EventCodec& usage = codec(EventType::UsageRecorded);
  JsonReader reader;
  measure("JSON in, the data alone", 1, 0, [&] {
    EventData data = usage.make();
    sink += reader.read(*usage.info, data.raw(), kUsageData).has_value();
  });
  measure("JSON in, one structured event", 1, 500, [&] { read_all(BodyForm::Single, text); });
  measure("JSON in, a batch of 1,000", kEvents, 500, [&] { read_all(BodyForm::Batch, batch); });
  measure("JSON in, 1,000 lines", kEvents, 500, [&] { read_all(BodyForm::Lines, lines); });
  measure("FlatBuffers out", 1, 250, [&] {
    bytes.clear();
    sink += encode_event(event, sealer, bytes).has_value();
  });
  measure("FlatBuffers in, checked", 1, 0,
          [&] { sink += decode_event(bytes.bytes(), nullptr).has_value(); });
  measure("FlatBuffers in place, eight members", 1, 0, [&] {
    const EventView view(bytes.bytes());
    sink += view.source().size() + view.id().size() + view.usage_subscription_id().size() +
            view.usage_meter_id().size() + static_cast<std::size_t>(view.usage_quantity().scale()) +
            static_cast<std::size_t>(view.usage_date().days) + view.usage_region().size() +
            view.usage_has_own_value();
  });
  std::string out;
  measure("JSON out, an item of GET /v1/events", 1, 0, [&] {
    out.clear();
    JsonWriter json(out);
    event_json(event, {17, intake.now, 3}, json);
    sink += out.size();
  });
  std::printf("\n(%zu)\n", sink);
  return check && !within ? 1 : 0;
}

}  // namespace
}  // namespace daybook::codec

int main(int argc, char** argv) {
  return daybook::codec::run(argc > 1 && std::strcmp(argv[1], "--check") == 0);
}
