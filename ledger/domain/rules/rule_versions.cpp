#include "ledger/domain/rules/rule_versions.h"

// Alone in its file: a test puts other versions in its place (tests/domain/rules_upgrade_test.cpp).
namespace daybook {

const RuleVersion* rule_version(std::int32_t number) { return number == 0 || number == 1 ? &kRules1 : nullptr; }

const RuleVersion& rules_in_force() { return kRules1; }

}  // namespace daybook
