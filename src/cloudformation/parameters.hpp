#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/outside.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

/// A parameter's value for one stack: a text, or a list of texts for the list types.
struct Parameter {
  json::Value value;
  std::string text;                                    ///< as given, for DescribeStacks
  bool is_hidden = false;                              ///< NoEcho: shown as ****
  std::optional<std::string> resolved = std::nullopt;  ///< what the parameter store has for it
};
using Parameters = std::map<std::string, Parameter, std::less<>>;

/// What a client gave, key by key.
using GivenParameters = std::map<std::string, std::string, std::less<>>;

/// The given values, else the defaults, checked against type, AllowedValues, AllowedPattern,
/// MinLength, MaxLength, MinValue and MaxValue; those of type AWS::SSM::Parameter::Value fetched
/// from the parameter store. ValidationError for a missing, unknown or refused one, and for types
/// and constraints that are not supported.
[[nodiscard]] Result<Parameters> resolve_parameters(const json::Object& declared,
                                                    const GivenParameters& given,
                                                    const Outside& outside = {});

}  // namespace stator::cloudformation
