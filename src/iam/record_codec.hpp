#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "iam/records.hpp"

/// Records as JSON text and back. Text that does not fit is a damaged store: kInternal.
namespace stator::iam {

[[nodiscard]] std::string encode(const Entity& entity);
[[nodiscard]] std::string encode(const ManagedPolicy& policy);
[[nodiscard]] std::string encode(const AccessKey& key);

[[nodiscard]] Result<Entity> decode_entity(std::string_view text, EntityKind kind);
[[nodiscard]] Result<ManagedPolicy> decode_policy(std::string_view text);
[[nodiscard]] Result<AccessKey> decode_access_key(std::string_view text);

}  // namespace stator::iam
