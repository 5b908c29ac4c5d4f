#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "aws/input.hpp"
#include "json/json.hpp"
#include "ssm/parameters.hpp"

/// Members that many operations share: read by AWS's rules, and written back.
namespace stator::ssm {

[[nodiscard]] Place place_of(const aws::Call& call);

/// The parameter that the member names, by name or ARN.
[[nodiscard]] Result<Reference> reference_of(const aws::Call& call, const aws::Input& input,
                                             std::string_view member);
/// At most ten.
[[nodiscard]] Result<std::vector<std::string>> names_of(const aws::Input& input);
/// `ResourceId`; InvalidResourceType unless `ResourceType` is Parameter.
[[nodiscard]] Result<Reference> tagged_of(const aws::Call& call, const aws::Input& input);

using Tags = std::map<std::string, std::string>;
/// A list of Key and Value; empty when it is absent. TooManyTagsError above 50.
[[nodiscard]] Result<Tags> tags_of(const aws::Input& input);
[[nodiscard]] Error too_many_tags();
/// One to ten labels, those that AWS allows and the others.
struct Labels {
  std::set<std::string> valid;
  json::Array invalid;
};
[[nodiscard]] Result<Labels> labels_of(const aws::Input& input);

/// `MaxResults`, or `most` when it is absent.
[[nodiscard]] Result<std::size_t> limit_of(const aws::Input& input, std::int64_t most);
/// `NextToken` is the name after which a page begins. InvalidNextToken for what was not given.
[[nodiscard]] std::string make_token(std::string_view name);
[[nodiscard]] Result<std::string> token_of(const aws::Input& input);

/// `action` on a parameter. Conditions may ask for its tags and those of the request, and for
/// `keys`. The store and the input outlive the need.
[[nodiscard]] aws::Permission need_of(std::string_view action, const Parameters& parameters,
                                      const aws::Call& call, const aws::Input& input,
                                      const Reference& reference, aws::ConditionKeys keys = {});

/// The members of GetParameter's answer.
[[nodiscard]] Result<json::Object> describe_value(const Parameters& parameters, const Place& place,
                                                  const Found& found, bool is_decrypting);
/// Those of DescribeParameters' and, without the ARN, GetParameterHistory's.
[[nodiscard]] json::Object describe_version(const std::string& name, const Version& version);

}  // namespace stator::ssm
