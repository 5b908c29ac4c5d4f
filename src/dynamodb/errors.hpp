#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

/// DynamoDB's exceptions, as values. Their wording is AWS's.
namespace stator::dynamodb {

[[nodiscard]] inline Error validation(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "ValidationException"};
}

/// Nothing is accepted and ignored.
[[nodiscard]] inline Error no_parameter(std::string_view name) {
  return validation("The operation has no parameter " + std::string(name));
}

/// "One or more parameter values were invalid: ..."
[[nodiscard]] inline Error invalid_parameter(std::string_view what) {
  return validation("One or more parameter values were invalid: " + std::string(what));
}

/// What AWS has and stator has not. A ValidationException, since every client shows its message.
[[nodiscard]] inline Error not_supported(std::string_view what) {
  return {ErrorCode::kUnsupported, std::string(what) + " is not supported by stator",
          "ValidationException"};
}

/// The request's JSON does not have the shape of the API.
[[nodiscard]] inline Error serialization(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "SerializationException"};
}

/// Item operations do not say which table is missing.
[[nodiscard]] inline Error resource_not_found() {
  return {ErrorCode::kNotFound, "Requested resource not found", "ResourceNotFoundException"};
}

/// Table operations do.
[[nodiscard]] inline Error table_not_found(std::string_view name) {
  return {ErrorCode::kNotFound,
          "Requested resource not found: Table: " + std::string(name) + " not found",
          "ResourceNotFoundException"};
}

/// Operations on tags name the ARN, with a letter missing in AWS's own words.
[[nodiscard]] inline Error resource_arn_not_found(std::string_view arn) {
  return {ErrorCode::kNotFound,
          "Requested resource not found: ResourcArn: " + std::string(arn) + " not found",
          "ResourceNotFoundException"};
}

[[nodiscard]] inline Error table_in_use(std::string_view name) {
  return {ErrorCode::kConflict, "Table already exists: " + std::string(name),
          "ResourceInUseException"};
}

/// "Attempt to change a resource which is still in use: ..."
[[nodiscard]] inline Error resource_in_use(std::string_view what) {
  return {ErrorCode::kConflict,
          "Attempt to change a resource which is still in use: " + std::string(what),
          "ResourceInUseException"};
}

[[nodiscard]] inline Error index_not_found(std::string_view index, std::string_view table) {
  return {ErrorCode::kNotFound,
          "Requested resource not found: Index " + std::string(index) + " for table " +
              std::string(table),
          "ResourceNotFoundException"};
}

[[nodiscard]] inline Error limit_exceeded(std::string message) {
  return {ErrorCode::kThrottled, std::move(message), "LimitExceededException"};
}

[[nodiscard]] inline Error throughput_exceeded() {
  return {ErrorCode::kThrottled,
          "The level of configured provisioned throughput for the table was exceeded. Consider "
          "increasing your provisioning level with the UpdateTable API.",
          "ProvisionedThroughputExceededException"};
}

[[nodiscard]] inline Error index_throughput_exceeded() {
  return {ErrorCode::kThrottled,
          "The level of configured provisioned throughput for one or more global secondary indexes "
          "of the table was exceeded. Consider increasing your provisioning level for the "
          "under-provisioned global secondary indexes with the UpdateTable API",
          "ProvisionedThroughputExceededException"};
}

/// `item_json` is the item as it stands, as the text of a JSON object, or "".
[[nodiscard]] inline Error condition_failed(std::string_view item_json = {}) {
  return {ErrorCode::kInvalid, "The conditional request failed", "ConditionalCheckFailedException",
          item_json.empty() ? std::string() : "{\"Item\":" + std::string(item_json) + "}"};
}

}  // namespace stator::dynamodb
