// Requests of many items: any body is read or refused within the bounds of its operation, and what
// was read can be turned into actions.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dynamodb/batch_request.hpp"
#include "dynamodb/transaction_request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stator::dynamodb;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  if (const auto transaction = read_transact_write(body)) {
    if (transaction->items.empty() || transaction->items.size() > 100) std::abort();
    if (transaction->fingerprint().size() != 32) std::abort();
    for (const auto& item : transaction->items) {
      const WriteAction action = item.action();
      if ((action.kind == WriteAction::Kind::kPut) != (action.item != nullptr)) std::abort();
      if ((action.item == nullptr) == (action.key == nullptr)) std::abort();
    }
  }
  if (const auto gets = read_transact_get(body)) {
    if (gets->items.empty() || gets->items.size() > 100) std::abort();
  }
  if (const auto batch = read_batch_write(body)) {
    if (batch->writes.empty() || batch->writes.size() > 25) std::abort();
  }
  if (const auto batch = read_batch_get(body)) {
    if (batch->tables.empty()) std::abort();
  }
  return 0;
}
