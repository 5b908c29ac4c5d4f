#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "cli/aws_client.hpp"
#include "json/json.hpp"

namespace stator::cli {

/// Uploads what a template names by local path (CodeUri, ContentUri, Code, Content of functions and
/// layers; directories are zipped, the same bytes giving the same zip) to the artifact bucket of
/// the account and region, and puts the S3 location in its place: what `aws cloudformation package`
/// does. Paths are relative to `base`. kNotFound, naming resource and path, when one does not
/// exist. `uploaded` counts the artifacts that were not in the bucket yet.
struct Packaged {
  json::Object template_body;
  std::size_t uploaded = 0;
};
[[nodiscard]] Result<Packaged> package(json::Object template_body,
                                       const std::filesystem::path& base, AwsClient& client);

}  // namespace stator::cli
