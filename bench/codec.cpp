// What each direction of the codec costs for the usage event of the contract: nanoseconds of
// the thread's processor time and allocations an event, the best of several rounds.
//
//   bench_codec [--check] [--only json_in_batch]
//
// With --check, exit 1 where a figure is above its limit; with --only, one measurement (for a profiler).

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>

#include "bench/allocations.h"
#include "bench/machine.h"
#include "ledger/codec/cloudevents.h"
#include "ledger/codec/codec.h"
#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"
#include "ledger/codec/json_reader.h"

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
std::string_view only;  ///< the one measurement that is wanted; empty: all

double own_thread_cpu_nanos() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
}

/// `work` handles `events` events a call; `limit_ns` 0: none.
template <class Work>
void measure(const char* name, const char* short_name, std::size_t events, double limit_ns, Work&& work) {
  if (!only.empty() && only != short_name) return;
  double best = 1e18;
  for (int i = 0; i < 20; ++i) work();  // warm-up
  const std::size_t calls = 200'000 / events + 1;
  const std::uint64_t before = bench::own_allocations();
  constexpr int kRounds = 9;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = own_thread_cpu_nanos();
    for (std::size_t i = 0; i < calls; ++i) work();
    const double ns = own_thread_cpu_nanos() - begin;
    best = std::min(best, ns / static_cast<double>(calls * events));
  }
  const double each =
      static_cast<double>(bench::own_allocations() - before) / static_cast<double>(kRounds * calls * events);
  const bool ok = limit_ns == 0 || best <= limit_ns;
  within = within && ok;
  std::printf("%-42s %8.0f ns %7.2f allocations", name, best, each);
  if (limit_ns != 0) std::printf("   limit %.0f ns: %s", limit_ns, ok ? "met" : "NOT MET");
  std::printf("\n");
  bench::figure(std::string("codec.") + short_name + "_ns", best);
}

int run(bool check) {
  bench::print_machine(std::filesystem::temp_directory_path());
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
    while (auto* item = stream.next()) sink += item->event.has_value();
  };

  const EventCodec& usage = codec(EventType::UsageRecorded);
  JsonReader reader;
  measure("JSON in, the data alone", "json_in_data", 1, 0, [&] {
    EventData data = usage.make();
    sink += reader.read(*usage.info, data.raw(), kUsageData).has_value();
  });
  measure("JSON in, one structured event", "json_in_one", 1, 500, [&] { read_all(BodyForm::Single, text); });
  measure("JSON in, a batch of 1,000", "json_in_batch", kEvents, 500, [&] { read_all(BodyForm::Batch, batch); });
  measure("JSON in, 1,000 lines", "json_in_lines", kEvents, 500, [&] { read_all(BodyForm::Lines, lines); });
  measure("FlatBuffers out", "flatbuffers_out", 1, 250, [&] {
    bytes.clear();
    sink += encode_event(event, sealer, bytes).has_value();
  });
  measure("FlatBuffers in, checked", "flatbuffers_in", 1, 0,
          [&] { sink += decode_event(bytes.bytes(), nullptr).has_value(); });
  measure("FlatBuffers in place, eight members", "flatbuffers_in_place", 1, 0, [&] {
    const EventView view(bytes.bytes());
    sink += view.source().size() + view.id().size() + view.usage_subscription_id().size() +
            view.usage_meter_id().size() + static_cast<std::size_t>(view.usage_quantity().scale()) +
            static_cast<std::size_t>(view.usage_date().days) + view.usage_region().size() +
            view.usage_has_own_value();
  });
  std::string out;
  measure("JSON out, an item of GET /v1/events", "json_out", 1, 0, [&] {
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
  bool check = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--check") == 0) check = true;
    if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc) daybook::codec::only = argv[i + 1];
  }
  return daybook::codec::run(check);
}
