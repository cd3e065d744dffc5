#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/codec/buffer.h"
#include "ledger/codec/seal.h"
#include "ledger/domain/event.h"
#include "ledger/domain/rules/position.h"
#include "ledger/log/log.h"
#include "projections/all.h"
#include "projections/engine.h"

/// What the tests of projections have in common: a ledger whose events a test writes itself, with
/// its views.
namespace daybook::projections::testing {

/// Hides text as real sealing does, and lets a test look for it.
class TestSealer final : public codec::Sealer {
 public:
  Result<std::string> seal(std::string_view subject, codec::Binding binding,
                           std::string_view plain) override;
  Result<std::optional<std::string>> open(std::string_view sealed) const override;
};

/// An event as it lies in the log.
struct WrittenEvent {
  std::uint32_t stream = 0;
  std::uint32_t version = 0;
  std::uint16_t type = 0;
  std::uint8_t code = 0;
  std::vector<std::byte> bytes;
};

/// Gives events their streams, versions and bytes: the same for the same events.
class EventMaker {
 public:
  /// An event of `data`; `day` is its time and the default of its dates.
  WrittenEvent make(EventData data, Date day, std::uint8_t code = 0,
                    const std::string& source = "//test", const std::string& id = {});

 private:
  struct Stream {
    std::uint32_t number;
    std::uint32_t version;
  };
  std::map<std::pair<StreamType, std::string>, Stream> streams_;
  TestSealer sealer_;
  std::uint64_t made_ = 0;
};

/// A log in a directory that goes away, and its views.
class ViewLedger {
 public:
  ViewLedger();
  ~ViewLedger();

  /// Appends one commit group.
  void append(const std::vector<WrittenEvent>& events);
  Position append(const WrittenEvent& event) {
    append(std::vector{event});
    return log().position();
  }

  /// Opens the log, if need be, and its views.
  Projections& open(const Projections::Options& options = {},
                    std::vector<Projection> projections = all_projections());
  /// Closes views and log.
  void close();
  /// DIR/views is gone.
  void delete_views();

  [[nodiscard]] log::Log& log();
  [[nodiscard]] Projections& views() { return *projections_; }
  [[nodiscard]] std::string directory(const std::string& name = {}) const;

 private:
  std::filesystem::path path_;
  std::unique_ptr<log::Clock> clock_;
  std::unique_ptr<log::Rng> rng_;
  std::unique_ptr<log::Log> log_;
  std::unique_ptr<Projections> projections_;
  std::int64_t now_ = 1'700'000'000'000'000;
};

/// name → state hash of every view.
[[nodiscard]] std::map<std::string, std::string> hashes(const Projections& views);

}  // namespace daybook::projections::testing
