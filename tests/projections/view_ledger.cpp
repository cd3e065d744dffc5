#include "tests/projections/view_ledger.h"

#include <cstdlib>
#include <stdexcept>

#include "ledger/codec/event.h"
#include "projections/all.h"

namespace daybook::projections::testing {
namespace {

std::string turned(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c ^ 0x5a);
  return out;
}

std::filesystem::path make_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "daybook-views-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  return name;
}

}  // namespace

Result<std::string> TestSealer::seal(std::string_view, codec::Binding, std::string_view plain) {
  return "sealed" + turned(plain);
}

Result<std::optional<std::string>> TestSealer::open(std::string_view sealed) const {
  return turned(sealed.substr(6));
}

WrittenEvent EventMaker::make(EventData data, Date day, std::uint8_t code,
                              const std::string& source, const std::string& id) {
  Event event;
  event.envelope.source = source;
  event.envelope.id = id.empty() ? "e-" + std::to_string(++made_) : id;
  event.envelope.time = Instant::start_of(day);
  event.data = std::move(data);
  codec::fill_defaults(event);
  WrittenEvent written;
  written.type = static_cast<std::uint16_t>(event.data.type());
  written.code = code;
  const auto [stream, is_new] =
      streams_.try_emplace({*stream_of(event.data.type()), codec::stream_id(event.data)});
  if (is_new) stream->second = {static_cast<std::uint32_t>(streams_.size()), 0};
  written.stream = stream->second.number;
  written.version = ++stream->second.version;
  codec::Buffer buffer;
  const auto encoded = codec::encode_event(event, sealer_, buffer);
  if (!encoded) throw std::runtime_error(encoded.error().detail);
  written.bytes.assign(buffer.bytes().begin(), buffer.bytes().end());
  return written;
}

ViewLedger::ViewLedger()
    : path_(make_directory()),
      clock_(std::make_unique<log::SystemClock>()),
      rng_(std::make_unique<log::SeededRng>(1)) {
  open();
}

ViewLedger::~ViewLedger() {
  close();
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void ViewLedger::append(const std::vector<WrittenEvent>& events) {
  std::vector<log::NewRecord> records;
  for (const WrittenEvent& event : events) {
    records.push_back({event.stream, event.version, event.type, event.code, event.bytes,
                       log::leaf_hash(event.bytes)});
  }
  now_ += 1'000'000;
  log_->append(records, now_);
}

Projections& ViewLedger::open(const Projections::Options& options,
                              std::vector<Projection> projections) {
  projections_.reset();
  if (!log_) {
    log::Options log_options;
    log_options.directory = directory("ledger");
    auto opened = log::Log::open(log_options, {nullptr, clock_.get(), rng_.get()});
    if (!opened) throw std::runtime_error(opened.error().detail);
    log_ = std::move(*opened);
  }
  auto views = Projections::open(*log_, *log_->views(), std::move(projections), options);
  if (!views) throw std::runtime_error(views.error().detail);
  projections_ = std::move(*views);
  return *projections_;
}

void ViewLedger::close() {
  projections_.reset();
  log_.reset();
}

void ViewLedger::delete_views() {
  close();
  std::filesystem::remove_all(directory("ledger/views"));
}

log::Log& ViewLedger::log() { return *log_; }

std::string ViewLedger::directory(const std::string& name) const { return (path_ / name).string(); }

std::map<std::string, std::string> hashes(const Projections& views) {
  std::map<std::string, std::string> all;
  for (const ProjectionStatus& view : views.status()) all[view.name] = view.state_hash;
  return all;
}

}  // namespace daybook::projections::testing
