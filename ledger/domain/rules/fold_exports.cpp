#include "ledger/domain/rules/fold_table.h"

namespace daybook {

void add_exports(FoldTable& table) {
  table.add_rows<ExportJob, ExportRequested, ExportStarted, ExportReady, ExportFailed, ExportEmpty,
                 ExportExpired>();
}

}  // namespace daybook
