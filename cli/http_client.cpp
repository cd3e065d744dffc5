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

tl::unexpected<Failure> HttpClient::broke_off() const { return unreachable("its answer broke off"); }

Outcome<HttpAnswer> HttpClient::send(const Request& request) { return perform(request, Wanted::All); }

Outcome<HttpAnswer> HttpClient::begin(const Request& request) { return perform(request, Wanted::Head); }

Outcome<HttpAnswer> HttpClient::perform(const Request& request, Wanted wanted) {
  if (form_ != Form::Ended) disconnect();  // what is left of an answer is in the way
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
  Outcome<HttpAnswer> answer = exchange(head, request, wanted);
  if (!answer && kept) {
    disconnect();
    if (Outcome<void> connected = connect(); !connected) return tl::unexpected(connected.error());
    answer = exchange(head, request, wanted);
  }
  const bool is_over = !answer || form_ == Form::Ended;
  if (is_over && (!answer || answer->header("connection") == "close")) disconnect();
  return answer;
}

Outcome<HttpAnswer> HttpClient::exchange(const std::string& head, const Request& request, Wanted wanted) {
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
  begin_body(answer);
  if (wanted == Wanted::Head && answer.status == 200) return answer;
  while (next_piece(answer.body)) {
  }
  if (!is_whole()) return broke_off();
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

void HttpClient::begin_body(const HttpAnswer& answer) {
  left_ = 0;
  if (answer.status == 204 || answer.status == 304) {
    form_ = Form::Ended;
  } else if (answer.header("transfer-encoding") == "chunked") {
    form_ = Form::Chunked;
  } else if (parse_number(answer.header("content-length"), 10, left_)) {
    form_ = left_ == 0 ? Form::Ended : Form::Sized;
  } else {
    form_ = Form::UntilClosed;
  }
}

bool HttpClient::begin_chunk() {
  std::string line;
  if (!read_line(line) || !parse_number(std::string_view(line).substr(0, line.find(';')), 16, left_)) {
    form_ = Form::Broken;
    return false;
  }
  if (left_ > 0) return true;
  do {  // trailers
    if (!read_line(line)) {
      form_ = Form::Broken;
      return false;
    }
  } while (!line.empty());
  form_ = Form::Ended;
  return false;
}

bool HttpClient::next_piece(std::string& out) {
  if (form_ == Form::Ended || form_ == Form::Broken) return false;
  if (form_ == Form::Chunked && left_ == 0 && !begin_chunk()) return false;
  if (read_ == buffer_.size() && !read_more()) {
    form_ = form_ == Form::UntilClosed ? Form::Ended : Form::Broken;
    return false;
  }
  const std::size_t there = buffer_.size() - read_;
  const std::size_t count = form_ == Form::UntilClosed ? there : std::min(there, left_);
  out.append(buffer_, read_, count);
  read_ += count;
  if (form_ == Form::UntilClosed) return true;
  left_ -= count;
  if (left_ > 0) return true;
  if (form_ == Form::Sized) {
    form_ = Form::Ended;
    return true;
  }
  std::string line;
  if (read_line(line) && line.empty()) return true;
  form_ = Form::Broken;
  return false;
}

}  // namespace daybook::cli
