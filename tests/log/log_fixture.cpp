#include "tests/log/log_fixture.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <unistd.h>

#include "ledger/log/bytes.h"

namespace daybook::log::testing {
namespace {

Seams seams_for(std::uint64_t seed) {
  static SystemClock clock;
  thread_local SeededRng rng(0);
  rng = SeededRng(seed);
  return {.files = nullptr, .clock = &clock, .rng = &rng};
}

}  // namespace

TemporaryDirectory::TemporaryDirectory(In place) {
  const std::filesystem::path memory = "/dev/shm";
  const bool in_memory = place == In::Memory && ::access(memory.c_str(), W_OK) == 0;
  std::string name =
      ((in_memory ? memory : std::filesystem::temp_directory_path()) / "daybook-log-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("no temporary directory");
  }
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryDirectory::path(const std::string& name) const {
  return name.empty() ? path_.string() : (path_ / name).string();
}

Group& Group::add(Rng& rng, std::size_t size, std::uint16_t type) {
  std::vector<std::byte> bytes(size);
  rng.fill(bytes);
  for (std::size_t i = 1; i < size; i += 2) {
    bytes[i] = static_cast<std::byte>(i);
  }
  events_.push_back({std::move(bytes), type});
  return *this;
}

Group& Group::add(std::string_view event, std::uint16_t type) {
  const Bytes bytes = as_bytes(event);
  events_.push_back({{bytes.begin(), bytes.end()}, type});
  return *this;
}

std::vector<NewRecord> Group::records() const {
  std::vector<NewRecord> records;
  for (const Item& item : events_) {
    const auto number = static_cast<std::uint32_t>(records.size());
    records.push_back({.stream = number % 7,
                       .version = number,
                       .type = item.type,
                       .code = static_cast<std::uint8_t>(number % 3),
                       .event = item.bytes,
                       .leaf = leaf_hash(item.bytes)});
  }
  return records;
}

Group random_group(std::uint64_t seed, std::size_t events) {
  SeededRng rng(seed);
  Group group;
  for (std::size_t i = 0; i < events; ++i) {
    group.add(rng, 40 + rng.below(361), static_cast<std::uint16_t>(rng.below(10)));
  }
  return group;
}

Options small_options(const std::string& directory) {
  Options options;
  options.directory = directory;
  options.write_buffer_bytes = 1u << 20;
  options.views.block_cache_bytes = 4u << 20;
  options.views.write_buffer_bytes = 1u << 20;
  return options;
}

std::unique_ptr<Log> open_log(const Options& options, std::uint64_t seed) {
  Log::Opened opened = Log::open(options, seams_for(seed));
  if (!opened) {
    throw std::runtime_error("exit " + std::to_string(static_cast<int>(opened.error().exit_code)) +
                             ": " + opened.error().detail);
  }
  return std::move(*opened);
}

std::map<std::string, std::string> every_file(const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) files[entry.path().string()] = read_bytes(entry.path());
  }
  return files;
}

std::string read_bytes(const std::filesystem::path& file) {
  std::string bytes(std::filesystem::file_size(file), '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

void write_bytes(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string transcript(const Log& log) {
  std::string text;
  const Head head = log.head();
  const Result<void> scanned = log.scan(1, head.position, [&](const RecordView& record) {
    text += std::to_string(record.position) + " " + std::to_string(record.recorded_at) + " " +
            std::to_string(record.stream) + " " + std::to_string(record.version) + " " +
            std::to_string(record.type) + " " + std::to_string(record.code) + " " +
            hex(record.event) + "\n";
  });
  if (!scanned) {
    text += "error: " + scanned.error().detail + "\n";
  }
  return text + std::to_string(head.position) + " " + hex(head.chain) + " " + hex(head.root) + "\n";
}

}  // namespace daybook::log::testing
