#include "cloudformation/outside.hpp"

#include <mutex>

#include "cloudformation/errors.hpp"

namespace stator::cloudformation {
namespace {

Result<StoredParameter> ask(ApiClient& client, std::string_view name) {
  STATOR_TRY(const json::Object answer,
             client.call("ssm", "GetParameters", {{"Names", json::Array{json::Value(name)}}}));
  const json::Value* found = json::find(answer, "Parameters");
  if (found == nullptr || !found->is_array() || found->get_array().empty() ||
      !found->get_array().front().is_object()) {
    return not_found("Parameters: [ssm:" + std::string(name) +
                     "] cannot be found in Systems Manager's parameter store.");
  }
  const json::Object& parameter = found->get_array().front().get_object();
  return StoredParameter{json::find_string(parameter, "Type").value_or(""),
                         json::find_string(parameter, "Value").value_or("")};
}

}  // namespace

Outside reach_through(std::shared_ptr<ApiClient> client) {
  Outside outside;
  const auto mutex = std::make_shared<std::mutex>();
  outside.parameter = [client = std::move(client), mutex](std::string_view name) {
    const std::lock_guard lock(*mutex);
    return ask(*client, name);
  };
  return outside;
}

}  // namespace stator::cloudformation
