#include <gtest/gtest.h>

#include "ledger/domain/catalogue.h"
#include "tests/support/in_memory_ledger.h"

/// Nothing described is without rules any more (docs/decisions/0007).
namespace daybook::testing {
namespace {

template <class List>
void for_each_type(auto visit) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::add_pointer_t, List>>(visit);
}

TEST(EveryFact, HasRules) {
  int posted = 0;
  for_each_type<AllEvents>([&]<class T>(T*) {
    if (!is_posted(T::kType)) return;
    ++posted;
    T data{};
    const FactContext context{Instant(), Date(), "e-1", "//test"};
    if constexpr (requires { fill_defaults(data, context); }) fill_defaults(data, context);
    Event fact;
    fact.data = std::move(data);
    const Result<void> checked = check(MemoryStore(), fact);
    if (!checked) {
      EXPECT_NE(checked.error().code, "UNKNOWN_EVENT_TYPE") << name(T::kType);
    }
  });
  EXPECT_EQ(posted, 59);
}

TEST(EveryCommand, HasRules) {
  DecisionContext context;
  context.viewer = Viewer::operating();
  for_each_type<AllCommands>([&]<class T>(T*) {
    // Decided beside the rules: files are planned, keys are the engine's.
    if (T::kType == CommandType::RequestExport || T::kType == CommandType::EraseSubject) return;
    const Result<Decision> decided = handle(MemoryStore(), T{}, context);
    if (!decided) {
      EXPECT_NE(decided.error().code, "UNKNOWN_EVENT_TYPE") << name(T::kType);
    }
  });
}

}  // namespace
}  // namespace daybook::testing
