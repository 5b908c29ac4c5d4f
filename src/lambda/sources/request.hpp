#pragma once

#include <string>

#include "aws/call.hpp"
#include "aws/input.hpp"
#include "lambda/sources/mapping.hpp"

/// Reading the members of CreateEventSourceMapping and UpdateEventSourceMapping.
namespace stator::lambda::sources {

/// What a request changes: members that it has not are left as they are. AWS's validation errors;
/// members of other kinds of event sources are refused by name.
[[nodiscard]] Result<void> read_settings(const aws::Call& call, const aws::Input& input,
                                         MappingSettings& settings);
/// The mapping that CreateEventSourceMapping asks for, without a UUID.
[[nodiscard]] Result<Mapping> read_new_mapping(const aws::Call& call, const aws::Input& input);

}  // namespace stator::lambda::sources
