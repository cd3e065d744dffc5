#pragma once

#include <memory>

#include "cli/target.h"
#include "server/app/ledger_host.h"

namespace daybook::cli {

/// A ledger in a directory of this process, worked on as the operator.
class DirectoryTarget final : public Target {
 public:
  explicit DirectoryTarget(server::LedgerHost& host) : host_(host) {}

  Outcome<Posted> post(std::span<const std::string> events) override;
  Outcome<std::string> command(std::string_view name, const std::string& body) override;
  Outcome<std::string> question(const std::string& path) override;
  Outcome<std::string> question_with(const std::string& path, std::string_view media_type,
                                     std::string_view body) override;
  Outcome<std::uint64_t> read_log(std::span<const EventType> types, const TakeEvent& take) override;

 private:
  server::LedgerHost& host_;
};

}  // namespace daybook::cli
