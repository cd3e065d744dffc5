#include "cli/serving.h"

#include <arpa/inet.h>
#include <signal.h>

#include <charconv>

namespace daybook::cli {
namespace {

bool is_address(const std::string& host) {
  in6_addr room{};
  return ::inet_pton(AF_INET, host.c_str(), &room) == 1 || ::inet_pton(AF_INET6, host.c_str(), &room) == 1;
}

sigset_t ending_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

Outcome<server::Daemon::Options> listen_options(const std::string& listen) {
  const auto usage = [&] {
    return fail(ExitCode::Usage, "--listen " + listen + " is no address; give it as 127.0.0.1:8080, or port 0 for any free one.");
  };
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos) return usage();
  server::Daemon::Options options;
  std::string host = listen.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return usage();
  }
  if (host == "localhost") host = "127.0.0.1";
  if (!host.empty() && !is_address(host)) return usage();
  if (!host.empty()) options.address = host;
  const char* const begin = listen.data() + colon + 1;
  const char* const end = listen.data() + listen.size();
  const auto [at, error] = std::from_chars(begin, end, options.port);
  if (begin == end || error != std::errc() || at != end) return usage();
  return options;
}

std::string why_not_listening(const std::string& detail) {
  const std::string in_use = "Address already in use";
  if (!detail.ends_with(in_use)) return detail;
  return detail + ". Another program listens there: stop it, or name another port with --listen; port 0 takes any free one.";
}

void hold_signals() {
  const sigset_t signals = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

void wait_for_signal() {
  const sigset_t signals = ending_signals();
  int which = 0;
  while (::sigwait(&signals, &which) != 0) {
  }
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace daybook::cli
