#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/import/export_row.h"

namespace daybook::cli {

/// A fact that makes something which the rows of an export speak of.
struct PlannedFact {
  enum class Makes : std::uint8_t { Account, Profile, Section, Enrollment, EnrollmentAccount, Subscription };
  Makes makes{};
  std::string type;  ///< of the event
  std::string id;    ///< of the event, by which it is made once
  std::string data;  ///< JSON
  Date day;          ///< the first one on which it is needed
  std::string what;  ///< for messages: `billing profile p-1`
  std::string account_id;
  std::string subscription_id;  ///< of a subscription: only its rows depend on it; empty: all rows of the account
};

/// The accounts, agreements and subscriptions that the rows of an export speak of, each with the particulars of its first
/// row and the earliest day of all.
class ImportPlan {
 public:
  void take(const ExportRow& row);

  /// What makes them, in an order in which each finds what it belongs to. `tenant` empty: the account's id.
  [[nodiscard]] std::vector<PlannedFact> facts(const std::string& country, const std::string& tenant) const;

 private:
  struct Profile {
    std::string name;
    std::map<std::string, std::string> sections;  ///< id and name
  };
  struct EnrollmentAccount {
    std::string name;
    std::string owner;
  };
  struct Subscription {
    std::string name;
    std::string offer_id;
    std::string section_id;
    std::string enrollment_account_id;
  };
  struct Account {
    std::string name;
    Currency currency;
    Date first_day;
    bool of_enrollment = false;
    std::map<std::string, Profile> profiles;
    std::map<std::string, EnrollmentAccount> enrollment_accounts;
    std::map<std::string, Subscription> subscriptions;
  };

  [[nodiscard]] static PlannedFact opening(const std::string& id, const Account& account, const std::string& country,
                                           const std::string& tenant);
  static void add_profiles(const std::string& id, const Account& account, std::vector<PlannedFact>& facts);
  static void add_enrollment(const std::string& id, const Account& account, std::vector<PlannedFact>& facts);
  static void add_subscriptions(const std::string& id, const Account& account, std::vector<PlannedFact>& facts);

  std::map<std::string, Account> accounts_;
};

}  // namespace daybook::cli
