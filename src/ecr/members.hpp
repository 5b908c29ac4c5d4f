#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "aws/input.hpp"
#include "ecr/repositories.hpp"
#include "json/json.hpp"

/// Members that many operations share: read by AWS's rules, and written back.
namespace stator::ecr {

/// `repositoryName`; another account's registry is refused. InvalidParameterException for what
/// cannot be a name.
[[nodiscard]] Result<RepositoryName> name_of(const aws::Call& call, const aws::Input& input);
/// The repository of `resourceArn`.
[[nodiscard]] Result<RepositoryName> resource_of(const aws::Call& call, const aws::Input& input);
/// `repositoryNames`; empty when there are none.
[[nodiscard]] Result<std::vector<RepositoryName>> names_of(const aws::Call& call,
                                                           const aws::Input& input);
[[nodiscard]] Result<void> check_registry(const aws::Call& call, const aws::Input& input);

/// A list of Key and Value. TooManyTagsException, InvalidTagParameterException.
[[nodiscard]] Result<std::map<std::string, std::string>> tags_of(const aws::Input& input);
[[nodiscard]] Error too_many_tags();
/// MUTABLE or IMMUTABLE; MUTABLE when it is absent.
[[nodiscard]] Result<std::string> mutability_of(const aws::Input& input);
/// `imageScanningConfiguration`'s scanOnPush.
[[nodiscard]] Result<bool> scanning_of(const aws::Input& input);

/// `action` on a repository with its policy. Conditions may ask for tags. The store and the input
/// outlive the needs.
[[nodiscard]] Result<aws::Needs> needs_of(std::string_view action, const Repositories& repositories,
                                          const RepositoryName& name, const aws::Input& input);

[[nodiscard]] json::Object describe(const RepositoryName& name, const Repository& repository);
/// The members that name a repository in other answers.
[[nodiscard]] json::Object name_members(const RepositoryName& name);

}  // namespace stator::ecr
