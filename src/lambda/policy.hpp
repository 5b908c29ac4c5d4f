#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::lambda {

/// One statement of a function's or a layer version's resource policy, as AddPermission and
/// AddLayerVersionPermission make it: always an Allow. What is "" was not given.
struct PolicyStatement {
  std::string sid;
  std::string action;     ///< "lambda:InvokeFunction"
  std::string principal;  ///< a service, an account, an ARN or "*"
  std::string resource;   ///< the ARN that it is about
  std::string source_arn = {};
  std::string source_account = {};
  std::string organization_id = {};
  std::string event_source_token = {};
  std::string function_url_auth_type = {};
  bool is_via_function_url =
      false;  ///< InvokedViaFunctionUrl: for calls through a function URL alone
};

/// The statement as IAM writes it.
[[nodiscard]] json::Object render_statement(const PolicyStatement& statement);
/// The whole document that GetPolicy answers.
[[nodiscard]] std::string render_policy(const std::vector<PolicyStatement>& statements);

/// AWS's bound on the document.
inline constexpr std::size_t kPolicyBytesMax = 20'480;

/// The document, ready to be evaluated; null for no statements.
[[nodiscard]] Result<std::shared_ptr<const aws::ResourcePolicy>> compile_policy(
    const std::vector<PolicyStatement>& statements);

/// Adds a statement. ResourceConflictException for an id that is there already,
/// PolicyLengthExceededException, or an error for a principal that is none.
[[nodiscard]] Result<void> add_statement(std::vector<PolicyStatement>& statements,
                                         const PolicyStatement& statement);
/// ResourceNotFoundException when there is none of that id.
[[nodiscard]] Result<void> remove_statement(std::vector<PolicyStatement>& statements,
                                            const std::string& sid);

}  // namespace stator::lambda
