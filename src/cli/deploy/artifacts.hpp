#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/aws_client.hpp"

namespace stator::cli {

/// The bucket stator-artifacts-ACCOUNT-REGION, to which a deployment uploads what its template
/// names by local path. Keys say what the contents are, so nothing is uploaded twice. One thread.
class Artifacts {
 public:
  explicit Artifacts(AwsClient& client) : client_(client) {}

  /// Makes the bucket unless it is there. On AWS, refuses one that is another account's.
  [[nodiscard]] Result<void> open();

  /// Uploads what `contents` gives unless `key` is there already.
  [[nodiscard]] Result<void> put(const std::string& key, std::string_view type,
                                 const std::function<Result<std::string>()>& contents);

  /// What CloudFormation takes as TemplateURL.
  [[nodiscard]] std::string url_of(const std::string& key) const;

  [[nodiscard]] const std::string& account() const { return account_; }
  [[nodiscard]] const std::string& bucket() const { return bucket_; }
  [[nodiscard]] std::size_t uploaded() const { return uploaded_; }

 private:
  [[nodiscard]] Result<http::Response> ask(std::string method, const std::string& target,
                                           std::string body = {}, std::string_view type = {});

  AwsClient& client_;
  std::string account_, bucket_;
  std::size_t uploaded_ = 0;
};

}  // namespace stator::cli
