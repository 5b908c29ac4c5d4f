#include "dynamodb/request_envelope.hpp"

#include "dynamodb/errors.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/prepared_request.hpp"

namespace stator::dynamodb {

Result<Envelope> read_envelope(std::string_view body, std::span<const Rule> rules) {
  STATOR_TRY_VOID(check_body_size(body));
  Envelope envelope;
  STATOR_TRY(envelope.document, parse_document(body));
  STATOR_TRY_VOID(refuse_repeats(envelope.document));
  for (const auto field : envelope.document) {
    if (field.value.is_null()) continue;
    if (find_rule(rules, field.key) == nullptr) return no_parameter(field.key);
    if (field.key == "ReturnConsumedCapacity") {
      STATOR_TRY(envelope.return_consumed_capacity, read_string(field.value));
    } else if (field.key == "ReturnItemCollectionMetrics") {
      STATOR_TRY(envelope.return_item_collection_metrics, read_string(field.value));
    } else if (field.key == "ClientRequestToken") {
      STATOR_TRY(envelope.client_request_token, read_string(field.value));
    } else {
      envelope.items = field.value;
    }
  }
  return envelope;
}

}  // namespace stator::dynamodb
