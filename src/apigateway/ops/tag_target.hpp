#pragma once

#include <functional>
#include <string>

#include "apigateway/apis.hpp"
#include "apigateway/domains/domains.hpp"
#include "aws/operation.hpp"

namespace stator::apigateway {

/// Changes the tags of one thing.
using TagEdit = std::function<Result<void>(json::Object& tags)>;

/// Where tags are; both outlive the operations. Null: there are no domain names.
struct TagPlaces {
  Apis& apis;
  Domains* domains;
};

/// What a tag operation's resourceArn names: arn:aws:apigateway:REGION::/apis/ID, …/stages/NAME
/// below it, or /domainnames/NAME. NotFoundException for another region's, BadRequestException for
/// what is no such ARN.
[[nodiscard]] Result<json::Object> read_tags(const TagPlaces& places, const aws::Call& call,
                                             const std::string& arn);
[[nodiscard]] Result<void> change_tags(const TagPlaces& places, const aws::Call& call,
                                       const std::string& arn, const TagEdit& edit);

/// What the tag operations need: the method on /tags/ARN, with the tags that the resource has.
[[nodiscard]] aws::Operation::JsonNeeds needs_of_tags(TagPlaces places, std::string method);

[[nodiscard]] aws::Operation get_tags(TagPlaces places);
[[nodiscard]] aws::Operation tag_resource(TagPlaces places);
[[nodiscard]] aws::Operation untag_resource(TagPlaces places);

}  // namespace stator::apigateway
