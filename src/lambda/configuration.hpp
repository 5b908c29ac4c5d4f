#pragma once

#include "aws/input.hpp"
#include "json/json.hpp"
#include "lambda/catalog.hpp"
#include "lambda/record.hpp"

namespace stator::lambda {

/// Takes from a request the members of a function's configuration that it gives (Role, Handler,
/// Description, Timeout, MemorySize, Environment, Layers, ...), checked by AWS's rules, into
/// `record`. What stator has not got (VpcConfig, FileSystemConfigs, ...) is refused by name unless
/// it is empty, which is how clients say "none".
[[nodiscard]] Result<void> read_configuration(const aws::Input& input, const Catalog& catalog,
                                              FunctionRecord& record);

/// Package and layers together must stay below AWS's bound.
[[nodiscard]] Result<void> check_unzipped_size(const FunctionRecord& record);

/// Which moment of a function's life an answer shows. AWS answers a creation with Pending and an
/// update with InProgress, and clients wait for what follows.
enum class Phase { kCreated, kUpdated, kSettled };

/// FunctionConfiguration as the API answers it.
[[nodiscard]] json::Object render_configuration(const FunctionRecord& record, Phase phase);

/// FunctionCodeLocation without Location: there is nowhere to download a package from.
[[nodiscard]] json::Object render_code(const FunctionRecord& record);

/// base64 of the SHA-256, as CodeSha256 has it.
[[nodiscard]] std::string code_sha256(const CodePackage& package);

/// InvalidParameterValueException when it is longer than AWS lets it be.
[[nodiscard]] Result<void> check_description(const std::string& description);

/// x86_64 alone.
[[nodiscard]] Result<void> check_architectures(const aws::Input& input, std::string_view member);

/// A tag map ({"k": "v"}); `member` is its name in the request.
[[nodiscard]] Result<void> read_tags(const aws::Input& input, std::string_view member,
                                     std::map<std::string, std::string>& tags);

}  // namespace stator::lambda
