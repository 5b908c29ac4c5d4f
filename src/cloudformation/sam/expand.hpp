#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cloudformation::sam {

inline constexpr const char* kTransform = "AWS::Serverless-2016-10-31";

/// Whether the template asks for SAM's transform.
[[nodiscard]] bool is_wanted(const json::Object& template_body);

/// The values of parameters and pseudo parameters as far as they are known.
using Values = std::map<std::string, json::Value, std::less<>>;

/// The plain CloudFormation template that a SAM template stands for, with the logical ids of AWS's
/// translator; a template without the transform comes back as it is. A pure function.
///
/// One difference: where AWS's translator writes an HTTP API's routes into an OpenAPI `Body`, this
/// writes AWS::ApiGatewayV2::Integration and ::Route resources.
///
/// kInvalid, in the translator's words and naming resource and property, for what is malformed and
/// for every property, event type and resource type of SAM that is not supported.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
[[nodiscard]] Result<json::Object> expand(json::Object template_body, const Values& values = {});

}  // namespace stator::cloudformation::sam
