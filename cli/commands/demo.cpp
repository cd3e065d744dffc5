#include "cli/commands/commands.h"
namespace daybook::cli { Outcome<void> demo(const DemoOptions&) { return fail(ExitCode::Failed, "not yet"); } }
