#include "server/app/explanations.h"

#include "ledger/codec/value_codec.h"
#include "ledger/domain/answers/changes_answer.h"
#include "ledger/domain/answers/explain_answer.h"
#include "ledger/engine/log_usage_records.h"
#include "replay/invoice_proof.h"

namespace daybook::server {
namespace {

/// What an explanation reads, held together while it is made.
class Sources {
 public:
  explicit Sources(const Explanation& asked)
      : usage_(asked.host.usage()),
        records_(asked.host.ledger().log(), asked.host.ledger().sealer()),
        sources_{asked.now, [&host = asked.host](Position position) { return host.state_at(position); }, *usage_,
                 records_} {}

  [[nodiscard]] const ExplainSources& get() const { return sources_; }

 private:
  std::unique_ptr<UsageSource> usage_;
  engine::LogUsageRecords records_;
  ExplainSources sources_;
};

}  // namespace

Result<void> Explanation::explain(const InvoiceId& id, const std::optional<std::string>& line,
                                  codec::JsonWriter& json) const {
  const Sources sources(*this);
  const Result<ExplainView> view = explain_answer(sources.get(), viewer, id, line);
  if (!view) return tl::unexpected(view.error());
  codec::to_json(*view, json);
  return {};
}

Result<void> Explanation::compare(const InvoiceId& earlier, const InvoiceId& id, codec::JsonWriter& json) const {
  const Sources sources(*this);
  const Result<ChangesView> view = changes_answer(sources.get(), viewer, earlier, id);
  if (!view) return tl::unexpected(view.error());
  codec::to_json(*view, json);
  return {};
}

Result<void> Explanation::prove(const InvoiceId& id, codec::JsonWriter& json) const {
  const Sources sources(*this);
  const Result<BilledEvents> billed = billed_events(sources.get(), viewer, id);
  if (!billed) return tl::unexpected(billed.error());
  return replay::write_invoice_proof(host.ledger().log(), now.position(), id, *billed, json);
}

}  // namespace daybook::server
