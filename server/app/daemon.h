#pragma once

#include <memory>
#include <string>

#include "server/app/ledger_host.h"
#include "server/http/server.h"

namespace daybook::server {

/// The routes of a ledger: one table, from which `/openapi.json` is made too.
[[nodiscard]] http::Router make_router(LedgerHost& host);

/// A ledger served over HTTP.
class Daemon {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  ///< 0: any free one
    std::vector<std::string> hosts;
  };

  /// Errors: ADDRESS_UNAVAILABLE.
  [[nodiscard]] static Result<std::unique_ptr<Daemon>> start(LedgerHost& host, const Options& options);
  ~Daemon();

  [[nodiscard]] std::string url() const { return server_->url(); }
  /// Answers what is in work, then stops. Repeatable.
  void stop();

 private:
  Daemon() = default;
  std::unique_ptr<http::Server> server_;
};

}  // namespace daybook::server
