#include "server/app/asked_progress.h"

namespace daybook::server {
namespace {

thread_local AskedProgress told_to;

}  // namespace

const AskedProgress& asked_progress() { return told_to; }

TellsProgress::TellsProgress(AskedProgress progress) { told_to = std::move(progress); }

TellsProgress::~TellsProgress() { told_to = {}; }

}  // namespace daybook::server
