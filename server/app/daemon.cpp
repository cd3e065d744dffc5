#include "server/app/daemon.h"

#include <thread>

#include "server/app/command_routes.h"
#include "server/app/event_routes.h"
#include "server/app/health_routes.h"
#include "server/app/log_routes.h"
#include "server/app/query_routes.h"
#include "server/auth/gate.h"

namespace daybook::server {

http::Router make_router(LedgerHost& host) {
  http::Router router;
  add_event_routes(router, host);
  add_command_routes(router, host);
  add_query_routes(router, host);
  add_log_routes(router, host);
  router.guard("/v1", http::Auth::any_of({}));
  add_health_routes(router, host);
  return router;
}

Result<std::unique_ptr<Daemon>> Daemon::start(LedgerHost& host, const Options& options) {
  http::Options http_options;
  http_options.address = options.address;
  http_options.port = options.port;
  http_options.io_threads = 1;
  http_options.reader_threads = 6;
  http_options.hosts = options.hosts;
  http_options.gate = make_gate(host.ledger());
  http_options.limits.connections_per_ip = 1'000;
  Result<std::unique_ptr<http::Server>> server = http::Server::start(make_router(host), std::move(http_options));
  if (!server) return tl::unexpected(server.error());
  std::unique_ptr<Daemon> daemon(new Daemon());
  daemon->server_ = std::move(*server);
  return daemon;
}

Daemon::~Daemon() { stop(); }

void Daemon::stop() {
  server_->stop();
  server_->wait();
}

}  // namespace daybook::server
