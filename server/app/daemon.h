#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "server/app/history_tokens.h"
#include "server/app/jobs.h"
#include "server/app/ledger_host.h"
#include "server/app/metrics_page.h"
#include "server/http/server.h"

namespace daybook::server {

/// What the configuration says of routes.
struct RouteOptions {
  std::string backups;  ///< the directory that POST /v1/backups makes them in; empty: none are made
  std::string replays;  ///< the same of POST /v1/replay/…
  std::size_t corrections_at_once = 200;  ///< accounts of which a request tells without a job
  const RequestCounts* requests = nullptr;  ///< for /metrics; null: nobody is served
};

/// The routes of a ledger: one table, from which `/openapi.json` is made too.
[[nodiscard]] http::Router make_router(LedgerHost& host, Jobs& jobs, const RouteOptions& options);

/// A ledger served over HTTP.
class Daemon {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  ///< 0: any free one
    std::vector<std::string> hosts;
    std::size_t reader_threads = 6;
    http::Limits limits{.connections_per_ip = 1'000};
    http::Deadlines deadlines;
    RouteOptions routes;
  };

  /// Errors: ADDRESS_UNAVAILABLE.
  [[nodiscard]] static Result<std::unique_ptr<Daemon>> start(LedgerHost& host, const Options& options);
  ~Daemon();

  [[nodiscard]] std::string url() const { return server_->url(); }
  /// Answers what is in work, closes the ledger, lets the jobs end. Repeatable.
  void stop();

 private:
  explicit Daemon(LedgerHost& host);
  // The server's routes use the others, so it goes first.
  std::unique_ptr<HistoryTokens> tokens_;
  std::unique_ptr<Jobs> jobs_;
  std::unique_ptr<RequestCounts> requests_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace daybook::server
