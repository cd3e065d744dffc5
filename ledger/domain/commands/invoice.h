#pragma once

#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"

/// Wishes about invoices and their payment.
namespace daybook {

/// Pays one invoice by card.
struct PayNow {
  static constexpr CommandType kType = CommandType::PayNow;

  InvoiceId invoice_id;
  MethodId method_id;
  std::optional<PaymentId> payment_id{};

  friend bool operator==(const PayNow&, const PayNow&) = default;
};
BOOST_DESCRIBE_STRUCT(PayNow, (), (invoice_id, method_id, payment_id))

/// Pays all that is outstanding on declined cards at once; the method becomes the default (PAY-7).
struct SettleBalance {
  static constexpr CommandType kType = CommandType::SettleBalance;

  AccountId account_id;
  MethodId method_id;
  std::optional<Money> amount{};  ///< absent: all of it

  friend bool operator==(const SettleBalance&, const SettleBalance&) = default;
};
BOOST_DESCRIBE_STRUCT(SettleBalance, (), (account_id, method_id, amount))

/// Issues the invoice anew with another bill-to or purchase order.
struct AmendInvoice {
  static constexpr CommandType kType = CommandType::AmendInvoice;

  InvoiceId invoice_id;
  std::optional<Address> bill_to{};
  std::optional<std::string> po_number{};

  friend bool operator==(const AmendInvoice&, const AmendInvoice&) = default;
};
BOOST_DESCRIBE_STRUCT(AmendInvoice, (), (invoice_id, bill_to, po_number))

/// The invoice stands for nothing any more.
struct VoidInvoice {
  static constexpr CommandType kType = CommandType::VoidInvoice;

  InvoiceId invoice_id;
  std::string reason;
  /// True: a new invoice at once; else the next run bills its charges.
  std::optional<bool> rebill{};

  friend bool operator==(const VoidInvoice&, const VoidInvoice&) = default;
};
BOOST_DESCRIBE_STRUCT(VoidInvoice, (), (invoice_id, reason, rebill))

/// Takes back part or all of an invoice.
struct IssueCreditNote {
  static constexpr CommandType kType = CommandType::IssueCreditNote;

  InvoiceId invoice_id;
  Money amount;  ///< with tax
  std::string reason;

  friend bool operator==(const IssueCreditNote&, const IssueCreditNote&) = default;
};
BOOST_DESCRIBE_STRUCT(IssueCreditNote, (), (invoice_id, amount, reason))

/// Neither payment nor amendment until it is unlocked.
struct LockInvoice {
  static constexpr CommandType kType = CommandType::LockInvoice;

  InvoiceId invoice_id;
  std::optional<std::string> reason{};

  friend bool operator==(const LockInvoice&, const LockInvoice&) = default;
};
BOOST_DESCRIBE_STRUCT(LockInvoice, (), (invoice_id, reason))

/// Back to the status before.
struct UnlockInvoice {
  static constexpr CommandType kType = CommandType::UnlockInvoice;

  InvoiceId invoice_id;
  std::optional<std::string> reason{};

  friend bool operator==(const UnlockInvoice&, const UnlockInvoice&) = default;
};
BOOST_DESCRIBE_STRUCT(UnlockInvoice, (), (invoice_id, reason))

namespace invoice {
using Commands = TypeList<PayNow, SettleBalance, AmendInvoice, VoidInvoice, IssueCreditNote,
                          LockInvoice, UnlockInvoice>;
}  // namespace invoice

}  // namespace daybook
