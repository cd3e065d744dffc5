#include "server/http/chunked_body.h"

#include <boost/beast/http/basic_parser.hpp>

namespace daybook::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;
using BeastText = boost::beast::string_view;

/// A chunk's size line, or all trailer fields together.
constexpr std::size_t kChunkLineLimit = 4 * 1024;

std::string_view view(BeastText text) { return {text.data(), text.size()}; }

}  // namespace

/// Beast's parser, made to stand behind a head that announced a chunked body.
class ChunkedBody::Impl final : public beast_http::basic_parser<true> {
 public:
  explicit Impl(std::uint64_t limit) : remaining_(limit) {
    constexpr std::string_view kHead = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    body_limit(boost::none);
    error_code error;
    put({kHead.data(), kHead.size()}, error);
    LEDGER_INVARIANT(!error);
    eager(true);
    in_head_ = false;
  }

  Refusal refusal;

  State feed(std::string_view received, Body* into, std::size_t* consumed) {
    into_ = into;
    *consumed = 0;
    error_code error;
    while (!error && !is_done() && *consumed < received.size()) {
      const std::string_view rest = received.substr(*consumed);
      *consumed += put({rest.data(), rest.size()}, error);
    }
    if (is_done()) return State::Done;
    if (error && error != beast_http::error::need_more) {
      if (refusal.code.empty()) {
        refusal = {"MALFORMED_FRAMING", "The chunked body is malformed.", true};
      }
      return State::Refused;
    }
    if (received.size() - *consumed > kChunkLineLimit) {
      refusal = {"MALFORMED_FRAMING", "A chunk's size line or the trailer is too long.", true};
      return State::Refused;
    }
    return State::NeedMore;
  }

 private:
  void on_request_impl(beast_http::verb /*verb*/, BeastText /*method*/, BeastText /*target*/,
                       int /*version*/, error_code& /*ec*/) override {}
  void on_response_impl(int /*code*/, BeastText /*reason*/, int /*version*/,
                        error_code& /*ec*/) override {}
  /// Trailer fields are read and dropped; those that would frame the message are refused.
  void on_field_impl(beast_http::field field, BeastText /*name*/, BeastText /*value*/,
                     error_code& error) override {
    if (in_head_) return;
    if (field == beast_http::field::transfer_encoding || field == beast_http::field::content_length ||
        field == beast_http::field::host) {
      error = beast_http::error::bad_field;
    }
  }
  void on_header_impl(error_code& /*ec*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         error_code& /*ec*/) override {}
  std::size_t on_body_impl(BeastText body, error_code& /*ec*/) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t size, BeastText extensions, error_code& error) override {
    if (extensions.size() > kChunkLineLimit) {
      error = beast_http::error::bad_chunk_extension;
    } else if (size > remaining_) {
      refusal = {"BODY_TOO_LARGE", "The body is larger than this path accepts.", true};
      error = beast_http::error::body_limit;
    } else {
      remaining_ -= size;
    }
  }
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, BeastText body,
                                 error_code& /*ec*/) override {
    into_->append(view(body));
    return body.size();
  }
  void on_finish_impl(error_code& /*ec*/) override {}

  std::uint64_t remaining_;
  Body* into_ = nullptr;
  bool in_head_ = true;
};

ChunkedBody::ChunkedBody(std::uint64_t limit) : impl_(std::make_unique<Impl>(limit)) {}
ChunkedBody::ChunkedBody(ChunkedBody&&) noexcept = default;
ChunkedBody& ChunkedBody::operator=(ChunkedBody&&) noexcept = default;
ChunkedBody::~ChunkedBody() = default;

ChunkedBody::State ChunkedBody::feed(std::string_view received, Body* into, std::size_t* consumed) {
  return impl_->feed(received, into, consumed);
}

const Refusal& ChunkedBody::refusal() const { return impl_->refusal; }

}  // namespace daybook::http
