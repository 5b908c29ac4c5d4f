#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/operation.hpp"

namespace stator::s3 {

/// What an operation knows beside what every S3 request may carry (signatures, `x-id`).
struct RequestRules {
  std::initializer_list<std::string_view> query = {};
  /// `x-amz-...` headers, in lower case; one that ends in '*' stands for all with that beginning.
  std::initializer_list<std::string_view> headers = {};
  bool takes_range = false;
  bool takes_conditions = false;  ///< If-Match and its like
};

/// The query parameters by name. NotImplemented, naming it, for the first sub-resource, parameter
/// or header that the operation does not know: nothing is accepted and ignored.
class Parameters {
 public:
  [[nodiscard]] static Result<Parameters> read(const aws::RawRequest& request,
                                               const RequestRules& rules);
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] std::string get(std::string_view name) const {
    return std::string(find(name).value_or(""));
  }
  /// A number from 0 on, or `absent`. InvalidArgument.
  [[nodiscard]] Result<std::size_t> number(std::string_view name, std::size_t absent) const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

/// "arn:aws:s3:::BUCKET" and "arn:aws:s3:::BUCKET/KEY".
[[nodiscard]] std::string bucket_arn(std::string_view bucket);
[[nodiscard]] std::string object_arn(std::string_view bucket, std::string_view key);

}  // namespace stator::s3
