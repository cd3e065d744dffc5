#include <algorithm>

#include "server/http/message.h"
#include "server/http/strict_head.h"

namespace daybook::http {

RequestBuilder::RequestBuilder(Method method, std::string_view target)
    : method_(method), target_(target) {}

RequestBuilder& RequestBuilder::header(std::string name, std::string value) {
  headers_.emplace_back(std::move(name), std::move(value));
  return *this;
}

RequestBuilder& RequestBuilder::body(std::string_view text) {
  body_ = Body(text);
  return *this;
}

RequestBuilder& RequestBuilder::principal(std::shared_ptr<const void> principal) {
  principal_ = std::move(principal);
  return *this;
}

/// Through the parser of real requests, so that a test cannot build what the server would refuse.
Request RequestBuilder::build() {
  std::string head(name(method_));
  head.append(" ").append(target_).append(" HTTP/1.1\r\nHost: localhost\r\n");
  for (const auto& [name, value] : headers_) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
  head.append("\r\n");
  HeadLimits limits;
  limits.hosts = {"localhost"};
  HeadParser parser(&limits);
  Request request;
  LEDGER_INVARIANT(parser.feed(head, &request) == HeadParser::State::Accepted);
  request.body_ = std::move(body_);
  request.principal_ = std::move(principal_);
  request.peer_ = "127.0.0.1";
  std::fill(std::begin(request.request_id_), std::end(request.request_id_), '0');
  return request;
}

}  // namespace daybook::http
