#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cli/commands/commands.h"
#include "cli/demo/narrator.h"
#include "cli/demo/story.h"
#include "cli/demo/temporary_directory.h"
#include "cli/demo/tour.h"
#include "cli/progress.h"
#include "cli/server_target.h"
#include "cli/serving.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/rules/try.h"
#include "replay/rebuild.h"
#include "server/app/daemon.h"
#include "server/app/ledger_host.h"
#include "server/auth/api_key.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kHashShown = 16;

Outcome<std::string> make_key(server::LedgerHost& host, bool acts_as_others) {
  CreateKey wish;
  wish.name = "demo";
  wish.rights = {Right::Admin};
  if (acts_as_others) wish.rights.push_back(Right::ActAs);
  const server::NewApiKey key = server::make_api_key(host.rng());
  engine::CommandRequest request;
  request.command = CommandData(wish);
  request.caller.key_name = "demo";
  request.caller.viewer = Viewer::operating();
  request.new_key_id = key.key.key_id;
  request.new_secret_hash = key.key.secret_hash;
  const Result<engine::CommandAnswer> made = host.ledger().execute(request);
  if (!made) return fail(made.error());
  return key.text;
}

/// The demonstration reads as the sources of its rules do (PROV-2).
Outcome<void> name_provider(server::LedgerHost& host) {
  ProviderDetailsChanged block;
  block.effective_on = host.ledger().now().date();
  block.name = "Demonstration";
  block.product = "Azure";
  ApplyConfiguration wish;
  wish.provider = std::move(block);
  engine::CommandRequest request;
  request.command = CommandData(wish);
  request.caller.key_name = "demo";
  request.caller.viewer = Viewer::operating();
  const Result<engine::CommandAnswer> named = host.ledger().execute(request);
  if (!named) return fail(named.error());
  return {};
}

/// Where asked to listen; without a word the usual port, or any free one when that is taken or nobody will call.
Outcome<std::unique_ptr<server::Daemon>> start(server::LedgerHost& host, const DemoOptions& options) {
  const std::string usual = options.exit ? "127.0.0.1:0" : "127.0.0.1:8080";
  Outcome<server::Daemon::Options> listen = listen_options(options.listen.empty() ? usual : options.listen);
  if (!listen) return tl::unexpected(listen.error());
  Result<std::unique_ptr<server::Daemon>> daemon = server::Daemon::start(host, *listen);
  if (!daemon && options.listen.empty()) {
    listen->port = 0;
    daemon = server::Daemon::start(host, *listen);
  }
  if (!daemon) return fail(ExitCode::Failed, why_not_listening(daemon.error().detail));
  return std::move(*daemon);
}

Outcome<void> rebuild_views(Narrator& narrator, server::LedgerHost& host) {
  narrator.chapter("Every view is made again from the log alone, and compared");
  Progress progress("rebuilding", 0);
  const Result<replay::Rebuild> rebuilt =
      replay::rebuild(host.views(), host.ledger().log().position(),
                      [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); });
  progress.clear();
  if (!rebuilt) return fail(rebuilt.error());
  for (const projections::Rebuilt& view : rebuilt->views) {
    narrator.say(fmt::format("{:<10} live {}..  rebuilt {}..  {}", view.name, view.live_hash.substr(0, kHashShown),
                             view.rebuilt_hash.substr(0, kHashShown), view.equal() ? "equal" : "DIFFERENT"));
  }
  if (!rebuilt->equal()) return fail(ExitCode::IntegrityFailed, "A rebuilt view differs from the live one.");
  narrator.say(fmt::format("{} events, {} views, every hash equal", rebuilt->position, rebuilt->views.size()));
  return {};
}

void print_calls(const std::string& url, const std::string& key, const StoryEnd& end) {
  std::printf("\nThe ledger listens on %s (health: %s/readyz, contract: %s/openapi.json).\nIts key, as all calls need it:\n\n",
              url.c_str(), url.c_str(), url.c_str());
  std::printf("  key=%s\n  api=%s/v1\n\nFive calls to try:\n\n", key.c_str(), url.c_str());
  const std::string curl = "  curl -sS -H \"Authorization: Bearer $key\" ";
  std::printf("%s$api/invoices/%s\n", curl.c_str(), end.invoice_id.c_str());
  std::printf("%s\"$api/subscriptions/sub-01?asOf=%llu\"   # as it was past due\n", curl.c_str(),
              static_cast<unsigned long long>(end.past_due_position));
  std::printf("%s\"$api/accounts/%s/usage?from=2024-09-01&to=2024-10-01&granularity=monthly&groupBy=category\"\n", curl.c_str(),
              end.imported_account.c_str());
  std::printf(
      "%s$api/events -H 'Content-Type: application/cloudevents+json' -d "
      "'{\"specversion\":\"1.0\",\"type\":\"daybook.UsageRecorded\",\"source\":\"//me\",\"id\":\"1\",\"data\":{"
      "\"subscriptionId\":\"sub-01\",\"meterId\":\"vm-b1s\",\"quantity\":\"24\"}}'\n",
      curl.c_str());
  std::printf("%s$api/log/head\n\n", curl.c_str());
}

}  // namespace

Outcome<void> demo(const DemoOptions& options) {
  hold_signals();
  spdlog::set_level(spdlog::level::warn);
  const Outcome<TemporaryDirectory> directory = TemporaryDirectory::make();
  if (!directory) return tl::unexpected(directory.error());
  server::LedgerHost::Options host_options;
  host_options.ledger.log.directory = directory->path() + "/ledger";
  host_options.ledger.clock = engine::ClockMode::Manual;
  server::LedgerHost::Opened host = server::LedgerHost::open(host_options);
  if (!host) return fail(host.error());
  LEDGER_CHECK(name_provider(**host));
  const Outcome<std::string> key = make_key(**host, options.tour);
  if (!key) return tl::unexpected(key.error());
  const Outcome<std::unique_ptr<server::Daemon>> daemon = start(**host, options);
  if (!daemon) return tl::unexpected(daemon.error());
  const std::string url = (*daemon)->url();
  Outcome<ServerUrl> address = ServerUrl::parse(url);
  if (!address) return tl::unexpected(address.error());

  std::printf("A new ledger in %s, its clock moved by hand.\nEvery figure below is its own answer over HTTP.\n",
              directory->path().c_str());
  ServerTarget ledger(std::move(*address), *key);
  Narrator narrator(ledger);
  if (options.tour) {
    LEDGER_CHECK(play_tour(narrator));
    LEDGER_CHECK(tell_tour(narrator));
    if (!options.exit) std::printf("\nThe ledger listens on %s; its key:\n  key=%s\n", url.c_str(), key->c_str());
  } else {
    const Outcome<StoryEnd> end = tell_story(narrator);
    if (!end) return tl::unexpected(end.error());
    LEDGER_CHECK(rebuild_views(narrator, **host));
    if (!options.exit) print_calls(url, *key, *end);
  }
  if (options.exit) return {};
  std::printf("Serving until Ctrl-C; the ledger is removed then.\n");
  std::fflush(stdout);
  wait_for_signal();
  (*daemon)->stop();
  return {};
}

}  // namespace daybook::cli
