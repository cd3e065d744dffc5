#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "bench/http_load.h"
#include "bench/machine.h"
#include "server/http/server.h"

// What the front itself costs, client on the same cores: an answer from the I/O thread, one from a
// thread that completes groups (as a sequencer does, waiting a while for its disk), one from the
// reader pool. A 230-byte body; the answer is a receipt of 100 bytes.

namespace daybook::bench {
namespace {

using http::Auth;
using http::Direct;
using http::Doc;
using http::Method;
using http::Pooled;
using http::Request;
using http::Responder;
using http::Response;
using http::Route;

const std::string kReceipt(100, 'r');

/// Answers everything that gathered since the last group, at most one group per `pause`.
class Completer {
 public:
  explicit Completer(std::chrono::microseconds pause) : thread_([this, pause] { work(pause); }) {}
  Completer(const Completer&) = delete;
  Completer& operator=(const Completer&) = delete;
  ~Completer() {
    stop_ = true;
    wake_.notify_one();
    thread_.join();
  }

  void take(Responder responder) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(responder));
    }
    wake_.notify_one();
  }
  [[nodiscard]] std::uint64_t groups() const { return groups_; }

 private:
  void work(std::chrono::microseconds pause) {
    std::vector<Responder> group;
    while (!stop_) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::milliseconds(10),
                       [this] { return stop_ || !waiting_.empty(); });
        group.swap(waiting_);
      }
      if (group.empty()) continue;
      if (pause.count() > 0) std::this_thread::sleep_for(pause);
      ++groups_;
      const http::ReplyBatch batch;
      for (Responder& responder : group) responder.respond(Response::json(201, kReceipt));
      group.clear();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Responder> waiting_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> groups_{0};
  std::thread thread_;
};

int main_of(int argument_count, char** arguments) {
  const std::size_t requests = argument_count > 1 ? std::stoul(arguments[1]) : 200'000;
  Completer at_once{std::chrono::microseconds(0)};
  Completer with_disk{std::chrono::microseconds(500)};
  http::Router router;
  const std::vector<http::BodyKind> json = {{.media_type = "application/json"}};
  const auto add = [&](const std::string& path, http::Handler handler) {
    router.add(Route(Method::Post, path, Auth::open(), json, Doc{path, "A bench route."},
                     std::move(handler)));
  };
  add("/direct", Direct{[](Request, Responder to) { to.respond(Response::json(201, kReceipt)); }});
  add("/completed", Direct{[&](Request, Responder to) { at_once.take(std::move(to)); }});
  add("/disk", Direct{[&](Request, Responder to) { with_disk.take(std::move(to)); }});
  add("/pooled", Pooled{[](const Request&) { return Response::json(201, kReceipt); }});

  http::Options options;
  options.limits.connections_per_ip = 10'000;
  auto server = http::Server::start(std::move(router), std::move(options));
  if (!server) {
    fmt::print(stderr, "{}\n", server.error().detail);
    return 1;
  }
  print_machine(std::filesystem::temp_directory_path());
  fmt::print("{} requests a line, client on the same processors\n", requests);
  for (const char* path : {"/direct", "/completed", "/disk", "/pooled"}) {
    for (const std::size_t connections : {1UL, 64UL, 512UL}) {
      Load load;
      load.port = (*server)->port();
      load.connections = connections;
      load.requests = connections == 1 ? requests / 10 : requests;
      const std::string request = post_request(path, "application/json", std::string(230, 'x'));
      load.request = [&](std::uint64_t) { return request; };
      fmt::print("{:10} {:4} connections  {}\n", path, connections, to_text(run(load)));
    }
  }
  fmt::print("groups completed after a pause of 0.5 ms: {}\n", with_disk.groups());
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int argument_count, char** arguments) {
  return daybook::bench::main_of(argument_count, arguments);
}
