#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/domain/result.h"

namespace daybook {

/// 1–128 of `A-Z a-z 0-9 . _ : -`.
[[nodiscard]] bool is_identifier(std::string_view text);
/// The refusal of what is not; `what` names the kind, as in "an InvoiceId has …".
[[nodiscard]] tl::unexpected<Error> invalid_identifier(std::string_view what);

/// The name of one thing of the kind `Tag`, chosen by the caller or made by the ledger.
///
/// A type of its own for each kind, so that an account is never taken for an invoice. Carries no
/// personal data: identifiers stand in clear in the log. A default one is empty and names nothing.
template <class Tag>
class Id {
 public:
  using tag = Tag;
  static constexpr bool kIsId = true;

  Id() = default;
  /// Takes the text as it is: for names the ledger makes or has checked before.
  explicit Id(std::string text) : text_(std::move(text)) {}

  /// Errors: INVALID_IDENTIFIER.
  [[nodiscard]] static Result<Id> parse(std::string_view text) {
    if (!is_identifier(text)) return invalid_identifier(Tag::kName);
    return Id(std::string(text));
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  friend bool operator==(const Id&, const Id&) = default;
  friend std::strong_ordering operator<=>(const Id& left, const Id& right) {
    return left.text_ <=> right.text_;
  }
  friend std::ostream& operator<<(std::ostream& out, const Id& id) { return out << id.text_; }

 private:
  std::string text_;
};

template <class T>
concept Identifier = requires { requires T::kIsId; };

#define DAYBOOK_IDENTIFIER(name)                     \
  struct name##Tag {                                 \
    static constexpr std::string_view kName = #name; \
  };                                                 \
  using name = Id<name##Tag>

DAYBOOK_IDENTIFIER(AccountId);
DAYBOOK_IDENTIFIER(ChargeId);
DAYBOOK_IDENTIFIER(CreditNoteId);
DAYBOOK_IDENTIFIER(CustomerId);
DAYBOOK_IDENTIFIER(DepartmentId);
DAYBOOK_IDENTIFIER(DiscountId);
DAYBOOK_IDENTIFIER(DocumentId);
DAYBOOK_IDENTIFIER(EnrollmentAccountId);
DAYBOOK_IDENTIFIER(EnrollmentId);
DAYBOOK_IDENTIFIER(IdentityId);
DAYBOOK_IDENTIFIER(InvitationId);
DAYBOOK_IDENTIFIER(InvoiceId);
DAYBOOK_IDENTIFIER(JobId);
DAYBOOK_IDENTIFIER(KeyId);
DAYBOOK_IDENTIFIER(LotId);
DAYBOOK_IDENTIFIER(MeterId);
DAYBOOK_IDENTIFIER(MethodId);
DAYBOOK_IDENTIFIER(OfferId);
DAYBOOK_IDENTIFIER(PaymentId);
DAYBOOK_IDENTIFIER(PlanId);
DAYBOOK_IDENTIFIER(ProfileId);
DAYBOOK_IDENTIFIER(RecipientId);
DAYBOOK_IDENTIFIER(RequestId);
DAYBOOK_IDENTIFIER(ResellerId);
DAYBOOK_IDENTIFIER(ReservationId);
DAYBOOK_IDENTIFIER(SectionId);
DAYBOOK_IDENTIFIER(SubscriptionId);
DAYBOOK_IDENTIFIER(TenantId);

#undef DAYBOOK_IDENTIFIER

}  // namespace daybook

template <class Tag>
struct std::hash<daybook::Id<Tag>> {
  std::size_t operator()(const daybook::Id<Tag>& id) const noexcept {
    return std::hash<std::string>()(id.text());
  }
};
