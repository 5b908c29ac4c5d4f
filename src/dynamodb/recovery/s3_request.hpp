#pragma once

#include "aws/input.hpp"
#include "dynamodb/recovery/resource.hpp"

namespace stator::dynamodb::recovery {

/// Where in S3, as exports and imports say it.
struct S3Location {
  std::string bucket;
  std::string owner;   ///< "" unless it was given
  std::string prefix;  ///< likewise
};

/// The members S3Bucket, S3BucketOwner and `prefix_member`.
[[nodiscard]] Result<S3Location> read_location(const aws::Input& input,
                                               std::string_view prefix_member);

/// Buckets of other accounts cannot be had.
[[nodiscard]] Result<void> check_owner(const S3Location& location, const std::string& account);

/// ClientToken; "" without one.
[[nodiscard]] Result<std::string> read_client_token(const aws::Input& input);

/// The members of ListExports and ListImports: whose, how many, and from where on.
struct ListRequest {
  TableRef table;     ///< name "": of all tables
  std::string after;  ///< the record key of the last one of the page before
  std::size_t limit;
};
struct ListShape {
  std::string_view limit_member;  ///< "MaxResults", "PageSize"
  std::string_view kind;
};
[[nodiscard]] Result<ListRequest> read_list_request(const aws::Call& call, const aws::Input& input,
                                                    const ListShape& shape);

/// A page of `jobs`, which are in the order of their record keys: summaries under `member`, and
/// NextToken when there are more.
template <class Job, class Summarize>
[[nodiscard]] json::Object list_page(const ListRequest& request, const std::vector<Job>& jobs,
                                     const char* member, Summarize summarize) {
  json::Array summaries;
  json::Object answer;
  std::string last;
  for (const Job& job : jobs) {
    if (job.resource.record_key() <= request.after) continue;
    if (summaries.size() == request.limit) {
      answer["NextToken"] = last;
      break;
    }
    last = job.resource.arn();
    summaries.push_back(summarize(job));
  }
  answer[member] = std::move(summaries);
  return answer;
}

}  // namespace stator::dynamodb::recovery
