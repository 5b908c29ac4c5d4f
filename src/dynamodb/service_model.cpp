#include "dynamodb/service_model.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace stator::dynamodb {

namespace model {

bool is_resource_name(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

}  // namespace model

std::span<const Rule> model_of(std::string_view operation) {
  for (const auto& requests : {model::kItemRequests, model::kJointRequests, model::kTableRequests,
                               model::kRecoveryRequests, model::kStreamRequests}) {
    for (const model::Request& request : requests) {
      if (request.operation == operation) return request.members;
    }
  }
  STATOR_CHECK(!"every operation stands in the model");
  return {};
}

}  // namespace stator::dynamodb
