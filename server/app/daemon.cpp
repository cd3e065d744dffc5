#include "server/app/daemon.h"

#include "server/app/backup_routes.h"
#include "server/app/command_routes.h"
#include "server/app/corrections_routes.h"
#include "server/app/event_routes.h"
#include "server/app/event_stream.h"
#include "server/app/health_routes.h"
#include "server/app/job_routes.h"
#include "server/app/log_routes.h"
#include "server/app/person_routes.h"
#include "server/app/proof_routes.h"
#include "server/app/provider_route.h"
#include "server/app/query_routes.h"
#include "server/app/reading.h"
#include "server/app/replay_routes.h"
#include "server/app/segment_routes.h"
#include "server/app/what_if_routes.h"
#include "server/auth/gate.h"

namespace daybook::server {

http::Router make_router(LedgerHost& host, Jobs& jobs, const RouteOptions& options) {
  http::Router router;
  add_event_routes(router, host);
  add_command_routes(router, host, jobs);
  add_job_routes(router, host, jobs);
  add_what_if_routes(router, host, jobs);
  add_query_routes(router, host);
  add_log_routes(router, host);
  add_event_stream(router, host);
  add_segment_routes(router, host);
  add_proof_routes(router, host);
  add_person_routes(router, host);
  add_provider_route(router, host);
  add_corrections_routes(router, host, jobs, options.corrections_at_once);
  add_backup_routes(router, host, jobs, options.backups);
  add_replay_routes(router, host, jobs, options.replays);
  router.guard("/v1", http::Auth::any_of({}));
  add_health_routes(router, host, options.requests);
  return router;
}

Daemon::Daemon(LedgerHost& host)
    : tokens_(std::make_unique<HistoryTokens>(host.ledger().log(), host.rng())),
      jobs_(std::make_unique<Jobs>(host.rng())),
      requests_(std::make_unique<RequestCounts>()) {}

Result<std::unique_ptr<Daemon>> Daemon::start(LedgerHost& host, const Options& options) {
  std::unique_ptr<Daemon> daemon(new Daemon(host));
  http::Options http_options;
  http_options.address = options.address;
  http_options.port = options.port;
  http_options.io_threads = 1;
  http_options.reader_threads = options.reader_threads;
  http_options.hosts = options.hosts;
  http_options.gate = make_gate(host.ledger(), *daemon->tokens_, host.key_uses());
  http_options.finisher = [&host, tokens = daemon->tokens_.get()](std::string_view, http::Response* response) {
    if (response->status() == 401 || response->for_strangers()) return;  // strangers learn nothing, not even how long the log is
    if (!response->header("Daybook-Position")) set_position(*response, host.ledger().log().position());
    response->set_header("Daybook-Token", tokens->newest());
  };
  // Long commands that nobody waits for any more stop at their next step.
  http_options.on_drained = [&host] { host.drain(); };
  http_options.observer = [requests = daemon->requests_.get()](const http::Exchange& exchange) { requests->add(exchange); };
  if (const MemoryWatch* memory = host.memory()) http_options.memory_is_short = [memory] { return memory->is_short(); };
  http_options.limits = options.limits;
  http_options.deadlines = options.deadlines;
  RouteOptions routes = options.routes;
  routes.requests = daemon->requests_.get();
  Result<std::unique_ptr<http::Server>> server =
      http::Server::start(make_router(host, *daemon->jobs_, routes), std::move(http_options));
  if (!server) return tl::unexpected(server.error());
  daemon->server_ = std::move(*server);
  daemon->requests_->set_front(daemon->server_.get());
  return daemon;
}

Daemon::~Daemon() { stop(); }

void Daemon::stop() {
  if (server_) {
    server_->stop();
    server_->wait();
  }
  jobs_->stop();
}

}  // namespace daybook::server
