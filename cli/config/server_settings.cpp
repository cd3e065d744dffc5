#include "cli/config/server_settings.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "cli/serving.h"

namespace daybook::cli {
namespace {

constexpr SettingDefinition number(std::string_view name, std::string_view first, std::int32_t least, std::int32_t most,
                                   std::string_view meaning) {
  return {name, SettingKind::Whole, first, {}, least, most, {}, meaning};
}

constexpr std::int32_t kHour = 3'600;
constexpr std::size_t kMegabyte = std::size_t{1} << 20;

// clang-format off
constexpr auto kSettings = std::to_array<SettingDefinition>({
    {"backups", SettingKind::Text, R"("")", {}, 0, 0, {},
     "Directory that POST /v1/backups makes backups in, best on another disk; empty: it makes none."},
    number("ballastMegabytes", "256", 0, 65'536,
           "A file that is given up to start on a full disk, made when the disk comes near its floor; at most half of the floor. 0: none."),
    number("bodyMegabytesInFlight", "256", 16, 65'536, "Request bodies held at once, all connections together; more are answered 503."),
    number("bodySeconds", "30", 1, kHour, "Longest time for a whole body, and for each piece of a streamed one; then 408."),
    {"clock", SettingKind::Word, R"("ledger")", "ledger|system|manual", 0, 0, {},
     "The clock to serve with: as the ledger has it, UTC now, or moved by AdvanceClock alone. The flag --clock says the same."},
    number("connections", "10000", 1, 1'000'000, "Connections at once; more are answered 503."),
    number("connectionsPerAddress", "1000", 1, 1'000'000, "Connections at once from one address; more are answered 429."),
    {"data", SettingKind::Text, R"("")", {}, 0, 0, {}, "Directory of the ledger. The flag --data says the same."},
    number("diskFloorMegabytes", "512", 0, 1'000'000,
           "What stays free of the disk, at most; below, writes are answered 507, reads go on. 0: what comes is written until it is full."),
    number("diskFloorPercent", "5", 0, 100, "The same as a part of the disk; the smaller of both holds."),
    number("drainSeconds", "10", 1, kHour, "Longest time at the end for requests that are under way."),
    number("handlerSeconds", "300", 1, kHour, "Longest time for an answer; then 503, the outcome unknown."),
    number("headBytes", "8192", 1'024, 65'536, "Longest head of a request; then 431."),
    number("headerSeconds", "10", 1, kHour, "Longest time for the head of a request; then 408."),
    number("headers", "64", 8, 1'000, "Most headers of a request; then 431."),
    {"hosts", SettingKind::TextList, "[]", {}, 0, 0, {},
     "Names that a Host header may carry besides the listening address and localhost, with or without a port."},
    number("idleSeconds", "60", 1, kHour, "Longest time between two requests of a connection."),
    {"listen", SettingKind::Text, R"("127.0.0.1:8080")", {}, 0, 0, {},
     "HOST:PORT to listen on; port 0: any free one. The flag --listen says the same."},
    number("memoryMegabytes", "1024", 256, 1'048'576,
           "Memory that the process is to stay below: buffers and caches are measured by it, and above it only 16 MB of bodies are held at once."),
    number("queueMegabytes", "64", 16, 65'536, "Submissions that may wait to be recorded; more are answered 503."),
    number("readerThreads", "6", 1, 256, "Threads that answer questions."),
    {"replays", SettingKind::Text, R"("")", {}, 0, 0, {},
     "Directory that POST /v1/replay/… exports, imports and branches in; a branch shares files with the ledger on the same disk. Empty: none."},
    number("scrubHours", "24", 0, 8'760,
           "Some of the files are read again after a start, and all of them so many hours after they last were, to find bytes that changed. 0: never."),
    number("targetBytes", "2048", 256, 16'384, "Longest path and query; then 414."),
    number("writeSeconds", "30", 1, kHour, "Longest time for a client to take an answer, or a piece of a streamed one."),
});
// clang-format on

static_assert(std::is_sorted(kSettings.begin(), kSettings.end(),
                             [](const SettingDefinition& left, const SettingDefinition& right) {
                               return left.name < right.name;
                             }));

std::size_t size_of(const Configuration& configuration, std::string_view name) {
  return static_cast<std::size_t>(whole_of(configuration.server(name)).value_or(0));
}

std::chrono::milliseconds time_of(const Configuration& configuration, std::string_view name) {
  return std::chrono::seconds(whole_of(configuration.server(name)).value_or(0));
}

}  // namespace

std::span<const SettingDefinition> server_settings() { return kSettings; }

Outcome<server::Daemon::Options> daemon_options(const Configuration& configuration) {
  Outcome<server::Daemon::Options> options = listen_options(configuration.server_text("listen"));
  if (!options) return options;
  options->hosts = configuration.server_texts("hosts");
  options->reader_threads = size_of(configuration, "readerThreads");
  options->routes.backups = configuration.server_text("backups");
  options->routes.replays = configuration.server_text("replays");
  http::Limits& limits = options->limits;
  limits.head_bytes = size_of(configuration, "headBytes");
  limits.headers = size_of(configuration, "headers");
  limits.target_bytes = size_of(configuration, "targetBytes");
  limits.body_bytes_in_flight = size_of(configuration, "bodyMegabytesInFlight") * kMegabyte;
  limits.connections = size_of(configuration, "connections");
  limits.connections_per_ip = size_of(configuration, "connectionsPerAddress");
  http::Deadlines& deadlines = options->deadlines;
  deadlines.header = time_of(configuration, "headerSeconds");
  deadlines.body = time_of(configuration, "bodySeconds");
  deadlines.idle = time_of(configuration, "idleSeconds");
  deadlines.write = time_of(configuration, "writeSeconds");
  deadlines.handler = time_of(configuration, "handlerSeconds");
  deadlines.drain = time_of(configuration, "drainSeconds");
  return options;
}

server::DiskFloor disk_floor(const Configuration& configuration) {
  server::DiskFloor floor;
  floor.bytes = std::uint64_t{size_of(configuration, "diskFloorMegabytes")} * kMegabyte;
  floor.percent = static_cast<unsigned>(size_of(configuration, "diskFloorPercent"));
  floor.ballast = std::uint64_t{size_of(configuration, "ballastMegabytes")} * kMegabyte;
  return floor;
}

std::chrono::hours scrub_every(const Configuration& configuration) {
  return std::chrono::hours(whole_of(configuration.server("scrubHours")).value_or(0));
}

std::size_t memory_bytes(const Configuration& configuration) {
  return size_of(configuration, "memoryMegabytes") * kMegabyte;
}

std::size_t queue_bytes(const Configuration& configuration) {
  return size_of(configuration, "queueMegabytes") * kMegabyte;
}

}  // namespace daybook::cli
