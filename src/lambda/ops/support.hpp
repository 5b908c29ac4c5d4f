#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "aws/input.hpp"
#include "aws/operation.hpp"
#include "lambda/functions.hpp"

/// What several operations share.
namespace stator::lambda::ops {

/// The function that the members FunctionName and Qualifier name.
[[nodiscard]] Result<FunctionReference> read_reference(const aws::Call& call,
                                                       const aws::Input& input);

/// Needs of an operation on one function: `action` on the function's ARN.
[[nodiscard]] aws::Operation::JsonNeeds needs_function(Functions& functions, std::string action);
/// The same for a layer version: members LayerName and VersionNumber.
[[nodiscard]] aws::Operation::JsonNeeds needs_layer_version(Functions& functions,
                                                            std::string action);
/// One need of such an operation.
[[nodiscard]] Result<aws::Permission> layer_need(Functions& functions, std::string action,
                                                 const LayerReference& reference);
/// The same for a tagged resource, a function's ARN in the member Resource.
[[nodiscard]] aws::Operation::JsonNeeds needs_tagged_function(Functions& functions,
                                                              std::string action);
/// lambda:GetLayerVersion on each layer of the member Layers.
[[nodiscard]] Result<aws::Needs> layer_needs(Functions& functions, const aws::Input& input);

/// The record of the version that the reference points at; of an alias its own version, whatever
/// its weights. ResourceNotFoundException when there is none.
[[nodiscard]] Result<Catalog::FunctionPtr> find_function(Functions& functions,
                                                         const FunctionReference& reference);

/// FunctionConfiguration as it is answered for this reference: the ARN has its qualifier.
[[nodiscard]] json::Object render_function(const FunctionReference& reference,
                                           const FunctionRecord& record);

/// ResourceConflictException for a qualifier other than $LATEST: versions cannot be changed, and
/// what is done to the function as a whole is not done to one of them.
[[nodiscard]] Result<void> refuse_qualifier(const FunctionReference& reference);

/// Publishes $LATEST as it is; CodeSha256 and RevisionId of the input must be $LATEST's, and a
/// Description goes to the version. Answers its configuration.
[[nodiscard]] Result<json::Object> publish(Functions& functions, const FunctionKeyView& key,
                                           const aws::Input& input);

/// MaxItems, 1 to 50 (all above are 50), 50 when absent.
[[nodiscard]] Result<std::size_t> read_page_size(const aws::Input& input);
/// The name or number after which a page begins; "" for the first.
[[nodiscard]] Result<std::string> read_marker(const aws::Input& input);
[[nodiscard]] std::string make_marker(std::string_view last);

/// 412 unless RevisionId is absent or the record's; `read_with` as in stale_revision().
[[nodiscard]] Result<void> check_revision(const aws::Input& input, const FunctionRecord& record,
                                          std::string_view read_with);

/// The same for the policy of a layer version.
[[nodiscard]] Result<void> check_layer_revision(const aws::Input& input,
                                                const LayerVersionRecord& record);

/// InvalidParameterValueException in Lambda's words unless the role may be assumed by Lambda.
[[nodiscard]] Result<void> check_role(Functions& functions, const std::string& role_arn);

/// The permissions that reading a package takes: s3:GetObject where it lies in S3.
[[nodiscard]] Result<aws::Needs> package_needs(const aws::Input& code);
/// Stores the package that ZipFile or S3Bucket and S3Key give.
[[nodiscard]] Result<CodeStore::Added> read_package(Functions& functions, const aws::Call& call,
                                                    const aws::Input& code);

/// A member that arrives as a number in a body or as text in a path or query.
[[nodiscard]] Result<std::optional<std::int64_t>> read_count(const aws::Input& input,
                                                             std::string_view member);

/// The layer version that LayerName and VersionNumber name.
[[nodiscard]] Result<LayerReference> read_layer_reference(const aws::Call& call,
                                                          const aws::Input& input);
/// LayerVersion as GetLayerVersion and PublishLayerVersion answer it.
[[nodiscard]] json::Object render_layer_version(const LayerVersionRecord& record);
/// The same without Content, as lists have it.
[[nodiscard]] json::Object render_layer_summary(const LayerVersionRecord& record);

/// As Get and PutRuntimeManagementConfig answer it.
[[nodiscard]] json::Object render_runtime_management(const RuntimeManagement& management,
                                                     const FunctionReference& reference);

}  // namespace stator::lambda::ops
