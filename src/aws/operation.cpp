#include "aws/operation.hpp"

#include "base/check.hpp"

namespace stator::aws {

std::string_view RawRequest::label(std::string_view name) const {
  for (const auto& [key, value] : labels) {
    if (key == name) return value;
  }
  return {};
}

Operation Operation::json(std::string name, Wire wire, JsonNeeds needs, JsonHandler handler) {
  STATOR_CHECK(needs && handler);
  return Operation(std::move(name), std::move(wire), std::move(needs), std::move(handler));
}

Result<json::Object> Operation::run_json(Call& call, const Input& input,
                                         Authorizer& authorizer) const {
  STATOR_CHECK(is_json());
  STATOR_TRY(const Needs wanted, json_needs_(call, input));
  STATOR_TRY_VOID(authorizer.authorize(call, wanted));
  return json_handler_(call, input);
}

void Operation::run_raw(Call& call, const RawRequest& request, Authorizer& authorizer,
                        Reply reply) const {
  STATOR_CHECK(!is_json());
  raw_run_(call, request, authorizer, std::move(reply));
}

}  // namespace stator::aws
