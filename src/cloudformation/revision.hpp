#pragma once

#include <string>
#include <vector>

#include "json/json.hpp"

namespace stator::cloudformation {

struct StackRecord;

/// What a stack is said to be, beside its resources and outputs: what a successful update puts in
/// the record's place.
struct Revision {
  std::string template_body;
  std::string description;
  json::Object parameters;
  json::Array hidden_parameters;
  json::Object resolved_parameters;
  json::Array capabilities;
  json::Array tags;
  std::vector<std::string> imports;
  std::string policy;
  json::Array notification_arns;
};

void apply(Revision revision, StackRecord& record);
[[nodiscard]] Revision revision_of(const StackRecord& record);

}  // namespace stator::cloudformation
