#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "ledger/codec/json_writer.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/answers/page.h"
#include "ledger/domain/rules/usage_source.h"
#include "projections/cursor.h"
#include "projections/row_reader.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"
#include "server/http/router.h"

namespace daybook::server {

/// What an answer is made from: one reading of the ledger, its usage, and the request's parameters.
struct Question {
  const http::Request& request;
  const Reading& reading;
  const UsageSource& usage;
  LedgerHost& host;

  [[nodiscard]] const StateReader& state() const { return *reading.state; }
  [[nodiscard]] const Viewer& viewer() const { return reading.viewer; }
  [[nodiscard]] Date today() const { return reading.now.date(); }

  /// `{name}` of the path as an identifier; what is none names nothing: NOT_FOUND.
  template <class Identifier>
  [[nodiscard]] Result<Identifier> path_id(std::string_view name) const {
    Result<Identifier> id = Identifier::parse(request.param(name));
    if (!id) return failed(ErrorKind::NotFound, "NOT_FOUND", "There is nothing here, or nothing for you to see.");
    return id;
  }
  /// `?name=` as an identifier; absent where it is left out. Errors: BAD_QUERY.
  template <class Identifier>
  [[nodiscard]] Result<std::optional<Identifier>> query_id(std::string_view name) const {
    const auto text = request.query(name);
    if (!text) return std::optional<Identifier>();
    Result<Identifier> id = Identifier::parse(*text);
    if (!id) return rejected("BAD_QUERY", std::string(name) + " is an identifier: 1 to 128 of A-Z a-z 0-9 . _ : and -.");
    return std::optional<Identifier>(std::move(*id));
  }
  /// `?name=` as a date. Errors: BAD_QUERY.
  [[nodiscard]] Result<std::optional<Date>> query_date(std::string_view name) const;
  /// `?name=` as one of an enumeration. Errors: BAD_QUERY, listing what may stand there.
  template <class Enum>
  [[nodiscard]] Result<std::optional<Enum>> query_enum(std::string_view name) const {
    const auto text = request.query(name);
    if (!text) return std::optional<Enum>();
    const std::optional<Enum> value = parse_enum<Enum>(*text);
    if (!value) {
      std::string known;
      boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto enumerator) {
        known.append(known.empty() ? "" : ", ").append(wire_name(enumerator.value));
      });
      return rejected("BAD_QUERY", std::string(name) + " is one of " + known + ".");
    }
    return value;
  }
};

/// Says in the documentation that the answer is a `View`.
template <class View>
void answer_is(http::Doc& doc) {
  doc.answers.front().type = &codec::value_type<View>();
}

/// Makes cursors of this server: they carry the position a list began at, and are worth nothing altered, for
/// another question or for another caller.
class Paging {
 public:
  explicit Paging(log::Rng& rng);

  /// The place that `?cursor=` names, and the position it began at. Errors: BAD_CURSOR.
  [[nodiscard]] Result<std::optional<projections::CursorContent>> open(const http::Request& request) const;
  [[nodiscard]] std::string seal(const http::Request& request, log::Position position, std::string place) const;

 private:
  projections::CursorSeal seal_;
};

/// Adds GET routes whose answers are described types.
class Questions {
 public:
  Questions(http::Router& router, LedgerHost& host)
      : router_(router), host_(host), paging_(std::make_shared<Paging>(host.rng())) {}

  /// `answer(const Question&)` gives a Result of a described view. A schema that `doc` has stands for the view's own,
  /// where it is not written as it is described.
  template <class Answer>
  void add(std::string path, http::Auth auth, http::Doc doc, Answer answer) {
    using View = typename std::invoke_result_t<Answer, const Question&>::value_type;
    static_assert(!requires(View& view) { view.next_cursor; }, "A list has pages.");
    tell_type<std::invoke_result_t<Answer, const Question&>>(doc);
    add_route(std::move(path), std::move(auth), std::move(doc), false,
              [answer](const Question& question, const PageRequest&, codec::JsonWriter& json,
                       std::optional<std::string>&) -> Result<void> {
                auto view = answer(question);
                if (!view) return tl::unexpected(view.error());
                codec::to_json(*view, json);
                return {};
              });
  }
  /// `answer(const Question&, const PageRequest&)` gives a Result of a list, whose `next_cursor` is a place.
  template <class Answer>
  void add_list(std::string path, http::Auth auth, http::Doc doc, Answer answer) {
    tell_type<std::invoke_result_t<Answer, const Question&, const PageRequest&>>(doc);
    add_route(std::move(path), std::move(auth), std::move(doc), true,
              [answer, paging = paging_](const Question& question, const PageRequest& page, codec::JsonWriter& json,
                                         std::optional<std::string>&) -> Result<void> {
                auto view = answer(question, page);
                if (!view) return tl::unexpected(view.error());
                if (view->next_cursor) {
                  view->next_cursor =
                      paging->seal(question.request, question.reading.position, std::move(*view->next_cursor));
                }
                codec::to_json(*view, json);
                return {};
              });
  }
  /// `answer(const Question&)` gives a Result of a whole list, of which a page is told.
  template <class Answer>
  void add_short_list(std::string path, http::Auth auth, http::Doc doc, Answer answer) {
    add_list(std::move(path), std::move(auth), std::move(doc), [answer](const Question& question, const PageRequest& page) {
      auto view = answer(question);
      if (view) cut_page(*view, page);
      return view;
    });
  }
  /// `answer(const Question&, const PageRequest&, JsonWriter&, next)` writes the answer itself, `next` being the
  /// place of the next page that it gives to `cursor`.
  using Writer = std::function<Result<void>(const Question&, const PageRequest&, codec::JsonWriter&,
                                            std::optional<std::string>&)>;
  void add_written(std::string path, http::Auth auth, http::Doc doc, Writer writer) {
    add_route(std::move(path), std::move(auth), std::move(doc), true, std::move(writer));
  }
  /// `fill` makes the answer itself, which is a file and no JSON.
  using Filler = std::function<Result<void>(const Question&, http::Response&)>;
  void add_file(std::string path, http::Auth auth, http::Doc doc, Filler fill);
  [[nodiscard]] const std::shared_ptr<Paging>& paging() const { return paging_; }

 private:
  template <class View>
  static void tell_type(http::Doc& doc) {
    if (doc.answers.front().schema.empty()) answer_is<typename View::value_type>(doc);
  }

  using PageFiller = std::function<Result<void>(const Question&, const PageRequest&, http::Response&)>;
  void add_filled(std::string path, http::Auth auth, http::Doc doc, bool is_list, PageFiller fill);
  void add_route(std::string path, http::Auth auth, http::Doc doc, bool is_list, Writer writer);

  http::Router& router_;
  LedgerHost& host_;
  std::shared_ptr<Paging> paging_;
};

/// The documentation of a question; the parameters that all have are added by `Questions`.
[[nodiscard]] http::Doc question_doc(std::string id, std::string summary, std::vector<http::Parameter> parameters = {});

}  // namespace daybook::server
