#include "server/http/problem.h"

#include <algorithm>
#include <array>

#include "server/http/utf8.h"

namespace daybook::http {
namespace {

// clang-format off
constexpr auto kCodes = std::to_array<ProblemCode>({
    {"MALFORMED_FRAMING", 400, "Malformed framing", "The request's head or body length is ambiguous or broken; the connection is closed. Send it again as HTTP/1.1 with one Content-Length or exactly `Transfer-Encoding: chunked`."},
    {"MALFORMED_HEADER", 400, "Malformed header", "A header's name or value is not allowed."},
    {"BAD_HOST", 400, "Bad host", "Send exactly one well-formed Host header."},
    {"BAD_TARGET", 400, "Bad target", "The path or query has a bad escape, a dot segment, or characters that must be percent-encoded."},
    {"DUPLICATE_HEADER", 400, "Duplicate header", "A header that may stand once is given twice."},
    {"UNEXPECTED_BODY", 400, "Unexpected body", "GET, HEAD, DELETE and OPTIONS carry no body."},
    {"MALFORMED_JSON", 400, "Malformed JSON", "The body is not JSON."},
    {"DUPLICATE_MEMBER", 400, "Duplicate member", "An object names a member twice."},
    {"JSON_TOO_DEEP", 400, "JSON too deep", "The body is nested deeper than 16 levels."},
    {"INVALID_FIELD", 400, "Invalid field", "A field is unknown, missing or of the wrong type; `pointer` names it."},
    {"MALFORMED_FLATBUFFER", 400, "Malformed FlatBuffer", "The bytes are no event of the published schema."},
    {"BAD_QUERY", 400, "Bad query", "A query parameter is unknown, repeated or out of range."},
    {"BAD_CURSOR", 400, "Bad cursor", "The cursor was altered or belongs to another query or caller; begin again without one."},
    {"IDEMPOTENCY_KEY_REQUIRED", 400, "Idempotency key required", "Send an Idempotency-Key with this request."},
    {"INVALID_IDEMPOTENCY_KEY", 400, "Invalid idempotency key", "An Idempotency-Key is 1 to 255 visible ASCII characters."},
    {"BAD_TOKEN", 400, "Bad token", "The Daybook-Token was altered; leave it out or send the newest one."},

    {"UNAUTHENTICATED", 401, "Unauthenticated", "Send valid credentials: `Authorization: Bearer KEY`."},
    {"FORBIDDEN", 403, "Forbidden", "The key lacks the right for this."},
    {"NOT_A_MEMBER", 403, "Not a member", "The identity is no member of the tenant that was named."},
    {"NO_PERMISSION", 403, "No permission", "The identity may not see or do this here; `reason` says why."},
    {"CSRF", 403, "Cross-site request refused", "The request did not come from a page of this portal; load the page again."},
    {"NOT_FOUND", 404, "Not found", "Nothing is here, or not for this caller."},
    {"METHOD_NOT_SUPPORTED", 405, "Method not supported", "The path exists, but not with this method; `Allow` lists those it has."},
    {"HEADER_TIMEOUT", 408, "Header timeout", "The head of the request did not arrive in time."},
    {"BODY_TIMEOUT", 408, "Body timeout", "The body of the request did not arrive in time."},

    {"HISTORY_ROLLED_BACK", 409, "History rolled back", "The ledger's log ends before the position you have seen, or has another history there. Stop, and tell the operator."},
    {"ALREADY_REVERSED", 409, "Already reversed", "It was reversed before."},
    {"EVENT_ID_REUSED", 409, "Event id reused", "Another event with this source and id was recorded; give the new one an id of its own."},
    {"ALREADY_EXISTS", 409, "Already exists", "Something with this identifier exists."},
    {"VERSION_CONFLICT", 409, "Version conflict", "It has changed since the version in If-Match; read it again."},
    {"REQUEST_IN_PROGRESS", 409, "Request in progress", "A request with this Idempotency-Key is being worked on; repeat it shortly."},
    {"ALREADY_PAID", 409, "Already paid", "Nothing is left to pay."},
    {"ALREADY_VOID", 409, "Already void", "The document is void."},
    {"LOCKED", 409, "Locked", "The invoice is locked; unlock it first."},
    {"NOT_OPTED_IN", 409, "Not opted in", "Opt in to invoices by e-mail first."},
    {"TERMS_NOT_ACCEPTED", 409, "Terms not accepted", "Accept the e-mail terms first."},
    {"PO_LOCKED", 409, "Purchase order locked", "The period's purchase order number can no longer be changed."},
    {"BALANCE_OUTSTANDING", 409, "Balance outstanding", "Settle the balance first."},
    {"USAGE_FILE_NOT_READY", 409, "Usage file not ready", "The data is final 72 hours after the period ends; ask again then."},
    {"LAST_SCOPE_OWNER", 409, "Last owner", "Give the role to another identity first."},
    {"DUPLICATE", 409, "Duplicate", "It is there already."},
    {"DUPLICATE_USAGE", 409, "Duplicate usage", "This usageId was recorded for the subscription; amend it instead."},
    {"SUBSCRIPTION_DELETED", 409, "Subscription deleted", "The subscription was deleted."},
    {"DELETED", 409, "Deleted", "It was deleted and cannot come back."},
    {"NOT_CANCELLED", 409, "Not cancelled", "Cancel the subscription first."},
    {"METHOD_IN_USE", 409, "Payment method in use", "Give what is paid with it another payment method first."},
    {"ACCOUNT_CLOSED", 409, "Account closed", "The account is closed; nothing new can be opened under it."},
    {"ALREADY_ACCEPTED", 409, "Already accepted", "The invitation was accepted; revoke the role instead."},

    {"BODY_TOO_LARGE", 413, "Body too large", "The body is larger than this path accepts; send less at once."},
    {"TARGET_TOO_LONG", 414, "Target too long", "Path and query are longer than 2 KB."},
    {"UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported media type", "Send a Content-Type that this path accepts, without Content-Encoding."},
    {"MISDIRECTED_REQUEST", 421, "Misdirected request", "This server does not answer for the host that was named; the operator lists names in the configuration."},

    {"LEDGER_DECIDES", 422, "The ledger decides", "The ledger makes this event itself; it is accepted only with the right to import."},
    {"INVALID_AMOUNT", 422, "Invalid amount", "An amount is a decimal string like \"12.34\", at most 38 digits and 28 places, with no more places than its currency has."},
    {"AMOUNT_OUT_OF_RANGE", 422, "Amount out of range", "The amount, or a sum with it, leaves the range that can be kept exactly."},
    {"INVALID_CURRENCY", 422, "Invalid currency", "A currency is an active ISO 4217 code in capitals."},
    {"CURRENCY_MISMATCH", 422, "Currency mismatch", "The amounts are in different currencies."},
    {"INVALID_STRING", 422, "Invalid string", "The text is empty, too long or has characters that are not allowed."},
    {"INVALID_TIME", 422, "Invalid time", "A date is 2024-03-05, an instant RFC 3339 with zone and at most 24 hours ahead of the ledger's clock."},
    {"INVALID_IDENTIFIER", 422, "Invalid identifier", "An identifier is 1 to 128 of A-Z a-z 0-9 . _ : -"},
    {"INVALID_EMAIL", 422, "Invalid e-mail address", "The address is not usable."},
    {"UNKNOWN_REFERENCE", 422, "Unknown reference", "It refers to something that does not exist; `pointer` names the field."},
    {"UNKNOWN_EVENT_TYPE", 422, "Unknown event type", "`type` is daybook. and the name of an event that can be posted."},
    {"IDEMPOTENCY_KEY_REUSED", 422, "Idempotency key reused", "This key was used with another request; take a new one."},
    {"EXCEEDS_AMOUNT_DUE", 422, "Exceeds amount due", "It is more than what is due, or than that payment."},
    {"CLOCK_NOT_FORWARD", 422, "Clock not forward", "The clock moves only forward, and only where it is manual."},
    {"CLOCK_BEHIND", 422, "Clock behind", "The date lies after the ledger's clock; advance it first."},
    {"INSIDE_GROUP", 422, "Inside a group", "The position lies inside what was recorded at once; `detail` names the nearest before and after it."},
    {"KEYS_DIFFER", 422, "Keys differ", "The keys are not those of the ledger that was exported; give its keys/, or none."},
    {"TOO_MANY_MEMBERS", 422, "Too many members", "An event has at most 10,000 members."},
    {"FORBIDDEN_TARGET", 422, "Forbidden target", "The address may not be called from here."},
    {"INVALID_IMAGE", 422, "Invalid image", "Send a PNG or JPEG of at most 256 KB."},
    {"UNSUPPORTED_REGION", 422, "Unsupported region", "The country is not among those configured."},
    {"LIMIT_EXCEEDED", 422, "Limit exceeded", "The account already has as many as it may have."},
    {"BILLING_PROFILE_NOT_ACTIVE", 422, "Billing profile not active", "The profile is warned or disabled; settle it first."},
    {"POLICY_DISABLED", 422, "Policy disabled", "A policy of the enrollment does not allow this purchase."},
    {"EXPIRED_LOT", 422, "Expired lot", "The credit lot has expired, or would before it starts."},
    {"REFUND_LIMIT_EXCEEDED", 422, "Refund limit exceeded", "The refunds of the last twelve months reach their limit."},
    {"EXCHANGE_BELOW_REMAINING", 422, "Exchange below remaining", "The new reservation costs less than what remains of the old one."},
    {"PAY_NOW_UNAVAILABLE", 422, "Pay now unavailable", "Invoices of this kind of account are not paid here."},
    {"METHOD_NOT_ALLOWED", 422, "Payment method not allowed", "This cannot be paid with that payment method."},
    {"AMOUNT_OVER_CARD_LIMIT", 422, "Amount over card limit", "The amount is more than a card may pay."},
    {"NOT_ACCOUNT_ADMIN", 422, "Not the account administrator", "Only the account administrator may do this."},
    {"NOT_EA_ADMIN", 422, "Not an enrollment administrator", "Only an administrator of the enrollment may do this."},
    {"NOT_PROFILE_CONTRIBUTOR", 422, "Not a profile contributor", "Only an owner or contributor of the profile may do this."},
    {"NOT_MOSP", 422, "Not this kind of account", "This exists for accounts of type MOSP alone."},
    {"NOT_MCA", 422, "Not this kind of account", "This exists for invoices of a billing profile alone."},
    {"REGION_USES_PAY_NOW", 422, "Region uses pay now", "In this country each invoice is paid by itself."},
    {"PARTIAL_NOT_ALLOWED", 422, "Partial payment not allowed", "Settle the whole balance."},
    {"SUPPORT_REQUIRED", 422, "Support required", "Only support can do this."},
    {"EXCEEDS_INVOICE", 422, "Exceeds invoice", "Credit notes cannot exceed the invoice's total."},
    {"SUPPORT_PLAN_NOT_SHAREABLE", 422, "Support plan not shareable", "Invoices of a support plan cannot be shared."},
    {"TERMS_VERSION_UNKNOWN", 422, "Terms version unknown", "No such version of the e-mail terms was published."},
    {"NOT_SUPPORTED", 422, "Not supported", "This does not exist for that kind of scope."},
    {"PRODUCT_EXCLUDED", 422, "Product excluded", "Invoices of this product are not sent by e-mail."},
    {"TENANT_NOT_ASSOCIATED", 422, "Tenant not associated", "The identity's tenant does not belong to the account."},
    {"AMBIGUOUS_IDENTITY", 422, "Ambiguous identity", "Several identities have this address; `errors` lists them: name one by identityId."},
    {"NO_IDENTITY", 422, "No identity", "This is a person's own; act as an identity."},
    {"SUPPORT_NOT_CONFIGURED", 422, "Support not configured", "The provider takes no support requests here."},
    {"PROVIDER_INCOMPLETE", 422, "Provider incomplete", "The provider's details lack what the document must carry; the operator completes them."},
    {"RATE_LIMITED", 429, "Rate limited", "Too many requests or connections; wait as long as Retry-After says."},
    {"TOO_MANY_EXPENSIVE_REQUESTS", 429, "Too many expensive requests", "Too many exports or rebuilds at once; wait as long as Retry-After says."},
    {"HEADERS_TOO_LARGE", 431, "Headers too large", "Send at most 64 headers and 8 KB in all."},

    {"INTERNAL", 500, "Internal error", "A fault of this server; nothing was written. Tell the operator the requestId."},
    {"CORRUPTION", 500, "Corruption", "Stored bytes are damaged at the position that is named; the operator must act."},
    {"COPY_FAILED", 500, "Copy failed", "A file could not be read or written while a ledger was copied; `detail` names it and says why. The ledger is as it was."},
    {"SEGMENT_NOT_WRITTEN", 500, "Segment not written", "The file of an export could not be written; `detail` names it and says why. The ledger is as it was."},
    {"UNKNOWN_METHOD", 501, "Unknown method", "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS."},
    {"UNSUPPORTED_TRANSFER_CODING", 501, "Unsupported transfer coding", "The only Transfer-Encoding here is exactly `chunked`."},
    {"OVERLOADED", 503, "Overloaded", "The server is busy or stopping; nothing was written. Repeat after Retry-After."},
    {"NOT_YET_VISIBLE", 503, "Not yet visible", "The position asked for is not visible yet; repeat shortly."},
    {"OUTCOME_UNKNOWN", 503, "Outcome unknown", "It is not known whether this was written; repeat it with the same identity or key."},
    {"VERSION_NOT_SUPPORTED", 505, "Version not supported", "This server speaks HTTP/1.1."},
    {"INSUFFICIENT_STORAGE", 507, "Insufficient storage", "The disk is nearly full; reads go on, writes do not. Tell the operator."},
});
// clang-format on

unsigned status_of_kind(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Invalid:
      return 422;
    case ErrorKind::NotFound:
      return 404;
    case ErrorKind::Conflict:
      return 409;
    case ErrorKind::Forbidden:
      return 403;
    case ErrorKind::Unavailable:
      return 503;
    case ErrorKind::Corruption:
    case ErrorKind::Internal:
      return 500;
  }
  return 500;
}

std::string_view retry_after(std::string_view code) {
  constexpr std::array<std::string_view, 6> kLater = {
      "OVERLOADED",          "RATE_LIMITED",    "TOO_MANY_EXPENSIVE_REQUESTS",
      "REQUEST_IN_PROGRESS", "NOT_YET_VISIBLE", "OUTCOME_UNKNOWN"};
  return std::find(kLater.begin(), kLater.end(), code) != kLater.end() ? "1" : "";
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out.append(out.back() == '{' ? "\"" : ",\"").append(name).append("\":");
  append_json_quoted(out, text);
}

void append_errors(std::string& out, std::span<const Error> errors) {
  out.append(",\"errors\":[");
  for (const Error& error : errors) {
    out.append(out.back() == '[' ? "{" : ",{");
    append_member(out, "pointer", error.pointer);
    append_member(out, "code", error.code);
    append_member(out, "detail", error.detail);
    out.push_back('}');
  }
  out.push_back(']');
}

}  // namespace

