#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/aws_client.hpp"

namespace stator::cli {

/// The member of a template's Metadata in which `stator deploy` leaves the path of its file.
inline constexpr const char* kTemplateMetadata = "stator:template";

/// A policy's statement, as a denial names it.
struct PolicyStatement {
  std::string role;        ///< the name of the role that has the policy
  std::string policy;      ///< an inline policy's name or a managed policy's ARN
  std::size_t number = 1;  ///< of the statement
};

/// Where a template says it.
struct TemplatePlace {
  std::string stack;
  std::string logical_id;  ///< of the resource as the template's author wrote it
  std::string file;        ///< "" when the stack does not know its file or it is not here
  std::size_t line = 0;    ///< in the file, else in the template that the stack keeps; 0: unknown
};

/// A resource of a stack, as DescribeStackResources has it.
struct StackResource {
  std::string stack, logical_id, physical_id, type;
};

/// Finds the stacks' part in roles and policies, through the API.
class TemplatePlaces {
 public:
  explicit TemplatePlaces(AwsClient& client) : client_(client) {}

  /// Nothing when no stack made it. Errors of the API are errors: whoever may explain may not
  /// be allowed to see stacks.
  [[nodiscard]] Result<std::optional<TemplatePlace>> find(const PolicyStatement& statement);

 private:
  [[nodiscard]] Result<void> load();

  AwsClient& client_;
  bool is_loaded_ = false;
  std::vector<StackResource> resources_;
};

/// How a template leads to a statement: the logical id that its author knows, and the members and
/// items on the way. Nothing when the resource has no such policy. `policy` is that of the role, or
/// of a policy that is a resource of its own.
struct TemplatePath {
  std::string logical_id;
  std::vector<std::string> steps;
};
[[nodiscard]] std::optional<TemplatePath> path_to(const json::Object& template_body,
                                                  const StackResource& resource,
                                                  const PolicyStatement& statement);

}  // namespace stator::cli
