#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "apigateway/openapi/apply.hpp"
#include "apigateway/openapi/export.hpp"
#include "storage/store.hpp"

using namespace stator;
using namespace stator::apigateway;

/// Any text is a document or an error, a document makes an API or is an error, and what an API is
/// exported as can be imported again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kStore = storage::make_memory_store();
  static SeededRandom random(1);
  const Scope scope{"111122223333", "eu-west-1"};
  const openapi::ImportOptions options{openapi::BasePath::kPrepend, scope.account, scope.region};
  const auto document = openapi::read_document({reinterpret_cast<const char*>(data), size});
  if (!document) return 0;
  const auto imported = openapi::import_document(*document, options);
  if (!imported) return 0;
  Draft draft = Draft::begin(*kStore, random, scope, {{"protocolType", "HTTP"}});
  if (!openapi::apply(*imported, draft)) return 0;
  const json::Object exported = openapi::export_document(*draft.snapshot(), {});
  if (!openapi::import_document(exported, options)) std::abort();
  return 0;
}
