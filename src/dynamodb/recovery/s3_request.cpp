#include "dynamodb/recovery/s3_request.hpp"

#include "dynamodb/errors.hpp"

namespace stator::dynamodb::recovery {

namespace {

constexpr std::int64_t kPageMax = 25;

}  // namespace

Result<S3Location> read_location(const aws::Input& input, std::string_view prefix_member) {
  STATOR_TRY(const auto bucket, input.text("S3Bucket"));
  STATOR_TRY(const auto owner, input.text("S3BucketOwner"));
  STATOR_TRY(const auto prefix, input.text(prefix_member));
  return S3Location{bucket.value_or(""), owner.value_or(""), prefix.value_or("")};
}

Result<void> check_owner(const S3Location& location, const std::string& account) {
  if (location.owner.empty() || location.owner == account) return {};
  return not_supported("A bucket of another account (S3BucketOwner)");
}

Result<std::string> read_client_token(const aws::Input& input) {
  STATOR_TRY(const auto token, input.text("ClientToken"));
  return token.value_or("");
}

Result<ListRequest> read_list_request(const aws::Call& call, const aws::Input& input,
                                      const ListShape& shape) {
  STATOR_TRY(const auto arn, input.text("TableArn"));
  STATOR_TRY(const auto limit, input.integer(shape.limit_member));
  STATOR_TRY(const auto token, input.text("NextToken"));
  ListRequest request{TableRef::of(call, arn.value_or("")), "",
                      static_cast<std::size_t>(limit.value_or(kPageMax))};
  if (token) {
    const auto last = parse_resource(*token, shape.kind);
    if (!last) return validation("Invalid NextToken: " + *token);
    request.after = last->record_key();
  }
  return request;
}

}  // namespace stator::dynamodb::recovery
