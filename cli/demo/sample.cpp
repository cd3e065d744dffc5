#include "cli/demo/sample.h"

// The assembler copies the file in: no generated source, no compile time.
__asm__(
    ".pushsection .rodata\n"
    ".global daybook_sample_begin\n"
    ".global daybook_sample_end\n"
    "daybook_sample_begin:\n"
    ".incbin \"" DAYBOOK_SAMPLE "\"\n"
    "daybook_sample_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
extern const char daybook_sample_begin[];
extern const char daybook_sample_end[];
}

namespace daybook::cli {

std::string_view sample_export() { return {daybook_sample_begin, daybook_sample_end}; }

}  // namespace daybook::cli
