#include "cli/http_client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace daybook::cli {
namespace {

constexpr int kPatienceSeconds = 600;
constexpr std::size_t kLineMax = 64u << 10;
constexpr std::size_t kReadSize = 64u << 10;

void lower(std::string& text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool parse_number(std::string_view text, int base, std::size_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::string ServerUrl::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == "80" ? name : name + ":" + port;
}

Outcome<ServerUrl> ServerUrl::parse(std::string_view url) {
  const std::string given(url);
  const auto usage = [&](std::string_view why) {
    return fail(ExitCode::Usage, "--url " + given + " " + std::string(why) + " Give it as http://HOST:PORT.");
  };
  if (url.starts_with("https://")) {
    return usage("asks for TLS, which this command does not speak; reach the server beside its proxy.");
  }
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return usage("has no scheme.");
  url.remove_prefix(kScheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  if (url.find_first_of("/?#@ ") != std::string_view::npos) return usage("is more than an address.");
  ServerUrl parsed;
  parsed.port = "80";
  std::string_view rest;
  if (url.starts_with('[')) {
    const std::size_t end = url.find(']');
    if (end == std::string_view::npos) return usage("lacks a closing bracket.");
    parsed.host = std::string(url.substr(1, end - 1));
    rest = url.substr(end + 1);
  } else {
    const std::size_t colon = std::min(url.find(':'), url.size());
    parsed.host = std::string(url.substr(0, colon));
    rest = url.substr(colon);
  }
  if (!rest.empty()) {
    std::size_t number = 0;
    if (rest.front() != ':' || !parse_number(rest.substr(1), 10, number) || number == 0 || number > 65'535) {
      return usage("has no port after the colon.");
    }
    parsed.port = std::to_string(number);
  }
  if (parsed.host.empty()) return usage("names no host.");
  return parsed;
}

HttpClient::~HttpClient() { disconnect(); }

tl::unexpected<Failure> HttpClient::unreachable(std::string_view what) const {
  return fail(ExitCode::Unreachable, "http://" + url_.authority() + " does not answer: " + std::string(what) +
                                         ". Is the server running, and is --url right?");
}

Outcome<void> HttpClient::connect() {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(url_.host.c_str(), url_.port.c_str(), &wanted, &found); error != 0) {
    return unreachable(::gai_strerror(error));
  }
  int last = 0;
  for (const addrinfo* at = found; at != nullptr && socket_ < 0; at = at->ai_next) {
    const int made = ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
    if (made < 0) {
      last = errno;
      continue;
    }
    const timeval patience{kPatienceSeconds, 0};
    ::setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const int on = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(made, at->ai_addr, at->ai_addrlen) == 0) {
      socket_ = made;
    } else {
      last = errno;
      ::close(made);
    }
  }
  ::freeaddrinfo(found);
  if (socket_ < 0) return unreachable(std::strerror(last));
  buffer_.clear();
  read_ = 0;
  return {};
}

void HttpClient::disconnect() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

Outcome<HttpAnswer> HttpClient::send(const Request& request) {
  std::string head;
  head.append(request.method).append(" ").append(request.path).append(" HTTP/1.1\r\nHost: ").append(url_.authority());
  head += "\r\n";
  for (const auto& [name, value] : request.headers) head.append(name).append(": ").append(value).append("\r\n");
  if (!request.body.empty()) head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  head += "\r\n";

  const bool kept = socket_ >= 0;
  if (!kept) {
    if (Outcome<void> connected = connect(); !connected) return tl::unexpected(connected.error());
  }
  Outcome<HttpAnswer> answer = exchange(head, request);
  if (!answer && kept) {
    disconnect();
    if (Outcome<void> connected = connect(); !connected) return tl::unexpected(connected.error());
    answer = exchange(head, request);
  }
  if (!answer || answer->header("connection") == "close") disconnect();
  return answer;
}

Outcome<HttpAnswer> HttpClient::exchange(const std::string& head, const Request& request) {
  // A server that refuses early may close before it has read everything: its answer is read all the same.
  const bool sent = write_all(head) && write_all(request.body);
  HttpAnswer answer;
  std::string line;
  do {
    answer.headers.clear();
    std::size_t status = 0;
    if (!read_line(line) || line.size() < 12 || !line.starts_with("HTTP/1.") ||
        !parse_number(std::string_view(line).substr(9, 3), 10, status)) {
      return unreachable(sent ? "the connection ended without an answer" : "the connection broke while sending");
    }
    answer.status = static_cast<int>(status);
    while (true) {
      if (!read_line(line)) return unreachable("its answer broke off");
      if (line.empty()) break;
      const std::size_t colon = line.find(':');
      if (colon == std::string::npos) return unreachable("what answers there does not speak HTTP");
      std::string name = line.substr(0, colon);
      lower(name);
      answer.headers.emplace_back(std::move(name), std::string(trimmed(std::string_view(line).substr(colon + 1))));
    }
  } while (answer.status < 200);
  if (!read_body(answer, answer.body)) return unreachable("its answer broke off");
  return answer;
}

bool HttpClient::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

bool HttpClient::read_more() {
  buffer_.erase(0, read_);
  read_ = 0;
  const std::size_t had = buffer_.size();
  buffer_.resize(had + kReadSize);
  ssize_t got = 0;
  do {
    got = ::recv(socket_, buffer_.data() + had, kReadSize, 0);
  } while (got < 0 && errno == EINTR);
  buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got > 0;
}

bool HttpClient::read_line(std::string& line) {
  std::size_t end = buffer_.find("\r\n", read_);
  while (end == std::string::npos) {
    if (buffer_.size() - read_ > kLineMax || !read_more()) return false;
    end = buffer_.find("\r\n", read_);
  }
  line.assign(buffer_, read_, end - read_);
  read_ = end + 2;
  return true;
}

bool HttpClient::read_bytes(std::size_t count, std::string& out) {
  while (buffer_.size() - read_ < count) {
    if (!read_more()) return false;
  }
  out.append(buffer_, read_, count);
  read_ += count;
  return true;
}

bool HttpClient::read_body(const HttpAnswer& answer, std::string& out) {
  if (answer.status == 204 || answer.status == 304) return true;
  std::size_t size = 0;
  if (answer.header("transfer-encoding") == "chunked") {
    std::string line;
    while (read_line(line)) {
      if (!parse_number(std::string_view(line).substr(0, line.find(';')), 16, size)) return false;
      if (size == 0) {
        while (read_line(line)) {
          if (line.empty()) return true;
        }
        return false;
      }
      if (!read_bytes(size, out) || !read_line(line) || !line.empty()) return false;
    }
    return false;
  }
  if (parse_number(answer.header("content-length"), 10, size)) return read_bytes(size, out);
  while (read_more()) {
  }
  return read_bytes(buffer_.size() - read_, out);
}

}  // namespace daybook::cli
