#include "server/app/replay_wishes.h"

#include "ledger/codec/value_codec_instance.h"

DAYBOOK_VIEW_CODEC(daybook::server::ExportWish)
DAYBOOK_VIEW_CODEC(daybook::server::ImportWish)
DAYBOOK_VIEW_CODEC(daybook::server::BranchWish)
