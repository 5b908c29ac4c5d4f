#include "dynamodb/recovery/s3_request.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb::recovery {

namespace {

constexpr std::size_t kBucketMax = 255;
constexpr std::size_t kPrefixMax = 1'024;
constexpr std::int64_t kPageMax = 25;

bool is_bucket_name(std::string_view name) {
  const auto is_inner = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  };
  const auto is_end = [&](char c) { return is_inner(c) && c != '.' && c != '-' && c != '_'; };
  return name.size() >= 2 && is_end(name.front()) && is_end(name.back()) &&
         std::all_of(name.begin(), name.end(), is_inner);
}

bool is_account(std::string_view owner) {
  return owner.size() == 12 &&
         std::all_of(owner.begin(), owner.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<S3Location> read_location(const aws::Input& input, std::string_view prefix_member,
                                 std::string path, Constraints& constraints) {
  STATOR_TRY(const auto bucket, input.text("S3Bucket"));
  STATOR_TRY(const auto owner, input.text("S3BucketOwner"));
  STATOR_TRY(const auto prefix, input.text(prefix_member));
  constraints.require_present(bucket.has_value(), path + "s3Bucket");
  if (bucket) {
    constraints.require(bucket->size() <= kBucketMax, *bucket, path + "s3Bucket",
                        "Member must have length less than or equal to 255");
    constraints.require(
        is_bucket_name(*bucket), *bucket, path + "s3Bucket",
        R"(Member must satisfy regular expression pattern: ^[a-z0-9A-Z]+[\.\-\w]*[a-z0-9A-Z]+$)");
  }
  if (owner) {
    constraints.require(is_account(*owner), *owner, path + "s3BucketOwner",
                        "Member must satisfy regular expression pattern: [0-9]{12}");
  }
  if (prefix) {
    std::string name(prefix_member);
    name[0] = 's';
    constraints.require(prefix->size() <= kPrefixMax, *prefix, path + name,
                        "Member must have length less than or equal to 1024");
  }
  return S3Location{bucket.value_or(""), owner.value_or(""), prefix.value_or("")};
}

Result<void> check_owner(const S3Location& location, const std::string& account) {
  if (location.owner.empty() || location.owner == account) return {};
  return not_supported("A bucket of another account (S3BucketOwner)");
}

Result<std::string> read_client_token(const aws::Input& input, Constraints& constraints) {
  STATOR_TRY(const auto token, input.text("ClientToken"));
  if (token) {
    constraints.require(!token->empty() && token->find('$') == std::string::npos, *token,
                        "clientToken",
                        R"(Member must satisfy regular expression pattern: ^[^\$]+$)");
  }
  return token.value_or("");
}

Result<ListRequest> read_list_request(const aws::Call& call, const aws::Input& input,
                                      const ListShape& shape) {
  STATOR_TRY_VOID(input.allow_only({"TableArn", shape.limit_member, "NextToken"}));
  STATOR_TRY(const auto arn, input.text("TableArn"));
  STATOR_TRY(const auto limit, input.integer(shape.limit_member));
  STATOR_TRY(const auto token, input.text("NextToken"));
  Constraints constraints;
  if (arn) constraints.table_name(arn, "tableArn");
  if (limit) {
    std::string path(shape.limit_member);
    path[0] = static_cast<char>(path[0] - 'A' + 'a');
    constraints.between(*limit, path, 1, kPageMax);
  }
  STATOR_TRY_VOID(constraints.verdict());
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
