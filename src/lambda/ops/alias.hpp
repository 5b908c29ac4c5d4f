#pragma once

#include "aws/input.hpp"
#include "lambda/ops/support.hpp"

/// What the operations on aliases share.
namespace stator::lambda::ops {

/// The function and the alias, as its qualifier, that FunctionName and Name name.
/// ValidationException when Name cannot be an alias's.
[[nodiscard]] Result<FunctionReference> read_alias_reference(const aws::Call& call,
                                                             const aws::Input& input);

/// Takes FunctionVersion, Description and RoutingConfig, where the input has them, into `alias`,
/// which then points only at versions that exist.
[[nodiscard]] Result<void> read_alias(const aws::Input& input, const Catalog& catalog,
                                      const FunctionKeyView& key, Alias& alias);

/// AliasConfiguration as the API answers it.
[[nodiscard]] json::Object render_alias(const FunctionReference& reference, const Alias& alias);

/// ResourceNotFoundException in AWS's words.
[[nodiscard]] Error alias_missing(const FunctionReference& reference);

}  // namespace stator::lambda::ops