std::span<const ProblemCode> problem_codes() { return kCodes; }

const ProblemCode* find_problem_code(std::string_view code) {
  const auto* found = std::find_if(kCodes.begin(), kCodes.end(),
                                   [&](const ProblemCode& row) { return row.code == code; });
  return found == kCodes.end() ? nullptr : found;
}

unsigned status_of(const Error& error) {
  const ProblemCode* row = find_problem_code(error.code);
  return row != nullptr ? row->status : status_of_kind(error.kind);
}

std::string problem_type(std::string_view code) {
  std::string type = "/problems/";
  for (const char c : code) {
    type.push_back(c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  return type;
}

Response problem(const Error& error, std::string_view request_id, std::span<const Error> errors,
                 std::span<const ProblemMember> members, unsigned status) {
  // Whatever is damaged, there is one code for it; the sentence says what it is.
  const std::string_view code = error.kind == ErrorKind::Corruption ? "CORRUPTION" : std::string_view(error.code);
  const ProblemCode* row = find_problem_code(code);
  if (status == 0) status = status_of(error);
  std::string body;
  body.reserve(256 + error.detail.size());
  body.push_back('{');
  append_member(body, "type", problem_type(code));
  append_member(body, "title", row != nullptr ? row->title : code);
  body.append(",\"status\":").append(std::to_string(status));
  append_member(body, "detail", error.detail);
  append_member(body, "code", code);
  append_member(body, "requestId", request_id);
  const bool points = errors.empty() && !error.pointer.empty();
  append_errors(body, points ? std::span(&error, 1) : errors);
  for (const ProblemMember& member : members) {
    body.append(",\"").append(member.name).append("\":").append(member.json);
  }
  body.push_back('}');

  Response response(status, "application/problem+json", std::move(body));
  if (status == 401) response.set_header("WWW-Authenticate", "Bearer realm=\"daybook\"");
  const std::string_view wait = retry_after(error.code);
  if (!wait.empty()) response.set_header("Retry-After", wait);
  return response;
}

Response problem(std::string_view code, std::string_view detail, std::string_view request_id) {
  return problem(Error{ErrorKind::Invalid, code, std::string(detail), {}}, request_id);
}

std::string json_quoted(std::string_view text) {
  std::string out;
  append_json_quoted(out, text);
  return out;
}

void append_json_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = utf8_sequence(text);
    if (length == 0) {
      out.append("\xEF\xBF\xBD");
    } else if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      const auto byte = static_cast<unsigned char>(c);
      out.append("\\u00").append({kHex[byte >> 4], kHex[byte & 15U]});
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out.push_back('"');
}

}  // namespace daybook::http
