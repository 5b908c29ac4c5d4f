#pragma once

#include <string_view>
#include <vector>

namespace stator::cloudformation::sam {

inline constexpr std::string_view kLambda = "AWS::Lambda::Function";
inline constexpr std::string_view kTable = "AWS::DynamoDB::Table";
inline constexpr std::string_view kApi = "AWS::ApiGatewayV2::Api";
inline constexpr std::string_view kBucket = "AWS::S3::Bucket";

/// What one of a connector's Permissions allows.
struct Access {
  std::string_view name;  ///< "Read"
  std::vector<const char*> actions;
};

/// What connects two types: a policy of the role on one side, or a permission on the function that
/// is the destination.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
struct Profile {
  std::string_view source, destination;
  std::vector<Access> accesses;
  /// What of the other side's ARN: "" for itself, "/*" for what is in it.
  std::vector<std::string_view> resources;
  bool is_of_destination = false;   ///< the role is the destination's
  std::string_view principal = {};  ///< of a permission, "" where a policy is made
};

/// Of the pairs of types that stator has.
[[nodiscard]] const std::vector<Profile>& profiles();

}  // namespace stator::cloudformation::sam
