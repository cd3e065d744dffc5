#include "projections/checkpoint.h"

#include "projections/row_key.h"

namespace daybook::projections {

std::string Checkpoint::encode() const {
  return KeyWriter().u64(position).u64(logical_rows).raw(hash.bytes()).take();
}

Result<Checkpoint> Checkpoint::decode(std::string_view value) {
  if (value.size() != 48) {
    return failed(ErrorKind::Corruption, "VIEWS_DAMAGED",
                  "a view's checkpoint has a wrong length; stop the server, delete DIR/views and "
                  "start it again");
  }
  KeyReader reader(value);
  Checkpoint checkpoint;
  checkpoint.position = reader.u64();
  checkpoint.logical_rows = reader.u64();
  checkpoint.hash = StateHash::from_bytes(reader.rest());
  return checkpoint;
}

}  // namespace daybook::projections
