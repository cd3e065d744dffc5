#include "cli/serving.h"

#include <signal.h>

#include <charconv>

namespace daybook::cli {
namespace {

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
  if (!host.empty()) options.address = host;
  const char* const begin = listen.data() + colon + 1;
  const char* const end = listen.data() + listen.size();
  const auto [at, error] = std::from_chars(begin, end, options.port);
  if (begin == end || error != std::errc() || at != end) return usage();
  return options;
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
